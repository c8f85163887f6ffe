"""The words of a clue: states, sources, natures and routes (g.7), ways of handling (d.6)."""

from enum import StrEnum


class ClueState(StrEnum):
    """Where a clue stands; what was breached, chased or flagged stands beside it."""

    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    SCREENED = "screened"
    REVIEWED = "reviewed"
    SELF_CHECK = "self_check"
    TRANSFER_DUE = "transfer_due"
    TRANSFERRED = "transferred"
    RECEIVED = "received"
    LEDGERED = "ledgered"
    KEPT = "kept"
    CONCLUDED = "concluded"
    RESULT_KNOWN = "result_known"
    ANSWERED = "answered"
    CLOSED = "closed"


class ClueSource(StrEnum):
    """Where clues come from (g.7): groups, inspections, hotline, TV, petitions and so on."""

    GROUP = "group"
    INSPECTION = "inspection"
    HOTLINE = "hotline"
    TV = "tv"
    PETITION = "petition"
    INSTRUCTION = "instruction"
    AUDIT = "audit"
    MEDIA = "media"


class ReporterClass(StrEnum):
    """Of what kind the reporter is; who it is stands nowhere but in the sealed store (g.7)."""

    CITIZEN = "citizen"
    ENTERPRISE = "enterprise"
    CADRE = "cadre"
    BODY = "body"
    ANONYMOUS = "anonymous"


class ClueNature(StrEnum):
    """性质初判: what it would be if it were true; it decides the route (g.7)."""

    CONDUCT = "conduct"
    DISCIPLINE = "discipline"
    DUTY_CRIME = "duty_crime"
    OTHER_CRIME = "other_crime"
    PERSONNEL = "personnel"
    PROFESSIONAL = "professional"


class Receiver(StrEnum):
    """Who is competent for a clue of each nature (g.7)."""

    LEDGER = "ledger"
    DISCIPLINE_BODY = "discipline_body"
    SUPERVISION_COMMISSION = "supervision_commission"
    JUDICIAL_BODY = "judicial_body"
    PERSONNEL_BODY = "personnel_body"
    COMPETENT_DEPARTMENT = "competent_department"


class Handling(StrEnum):
    """处置方式: the four classes of d.6."""

    SELF_CHECK = "self_check"
    TRANSFER = "transfer"
    KEEP = "keep"
    CONCLUDE = "conclude"


class ClueAccess(StrEnum):
    """知悉范围: who may see what a clue says; of a sealed one only that there is one (g.7)."""

    OPEN = "open"
    RESTRICTED = "restricted"
    SEALED = "sealed"


class ClueOutcome(StrEnum):
    """What became of it: true, true in part, not true."""

    FOUNDED = "founded"
    PARTLY = "partly"
    UNFOUNDED = "unfounded"


class ClueTrigger(StrEnum):
    """The triggers that clues raise (g.1): each is a question to people, never a verdict."""

    WITHHELD_CLUE = "WITHHELD_CLUE"
    RETALIATION = "RETALIATION"
