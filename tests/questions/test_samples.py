"""The three sample campaigns, everybody in time: what each question must say of them.

One calendar holds throughout, nobody asks for a later date, nothing is refused, overridden,
returned, cancelled or delegated, and claimed values are the measured ones. So most answers are
empty, and each is shown elsewhere with a story in which it is not.
"""

import pytest

from tests.questions.asking import ask, cells, tags_of
from tests.support.stories import sample

PLANS = ("formalism", "business", "rule-of-law")
EMPTY = (1, 2, 3, 4, 5, 6, 7, 10, 13, 16, 18, 20, 21, 22, 23, 24, 33, 46, 47, 48, 50)
GOALS = {"formalism": (11, 10, 11), "business": (13, 13, 13), "rule-of-law": (10, 10, 10)}
"""Goals of the three phases."""


def states(plan: str, moment: str, kind: str) -> dict[str, str]:
    found = ask(49, sample(plan), moment)
    return {one: state for k, one, state in cells(found, "kind", "id", "state") if k == kind}


def counted(plan: str, moment: str, kind: str) -> dict[str, int]:
    found = list(states(plan, moment, kind).values())
    return {each: found.count(each) for each in set(found)}


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("number", EMPTY)
@pytest.mark.parametrize("moment", ["2019-06-28T17:30", "2020-12-31T23:59"])
def test_a_diligent_course_leaves_nothing_to_ask_about(plan: str, number: int, moment: str) -> None:
    assert ask(number, sample(plan), moment).rows == ()


@pytest.mark.parametrize("plan", PLANS)
def test_at_the_last_minute_of_phase_1_all_its_goals_are_achieved(plan: str) -> None:
    first, second, third = GOALS[plan]

    assert set(states(plan, "2019-06-28T17:29", "campaign").values()) == {"implement"}
    assert states(plan, "2019-06-28T17:29", "phase") == {
        "1": "running",
        "2": "planned",
        "3": "planned",
    }
    assert counted(plan, "2019-06-28T17:29", "goal") == {"achieved": first, "set": second + third}
    assert counted(plan, "2019-06-28T17:29", "task") == {"in_progress": 6}


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize(
    ("moment", "stage"),
    [
        ("2019-03-04T08:30", "draft"),
        ("2019-03-04T09:30", "plan"),
        ("2019-03-29T14:59", "plan"),
        ("2019-03-29T15:00", "implement"),
        ("2019-06-28T17:30", "review"),
        ("2019-07-01T15:59", "review"),
        ("2019-07-01T16:00", "implement"),
        ("2019-12-02T16:00", "account"),
        ("2019-12-31T15:00", "watch"),
        ("2020-12-31T23:59", "archived"),
    ],
)
def test_the_stage_at_a_moment(plan: str, moment: str, stage: str) -> None:
    assert set(states(plan, moment, "campaign").values()) == {stage}


@pytest.mark.parametrize("plan", PLANS)
def test_in_the_watch_every_task_is_closed_and_one_clock_runs(plan: str) -> None:
    found = ask(49, sample(plan), "2020-01-02T12:00")
    clocks = [row.cells for row in found.rows if row.cells["kind"] == "deadline"]

    assert counted(plan, "2020-01-02T12:00", "task") == {"closed": 6}
    assert counted(plan, "2020-01-02T12:00", "goal") == {"achieved": sum(GOALS[plan])}
    assert [(each["unit"], each["due_on"]) for each in clocks] == [("office", "2020-06-30")]


@pytest.mark.parametrize(("plan", "leaders"), [("formalism", 20), ("business", 19)])
def test_every_unit_has_its_leader_from_the_first_day(plan: str, leaders: int) -> None:
    found = ask(40, sample(plan), "2019-06-28T17:30")

    assert len(found.rows) == leaders
    assert set(cells(found, "since")) == {("2019-03-04T00:30:00+00:00",)}
    assert cells(ask(40, sample(plan), "2019-06-28T17:30", unit="U07"), "person") == [("U07-L1",)]


@pytest.mark.parametrize("plan", PLANS)
def test_unit_plans_lay_two_days_before_they_passed(plan: str) -> None:
    # Handed in on Wednesday 13 March at 11:00, passed on Friday at 11:00: 48 hours.
    within = ask(22, sample(plan), "2019-03-29T17:30", minutes=2880)

    assert len(within.rows) == 19
    assert set(cells(within, "minutes", "actor")) == {(2880, "CO-1")}
    assert ask(22, sample(plan), "2019-03-29T17:30", minutes=2879).rows == ()
    assert ask(22, sample(plan), "2019-03-15T10:59", minutes=2880).rows == ()
    assert [each.value for each in within.lacks] == ["plan_texts"]
    assert tags_of(within, sample(plan))[0] == [
        "campaign:unit_plan:submitted",
        "campaign:unit_plan:passed",
    ]


def test_the_present_value_is_that_of_the_moment() -> None:
    # B-01/P1 goes from 41 to 52 in five reports; 26 April is in the middle of them.
    def value(moment: str) -> list[tuple[object, ...]]:
        found = ask(49, sample("business"), moment, obj="B-01/P1")
        return [each[1:] for each in cells(found, "kind", "value", "target") if each[0] == "goal"]

    assert value("2019-03-29T17:30") == [(None, "52")]
    assert value("2019-06-28T17:29") == [("52", "52")]
    [(middle, _)] = value("2019-04-26T17:30")
    assert 41 < float(str(middle)) < 52
