"""The sealed target: drawn, voided, read by its leader; known here by its hash (SEC1, SEC3)."""

from duban.domain.counting import local_date
from duban.domain.entity.notices import tell_at_once
from duban.domain.entity.permits import acting_ids, authorise, check_register, not_separated
from duban.domain.entity.refusals import out_of_order, require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection import commands as c
from duban.domain.inspection.kinds import release_of
from duban.domain.inspection.news import DrawnNews, VoidedNews
from duban.domain.inspection.records import InspectionRecord, Reader, SealedDraw
from duban.domain.inspection.tables import SEALED
from duban.domain.inspection.words import InspectionState as S
from duban.domain.inspection.work import Work
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Right, Role


def take_draw(work: Work, told: DrawnNews) -> None:
    """A target was drawn: its commitment is kept, and the clock of SEC5 is set."""
    it = work.inspection
    release_at = told.release_at or release_of(it.order, work.today, work.policy, work.calendar)
    draw = SealedDraw(
        no=told.draw, commitment=told.commitment, release_at=release_at, hands=told.hands
    )
    work.move(S.DRAWN, draw=draw)
    opens_on = max(local_date(release_at), work.today)
    work.start_since(DeadlineCode.CHECK_IN, Role.INSPECTION_TEAM, opens_on)
    work.say("inspection:target:sealed", draw=told.draw, release_at=release_at.isoformat())


def is_awaited(it: InspectionRecord, told: DrawnNews) -> bool:
    """Whether the inspection still waits for this draw, and has not heard that it is void."""
    known = told.draw in {each.no for each in it.old_draws}
    return it.is_drawn and it.state is S.AUTHORISED and not known


def void_draw(work: Work, told: VoidedNews) -> None:
    """A voided draw keeps its number on record; the order waits for another (f.3, step 9)."""
    it = work.inspection
    assert it.draw is not None
    old = it.draw.model_copy(update={"voided": told.reason})
    work.cancel(work.subject, DeadlineCode.CHECK_IN)
    work.move(S.AUTHORISED, draw=None, old_draws=(*it.old_draws, old), readers=())
    work.say("inspection:draw:voided", reason=told.reason, draw=told.draw)


def stands(it: InspectionRecord, draw: str) -> bool:
    """Whether a target of this draw is sealed, and nobody has checked in by it."""
    return it.state in SEALED and it.arrival is None and it.draw is not None and it.draw.no == draw


def release_target(work: Work, command: c.ReleaseTarget) -> None:
    """Row 28: the leader alone releases, from `release_at`; the signer may read after it (O7).

    Neither sends a deputy: a delegation would be one more who knows. Each reading is an entry,
    and the signer of the order is told of it (SEC3).
    """
    it = work.inspection
    first = it.state is S.DRAWN
    _require_reader(work, it, first=first)
    require_state(it.state, SEALED, it.no, S.RELEASED)
    assert it.draw is not None
    if it.arrival is not None:
        raise RuleViolation(Code.TARGET_OPEN, id=it.no)
    if work.now < it.draw.release_at:
        when = it.draw.release_at.isoformat()
        raise RuleViolation(Code.TARGET_NOT_YET, id=it.no, release_at=when)
    readers = _noted(work, it, command.key)
    told = f"{it.no}/READ/{work.next_seq}"
    tell_at_once(work, "TARGET_READ", told, work.signer(), work.subject)
    if first:
        work.move(S.RELEASED, readers=readers)
        work.say("inspection:target:released", key=command.key)
    else:
        work.note(readers=readers)
        work.say("inspection:target:read", key=command.key)


def _require_reader(work: Work, it: InspectionRecord, *, first: bool) -> None:
    leads = work.actor.id == it.order.leader
    signed = work.actor.id == it.order.signer
    if signed and not leads:
        check_register(work)
    else:
        authorise(work, Action.READ_SEALED_TARGET, Right.EXECUTE)
    if not (leads or (signed and not first)):
        raise RuleViolation(Code.TARGET_NOT_YOURS, id=it.no)
    if leads:
        sod5_no_hand_in_the_draw(work, it)


def require_released(it: InspectionRecord, key: str) -> None:
    """Refuse to hand a target to a key to which it was not released on the trail (SEC3)."""
    if it.state not in SEALED or it.arrival is not None:
        raise out_of_order(it.no, it.state, "handed")
    if key not in {each.key for each in it.readers}:
        raise RuleViolation(Code.TARGET_NOT_YOURS, id=it.no)


def sod5_no_hand_in_the_draw(work: Work, it: InspectionRecord) -> None:
    """SOD5: who ran the draw or witnessed it does not lead the inspection."""
    if it.draw is not None and acting_ids(work) & set(it.draw.hands):
        raise not_separated("SOD5", work)


def _noted(work: Work, it: InspectionRecord, key: str) -> tuple[Reader, ...]:
    """Return who has read, with this reading."""
    known = next((each for each in it.readers if each.person == work.actor.id), None)
    others = tuple(each for each in it.readers if each is not known)
    if known is None:
        mine = Reader(person=work.actor.id, key=key, first_at=work.now)
    else:
        mine = known.model_copy(update={"key": key, "times": known.times + 1})
    return (*others, mine)
