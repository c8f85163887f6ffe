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


_OFFICE = "application/vnd.openxmlformats-officedocument"
EVIDENCE_TYPES = (
    "application/pdf",
    "application/ofd",
    f"{_OFFICE}.wordprocessingml.document",
    f"{_OFFICE}.spreadsheetml.sheet",
    f"{_OFFICE}.presentationml.presentation",
    "application/x-ole-storage",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "text/plain",
    "video/mp4",
    "audio/mpeg",
)
"""Documents, pictures and recordings of an office; packed archives are not looked into."""


class ProblemRule(Model):
    """The thresholds of the problem ledger (domain.md d): streaks, returns, recurrence.

    `yellow_streak` and `red_streak` count explanation-only replies in a row (EXP4);
    `red_rejections` is the rejection of a close request that proposes a red card (d.2);
    `final_answer_percent` is the share of a unit's closed problems from which on its final
    answers are looked at (EXP6); `recurrence_months` is the window of d.7;
    `evidence_types` are the media types, by content, that evidence may have (d.5).
    """

    yellow_streak: int = 2
    red_streak: int = 3
    red_rejections: int = 3
    final_answer_percent: int = 15
    recurrence_months: int = 6
    evidence_items: int = 2
    red_score: Decimal = Decimal(-2)
    yellow_score: Decimal = Decimal("-0.5")
    max_evidence: int = 60
    evidence_max_bytes: int = 200_000_000
    evidence_types: tuple[str, ...] = EVIDENCE_TYPES
    max_replies: int = 60


class DrawRule(Model):
    """Random draws (f.3): what makes a site weigh more, and how many each stratum gives at least.

    Every site has one ticket; those of the rules are added to it, up to `ticket_cap`: a red card
    within `red_card_days`, a complaint behind it, nobody having seen the result on site, paper work
    found there before. `max_population` keeps what is frozen within one entry of the trail.
    """

    per_stratum: int = 1
    ticket_cap: int = 5
    red_card: int = 1
    red_card_days: int = 90
    complaint: int = 1
    unseen: int = 1
    false_rectification: int = 1
    max_population: int = 2000


class ClueRule(Model):
    """The thresholds of clues (DL15, K82, g.1): minutes, hours, and working days of silence.

    An urgent report is acknowledged within `acknowledged_minutes` and written down within
    `written_hours`. A receiver who is late is asked again every `chase_working_days`, through the
    office `office_chases` times, then through the leading group without end. A report or transfer
    late by `withheld_working_days` raises WITHHELD_CLUE.
    """

    acknowledged_minutes: int = 60
    written_hours: int = 24
    chase_working_days: int = 3
    office_chases: int = 2
    withheld_working_days: int = 5


_ADDED = {
    "quick_review_minutes": 60,
    "problem": ProblemRule().plain(),
    "drawing": DrawRule().plain(),
    "survey_sources": 3,
    "survey_required": False,
    "clue": ClueRule().plain(),
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
