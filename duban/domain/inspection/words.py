"""The words of an inspection: kinds and notice (f.1), states (f.5), what a record says (f.4)."""

from enum import StrEnum


class InspectionKind(StrEnum):
    """The speech's four means, periodic checks and look-backs (f.1)."""

    OPEN_AND_COVERT_VISIT = "open_and_covert_visit"
    KEY_INSPECTION = "key_inspection"
    THEMATIC_INSPECTION = "thematic_inspection"
    SPOT_CHECK = "spot_check"
    PERIODIC_EFFECT_CHECK = "periodic_effect_check"
    LOOK_BACK = "look_back"


class InspectionState(StrEnum):
    """Where an inspection stands (f.5); what was broken, leaked or late stands beside it."""

    PLANNED = "planned"
    AUTHORISED = "authorised"
    DRAWN = "drawn"
    RELEASED = "released"
    ON_SITE = "on_site"
    RECORDED = "recorded"
    CONCLUSION_DRAFT = "conclusion_draft"
    CONCLUSION_ISSUED = "conclusion_issued"
    REVIEW_REQUESTED = "review_requested"
    REVIEW_DECIDED = "review_decided"
    CLOSED = "closed"
    ABORTED = "aborted"
    VOIDED = "voided"


class NoticeRule(StrEnum):
    """Whether a unit is told that it will be inspected (f.1)."""

    NONE = "none"
    SHORT = "short"
    ALLOWED = "allowed"
    SCHEDULED = "scheduled"


class Choice(StrEnum):
    """How the target is chosen: by lot and sealed, or named in the order with its reasons (f.1)."""

    DRAWN = "drawn"
    NAMED = "named"


class LocationKind(StrEnum):
    """Where a team goes first (SEC7): to a front line (窗口、大厅、工地), or to who leads there."""

    WINDOW = "window"
    HALL = "hall"
    SITE = "site"
    OFFICE = "office"
    LEADERSHIP = "leadership"


class Invariant(StrEnum):
    """What an unannounced check must not have (SEC7, f.2); broken, it is a flag for people."""

    NOTICE = "notice"
    BRIEFING = "briefing"
    ESCORT = "escort"
    FIRST_LOCATION = "first_location"
    FORMS = "forms"
    TIES = "ties"


class Method(StrEnum):
    """How a fact was found: the statutory methods (f.1). 不听汇报 is the second of them."""

    SELF_CHECK = "self_check"
    BRIEFING = "briefing"
    VISIT = "visit"
    DISCUSSION = "discussion"
    DOCUMENTS = "documents"
    CLUES = "clues"
    SUMMONS = "summons"
    INTERNET = "internet"


class ServiceRule(StrEnum):
    """首问负责、限时办结、一次性告知: three rules, each with a score of its own (K07)."""

    FIRST_CONTACT = "first_contact"
    TIME_LIMIT = "time_limit"
    TELL_ONCE = "tell_once"


class Score(StrEnum):
    """What the tests of a service rule came to; one that failed is not made good by others."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_TESTED = "not_tested"


class FindingKind(StrEnum):
    """A finding becomes a problem of the ledger or a positive exemplar (f.5)."""

    PROBLEM = "problem"
    EXEMPLAR = "exemplar"


class ReviewOutcome(StrEnum):
    """What the review of a conclusion comes to (DL26)."""

    UPHELD = "upheld"
    CHANGED = "changed"
    REVOKED = "revoked"


class InspectionEnd(StrEnum):
    """Why an inspection ended before anybody was on site."""

    DECIDED = "decided"
    EXPIRED = "expired"
    LEAKED = "leaked"
    CAMPAIGN_OVER = "campaign_over"


class InspectionTrigger(StrEnum):
    """The trigger that inspections raise (g.1): a question to people, never a verdict."""

    OBSTRUCTION = "OBSTRUCTION"
