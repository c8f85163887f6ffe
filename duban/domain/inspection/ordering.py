"""Authority before anybody goes: authorisation, its amendment, notice where allowed (f.1, f.2)."""

from duban.domain.entity.notices import people_in, tell
from duban.domain.entity.permits import authorise, not_separated
from duban.domain.entity.refusals import require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection import commands as c
from duban.domain.inspection.kinds import (
    require_entitled,
    require_scope,
    rule_of,
)
from duban.domain.inspection.records import Amendment, InspectionRecord, Notice
from duban.domain.inspection.tables import SEALED
from duban.domain.inspection.ties import tied
from duban.domain.inspection.words import InspectionState as S
from duban.domain.inspection.work import Work
from duban.domain.roles import Action, Right, Role, not_permitted


def authorise_order(work: Work, command: c.AuthoriseInspection) -> None:
    """授权: by a body that may order this kind (f.1), with a document (f.2)."""
    it = work.inspection
    may_order(work, it)
    require_state(it.state, frozenset({S.PLANNED}), it.no, S.AUTHORISED)
    order = it.order.model_copy(
        update={
            "authorising_doc": command.authorising_doc,
            "designation_doc": command.designation_doc or it.order.designation_doc,
            "signer": work.actor.id,
        }
    )
    require_entitled(order, order.body_kind)
    _require_team(work, command.team)
    work.move(
        S.AUTHORISED,
        order=order,
        team=command.team,
        authorised_by=work.actor.id,
        authorised_role=work.actor.role,
    )
    work.say("inspection:inspection:authorised", basis_doc=command.authorising_doc)


def may_order(work: Work, it: InspectionRecord) -> None:
    """Row 26 and f.1: who may order an inspection of this kind."""
    authorise(work, Action.ORDER_SPOT_CHECK, Right.APPROVE, Right.CREATE)
    held = rule_of(it.order.kind).ordered_by
    if work.actor.role not in held:
        raise not_permitted(work.actor, Action.ORDER_SPOT_CHECK.value, sorted(held))


def _require_team(work: Work, team: tuple[str, ...]) -> None:
    """SOD6: who goes to a named target is named with the authority, without ties, at least two.

    The team of a drawn target is drawn with it, and named nowhere before check-in (SEC1).
    """
    it, fewest = work.inspection, work.policy.inspection.fewest_inspectors
    inspectors = set(team) - {it.order.leader}
    if it.is_drawn:
        if team:
            raise RuleViolation(Code.INSPECTION_TEAM, id=it.no, fewest=0, there=len(team))
        return
    if len(inspectors) < fewest or len(inspectors) != len(team):
        raise RuleViolation(Code.INSPECTION_TEAM, id=it.no, fewest=fewest, there=len(inspectors))
    if tied(work, {it.order.leader, *team}, str(it.order.unit)):
        raise not_separated("SOD6", work)


def amend_scope(work: Work, command: c.AmendScope) -> None:
    """变更授权: what was authorised is changed by who authorised it, and stays to be seen.

    It changes no draw: while one is awaited its terms stand, and another order asks for others.
    """
    it = work.inspection
    before = SEALED if it.is_drawn else frozenset({S.AUTHORISED})
    require_state(it.state, before | {S.ON_SITE}, it.no, "amended")
    assert it.authorised_role is not None
    authorise(work, Action.ORDER_SPOT_CHECK, Right.APPROVE, Right.CREATE)
    if work.actor.role is not it.authorised_role:
        raise not_permitted(work.actor, Action.ORDER_SPOT_CHECK.value, [it.authorised_role])
    work.recuse()
    changed = _changed(work, command)
    order = it.order.model_copy(update=changed)
    require_scope(order, work.policy)
    amendment = Amendment(
        doc_no=command.doc_no,
        reason=command.reason,
        changed=tuple(sorted(changed)),
        added=tuple(sorted(set(order.scope) - set(it.order.scope))),
        by=work.actor.id,
        on=work.today,
    )
    work.note(order=order, amendments=(*it.amendments, amendment))
    said = amendment.model_dump(mode="json", include={"changed", "added"})
    work.say("inspection:scope:amended", reason=command.reason, basis_doc=command.doc_no, **said)


def _changed(work: Work, command: c.AmendScope) -> dict[str, object]:
    """Return what an amendment changes: something, and no last day that is past."""
    asked = command.model_dump(include={"scope", "matter", "object_class", "ends_on"})
    order = work.inspection.order
    changed = {
        name: new for name, new in asked.items() if new is not None and new != getattr(order, name)
    }
    if not changed:
        raise RuleViolation(Code.REASON_MISSING, field="scope")
    ends_on = command.ends_on or order.ends_on
    if "ends_on" in changed and ends_on < max(work.today, order.starts_on):
        raise RuleViolation(Code.DEADLINE_IN_PAST, on=ends_on.isoformat())
    return changed


def give_notice(work: Work, command: c.GiveNotice) -> None:
    """预先通知: to a named unit; a kind that is unannounced names none (SEC7, K52)."""
    it = work.inspection
    may_order(work, it)
    if it.order.unit is None:
        raise RuleViolation(Code.INSPECTION_UNANNOUNCED, id=it.no)
    require_state(it.state, frozenset({S.AUTHORISED}), it.no, "noticed")
    given = Notice(doc_no=command.doc_no, given_by=work.actor.id, on=work.today)
    work.note(notice=given)
    told = [
        *people_in(work, Role.PRINCIPAL_LEADER, it.order.unit),
        *people_in(work, Role.LIAISON, it.order.unit),
    ]
    tell(work, "INSPECTION", f"{it.no}/NOTICE/{work.next_seq}", told, work.subject)
    work.say("inspection:notice:given", basis_doc=command.doc_no)
