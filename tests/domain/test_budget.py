"""How large a campaign may be: its state travels between runs, its events must fit the trail."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.draw_records import SignedOff
from duban.domain.campaign.records import CampaignStage, PlanState, TaskState
from duban.domain.entity.entries import EVENT_BYTES
from duban.domain.errors import Code, RuleViolation
from duban.domain.plan import CampaignPlan, Clause, PlannedUnit, UnitKind
from duban.domain.policy import PolicyVersion
from duban.domain.problem.words import DrawMark
from duban.domain.roles import Person, Role
from tests.support.builders import Desk, a_calendar, a_goal, a_plan, a_task, people, shanghai
from tests.support.draws import drawn
from tests.support.scenes import scene

_KIB = 1024
_WORDS = "推进政务服务事项标准化，逐项梳理流程、材料、时限，"


def _people(units: list[str]) -> tuple[Person, ...]:
    bodies = {Role.LEADING_GROUP, Role.OFFICE, Role.COORDINATION_GROUP, Role.SUPERVISION_GROUP}
    held = [person for person in people() if person.role in bodies]
    held.append(Person(id="CG-1", name="专项组一号", role=Role.CAMPAIGN_GROUP, unit="U15"))
    leader, liaison = Role.PRINCIPAL_LEADER, Role.LIAISON
    for unit in units:
        posts = (("L1", leader, "党组书记、局长"), ("D1", liaison, "分管领导"))
        for post, role, title in (*posts, ("H1", liaison, "联络员")):
            key = f"{unit}-{post}"
            held.append(Person(id=key, name="张某某", role=role, unit=unit, title=title))
    return tuple(held)


def _largest(policy: PolicyVersion, words: str = _WORDS) -> CampaignPlan:
    """Return a plan with as much of everything as the policy allows, in an office's words."""
    codes = ["U15", *(f"U{n:03}" for n in range(100, 98 + policy.max_units))]
    units = [PlannedUnit(code=code, name=f"市某某管理局{code}") for code in codes]
    units.append(PlannedUnit(code="OF", name="市作风办", kind=UnitKind.BODY, must_plan=False))
    text: dict[str, Any] = {
        **dict.fromkeys(("title", "target_object", "effect_measure"), words),
        "problem": words * 4,
        "measures": words * 6,
        "evidence_definition": words * 2,
    }
    tasks = tuple(
        a_task(f"T-{n:03}", codes[1 + n % (len(codes) - 1)], clauses=(f"C{n % 40}",), **text)
        for n in range(policy.max_tasks)
    )
    goals = tuple(
        a_goal(f"T-{n % len(tasks):03}", 1 if n < policy.max_goals - 9 else 2, id=f"G-{n:03}",
               measure=f"{words[:20]}{n}", data_source=words)
        for n in range(policy.max_goals)
    )  # fmt: skip
    clauses = tuple(Clause(no=f"C{n}", text=words * 2) for n in range(40))
    return a_plan(
        units=tuple(units), people=_people(codes), tasks=tasks, goals=goals, clauses=clauses
    )


@cache
def _at_its_fullest() -> Desk:
    """Return the largest campaign with the clocks of everything at once: phase 1 just opened."""
    desk = Desk(_largest(PolicyVersion()))
    desk.do(c.Establish, "LG-1", doc_no="纪要1号")
    desk.do(c.SubmitPlan, "CG-1", doc_no="方案1号")
    desk.do(c.ReviewPlan, "CO-1", passed=True, doc_no="审核1号", opinion="同意")
    desk.do(c.ApprovePlan, "LG-1", doc_no="批复1号")
    state = desk.campaign.state
    for unit in list(state.unit):
        state.unit[unit] = state.unit[unit].model_copy(update={"plan_state": PlanState.PASSED})
    desk.file(c.DocumentKind.INSPECTION_PLAN, "SU-1")
    # Everybody stays silent for a day and so becomes the owner.
    desk.at("2019-03-05", "17:31").do(c.SignGate, "LG-1", gate=c.Gate.G1, doc_no="纪要2号")
    return desk


def _size(desk: Desk) -> int:
    return len(desk.campaign.state.snapshot().model_dump_json().encode())


