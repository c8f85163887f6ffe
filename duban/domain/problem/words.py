"""The words of a problem: states (d.1), sources (K33), types, severities, classes (a.4)."""

from enum import StrEnum


class ProblemState(StrEnum):
    """States of domain.md d.1; breach, cards and streaks are flags beside them."""

    REGISTERED = "registered"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    RETURN_PENDING = "return_pending"
    ACCEPTED = "accepted"
    PLAN_REVIEW = "plan_review"
    RECTIFYING = "rectifying"
    CLOSE_REQUESTED = "close_requested"
    VERIFYING = "verifying"
    PUBLIC_NOTICE = "public_notice"
    SIGNED_OFF = "signed_off"
    WATCHED = "watched"
    REOPENED = "reopened"
    ARCHIVED = "archived"
    DISPROVED = "disproved"
    MERGED = "merged"
    TRANSFERRED = "transferred"
    FINAL_ANSWERED = "final_answered"
    LONG_TERM = "long_term"


class ProblemSource(StrEnum):
    """Where a problem came from (K33); `self_check` and `circular` are our own and last year's."""

    SURVEY = "survey"
    HOTLINE = "hotline"
    INSPECTION = "inspection"
    TV = "tv"
    PETITION = "petition"
    AUDIT = "audit"
    INSTRUCTION = "instruction"
    MEDIA = "media"
    SELF_CHECK = "self_check"
    CLUE = "clue"
    CIRCULAR = "circular"


class TicketKind(StrEnum):
    """What the caller of a 12345 ticket wants; an inquiry has the shorter limit (DL24)."""

    COMPLAINT = "complaint"
    REPORT = "report"
    REQUEST = "request"
    SUGGESTION = "suggestion"
    INQUIRY = "inquiry"
    OTHER = "other"


class ProblemType(StrEnum):
    """What is wrong (a.4, K02, K03, K08); without a type nothing is triaged."""

    INACTION = "inaction"
    MISACTION = "misaction"
    SLOW_ACTION = "slow_action"
    EMPTY_PLEDGE = "empty_pledge"
    SHAM_DISCLOSURE = "sham_disclosure"
    RULE_PRACTICE_GAP = "rule_practice_gap"
    ONE_SIZE_FITS_ALL = "one_size_fits_all"
    SERVICE_RULE = "service_rule"
    OTHER = "other"


class Severity(StrEnum):
    """严重程度; a major matter needs the leading group's signature (b.3 row 16)."""

    ORDINARY = "ordinary"
    SERIOUS = "serious"
    MAJOR = "major"


class RectifyClass(StrEnum):
    """立行立改, 限期整改, 长期整改: the three time classes (a.4)."""

    IMMEDIATE = "immediate"
    TIME_LIMITED = "time_limited"
    LONG_TERM = "long_term"


class AccessLevel(StrEnum):
    """知悉范围; what is confidential is not given public notice (d.1)."""

    OPEN = "open"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"


class FinalGround(StrEnum):
    """Why a demand cannot be met (EXP6)."""

    UNLAWFUL = "unlawful"
    IMPOSSIBLE = "impossible"
    ALREADY_MET = "already_met"


class DrawMark(StrEnum):
    """What makes it likelier that a closed problem is drawn for a look-back (f.3)."""

    COMPLAINT = "complaint"
    UNSEEN = "unseen"
    FALSE_RECTIFICATION = "false_rectification"


class LookBackMethod(StrEnum):
    """How a closed problem is checked again (d.7)."""

    SITE_VISIT = "site_visit"
    CALLS = "calls"
    DATA_SOURCE = "data_source"
