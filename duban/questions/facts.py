"""The facts that questions are about, and by which tags the trail tells of each."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Fact(StrEnum):
    """A kind of fact; its word in both languages is `fact.<value>` of the catalogue."""

    EXTENSIONS = "extensions"
    DEADLINES = "deadlines"
    CALENDARS = "calendars"
    CLOCK_STOPS = "clock_stops"
    REFUSALS = "refusals"
    REGISTER = "register"
    CLAUSES = "clauses"
    TASKS = "tasks"
    GOALS = "goals"
    TASK_RETURNS = "task_returns"
    UNIT_PLANS = "unit_plans"
    GATES = "gates"
    SPOT_CHECKS = "spot_checks"
    DELEGATIONS = "delegations"
    POLICY = "policy"
    STATE = "state"
    ORDINALS = "ordinals"
    LOG_REPORT = "log_report"
    CARD_VOIDS = "card_voids"
    ESCALATIONS = "escalations"
    PROBLEMS = "problems"
    EVIDENCE_FILES = "evidence_files"
    LOOK_BACKS = "look_backs"
    CALL_BACKS = "call_backs"
    REPLIES = "replies"
    GUIDANCE = "guidance"
    MEETINGS = "meetings"
    PLAN_TEXTS = "plan_texts"
    INSPECTIONS = "inspections"
    DRAWS = "draws"
    TARGET_READS = "target_reads"
    CONCLUSIONS = "conclusions"
    CLUES = "clues"
    TRANSFERS = "transfers"
    TRIGGERS = "triggers"
    DISPOSITIONS = "dispositions"
    CIRCULARS = "circulars"
    PROPOSALS = "proposals"
    DECISIONS = "decisions"
    SEALED_READS = "sealed_reads"
    INSTRUCTIONS = "instructions"
    DATABASE_LOG = "database_log"
    BURDEN = "burden"
    SCOREBOARDS = "scoreboards"


ON_TRAIL: Mapping[Fact, str] = MappingProxyType(
    {
        Fact.EXTENSIONS: "campaign:extension:",
        Fact.DEADLINES: "campaign:deadline:breached",
        Fact.CALENDARS: "campaign:calendar:adopted",
        Fact.CLOCK_STOPS: "campaign:deadline:stopped",
        Fact.REFUSALS: "campaign:command:refused",
        Fact.REGISTER: "campaign:register:recorded",
        Fact.CLAUSES: "campaign:campaign:created",
        Fact.TASKS: "campaign:task:verified",
        Fact.GOALS: "campaign:goal:achieved",
        Fact.TASK_RETURNS: "campaign:task:return_",
        Fact.UNIT_PLANS: "campaign:unit_plan:",
        Fact.GATES: "campaign:gate:signed",
        Fact.SPOT_CHECKS: "campaign:spot_check:ordered",
        Fact.DELEGATIONS: "campaign:delegation:recorded",
        Fact.POLICY: "campaign:campaign:created",
        Fact.STATE: "campaign:stage:entered",
        Fact.ORDINALS: "campaign:stream:closed",
        Fact.CARD_VOIDS: "problem:card:voided",
        Fact.PROBLEMS: "problem:problem:",
        Fact.DRAWS: "campaign:draw:",
        Fact.EVIDENCE_FILES: "problem:evidence:added",
        Fact.LOOK_BACKS: "problem:look_back:",
        Fact.REPLIES: "problem:reply:",
        Fact.TRIGGERS: "problem:trigger:raised",
        Fact.CLUES: "clue:clue:",
        Fact.TRANSFERS: "clue:receipt:",
        Fact.SEALED_READS: "audit:identity:",
        Fact.INSPECTIONS: "inspection:inspection:",
        Fact.TARGET_READS: "inspection:target:re",
        Fact.CONCLUSIONS: "inspection:conclusion:",
    }
)
"""The facts that are there, each with the beginning of the tags that tell of it."""

OF_CLUES = frozenset({Fact.CLUES, Fact.TRANSFERS, Fact.SEALED_READS})
"""Facts of which clues and custodians tell, on streams beside the campaign's."""

OF_INSPECTIONS = frozenset({Fact.INSPECTIONS, Fact.TARGET_READS, Fact.CONCLUSIONS})
"""Facts of which inspections tell, on streams beside the campaign's."""

ELSEWHERE = frozenset({Fact.LOG_REPORT, Fact.DATABASE_LOG})
"""Facts that no entry can hold: they come from those who look at the trail from outside."""

AWAITED: Mapping[Fact, str] = MappingProxyType(
    {
        Fact.ESCALATIONS: "campaign:escalation:",
        Fact.CALL_BACKS: "problem:call_back:",
        Fact.GUIDANCE: "campaign:guidance:",
        Fact.MEETINGS: "campaign:meeting:",
        Fact.PLAN_TEXTS: "campaign:plan_text:",
        Fact.DISPOSITIONS: "accountability:disposition:",
        Fact.CIRCULARS: "campaign:circular:",
        Fact.PROPOSALS: "campaign:proposal:",
        Fact.DECISIONS: "campaign:decision:",
        Fact.INSTRUCTIONS: "campaign:instruction:",
        Fact.BURDEN: "campaign:form:",
        Fact.SCOREBOARDS: "campaign:scoreboard:",
    }
)
"""The facts that are not there yet, each with the tags that will tell of it."""
