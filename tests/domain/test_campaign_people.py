"""People change, acts stay attributed: successors and what they inherit (c.3, ST10)."""

from datetime import date
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.errors import Code
from duban.domain.roles import Actor, FormerUnit, Person, Role
from tests.support.builders import Desk, a_plan, people
from tests.support.scenes import ON_TASK, OUTCOME, a_request, scene

_LEADER = Role.PRINCIPAL_LEADER


def _replace(leaving: str = "U01-L1", to: str = "U01-L9", **changes: Any) -> dict[str, Any]:
    fields = {"id": to, "name": "新负责人", "role": _LEADER, "unit": "U01", **changes}
    return {
        "leaving": leaving,
        "role": fields["role"],
        "successor": Person(**fields),
        "basis_doc": "任免通知",
    }


def test_st10_old_acts_name_the_old_leader_and_new_notices_go_to_the_successor() -> None:
    desk = scene("task_claimed").at("2019-08-05")
    desk.do(c.ReplacePerson, "OF-1", **_replace())
    claimed = desk.said("task:claimed")[0]
    assert claimed.actor.id == "U01-L1"
    task = desk.campaign.state.task["T-01"]
    assert (task.claimed_by, task.principal_leader) == ("U01-L1", "U01-L9")
    desk.do(c.VerifyTask, "OF-1", passed=False, opinion="不实", defects=("缺",), **ON_TASK)
    desk.at("2019-10-11")
    clock = desk.deadline("T-01", "TASK")
    cards = desk.notices(deadline=clock.id, document="yellow_card_slip")
    assert {n["recipient"] for n in cards} == {"U01-L9"}


def test_st10_who_left_acts_no_more_and_who_came_does() -> None:
    desk = scene("working")
    desk.do(c.ReplacePerson, "OF-1", **_replace())
    claim: dict[str, Any] = {"result": "已上线", "evidence": OUTCOME, **ON_TASK}
    assert desk.refused(c.ClaimTask, "U01-L1", **claim).code is Code.ACTOR_UNKNOWN
    successor = Actor(id="U01-L9", role=_LEADER, unit="U01")
    desk.do(c.ClaimTask, "U01-L1", actor=successor, **claim)
    assert desk.campaign.state.task["T-01"].claimed_by == "U01-L9"


def test_st10_the_register_keeps_who_left_with_the_unit_left() -> None:
    desk = scene("working")
    desk.do(c.ReplacePerson, "OF-1", **_replace())
    old = desk.campaign.state.person["U01-L1:principal_leader"]
    assert (old.left, old.former_units) == (
        True,
        (FormerUnit(unit="U01", left_on=date(2019, 4, 1)),),
    )
    request = a_request("D0013", signed_by="U01-L1")
    assert desk.refused(c.RequestExtension, "U01-H1", **request).params["missing"] == ["signed_by"]


def test_st10_posts_of_open_tasks_pass_on_and_those_of_others_do_not() -> None:
    desk = scene("working")
    desk.do(c.ReplacePerson, "OF-1", **_replace("U01-H1", "U01-H9", role=Role.LIAISON))
    tasks = desk.campaign.state.task
    assert (tasks["T-01"].handler, tasks["T-01"].leader_in_charge) == ("U01-H9", "U01-D1")
    assert tasks["T-02"].handler == "U02-H1"
    changed = [change.id for change in desk.events[-1].changes if change.kind == "task"]
    assert changed == ["T-01"]


def test_st10_somebody_without_a_post_leaves_no_task_behind() -> None:
    extra = Person(id="U01-X1", name="内勤", role=Role.LIAISON, unit="U01")
    desk = Desk(a_plan(people=(*people(), extra))).implementing()
    desk.do(c.ReplacePerson, "OF-1", **_replace("U01-X1", "U01-X2", role=Role.LIAISON))
    assert {change.kind for change in desk.events[-1].changes} == {"person"}


def test_st10_closed_tasks_keep_the_names_they_were_closed_with() -> None:
    desk = scene("task_verified")
    desk.do(c.CloseTask, "OF-1", opinion="同意", **ON_TASK)
    desk.do(c.ReplacePerson, "OF-1", **_replace())
    assert desk.campaign.state.task["T-01"].principal_leader == "U01-L1"


def test_st10_a_body_changes_its_people_too() -> None:
    desk = scene("working")
    member = {"role": Role.OFFICE, "unit": None}
    desk.do(c.ReplacePerson, "OF-1", **_replace("OF-2", "OF-3", **member))
    old = desk.campaign.state.person["OF-2:office"]
    assert (old.left, old.former_units) == (True, ())


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (_replace(role=Role.LIAISON), Code.ACTOR_ROLE_NOT_HELD),
        (_replace(unit="U02"), Code.COMMAND_MALFORMED),
        ({**_replace(role=Role.LIAISON), "role": _LEADER}, Code.COMMAND_MALFORMED),
        (_replace(to="U01-L1"), Code.COMMAND_MALFORMED),
        (_replace(to="U02-L1"), Code.COMMAND_MALFORMED),
        (_replace("NOBODY"), Code.ACTOR_UNKNOWN),
    ],
)
def test_st10_a_successor_takes_the_very_post(fields: dict[str, Any], code: Code) -> None:
    assert scene("working").refused(c.ReplacePerson, **fields).code is code


def test_sod3_who_comes_back_keeps_the_units_once_left() -> None:
    desk = scene("working")
    desk.do(c.ReplacePerson, "OF-1", **_replace())
    # U01's former leader now takes over U02.
    back = _replace("U02-L1", "U01-L1", unit="U02")
    desk.do(c.ReplacePerson, "OF-1", **back)
    person = desk.campaign.state.person["U01-L1:principal_leader"]
    assert (person.left, person.unit) == (False, "U02")
    assert [each.unit for each in person.former_units] == ["U01"]


def _names(desk: Desk) -> set[str]:
    return {each.actor.id for each in desk.events}


def test_st10_no_entry_is_ever_rewritten() -> None:
    desk = scene("task_claimed")
    before = list(desk.events)
    desk.do(c.ReplacePerson, "OF-1", **_replace())
    assert desk.events[: len(before)] == before
    assert "U01-L1" in _names(desk)