def test_the_largest_campaign_fits_half_a_mebibyte() -> None:
    created, fullest = _size(Desk(_largest(PolicyVersion()))), _size(_at_its_fullest())
    assert created < fullest <= 512 * _KIB
    # The server warns of payloads above 256 KiB and refuses them above 2 MiB: only the largest
    # campaigns come into the range of the warning, none comes near the limit.
    assert 1 < fullest / (256 * _KIB) <= 2
    assert _size(scene("working")) < 256 * _KIB / 8


def test_every_event_of_the_largest_campaign_fits_the_trail() -> None:
    desk = _at_its_fullest().fork()
    paper = {"reason": "机构改革", "doc_no": "纪要"}
    desk.do(c.Suspend, "LG-1", **paper)
    desk.at("2019-03-20").do(c.Resume, "LG-1", **paper)
    new = a_calendar(2, published_through=a_calendar().first_on)
    desk.do(c.AdoptCalendar, "OF-1", calendar=new, basis_doc="国办3号")
    tasks = desk.campaign.state.task.values()
    told = tuple(
        c.Disposition(task=task.no, owner="U15", disposition=_WORDS * 100)
        for task in tasks
        if task.state is not TaskState.CLOSED
    )
    desk.do(c.Terminate, "LG-1", dispositions=told, **paper)
    sizes = {len(event.model_dump_json().encode()) for event in desk.events}
    assert max(sizes) <= EVENT_BYTES
    assert desk.events[-1].detail["count"] == len(desk.events)


def test_half_a_campaign_under_way_is_closed_in_entries_that_fit() -> None:
    desk = _at_its_fullest().fork()
    record = desk.campaign.record
    desk.campaign.state.campaign[record.no] = record.model_copy(
        update={"stage": CampaignStage.ACCOUNT}
    )
    for kind in ("closing_report", "scoreboard", "lookback_plan", "archive_package"):
        desk.file(c.DocumentKind(kind), "OF-1", digest="a" * 64)
    desk.do(c.SignGate, "LG-1", gate=c.Gate.G4, doc_no="结项批复")
    assert max(len(event.model_dump_json().encode()) for event in desk.events) <= EVENT_BYTES
    assert [d.code.value for d in desk.campaign.state.deadline.values()] == ["WATCH"]


@pytest.mark.parametrize(
    ("words", "code"),
    [("长" * 300, Code.PLAN_TOO_LARGE), ("长" * 666, Code.PLAN_TOO_LARGE)],
)
def test_a_plan_of_long_words_is_refused_as_too_large(words: str, code: Code) -> None:
    plan = _largest(PolicyVersion(), words)
    with pytest.raises(RuleViolation) as caught:
        Desk(plan)
    assert caught.value.code is code


def test_a_task_that_fits_no_entry_is_refused() -> None:
    text = dict.fromkeys(("focus", "title", "problem", "measures", "effect_measure"), "长" * 4000)
    with pytest.raises(RuleViolation) as caught:
        Desk(a_plan(tasks=(a_task(**text), a_task("T-02", "U02", clauses=("C2",)))))
    assert caught.value.code is Code.COMMAND_MALFORMED


def test_the_policy_bounds_what_a_plan_may_hold() -> None:
    policy = PolicyVersion(max_tasks=1)
    with pytest.raises(RuleViolation) as caught:
        Desk(policy=policy)
    assert caught.value.code is Code.PLAN_INVALID


def test_answers_do_not_grow_without_end() -> None:
    desk = Desk(policy=PolicyVersion(receipts_kept=20)).implementing()
    for number in range(60):
        desk.do(c.RecordGoalValue, "U01-H1", goal="T-01-P1", value=Decimal(40 + number % 9))
    assert len(desk.campaign.state.receipts) == 20
    assert desk.now == shanghai("2019-04-01")


def test_two_thousand_signed_off_problems_travel_with_a_campaign_and_are_drawn_from() -> None:
    desk = scene("working")
    state = desk.campaign.state
    before, policy = _size(desk), PolicyVersion()
    for serial in range(policy.drawing.max_population):
        signed = SignedOff(unit=f"U{serial % 60:02}", on=date(2019, 4, 3), marks=tuple(DrawMark))
        state.signed[f"BE-2019-{serial:04d}"] = signed
    assert _size(desk) - before <= 320 * _KIB

    draw = drawn(desk)

    assert len(draw.picks) == 420
    assert max(len(event.model_dump_json().encode()) for event in desk.events) <= EVENT_BYTES
    assert _size(desk) - before <= 400 * _KIB
