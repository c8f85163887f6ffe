"""Questions about problems and inspections, as far as tasks, goals, items and orders can answer."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.entity.records import Evidence, EvidenceKind
from duban.domain.events import Change
from tests.questions.asking import ask, cells, tags_of
from tests.questions.small import approved, entries_of, with_event
from tests.support.builders import Desk, proof
from tests.support.stories import sample

END = "2020-12-31T23:59"
PLANS = {"formalism": (32, ["F-06"]), "business": (39, ["B-05"]), "rule-of-law": (30, [])}
"""How many phase goals there are, and which tasks are hard bones."""


@pytest.mark.parametrize("plan", PLANS)
def test_9_six_tasks_were_signed_off_and_every_goal_was_seen_on_site(plan: str) -> None:
    entries = sample(plan)
    found = ask(9, entries, END)
    kinds = Counter(kind for (kind,) in cells(found, "object_type"))
    tasks = [row for row in found.rows if row.cells["object_type"] == "task"]

    assert kinds == {"goal": PLANS[plan][0], "task": 6}
    # Claimed on Tuesday 26 November at 10:00, verified the next day at 15:00.
    assert {row.cells["minutes"] for row in tasks} == {29 * 60}
    # K06: hard bones are signed off by the leading group.
    by_leaders = [e.cells["object_id"] for e in tasks if e.cells["signed_off_by"] != ["OF-1"]]
    assert by_leaders == PLANS[plan][1]
    assert all(row.cells["requested_by"] != row.cells["verified_by"] for row in found.rows)
    assert set(cells(found, "object_type", "on_site")) == {("goal", True), ("task", None)}
    assert found.lacks == ()
    assert ask(9, entries, "2019-06-26T09:59").rows == ()


def test_9_of_task_b_04_who_asked_who_verified_who_signed() -> None:
    found = ask(9, sample("business"), END, obj="B-04")
    names = ("requested_by", "verified_by", "signed_off_by", "signed_off_at", "evidence")

    assert cells(found, *names)[-1] == (
        "U02-L1",
        "CG-1",
        ["OF-1"],
        "2019-11-28T07:00:00+00:00",
        ["业务系统数据与抽样核验"],
    )
    assert tags_of(found, sample("business"))[-1] == [
        "campaign:task:claimed",
        "campaign:task:verified",
        "campaign:task:closed",
    ]
    assert len(found.rows) == 10, "nine goals and the task"


def test_9_an_item_is_concluded_by_who_verifies_it_and_a_second_claim_counts_alone() -> None:
    desk = Desk().implementing()
    desk.do(c.AssignItem, "CG-1", task="T-01", matter="窗口整改", limit="5wd")
    clock = desk.deadline("T-01", "DL10").id
    desk.at("2019-04-02").do(
        c.ConcludeItem, "OF-1", deadline=clock, result="已改", evidence=proof()
    )
    claim = {"task": "T-01", "result": "完成", "evidence": proof()}
    desk.do(c.ClaimTask, "U01-L1", **claim)
    back = {"task": "T-01", "passed": False, "opinion": "不实", "defects": ("缺数据",)}
    desk.at("2019-04-03").do(c.VerifyTask, "CG-1", **back)
    desk.at("2019-04-04", "10:00").do(c.ClaimTask, "U01-L1", **claim)
    desk.at("2019-04-04", "10:03")
    desk.do(c.VerifyTask, "CG-1", task="T-01", passed=True, opinion="属实", evidence=proof())
    before = ask(9, entries_of(desk), END)
    desk.do(c.CloseTask, "OF-1", task="T-01", opinion="同意")

    found = ask(9, entries_of(desk), END)

    names = ("object_type", "object_id", "requested_by", "verified_by", "minutes", "signed_off_by")
    item: tuple[Any, ...] = ("item", clock, None, "OF-1", None, [])
    assert cells(before, *names) == [item]
    assert cells(found, *names) == [item, ("task", "T-01", "U01-L1", "CG-1", 3, ["OF-1"])]


@pytest.mark.parametrize("plan", PLANS)
def test_10_in_the_samples_all_have_outcome_evidence_and_no_file_is_used_twice(plan: str) -> None:
    assert ask(10, sample(plan), END).rows == ()


def a_file(digest: str, kind: EvidenceKind = EvidenceKind.OUTCOME) -> tuple[Evidence, ...]:
    return (Evidence(kind=kind, reference="平台导出数据", digest=digest * 64),)


def achieved(desk: Desk, goal: str, evidence: tuple[Evidence, ...]) -> None:
    unit = "U01" if goal.startswith("T-01") else "U02"
    given: dict[str, Any] = {"goal": goal, "value": Decimal(52), "evidence": evidence}
    desk.do(c.ClaimGoal, f"{unit}-L1", **given)
    desk.do(c.VerifyGoal, "OF-1", **given, on_site=True, opinion="属实")


def test_10_a_file_that_serves_another_task_too() -> None:
    desk = Desk().implementing()
    achieved(desk, "T-01-P1", a_file("a"))
    alone = ask(10, entries_of(desk), END)
    achieved(desk, "T-02-P1", a_file("a"))
    other = Desk().implementing()
    achieved(other, "T-01-P1", a_file("a"))
    achieved(other, "T-02-P1", a_file("b"))

    found = ask(10, entries_of(desk), END)

    assert alone.rows == ask(10, entries_of(other), END).rows == ()
    assert cells(found, "object_id", "no_outcome", "elsewhere", "verified_by") == [
        ("T-01-P1", False, ["T-02 T-02-P1"], "OF-1"),
        ("T-02-P1", False, ["T-01 T-01-P1"], "OF-1"),
    ]


def test_10_the_same_file_for_a_task_and_its_own_goal_is_one_use() -> None:
    desk = Desk().implementing()
    achieved(desk, "T-01-P1", a_file("a"))
    claim = {"task": "T-01", "result": "完成", "evidence": a_file("a")}
    desk.do(c.ClaimTask, "U01-L1", **claim)

    assert ask(10, entries_of(desk), END).rows == ()


def test_10_passed_on_words_alone_would_be_seen() -> None:
    desk = Desk().implementing()
    achieved(desk, "T-01-P1", a_file("a"))
    plain = a_file("a", EvidenceKind.SUPPORTING)[0].plain()
    events = []
    for each in desk.events:
        changes = tuple(
            change.model_copy(update={"after": {**change.after, "evidence": [plain]}})
            if change.after.get("evidence")
            else change
            for change in each.changes
        )
        detail = {**each.detail, "evidence": [plain]} if "evidence" in each.detail else each.detail
        events.append(each.model_copy(update={"changes": changes, "detail": detail}))
    desk.campaign.state.unrecorded[:] = events

    assert cells(ask(10, entries_of(desk), END), "object_id", "no_outcome", "elsewhere") == [
        ("T-01-P1", True, [])
    ]


def test_13_a_task_that_went_to_another_unit_and_a_goal_that_was_eased() -> None:
    desk = approved()
    back = {"task": "T-01", "grounds": "非本单位职责", "legal_basis": "三定方案"}
    desk.do(c.RequestTaskReturn, "U01-L1", **back)
    new = {"new_unit": "U02", "new_leader": "U02-L1", "new_handler": "U02-H1"}
    desk.do(c.AdjudicateReturn, "OF-1", task="T-01", upheld=True, reason="改由二局", **new)
    change = Change(kind="goal", id="T-02-P1", before={"target": "52"}, after={"target": "48"})
    entries = with_event(desk, changes=(change,), reason="省里调整", basis_doc="纪要8号")

    found = ask(13, entries, END)

    names = ("object_id", "version", "description", "target", "unit", "reason")
    assert cells(found, *names) == [
        ("T-01", 1, "网上可办率低", "网上可办率", "U01", None),
        ("T-01", 2, "网上可办率低", "网上可办率", "U02", "改由二局"),
        ("T-02-P1", 1, "网上可办率", "52", "U02", None),
        ("T-02-P1", 2, "网上可办率", "48", "U02", "省里调整"),
    ]
    assert cells(ask(13, entries, END, unit="U01"), "object_id", "version") == [("T-01", 1)]


def test_13_named_it_shows_the_one_wording_there_is() -> None:
    assert ask(13, sample("business"), END).rows == ()
    found = ask(13, sample("business"), END, obj="B-04/P1")

    assert cells(found, "object_type", "version", "target", "unit", "at") == [
        ("goal", 1, "7", "U02", "2019-03-04T00:30:00+00:00")
    ]


@pytest.mark.parametrize("plan", PLANS)
def test_17_where_each_task_lay_in_the_samples(plan: str) -> None:
    found = ask(17, sample(plan), END)
    [first] = {cell[0] for cell in cells(found, "object_id")[:7]}
    course = cells(ask(17, sample(plan), END, obj=first), "state", "working_days", "until")
    desks = dict(cells(ask(17, sample(plan), END, obj=first), "state", "desk"))

    assert len(found.rows) == 6 * 7
    # 173 working days from 19 March to 26 November: those of 2019 as amended on 22 March.
    assert [cell[:2] for cell in course] == [
        ("drafted", 7),
        ("pending_accept", 1),
        ("accepted", 0),
        ("item_plan_due", 3),
        ("in_progress", 173),
        ("done_claimed", 1),
        ("verified", 1),
    ]
    assert (desks["done_claimed"], desks["verified"]) == ("campaign_group", "office")
    assert course[-1][-1] == "2019-11-28T07:00:00+00:00"


def test_17_while_a_campaign_is_suspended_its_tasks_wait_for_the_leading_group() -> None:
    desk = Desk().implementing()
    desk.do(c.ClaimTask, "U02-L1", task="T-02", result="完成", evidence=proof())
    desk.at("2019-04-02").do(c.Suspend, "LG-1", reason="防汛", doc_no="纪要9号")
    desk.at("2019-04-04").do(c.Resume, "LG-1", reason="汛情解除", doc_no="纪要10号")

    worked = ask(17, entries_of(desk), "2019-04-08T12:00", obj="T-01")
    claimed = ask(17, entries_of(desk), "2019-04-08T12:00", obj="T-02")

    assert cells(worked, "state", "desk", "working_days")[-3:] == [
        ("in_progress", "U01", 17),
        ("suspended", "leading_group", 2),
        # Friday the 5th was a holiday: from Thursday to Monday is one day.
        ("in_progress", "U01", 1),
    ]
    assert cells(worked, "until")[-1] == (None,)
    desks = [on for (on,) in cells(claimed, "desk")]
    assert desks[-3:] == ["campaign_group", "leading_group", "campaign_group"]


def test_17_a_returned_task_lies_with_who_decides() -> None:
    desk = approved()
    back = {"task": "T-01", "grounds": "非本单位职责", "legal_basis": "三定方案"}
    desk.do(c.RequestTaskReturn, "U01-L1", **back)

    found = ask(17, entries_of(desk), "2019-03-08T12:00", obj="T-01")

    assert cells(found, "state", "desk", "working_days")[-1] == ("return_pending", "office", 2)


def test_17_beyond_the_calendar_nobody_can_count() -> None:
    found = ask(17, entries_of(Desk().implementing()), "2031-01-01T10:00", obj="T-01")

    assert cells(found, "state", "working_days")[-1] == ("in_progress", None)


def ordered(desk: Desk, **changes: Any) -> None:
    order = {
        "request_id": f"signal-{len(desk.events)}",
        "actor": {"id": "SU-1", "role": "supervision_group"},
        "theme": "窗口服务",
        "scope": ["U01"],
        "authorising_doc": "督查计划第3项",
        "ordering_body": "OF",
        **changes,
    }
    desk.campaign.order_spot_check(order, now=desk.now)


def test_33_orders_refused_for_want_of_a_document_or_of_the_right() -> None:
    desk = Desk().implementing()
    ordered(desk)
    ordered(desk, authorising_doc="无")
    ordered(desk, ordering_body="U15")
    ordered(desk, actor={"id": "U01-L1", "role": "principal_leader", "unit": "U01"})

    found = ask(33, entries_of(desk), END)

    assert cells(found, "actor", "theme", "ordering_body", "outcome", "code_refused") == [
        ("SU-1", "窗口服务", None, "rejected", "spot_check.not_authorised"),
        ("SU-1", None, "U15", "rejected", "spot_check.body_not_designated"),
    ]
    assert found.lacks == ()


def test_33_an_order_that_was_let_in_without_a_document_would_be_seen() -> None:
    desk = Desk().implementing()
    ordered(desk)
    bare = [
        each.model_copy(update={"basis_doc": "—"}) if "spot_check" in each.tag else each
        for each in desk.events
    ]
    desk.campaign.state.unrecorded[:] = bare

    found = ask(33, entries_of(desk), END)

    assert cells(found, "theme", "ordering_body", "basis", "outcome") == [
        ("窗口服务", "OF", "—", "accepted")
    ]
    assert cells(ask(33, entries_of(desk), END, unit="U01"), "theme") == [("窗口服务",)]
    assert ask(33, entries_of(desk), date(2019, 3, 30).isoformat() + "T00:00").rows == ()
