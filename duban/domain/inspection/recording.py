"""The field record (f.5): facts item by item, signatures, then the unit's opinion."""

from duban.domain.counting import local_date
from duban.domain.entity.permits import acting_ids, authorise
from duban.domain.entity.refusals import out_of_order, require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection import commands as c
from duban.domain.inspection.arriving import break_invariants
from duban.domain.inspection.field import Fact, Item, Signature, UnitOpinion, Withdrawal
from duban.domain.inspection.kinds import is_unannounced
from duban.domain.inspection.words import InspectionState as S
from duban.domain.inspection.words import Invariant, Method
from duban.domain.inspection.work import Work
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Right, Role


def require_team(work: Work) -> None:
    """Row 29: the record is made by who inspects there, leader or inspector, and by nobody else."""
    authorise(work, Action.INSPECTION_RECORD, Right.CREATE)
    work.recuse()
    it = work.inspection
    if not acting_ids(work) & it.people:
        raise RuleViolation(Code.INSPECTION_NOT_TEAM, id=it.no, actor=work.actor.id)


def record_item(work: Work, command: c.RecordItem) -> None:
    """现场记录: within what was authorised, and observed on site; it is never deleted."""
    require_team(work)
    it = work.inspection
    require_state(it.state, frozenset({S.ON_SITE}), it.no, "recorded")
    _require_within(work, command.fact)
    number = it.items_said + 1
    item = Item(
        id=f"{it.no}/R{number:02d}", fact=command.fact, by=work.actor.id, recorded_at=work.now
    )
    work.put(item.id, item)
    forms = it.forms_asked + command.fact.forms
    work.note(items_said=number, forms_asked=forms, signatures=())
    work.say("inspection:item:recorded", item=item.id)
    if is_unannounced(it.order):
        _keep_invariants(work, command.fact)


def _require_within(work: Work, fact: Fact) -> None:
    """No fact from before the arrival or ahead, none of a unit out of scope (S1 art. 15)."""
    it = work.inspection
    assert it.arrival is not None
    if fact.at > work.now:
        raise RuleViolation(Code.DATE_AHEAD, on=fact.at.isoformat())
    if fact.at < it.arrival.at:
        raise RuleViolation(Code.INSPECTION_TOO_EARLY, id=it.no, at=fact.at.isoformat())
    assert it.target is not None
    if fact.unit not in {None, it.target.unit, *it.order.scope}:
        raise RuleViolation(Code.INSPECTION_OUT_OF_SCOPE, id=it.no, unit=str(fact.unit))


def _keep_invariants(work: Work, fact: Fact) -> None:
    """不听汇报 (SEC7), and no forms asked from the unit (f.2): the target of both is none."""
    if fact.method is Method.BRIEFING:
        break_invariants(work, [Invariant.BRIEFING])
    if fact.forms:
        break_invariants(work, [Invariant.FORMS])


def withdraw_item(work: Work, command: c.WithdrawItem) -> None:
    """撤回: who and why stay on the item; whoever had signed signs the record that stands now."""
    require_team(work)
    it = work.inspection
    require_state(it.state, frozenset({S.ON_SITE}), it.no, "withdrawn")
    item = work.get(Item, command.item)
    if item.withdrawn is not None:
        raise out_of_order(item.id, "withdrawn", "withdrawn")
    back = Withdrawal(by=work.actor.id, reason=command.reason, on=work.today)
    work.set(item.id, item, withdrawn=back)
    work.note(signatures=())
    work.say("inspection:item:withdrawn", item=item.id, reason=command.reason)


def sign_record(work: Work, _: c.SignRecord) -> None:
    """签名: by the inspectors; the leader answers for the record but does not count among them.

    The leader was named by who ordered, the others by lot: their two signatures (f.5) are those
    that nobody chose. It is signed in person, so no deputy signs.
    """
    require_team(work)
    it = work.inspection
    require_state(it.state, frozenset({S.ON_SITE}), it.no, "signed")
    assert it.target is not None
    if work.actor.id not in it.target.inspectors or work.actor.on_behalf_of is not None:
        raise RuleViolation(Code.INSPECTION_NOT_TEAM, id=it.no, actor=work.actor.id)
    if not any(work.items()):
        raise RuleViolation(Code.RECORD_EMPTY, id=it.no)
    if work.actor.id in {each.person for each in it.signatures}:
        raise out_of_order(it.no, "signed", "signed")
    mine = Signature(person=work.actor.id, on=work.today)
    work.note(signatures=(*it.signatures, mine))
    work.say("inspection:record:signed")


def take_opinion(work: Work, command: c.TakeOpinion) -> None:
    """被检查单位意见: after the signatures, never before; said or refused, the record is whole."""
    require_team(work)
    it, fewest = work.inspection, work.policy.inspection.fewest_inspectors
    require_state(it.state, frozenset({S.ON_SITE}), it.no, S.RECORDED)
    if len(it.signatures) < fewest:
        there = len(it.signatures)
        raise RuleViolation(Code.RECORD_UNSIGNED, id=it.no, fewest=fewest, there=there)
    if not command.refused and not command.words.strip():
        raise RuleViolation(Code.REASON_MISSING, field="words")
    assert it.arrival is not None
    if command.left_on > work.today:
        raise RuleViolation(Code.DATE_AHEAD, on=command.left_on.isoformat())
    if command.left_on < local_date(it.arrival.at):
        at = command.left_on.isoformat()
        raise RuleViolation(Code.INSPECTION_TOO_EARLY, id=it.no, at=at)
    said = command.model_dump(exclude={"type", "request_id", "actor"})
    opinion = UnitOpinion(**said, taken_by=work.actor.id, on=work.today)
    work.move(S.RECORDED, opinion=opinion)
    # DL25 counts from the day the team left; until now it counted from the last day ordered.
    work.cancel(work.subject, DeadlineCode.CONCLUSION)
    work.start_since(DeadlineCode.CONCLUSION, Role.SUPERVISION_GROUP, command.left_on)
    work.say("inspection:opinion:refused" if command.refused else "inspection:opinion:taken")
