"""What the task list shows about a task's phases and goals: written for people, never read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from duban.domain.plan import CampaignPlan, Direction, PlannedGoal


class Progress(NamedTuple):
    """Where a running task stands, in words: current values, progress, state, cards."""

    value: str = ""
    progress: str = ""
    state: str = ""
    cards: str = ""


def task_summaries(
    plan: CampaignPlan, progress: Mapping[str, tuple[str, str, str, str]]
) -> list[dict[str, str | int]]:
    """Return for each task the texts of the derived columns of 任务清单, by header."""
    return [
        _summary(number, plan, task.no, Progress(*progress.get(task.no, ())))
        for number, task in enumerate(plan.tasks, start=1)
    ]


def _summary(number: int, plan: CampaignPlan, no: str, now: Progress) -> dict[str, str | int]:
    goals = [goal for goal in plan.goals if goal.task == no]
    phases = sorted({goal.phase for goal in goals})
    return {
        "序号": number,
        "阶段": "、".join(str(phase) for phase in phases),
        "阶段目标": "\n".join(_phase_line(phase, goals) for phase in phases),
        "量化指标(基线/目标/现值)": _measures(goals, now.value),
        "进展": now.progress,
        "状态": now.state,
        "亮牌": now.cards,
    }


def _phase_line(phase: int, goals: list[PlannedGoal]) -> str:
    own = "，".join(
        f"{goal.measure}{'≥' if goal.direction is Direction.UP else '≤'}"
        f"{_with_unit(goal.target, goal)}"
        for goal in goals
        if goal.phase == phase
    )
    return f"第{phase}阶段：{own}"


def _measures(goals: list[PlannedGoal], current: str) -> str:
    """Return one line per measure, its baseline and its last target, and the current values."""
    last: dict[str, PlannedGoal] = {}
    for goal in goals:
        if goal.measure not in last or goal.phase > last[goal.measure].phase:
            last[goal.measure] = goal
    lines = [
        f"{measure}：{_with_unit(goal.baseline, goal)} → {_with_unit(goal.target, goal)}"
        for measure, goal in last.items()
    ]
    return "\n".join((*lines, f"现值：{current}") if current else lines)


def _with_unit(number: Decimal, goal: PlannedGoal) -> str:
    return f"{number:f}{goal.unit_of_measure}"
