"""EXP1 over random courses: take every explanation out, and no state and no date is another."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from duban.domain.counting import local_date
from duban.domain.entity.command import ReasonClass
from duban.domain.entity.records import EvidenceKind
from duban.domain.errors import RuleViolation
from duban.domain.problem import commands as c
from tests.support.builders import proof
from tests.support.problems import ProblemDesk

Step = Callable[[ProblemDesk, bool], object]


def words(desk: ProblemDesk, silent: bool) -> object:
    """Explain, and have it classified as what it is."""
    return None if silent else desk.classified(explanation="系统升级，请予理解", requests=("延期",))


def contested(desk: ProblemDesk, silent: bool) -> object:
    """Explain, be classified, contest it and lose."""
    if silent:
        return None
    key = desk.classified(explanation="人手不足")
    desk.do(c.ContestClass, desk.speaker, reply=key, grounds="有客观原因")
    return desk.do(c.DecideContest, "OF-1", reply=key, upheld=False, reason="仍为解释")


def worked(desk: ProblemDesk, silent: bool) -> object:
    """Report work with new proof, and explain beside it."""
    keys = (desk.evidence(), desk.evidence(EvidenceKind.PROCESS))
    measures = tuple({"no": each.no, "result": "完成"} for each in desk.record.plan)
    said: dict[str, Any] = {"actions": (f"第{keys[0]}步",), "measures": measures, "evidence": keys}
    explanation = "" if silent else "前期进度慢系审批所致"
    return desk.do(c.ReplyToProblem, desk.speaker, explanation=explanation, **said)


def asked_for_time(desk: ProblemDesk, _: bool) -> object:
    """Go through the second door: a later date, decided by the group."""
    clock = desk.clock("DL10")
    on = desk.problem.state.calendar["1"].add_working_days(clock.current_due_on, 2)
    extension = desk.do(
        c.RequestExtension,
        desk.speaker,
        deadline=clock.id,
        reason_class=ReasonClass.OTHER,
        reason="对接",
        work_done="过半",
        what_differs="排期",
        evidence=proof(),
        new_due_on=on,
        signed_by="U03-L1",
    ).object_id
    return desk.do(c.DecideExtension, "CG-1", extension=extension, approved=True, reason="-")


def a_week(desk: ProblemDesk, _: bool) -> object:
    """Let a week pass."""
    return desk.at(local_date(desk.now + timedelta(days=7)).isoformat())


def step(name: str) -> Step:
    """Return a step of the desk by its name."""
    return lambda desk, _: getattr(desk, name)()


STEPS: list[Step] = [
    words,
    words,
    contested,
    worked,
    asked_for_time,
    a_week,
    *(step(name) for name in ("assigned", "accepted", "planned", "rectifying", "proven")),
    *(step(name) for name in ("requested", "rejected", "verified", "signed_off")),
]


def standing(desk: ProblemDesk) -> tuple[object, ...]:
    """Return the state and every date of a problem, contests of classes left out."""
    clocks = [
        (each.code, each.holder, each.object_type, each.due_at, each.generation, each.held_at)
        for each in desk.problem.state.deadline.values()
        if each.object_type != "reply"
    ]
    return desk.record.state, clocks, desk.record.signed_off_on, desk.record.stagnant


@given(st.lists(st.sampled_from(STEPS), max_size=14))
def test_exp1_without_its_explanations_a_history_has_the_same_states_and_dates(
    course: list[Step],
) -> None:
    talking, silent = ProblemDesk().assigned(), ProblemDesk().assigned()
    for each in course:
        with suppress(RuleViolation, AttributeError):
            each(talking, False)
        with suppress(RuleViolation, AttributeError):
            each(silent, True)
        assert standing(talking) == standing(silent)


@given(st.lists(st.sampled_from(STEPS), max_size=14))
def test_every_change_is_an_event_and_no_alarm_stays_behind(course: list[Step]) -> None:
    desk = ProblemDesk().assigned()
    for each in course:
        with suppress(RuleViolation, AttributeError):
            each(desk, False)
    desk.problem.tick(now=desk.now)

    assert [event.seq for event in desk.events] == list(range(len(desk.events)))
    alarm = desk.problem.next_alarm(now=desk.now)
    assert alarm is None or alarm > desk.now
