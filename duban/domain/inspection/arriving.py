"""Check-in (SEC4): what is told on arrival, and what the sealed target turns out to be."""

from collections.abc import Iterable, Iterator

from duban.domain.counting import local_date
from duban.domain.draw.drawing import commitment
from duban.domain.entity.notices import people_in, tell_at_once
from duban.domain.entity.permits import acting_ids, authorise
from duban.domain.entity.refusals import require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection import commands as c
from duban.domain.inspection.field import Arrival
from duban.domain.inspection.kinds import is_unannounced
from duban.domain.inspection.news import TargetUnsealed
from duban.domain.inspection.records import InspectionRecord, Target
from duban.domain.inspection.sealed import sod5_no_hand_in_the_draw
from duban.domain.inspection.ties import tied
from duban.domain.inspection.words import InspectionState as S
from duban.domain.inspection.words import Invariant, LocationKind
from duban.domain.inspection.work import Work
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Right, Role

FRONT_LINE = frozenset({LocationKind.WINDOW, LocationKind.HALL, LocationKind.SITE})
"""SEC7: 窗口、大厅、工地."""


def check_in(work: Work, command: c.CheckIn) -> None:
    """到达现场: by the leader, after the release. What broke an invariant is a flag, no refusal.

    What happened has happened: a refused check-in would make the team write another story, or
    none, and the unit would go unchecked for the team's fault. So it stands, and the breach with
    it (SEC7, question of metrics). A drawn target is told by the activity that unseals it next.
    """
    it = work.inspection
    authorise(work, Action.INSPECTION_RECORD, Right.CREATE)
    if it.order.leader not in acting_ids(work):
        raise RuleViolation(Code.INSPECTION_NOT_TEAM, id=it.no, actor=work.actor.id)
    sod5_no_hand_in_the_draw(work, it)
    require_state(it.state, frozenset({_before(it)}), it.no, S.ON_SITE)
    if it.arrival is not None:
        raise RuleViolation(Code.TARGET_OPEN, id=it.no)
    _require_time(work, command, it)
    said = command.model_dump(exclude={"type", "request_id", "actor"})
    work.note(arrival=Arrival(**said, by=work.actor.id))
    work.meet(work.subject, DeadlineCode.CHECK_IN)
    work.say("inspection:site:arrived", arrived_at=command.at.isoformat())
    if not it.is_drawn:
        assert it.order.unit is not None
        target = Target(name=command.place, unit=it.order.unit, inspectors=it.team)
        _be_there(work, target)


def _before(it: InspectionRecord) -> S:
    return S.RELEASED if it.is_drawn else S.AUTHORISED


def _require_time(work: Work, command: c.CheckIn, it: InspectionRecord) -> None:
    """Refuse an arrival ahead of now, before the release, or before the first day ordered."""
    if command.at > work.now:
        raise RuleViolation(Code.DATE_AHEAD, on=command.at.isoformat())
    if it.readers and command.at < min(each.first_at for each in it.readers):
        raise RuleViolation(Code.INSPECTION_TOO_EARLY, id=it.no, at=command.at.isoformat())
    if local_date(command.at) < it.order.starts_on:
        raise RuleViolation(Code.INSPECTION_TOO_EARLY, id=it.no, at=command.at.isoformat())


def awaits_target(it: InspectionRecord) -> bool:
    """Whether the team is there, and what was sealed has not been told yet."""
    return it.state is S.RELEASED and it.arrival is not None


def unseal(work: Work, told: TargetUnsealed) -> None:
    """What was sealed is kept if it is what the draw committed to; else it is an alarm (SEC4)."""
    it = work.inspection
    assert it.draw is not None
    found = commitment(told)
    if found != it.draw.commitment:
        _alarm(work, it, found)
        return
    target = Target(**told.model_dump(include=set(Target.model_fields)))
    _be_there(work, target, mismatch=None)


def _alarm(work: Work, it: InspectionRecord, found: str) -> None:
    """Somebody changed what was drawn, or it was read wrongly: people look, the record waits."""
    if it.mismatch == found:
        return
    assert it.draw is not None
    work.note(mismatch=found)
    asked = [*people_in(work, Role.SUPERVISION_GROUP), *people_in(work, Role.LEADING_GROUP)]
    tell_at_once(work, "TARGET_MISMATCH", f"{it.no}/MISMATCH/{found}", asked, work.subject)
    work.say("inspection:target:mismatched", committed=it.draw.commitment, found=found)


def _be_there(work: Work, target: Target, **fields: object) -> None:
    """The inspection is on site: from here on its unit, site and team are ordinary facts."""
    work.move(S.ON_SITE, target=target, **fields)
    it = work.inspection
    last = max(work.today, it.order.ends_on)
    work.start_since(DeadlineCode.CONCLUSION, Role.SUPERVISION_GROUP, last)
    work.say("inspection:target:unsealed" if it.is_drawn else "inspection:target:reached")
    assert it.arrival is not None
    if is_unannounced(it.order):
        break_invariants(work, _broken(it.arrival, target))
    with_ties = tied(work, it.people, target.unit)
    if with_ties:
        work.note(tied=with_ties)
        break_invariants(work, [Invariant.TIES])


def _broken(arrival: Arrival, target: Target) -> Iterator[Invariant]:
    """SEC7: yield what an unannounced check must not have, and had."""
    if arrival.notices:
        yield Invariant.NOTICE
    if arrival.briefings:
        yield Invariant.BRIEFING
    if any(each.unit == target.unit for each in arrival.attendees):
        yield Invariant.ESCORT
    if arrival.first_location not in FRONT_LINE:
        yield Invariant.FIRST_LOCATION


def break_invariants(work: Work, broken: Iterable[Invariant]) -> None:
    """Flag each invariant once, with an entry of its own: it is visible in every count."""
    for each in broken:
        known = work.inspection.broken
        if each not in known:
            work.note(broken=(*known, each))
            work.say("inspection:invariant:broken", invariant=each.value)
