"""The problems and the large campaign that are measured are ones that the product takes."""

from datetime import UTC, datetime, timedelta

from bench.campaigns import start_of
from bench.problems import UNITS, a_decision, asleep, given, with_units
from duban.domain.campaign.creation import create
from duban.domain.problem.problem import Problem


def test_a_sleeping_problem_is_with_its_unit_recorded_and_rings_no_clock_for_an_hour() -> None:
    start = asleep("BENCH-1-0001", "BENCH-1")
    assert start.state is not None
    problem, now = Problem(start.state), datetime.now(UTC) + start.clock_offset

    alarm = problem.next_alarm(now=now)

    assert (problem.record.state, problem.state.unrecorded) == ("assigned", [])
    assert alarm is not None
    assert alarm > now + timedelta(minutes=50)


def test_the_decision_that_is_measured_is_taken() -> None:
    start = asleep("BENCH-1-0001", "BENCH-1")
    assert start.state is not None
    problem, now = Problem(start.state), datetime.now(UTC) + start.clock_offset
    problem.be_given(given())

    problem.handle(a_decision(), now=now)

    assert [each.tag for each in problem.state.unrecorded] == ["problem:evidence:added"]


def test_a_campaign_of_sixty_units_may_start() -> None:
    start = with_units(start_of("BENCH-1"))

    state = create(start, now=datetime.now(UTC) + start.clock_offset)

    assert len(state.unit) == UNITS
    assert {each.unit for each in given("W07").people} >= {"W07"}
