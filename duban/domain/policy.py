"""One ruler (一把尺子): every threshold of a campaign in one frozen, hashed version.

There is no per-unit override anywhere: a policy version names no unit, and a campaign holds one
(domain.md c.3, K37). All defaults below are those of domain.md; each is data, none is a constant.
"""

import hashlib
import json
from datetime import time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from duban.domain.limits import (
    DEFAULT_DEADLINES,
    DEFAULT_RULES,
    YOUNGER,
    DeadlineCode,
    DeadlineRule,
)
from duban.domain.model import Model
from duban.domain.thresholds import ClueRule, DrawRule, InspectionRule, ProblemRule


class Anchor(StrEnum):
    """What a rung is counted from."""

    ASSIGNED = "assigned"
    HALF = "half"
    BEFORE = "before"
    DUE = "due"
    AFTER = "after"


class Recipient(StrEnum):
    """To whom a rung speaks, seen from the one who answers for the deadline (e.5)."""

    HANDLER = "handler"
    LIAISON = "liaison"
    LEADER_IN_CHARGE = "leader_in_charge"
    PRINCIPAL_LEADER = "principal_leader"
    SUPERVISION_DESK = "supervision_desk"


class ActsBy(StrEnum):
    """Whether the system climbs a rung by itself or a person must (SOD11)."""

    SYSTEM = "system"
    PERSON = "person"


class Rung(Model):
    """One rung of the escalation ladder (domain.md e.5), as data.

    `working_days` counts from `anchor`; `at` is Shanghai time; a rung with `min_period` is left
    out on deadlines shorter than that many working days.
    """

    code: str
    level: int
    anchor: Anchor
    working_days: int = 0
    at: time = time(9, 0)
    min_period: int = 0
    acts_by: ActsBy = ActsBy.SYSTEM
    to: tuple[Recipient, ...] = ()
    document: str = "notice"
    score: Decimal = Decimal(0)


class ExtensionRule(Model):
    """EXT1-EXT5 as numbers."""

    ahead_working_days: int = 2
    ahead_period_divisor: int = 3
    first_instance_max_working_days: int = 10
    max_per_item: int = 2
    max_total_percent: int = 50


class CalendarChange(StrEnum):
    """What a new calendar version does to open deadlines (e.4)."""

    NEVER_SHORTEN = "never_shorten"


_WORKING = (Recipient.HANDLER, Recipient.LIAISON)
_CHIEF = (Recipient.PRINCIPAL_LEADER,)

_RUNGS = (
    Rung(code="ASSIGNED", level=0, anchor=Anchor.ASSIGNED, to=_WORKING),
    Rung(code="HALF", level=0, anchor=Anchor.HALF, min_period=5, to=_WORKING),
    Rung(code="T-5", level=0, anchor=Anchor.BEFORE, working_days=5, min_period=6, to=_WORKING),
    Rung(code="T-3", level=0, anchor=Anchor.BEFORE, working_days=3, min_period=5, to=_WORKING),
    Rung(
        code="T-1",
        level=0,
        anchor=Anchor.BEFORE,
        working_days=1,
        to=(*_WORKING, Recipient.LEADER_IN_CHARGE),
    ),
    Rung(code="T0", level=0, anchor=Anchor.DUE, to=_WORKING),
    Rung(
        code="L1",
        level=1,
        anchor=Anchor.AFTER,
        working_days=1,
        to=(*_CHIEF, Recipient.LEADER_IN_CHARGE, Recipient.SUPERVISION_DESK),
        document="urge_notice",
    ),
    Rung(
        code="L2",
        level=2,
        anchor=Anchor.AFTER,
        working_days=3,
        to=_CHIEF,
        document="yellow_card_slip",
        score=Decimal("-0.5"),
    ),
    Rung(
        code="L3",
        level=3,
        anchor=Anchor.AFTER,
        acts_by=ActsBy.PERSON,
        document="supervise_letter",
        score=Decimal(-1),
    ),
    Rung(
        code="L4",
        level=4,
        anchor=Anchor.AFTER,
        working_days=6,
        acts_by=ActsBy.PERSON,
        to=_CHIEF,
        document="summons_notice",
        score=Decimal(-2),
    ),
    Rung(
        code="L5",
        level=5,
        anchor=Anchor.AFTER,
        working_days=6,
        acts_by=ActsBy.PERSON,
        document="circular",
        score=Decimal(-3),
    ),
    Rung(
        code="L6",
        level=6,
        anchor=Anchor.AFTER,
        acts_by=ActsBy.PERSON,
        document="accountability_proposal",
    ),
)


_ADDED = {
    "quick_review_minutes": 60,
    "problem": ProblemRule().plain(),
    "drawing": DrawRule().plain(),
    "survey_sources": 3,
    "survey_required": False,
    "clue": ClueRule().plain(),
    "inspection": InspectionRule().plain(),
}
"""Thresholds younger than the first campaigns, with what held before they had a name."""


class PolicyVersion(Model):
    """The frozen rule set of one campaign; `digest` is stored at launch (G1.8).

    `survey_sources` is from how many sources the plan stage wants problems, or a reason why not
    (K33); `survey_required` says whether G1 waits for that or only shows it (ADR 0021).

    The maxima keep the state of the largest campaign below 512 KiB, so that it can travel.
    """

    version: str = "2019-1"
    close_of_business: time = time(17, 30)
    sending_opens: time = time(8, 30)
    sending_closes: time = time(17, 30)
    deadlines: tuple[DeadlineRule, ...] = DEFAULT_DEADLINES
    rungs: tuple[Rung, ...] = _RUNGS
    extension: ExtensionRule = ExtensionRule()
    calendar_change: CalendarChange = CalendarChange.NEVER_SHORTEN
    plan_max_returns: int = 2
    unit_plans_passed_percent: int = 90
    former_unit_years: int = 3
    lookback_percent: int = 20
    repeat_theme_days: int = 30
    at_risk_percent: int = 80
    stagnation_working_days: int = 10
    late_after_minutes: int = 60
    quick_review_minutes: int = 60
    problem: ProblemRule = ProblemRule()
    drawing: DrawRule = DrawRule()
    survey_sources: int = 3
    survey_required: bool = False
    clue: ClueRule = ClueRule()
    inspection: InspectionRule = InspectionRule()
    max_units: int = 100
    max_tasks: int = 50
    max_goals: int = 160
    max_plan_bytes: int = 184_320
    receipts_kept: int = 200

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over the canonical JSON of every threshold.

        One that was added later counts once it is set: a campaign launched before keeps its digest.
        """
        told = self.plain()
        for name, default in _ADDED.items():
            if told[name] == default:
                del told[name]
        younger = [DEFAULT_RULES[code] for code in sorted(YOUNGER)]
        told["deadlines"] = [row.plain() for row in self.deadlines if row not in younger]
        body = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(body.encode()).hexdigest()

    def rule(self, code: DeadlineCode) -> DeadlineRule:
        """Return the row of e.1 for `code`; a kind younger than the policy has its default."""
        return next((row for row in self.deadlines if row.code is code), DEFAULT_RULES[code])

    def rung(self, code: str) -> Rung:
        """Return the row of e.5 for `code`."""
        return next(row for row in self.rungs if row.code == code)
