"""Report: the written account, the reporter's identity kept apart, and that it was heard (g.7)."""

from collections.abc import Iterator

from duban.domain.clue import commands as c
from duban.domain.clue.words import ClueAccess, ReporterClass
from duban.domain.clue.words import ClueState as S
from duban.domain.clue.work import Work
from duban.domain.custody import CUSTODIANS
from duban.domain.entity.notices import people_in, tell
from duban.domain.entity.permits import authorise, only
from duban.domain.entity.refusals import out_of_order, require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Person, Right, Role, not_permitted

_KNOWN_PERSONS = frozenset({ReporterClass.CITIZEN, ReporterClass.ENTERPRISE, ReporterClass.CADRE})


def write_up(work: Work, command: c.WriteUpClue) -> None:
    """书面报告: by who reported it or a colleague; once. It has reached the office now (DL16)."""
    authorise(work, Action.REPORT_CLUE, Right.CREATE)
    clue = work.clue
    mine = (work.actor.role, work.actor.unit) == (clue.reported_role, clue.reported_unit)
    if not mine:
        raise not_permitted(work.actor, Action.REPORT_CLUE.value, [clue.reported_role])
    if clue.written_at is not None:
        raise out_of_order(clue.no, "written", "written")
    missing = list(_missing(command))
    if missing:
        raise RuleViolation(Code.CLUE_CONTENT, id=clue.no, missing=missing)
    if command.custodian is not None:
        require_custodian(work, command.custodian)
    said = command.model_dump(exclude={"type", "request_id", "actor"})
    work.note(**said, written_at=work.now)
    for code in (DeadlineCode.CLUE_REPORT, DeadlineCode.URGENT_WRITTEN):
        work.meet(work.subject, code)
    work.start(DeadlineCode.TRIAGE_FIRST, Role.OFFICE)
    tell(work, "CLUE", f"{clue.no}/CLUE", people_in(work, Role.OFFICE), work.subject)
    work.say("clue:clue:written")


def _missing(command: c.WriteUpClue) -> Iterator[str]:
    """Yield what an account lacks, or tells where it must not.

    Who reports in person is known, so the identity is sealed (g.7). Of a sealed clue nothing
    stands in the clear: what it is about lies in the sealed entry too.
    """
    is_sealed = command.access_level is ClueAccess.SEALED
    told = [name for name in ("matter", "object_unit", "object_person") if getattr(command, name)]
    if command.sealed is None and (is_sealed or command.reporter_class in _KNOWN_PERSONS):
        yield "sealed"
    if is_sealed:
        yield from (f"-{name}" for name in told)
    elif not command.matter.strip():
        yield "matter"
    if (command.sealed is None) != (command.custodian is None):
        yield "custodian"


def require_custodian(work: Work, person: str) -> None:
    """Refuse anybody as custodian who is not of the office or the supervision group (row 44)."""
    held = {each.role for each in work.all(Person) if each.id == person and not each.left}
    if not held & set(CUSTODIANS):
        raise RuleViolation(Code.NOT_CUSTODIAN, person=person)


def acknowledge(work: Work, _: c.AcknowledgeClue) -> None:
    """收悉 (K83): by the office; by whom it escalated to where the office was silent."""
    only(work, *CUSTODIANS, Role.LEADING_GROUP)
    work.recuse()
    require_state(work.clue.state, frozenset({S.REPORTED}), work.clue.no, "acknowledged")
    work.move(S.ACKNOWLEDGED)
    take_in(work)
    work.say("clue:clue:acknowledged")


def take_in(work: Work) -> None:
    """Note who heard of it first; that ends the wait of an urgent report."""
    if work.clue.acknowledged_by is None:
        work.note(acknowledged_by=work.actor.id, acknowledged_at=work.now)
    work.meet(work.subject, DeadlineCode.URGENT)
