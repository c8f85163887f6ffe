"""How long what may take: the kinds of deadlines of domain.md e.1 and their limits, as data."""

from enum import StrEnum

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
    IMMEDIATE = "DL09"
    TASK_ITEM = "DL10"
    LONG_TERM = "DL11"
    VERIFICATION = "DL12"
    PUBLIC_NOTICE = "DL13"
    LOOK_BACK = "DL14"
    TICKET = "DL24"
    TICKET_INQUIRY = "DL24I"
    URGENT = "DL15"
    URGENT_WRITTEN = "DL15W"
    CLUE_REPORT = "DL16"
    TRIAGE_FIRST = "DL17A"
    TRIAGE_SECOND = "DL17B"
    TRIAGE_DECISION = "DL17C"
    TRANSFER = "DL18"
    RECEIPT = "DL19"
    TRANSFER_RESULT = "DL19R"
    REPORTER_FEEDBACK = "DL20"
    CONCLUSION = "DL25"
    REVIEW_APPLY = "DL26"
    REVIEW_DECIDE = "DL26D"
    CHECK_IN = "SEC5"
    FINDING = "K48"
    PHASE_REPORT = "DL31"
    EXTENSION_DECISION = "EXT5"
    TASK = "TASK"
    DRAFT_AGE = "DRAFT"
    PLAN_STAGE_CAP = "PLAN"
    PHASE_END = "PHASE"
    REVIEW_DECISION = "REVIEW"
    SETTLE_CAP = "SETTLE"
    WATCH_END = "WATCH"
    RECTIFICATION_PLAN = "RPLAN"
    RECTIFICATION_PLAN_REVIEW = "RCHECK"
    CONTEST = "EXP3"
    PETITION = "EXP5"
    ASSISTANCE = "K91"


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


_WD = TimeUnit.WORKING_DAYS


_CODE, _FIXED = DeadlineCode, TimeUnit.FIXED


def _quiet(
    code: DeadlineCode,
    unit: TimeUnit,
    amount: int | None = None,
    basis: Basis = Basis.DESIGN,
) -> DeadlineRule:
    """Return the row of a clock that climbs no ladder and stands still with no campaign (c.3)."""
    return DeadlineRule(code=code, unit=unit, amount=amount, ladder=False, stops=False, basis=basis)


