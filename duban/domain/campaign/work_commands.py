"""Commands of work: phase goals, tasks and the items under them."""

from datetime import date
from decimal import Decimal
from typing import Literal

from duban.domain.campaign.words import GoalDecision
from duban.domain.entity.command import Command
from duban.domain.entity.records import Evidence
from duban.domain.model import Ident, Text


class RecordGoalValue(Command):
    """A unit reports the present value of a phase goal."""

    type: Literal["record_goal_value"] = "record_goal_value"
    goal: Ident
    value: Decimal
    evidence: tuple[Evidence, ...] = ()
    note: str = ""


class ClaimGoal(Command):
    """A unit claims that the goal is reached, with proof."""

    type: Literal["claim_goal"] = "claim_goal"
    goal: Ident
    value: Decimal
    evidence: tuple[Evidence, ...]


class VerifyGoal(Command):
    """Somebody else measures the goal; the verified value stands beside the claimed one."""

    type: Literal["verify_goal"] = "verify_goal"
    goal: Ident
    value: Decimal
    evidence: tuple[Evidence, ...]
    on_site: bool
    opinion: Text


class DecideGoal(Command):
    """The leading group carries a goal over to a new date, or waives it."""

    type: Literal["decide_goal"] = "decide_goal"
    goal: Ident
    decision: GoalDecision
    reason: Text
    doc_no: Text
    new_due_on: date | None = None


class AssignItem(Command):
    """Hand the lead (or an assisting) unit an item with its own limit, such as `29wd` (DL10)."""

    type: Literal["assign_item"] = "assign_item"
    task: Ident
    unit: Ident | None = None
    matter: Text
    limit: str = ""


class ConcludeItem(Command):
    """Confirm with outcome evidence that an assigned item is done."""

    type: Literal["conclude_item"] = "conclude_item"
    deadline: Ident
    result: Text
    evidence: tuple[Evidence, ...]


class ClaimTask(Command):
    """The lead unit claims that the task is done, with proof; the principal leader signs."""

    type: Literal["claim_task"] = "claim_task"
    task: Ident
    result: Text
    evidence: tuple[Evidence, ...]


class VerifyTask(Command):
    """Verify a claimed task, or reject it back with itemised defects."""

    type: Literal["verify_task"] = "verify_task"
    task: Ident
    passed: bool
    opinion: Text
    evidence: tuple[Evidence, ...] = ()
    defects: tuple[Text, ...] = ()


class CloseTask(Command):
    """Sign a verified task off (SOD1, SOD4)."""

    type: Literal["close_task"] = "close_task"
    task: Ident
    opinion: Text


class CancelTask(Command):
    """The leading group cancels a task (K23)."""

    type: Literal["cancel_task"] = "cancel_task"
    task: Ident
    reason: Text
    doc_no: Text
