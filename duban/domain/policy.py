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

from duban.domain.counting import Span, TimeUnit
from duban.domain.model import Model


class DeadlineCode(StrEnum):
    """Kinds of deadlines: DL01-DL32 of domain.md e.1, and the stage timers of c.1."""

    CAMPAIGN_PLAN = "DL01"
    UNIT_PLAN = "DL02"
    PLAN_REVIEW = "DL03"
    PLAN_REWORK = "DL03R"
    UNIT_PLAN_REWORK = "DL03U"
    ACCEPT = "DL04"
    ADJUDICATE_RETURN = "DL05"
    ITEM_PLAN = "DL06"
    PHASE_GOAL = "DL08"
    TASK_ITEM = "DL10"
    VERIFICATION = "DL12"
    PHASE_REPORT = "DL31"
    EXTENSION_DECISION = "EXT5"
    TASK = "TASK"
    DRAFT_AGE = "DRAFT"
    PLAN_STAGE_CAP = "PLAN"
    PHASE_END = "PHASE"
    REVIEW_DECISION = "REVIEW"
    SETTLE_CAP = "SETTLE"
    WATCH_END = "WATCH"


class Basis(StrEnum):
    """Where a default comes from: the speech, a public text, or this design."""

    SEED = "seed"
    SOURCE = "source"
    DESIGN = "design"


class DeadlineRule(Model):
    """One row of domain.md e.1: how long, counted how, with which ladder.

    `ladder` says whether reminders and L1-L2 run on it; `stops` whether a suspension of the
    campaign stops its clock (c.3: goal and problem clocks stop, accountability clocks do not).
    """

    code: DeadlineCode
    unit: TimeUnit
    amount: int | None = None
    cap: int | None = None
    ladder: bool = True
    stops: bool = True
    basis: Basis = Basis.DESIGN

    @property
    def span(self) -> Span:
        """The limit it gives, for a clock that is given none of its own."""
        return Span(unit=self.unit, amount=self.amount)


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


_WD = TimeUnit.WORKING_DAYS


def _deadline_rules() -> tuple[DeadlineRule, ...]:
    code = DeadlineCode
    fixed = TimeUnit.FIXED
    return (
        DeadlineRule(code=code.CAMPAIGN_PLAN, unit=_WD, amount=10),
        DeadlineRule(code=code.UNIT_PLAN, unit=_WD, amount=10),
        DeadlineRule(code=code.PLAN_REVIEW, unit=_WD, amount=5),
        DeadlineRule(code=code.PLAN_REWORK, unit=_WD, amount=3),
        DeadlineRule(code=code.UNIT_PLAN_REWORK, unit=_WD, amount=3),
        DeadlineRule(code=code.ACCEPT, unit=_WD, amount=1, basis=Basis.SOURCE),
        DeadlineRule(code=code.ADJUDICATE_RETURN, unit=_WD, amount=2),
        DeadlineRule(code=code.ITEM_PLAN, unit=_WD, amount=5),
        DeadlineRule(code=code.PHASE_GOAL, unit=fixed, basis=Basis.SEED),
        DeadlineRule(code=code.TASK, unit=fixed, basis=Basis.SEED),
        DeadlineRule(code=code.TASK_ITEM, unit=_WD, amount=20, cap=60),
        DeadlineRule(code=code.VERIFICATION, unit=_WD, amount=5),
        DeadlineRule(code=code.PHASE_REPORT, unit=_WD, amount=5, stops=False),
        DeadlineRule(code=code.EXTENSION_DECISION, unit=_WD, amount=2, ladder=False, stops=False),
        DeadlineRule(code=code.DRAFT_AGE, unit=_WD, amount=20, ladder=False),
        DeadlineRule(code=code.PLAN_STAGE_CAP, unit=_WD, amount=30),
        DeadlineRule(code=code.PHASE_END, unit=fixed, ladder=False, basis=Basis.SEED),
        DeadlineRule(code=code.REVIEW_DECISION, unit=_WD, amount=10, stops=False),
        DeadlineRule(code=code.SETTLE_CAP, unit=_WD, amount=15, stops=False),
        DeadlineRule(code=code.WATCH_END, unit=TimeUnit.MONTHS, amount=6, ladder=False),
    )


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


_ADDED = {"quick_review_minutes": 60}
"""Thresholds younger than the first campaigns, with what held before they had a name."""


class PolicyVersion(Model):
    """The frozen rule set of one campaign; `digest` is stored at launch (G1.8).

    The maxima keep the state of the largest campaign below 512 KiB, so that it can travel.
    """

    version: str = "2019-1"
    close_of_business: time = time(17, 30)
    sending_opens: time = time(8, 30)
    sending_closes: time = time(17, 30)
    deadlines: tuple[DeadlineRule, ...] = _deadline_rules()
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
        body = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(body.encode()).hexdigest()

    def rule(self, code: DeadlineCode) -> DeadlineRule:
        """Return the row of e.1 for `code`."""
        return next(row for row in self.deadlines if row.code is code)

    def rung(self, code: str) -> Rung:
        """Return the row of e.5 for `code`."""
        return next(row for row in self.rungs if row.code == code)