DEFAULT_DEADLINES = (
    DeadlineRule(code=_CODE.CAMPAIGN_PLAN, unit=_WD, amount=10),
    DeadlineRule(code=_CODE.UNIT_PLAN, unit=_WD, amount=10),
    DeadlineRule(code=_CODE.PLAN_REVIEW, unit=_WD, amount=5),
    DeadlineRule(code=_CODE.PLAN_REWORK, unit=_WD, amount=3),
    DeadlineRule(code=_CODE.UNIT_PLAN_REWORK, unit=_WD, amount=3),
    DeadlineRule(code=_CODE.ACCEPT, unit=_WD, amount=1, basis=Basis.SOURCE),
    DeadlineRule(code=_CODE.ADJUDICATE_RETURN, unit=_WD, amount=2),
    DeadlineRule(code=_CODE.ITEM_PLAN, unit=_WD, amount=5),
    DeadlineRule(code=_CODE.PHASE_GOAL, unit=_FIXED, basis=Basis.SEED),
    DeadlineRule(code=_CODE.TASK, unit=_FIXED, basis=Basis.SEED),
    DeadlineRule(code=_CODE.TASK_ITEM, unit=_WD, amount=20, cap=60),
    DeadlineRule(code=_CODE.VERIFICATION, unit=_WD, amount=5),
    DeadlineRule(code=_CODE.IMMEDIATE, unit=_WD, amount=5, cap=5),
    DeadlineRule(code=_CODE.LONG_TERM, unit=TimeUnit.MONTHS, amount=3),
    DeadlineRule(code=_CODE.PUBLIC_NOTICE, unit=_WD, amount=5, ladder=False, stops=False),
    DeadlineRule(code=_CODE.LOOK_BACK, unit=TimeUnit.MONTHS, amount=3, stops=False),
    DeadlineRule(code=_CODE.TICKET, unit=_WD, amount=5, cap=60, basis=Basis.SOURCE),
    DeadlineRule(code=_CODE.TICKET_INQUIRY, unit=_WD, amount=3, cap=60, basis=Basis.SOURCE),
    # The two clocks of the urgent channel are counted in minutes and hours (`policy.clue`).
    _quiet(_CODE.URGENT, TimeUnit.IMMEDIATE, basis=Basis.SEED),
    _quiet(_CODE.URGENT_WRITTEN, TimeUnit.IMMEDIATE),
    _quiet(_CODE.CLUE_REPORT, _WD, 2),
    DeadlineRule(code=_CODE.TRIAGE_FIRST, unit=_WD, amount=1, stops=False, basis=Basis.SOURCE),
    DeadlineRule(code=_CODE.TRIAGE_SECOND, unit=_WD, amount=2, stops=False, basis=Basis.SOURCE),
    DeadlineRule(code=_CODE.TRIAGE_DECISION, unit=_WD, amount=3, stops=False, basis=Basis.SOURCE),
    DeadlineRule(code=_CODE.TRANSFER, unit=_WD, amount=1, stops=False, basis=Basis.SEED),
    _quiet(_CODE.RECEIPT, _WD, 3, Basis.SOURCE),
    _quiet(_CODE.TRANSFER_RESULT, TimeUnit.MONTHS, 3, Basis.SOURCE),
    DeadlineRule(code=_CODE.REPORTER_FEEDBACK, unit=_WD, amount=3, stops=False),
    DeadlineRule(code=_CODE.CONCLUSION, unit=_WD, amount=10, stops=False),
    _quiet(_CODE.REVIEW_APPLY, TimeUnit.CALENDAR_DAYS, 30, Basis.SOURCE),
    DeadlineRule(
        code=_CODE.REVIEW_DECIDE,
        unit=TimeUnit.CALENDAR_DAYS,
        amount=30,
        stops=False,
        basis=Basis.SOURCE,
    ),
    _quiet(_CODE.CHECK_IN, _WD, 2),
    _quiet(_CODE.FINDING, _WD, 1),
    DeadlineRule(code=_CODE.RECTIFICATION_PLAN, unit=_WD, amount=3),
    DeadlineRule(code=_CODE.RECTIFICATION_PLAN_REVIEW, unit=_WD, amount=2),
    DeadlineRule(code=_CODE.CONTEST, unit=_WD, amount=2, stops=False),
    DeadlineRule(code=_CODE.PETITION, unit=_WD, amount=5, stops=False),
    DeadlineRule(code=_CODE.ASSISTANCE, unit=_WD, amount=10, cap=60),
    DeadlineRule(code=_CODE.PHASE_REPORT, unit=_WD, amount=5, stops=False),
    DeadlineRule(code=_CODE.EXTENSION_DECISION, unit=_WD, amount=2, ladder=False, stops=False),
    DeadlineRule(code=_CODE.DRAFT_AGE, unit=_WD, amount=20, ladder=False),
    DeadlineRule(code=_CODE.PLAN_STAGE_CAP, unit=_WD, amount=30),
    DeadlineRule(code=_CODE.PHASE_END, unit=_FIXED, ladder=False, basis=Basis.SEED),
    DeadlineRule(code=_CODE.REVIEW_DECISION, unit=_WD, amount=10, stops=False),
    DeadlineRule(code=_CODE.SETTLE_CAP, unit=_WD, amount=15, stops=False),
    DeadlineRule(code=_CODE.WATCH_END, unit=TimeUnit.MONTHS, amount=6, ladder=False),
)
"""The defaults of e.1, one row for each kind."""

DEFAULT_RULES = {row.code: row for row in DEFAULT_DEADLINES}

YOUNGER = frozenset(
    {
        DeadlineCode.IMMEDIATE,
        DeadlineCode.LONG_TERM,
        DeadlineCode.PUBLIC_NOTICE,
        DeadlineCode.LOOK_BACK,
        DeadlineCode.TICKET,
        DeadlineCode.TICKET_INQUIRY,
        DeadlineCode.RECTIFICATION_PLAN,
        DeadlineCode.RECTIFICATION_PLAN_REVIEW,
        DeadlineCode.CONTEST,
        DeadlineCode.PETITION,
        DeadlineCode.ASSISTANCE,
        DeadlineCode.URGENT,
        DeadlineCode.URGENT_WRITTEN,
        DeadlineCode.CLUE_REPORT,
        DeadlineCode.TRIAGE_FIRST,
        DeadlineCode.TRIAGE_SECOND,
        DeadlineCode.TRIAGE_DECISION,
        DeadlineCode.TRANSFER,
        DeadlineCode.RECEIPT,
        DeadlineCode.TRANSFER_RESULT,
        DeadlineCode.REPORTER_FEEDBACK,
        DeadlineCode.CONCLUSION,
        DeadlineCode.REVIEW_APPLY,
        DeadlineCode.REVIEW_DECIDE,
        DeadlineCode.CHECK_IN,
        DeadlineCode.FINDING,
    }
)
"""Kinds younger than the first campaigns, whose policies have no row for them."""
