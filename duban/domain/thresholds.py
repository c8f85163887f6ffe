"""The thresholds of problems, draws, clues and inspections: parts of the one ruler (`policy`)."""

from datetime import time
from decimal import Decimal

from duban.domain.model import Model

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


class InspectionRule(Model):
    """The thresholds of inspections (f.2, f.3, K46); those that draws share are `DrawRule`.

    A unit is seen `contacts_per_month` times at most without the leading group's approval, and
    `density_per_phase` times in each phase at least. `complaint_percent` is the share of units
    that most is complained of; of a hundred picks `coverage_percent` go to units not yet drawn.
    From `release_hour` on a team leader may read where to go. Fewer than `fewest_units` in a scope
    would tell where that is.
    """

    contacts_per_month: int = 4
    density_per_phase: int = 1
    complaint_percent: int = 25
    coverage_percent: int = 70
    fewest_inspectors: int = 2
    fewest_units: int = 2
    release_hour: time = time(7, 0)
