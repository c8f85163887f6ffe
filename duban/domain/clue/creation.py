"""How a clue comes to be: numbered by its campaign, with the clock of its report running."""

from datetime import datetime, timedelta

from duban.domain.clue.records import ClueRecord, ClueReport
from duban.domain.clue.state import ClueState
from duban.domain.clue.work import Work
from duban.domain.entity.given import LinkedRegister, MemberStart
from duban.domain.entity.notices import people_in, tell_at_once
from duban.domain.entity.state import begun
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Role

REPORTED = "clue:clue:reported"


class ClueStart(MemberStart):
    """Everything a clue is made from; its campaign has checked and numbered it."""

    report: ClueReport
    given: LinkedRegister


def create(start: ClueStart, *, now: datetime) -> ClueState:
    """Return the state of a new clue in REPORTED, its first event unrecorded."""
    state = ClueState.empty(start)
    work = Work(state, start.actor, now, start.request_id)
    record = ClueRecord(
        no=start.no,
        campaign=start.campaign,
        report=start.report,
        reported_by=start.actor.id,
        reported_role=start.actor.role,
        reported_unit=start.actor.unit,
        reported_at=now,
        policy_version=start.policy.version,
        policy_digest=start.policy.digest,
        calendar_version=start.calendar.version,
    )
    work.put(start.no, record)
    _start_clocks(work, start.report)
    work.say(REPORTED)
    return begun(state, work.events)


def _start_clocks(work: Work, report: ClueReport) -> None:
    """DL15, K83: the urgent is heard at once and written down within a day; DL16 for the rest."""
    if not report.urgent:
        work.start_since(DeadlineCode.CLUE_REPORT, report.known_to, report.known_on)
        return
    rule = work.policy.clue
    heard = timedelta(minutes=rule.acknowledged_minutes)
    work.start_minutes(DeadlineCode.URGENT, Role.OFFICE, heard)
    passed = work.now - (report.phoned_at or work.now)
    written = timedelta(hours=rule.written_hours) - passed
    work.start_minutes(DeadlineCode.URGENT_WRITTEN, report.known_to, written)
    key = f"{work.clue.no}/URGENT"
    tell_at_once(work, "URGENT_CLUE", key, people_in(work, Role.OFFICE), work.subject)
