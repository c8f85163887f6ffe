"""Words that a campaign's commands share: gates, filed documents, decisions about goals."""

from enum import StrEnum


class Gate(StrEnum):
    """The gates of domain.md c.2."""

    G1 = "G1"
    G2 = "G2"
    G3 = "G3"
    G4 = "G4"


class DocumentKind(StrEnum):
    """Documents that gate conditions ask for."""

    INSPECTION_PLAN = "inspection_plan"
    SURVEY_REASON = "survey_reason"
    PHASE_REPORT = "phase_report"
    TRIGGER_LIST = "trigger_list"
    CLOSING_REPORT = "closing_report"
    SCOREBOARD = "scoreboard"
    LOOKBACK_PLAN = "lookback_plan"
    LOOKBACK_RESULT = "lookback_result"
    ARCHIVE_PACKAGE = "archive_package"
    OTHER = "other"


class GoalDecision(StrEnum):
    """What the leading group may decide about a goal that was not achieved (G2.1)."""

    CARRIED_OVER = "carried_over"
    WAIVED = "waived"
