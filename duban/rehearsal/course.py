"""The diligent course of a plan: what everybody does when all goes well, with its dates."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from duban.domain.calendars import Calendar
from duban.domain.counting import SHANGHAI
from duban.domain.plan import CampaignPlan, Difficulty, Phase, PlannedGoal, PlannedTask
from duban.domain.roles import Role
from duban.rehearsal.script import Step

_PROOF = [{"kind": "outcome", "reference": "业务系统数据与抽样核验"}]
_PACKAGE = "0" * 63 + "1"
_REPORTS, _REPORT_EVERY = 5, 9

_Row = tuple[str, int, str, str, dict[str, Any]]
"""A command, working days from its anchor, the hour, who, and the command's fields."""


class Course:
    """Builds the steps of one plan by its calendar."""

    def __init__(self, plan: CampaignPlan, calendar: Calendar) -> None:
        self._plan = plan
        self._calendar = calendar

    def steps(self) -> list[Step]:
        """Return every step, in the order of their instants."""
        found = [
            *self._planning(),
            *(step for task in self._plan.tasks for step in self._task(task)),
            *(step for goal in self._plan.goals for step in self._goal(goal)),
            *(step for phase in self._plan.phases for step in self._review(phase)),
            *self._closing(),
        ]
        return sorted(found, key=lambda step: step.instant)

    def _day(self, anchor: date, working_days: int) -> date:
        if working_days == 0:
            return self._calendar.next_working_day(anchor)
        return self._calendar.add_working_days(anchor, working_days)

    def _step(self, name: str, on: date, clock: str, by: str, **fields: Any) -> Step:
        moment = datetime.combine(on, time.fromisoformat(clock), SHANGHAI)
        do = name.partition(":")[0]
        do = fields.pop("do", do)
        return Step.model_validate({"at": moment, "by": by, "do": do, "name": name, "with": fields})

    def _first(self, role: Role, not_of: str | None = None) -> str:
        """Return the first person of a role, not one of the unit that would check itself."""
        for person in self._plan.people:
            if person.role is role and (not_of is None or person.unit != not_of):
                return f"{person.id}:{role.value}"
        return self._first(Role.OFFICE) if role is not Role.OFFICE else "-"

    def _planning(self) -> Iterator[Step]:
        plan, launch = self._plan, self._plan.launch_on
        leading = self._first(Role.LEADING_GROUP)
        coordination = self._first(Role.COORDINATION_GROUP)
        drafting = self._first(Role.CAMPAIGN_GROUP)
        review = {"passed": True, "doc_no": "方案审核意见", "opinion": "五个要细逐项有据，同意"}
        rows: tuple[_Row, ...] = (
            ("establish", 0, "09:30", leading, {"doc_no": "领导小组会议纪要1号"}),
            ("submit_plan", 4, "10:00", drafting, {"doc_no": "专项工作方案"}),
            ("review_plan", 6, "10:00", coordination, review),
            ("approve_plan", 7, "10:00", leading, {"doc_no": "领导小组批复"}),
        )
        for do, days, clock, by, fields in rows:
            yield self._step(do, self._day(launch, days), clock, by, **fields)
        yield from self._unit_plans(coordination)
        yield self._file("inspection_plan", self._day(launch, 9), Role.SUPERVISION_GROUP)
        on = self._day(plan.plan_until, 0)
        signed = {"gate": "G1", "doc_no": "领导小组会议纪要2号"}
        yield self._step("sign_gate:G1", on, "15:00", leading, **signed)

    def _unit_plans(self, coordination: str) -> Iterator[Step]:
        handed_in, looked_at = (self._day(self._plan.launch_on, days) for days in (7, 9))
        leaders = {
            person.unit: person.id
            for person in reversed(self._plan.people)
            if person.role is Role.PRINCIPAL_LEADER
        }
        for unit in self._plan.units:
            if unit.must_plan:
                code, paper = unit.code, {"doc_no": f"{unit.name}作风整顿方案"}
                by, done = leaders[code], {"passed": True, "opinion": "同意"}
                do = f"submit_unit_plan:{code}"
                yield self._step(do, handed_in, "11:00", by, unit=code, **paper)
                do = f"review_unit_plan:{code}"
                yield self._step(do, looked_at, "11:00", coordination, unit=code, **done)

    def _file(self, kind: str, on: date, role: Role, clock: str = "09:30", **more: Any) -> Step:
        return self._step(
            f"file_document:{kind}",
            on,
            clock,
            self._first(role),
            kind=kind,
            doc_no=f"{kind}-{on:%Y%m%d}",
            title=kind,
            **more,
        )

    def _task(self, task: PlannedTask) -> Iterator[Step]:
        launch, due, leader = self._plan.launch_on, task.due_on, task.principal_leader
        checker = self._first(Role.CAMPAIGN_GROUP, not_of=task.lead_unit)
        hard = task.difficulty is Difficulty.HARD_BONE
        signer = self._first(Role.LEADING_GROUP if hard else Role.OFFICE)
        claim = {"result": "达到预期成效", "evidence": _PROOF}
        check = {"passed": True, "opinion": "现场核验属实", "evidence": _PROOF}
        begun: tuple[_Row, ...] = (
            ("accept_task", 8, "09:00", leader, {}),
            ("submit_item_plan", 11, "10:00", task.handler, {"doc_no": f"{task.no}推进方案"}),
        )
        ended: tuple[_Row, ...] = (
            ("claim_task", -3, "10:00", leader, claim),
            ("verify_task", -2, "15:00", checker, check),
            ("close_task", -1, "15:00", signer, {"opinion": "同意销号"}),
        )
        for anchor, rows in ((launch, begun), (due, ended)):
            for do, days, clock, by, fields in rows:
                on = self._day(anchor, days)
                yield self._step(f"{do}:{task.no}", on, clock, by, task=task.no, **fields)

    def _goal(self, goal: PlannedGoal) -> Iterator[Step]:
        task = next(each for each in self._plan.tasks if each.no == goal.task)
        checker = self._first(Role.CAMPAIGN_GROUP, not_of=task.lead_unit)
        yield from self._progress(goal, task)
        reached = {"goal": goal.id, "value": str(goal.target), "evidence": _PROOF}
        seen = {**reached, "on_site": True, "opinion": "现场核验属实"}
        rows: tuple[_Row, ...] = (
            ("claim_goal", -4, "10:00", task.principal_leader, reached),
            ("verify_goal", -2, "10:00", checker, seen),
        )
        for do, days, clock, by, fields in rows:
            yield self._step(f"{do}:{goal.id}", self._day(goal.due_on, days), clock, by, **fields)

    def _progress(self, goal: PlannedGoal, task: PlannedTask) -> Iterator[Step]:
        """Yield a report every nine working days, until the claim is near."""
        phase = next(each for each in self._plan.phases if each.no == goal.phase)
        way, last = goal.target - goal.baseline, self._day(goal.due_on, -5)
        for share in range(1, _REPORTS + 1):
            on = self._day(phase.starts_on, share * _REPORT_EVERY)
            if on < last:
                value = str(goal.baseline + way * share / (_REPORTS + 1))
                do = f"record_goal_value:{goal.id}:{share}"
                fields = {"goal": goal.id, "value": value, "note": "进展"}
                yield self._step(do, on, "14:00", task.handler, **fields)

    def _review(self, phase: Phase) -> Iterator[Step]:
        later = [each for each in self._plan.phases if each.no == phase.no + 1]
        on = later[0].starts_on if later else self._plan.account_from
        on = self._day(on, 0)
        report = self._file("phase_report", on, Role.CAMPAIGN_GROUP)
        yield report.model_copy(update={"name": f"file_document:phase_report:{phase.no}"})
        if not later:
            yield self._file("trigger_list", on, Role.SUPERVISION_GROUP)
        gate = "G2" if later else "G3"
        yield self._step(
            f"sign_gate:{gate}:{phase.no}",
            on,
            "16:00",
            self._first(Role.LEADING_GROUP),
            gate=gate,
            doc_no=f"领导小组会议纪要{phase.no + 2}号",
        )

    def _closing(self) -> Iterator[Step]:
        plan = self._plan
        settle = self._day(plan.account_until, 0)
        for kind in ("closing_report", "scoreboard", "lookback_plan"):
            yield self._file(kind, settle, Role.OFFICE)
        yield self._file("archive_package", settle, Role.OFFICE, digest=_PACKAGE)
        close = self._day(plan.close_on, 0)
        yield self._step(
            "sign_gate:G4",
            close,
            "15:00",
            self._first(Role.LEADING_GROUP),
            gate="G4",
            doc_no="结项批复",
        )
        done = self._day(self._watch_end(close), 3)
        yield self._file("lookback_result", done, Role.OFFICE)
        yield self._step("archive", done, "15:00", self._first(Role.OFFICE), doc_no="归档移交清单")

    def _watch_end(self, close: date) -> date:
        # Seven months hold the policy's six and any roll over a holiday.
        ordinal = min(close.toordinal() + 212, self._calendar.last_on.toordinal() - 30)
        return date.fromordinal(ordinal)
