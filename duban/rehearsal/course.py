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
        yield self._step("establish", launch, "09:30", leading, doc_no="领导小组会议纪要1号")
        yield self._step(
            "submit_plan",
            self._day(launch, 4),
            "10:00",
            self._first(Role.CAMPAIGN_GROUP),
            doc_no="专项工作方案",
        )
        yield self._step(
            "review_plan",
            self._day(launch, 6),
            "10:00",
            coordination,
            passed=True,
            doc_no="方案审核意见",
            opinion="五个要细逐项有据，同意",
        )
        yield self._step(
            "approve_plan", self._day(launch, 7), "10:00", leading, doc_no="领导小组批复"
        )
        yield from self._unit_plans(coordination)
        yield self._file("inspection_plan", self._day(launch, 9), Role.SUPERVISION_GROUP)
        yield self._step(
            "sign_gate:G1",
            self._day(plan.plan_until, 0),
            "15:00",
            leading,
            gate="G1",
            doc_no="领导小组会议纪要2号",
        )

    def _unit_plans(self, coordination: str) -> Iterator[Step]:
        launch = self._plan.launch_on
        leaders = {
            person.unit: person.id
            for person in reversed(self._plan.people)
            if person.role is Role.PRINCIPAL_LEADER
        }
        for unit in self._plan.units:
            if unit.must_plan:
                yield self._step(
                    f"submit_unit_plan:{unit.code}",
                    self._day(launch, 7),
                    "11:00",
                    leaders[unit.code],
                    unit=unit.code,
                    doc_no=f"{unit.name}作风整顿方案",
                )
                yield self._step(
                    f"review_unit_plan:{unit.code}",
                    self._day(launch, 9),
                    "11:00",
                    coordination,
                    unit=unit.code,
                    passed=True,
                    opinion="同意",
                )

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
        launch = self._plan.launch_on
        checker = self._first(Role.CAMPAIGN_GROUP, not_of=task.lead_unit)
        hard = task.difficulty is Difficulty.HARD_BONE
        signer = self._first(Role.LEADING_GROUP if hard else Role.OFFICE)
        yield self._step(
            f"accept_task:{task.no}",
            self._day(launch, 8),
            "09:00",
            task.principal_leader,
            task=task.no,
        )
        yield self._step(
            f"submit_item_plan:{task.no}",
            self._day(launch, 11),
            "10:00",
            task.handler,
            task=task.no,
            doc_no=f"{task.no}推进方案",
        )
        yield self._step(
            f"claim_task:{task.no}",
            self._day(task.due_on, -3),
            "10:00",
            task.principal_leader,
            task=task.no,
            result="达到预期成效",
            evidence=_PROOF,
        )
        yield self._step(
            f"verify_task:{task.no}",
            self._day(task.due_on, -2),
            "15:00",
            checker,
            task=task.no,
            passed=True,
            opinion="现场核验属实",
            evidence=_PROOF,
        )
        yield self._step(
            f"close_task:{task.no}",
            self._day(task.due_on, -1),
            "15:00",
            signer,
            task=task.no,
            opinion="同意销号",
        )

    def _goal(self, goal: PlannedGoal) -> Iterator[Step]:
        task = next(each for each in self._plan.tasks if each.no == goal.task)
        phase = next(each for each in self._plan.phases if each.no == goal.phase)
        way = goal.target - goal.baseline
        for share in (1, 2, 3, 4, 5):
            day = self._day(phase.starts_on, share * 9)
            if day < self._day(goal.due_on, -5):
                yield self._step(
                    f"record_goal_value:{goal.id}:{share}",
                    day,
                    "14:00",
                    task.handler,
                    goal=goal.id,
                    value=str(goal.baseline + way * share / 6),
                    note="月度进展",
                )
        yield self._step(
            f"claim_goal:{goal.id}",
            self._day(goal.due_on, -4),
            "10:00",
            task.principal_leader,
            goal=goal.id,
            value=str(goal.target),
            evidence=_PROOF,
        )
        yield self._step(
            f"verify_goal:{goal.id}",
            self._day(goal.due_on, -2),
            "10:00",
            self._first(Role.CAMPAIGN_GROUP, not_of=task.lead_unit),
            goal=goal.id,
            value=str(goal.target),
            evidence=_PROOF,
            on_site=True,
            opinion="现场核验属实",
        )

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
