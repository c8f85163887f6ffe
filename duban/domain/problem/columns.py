"""The rectification ledger (整改台账) as columns: which command changes which, and in which states.

The columns and their order are those of domain.md d.6. A ledger that comes back changed is carried
out by the commands named here and by nothing else; what no command of a ledger changes is told with
the command that does, or follows from other columns.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from duban.domain.problem.words import AccessLevel
from duban.domain.problem.words import ProblemState as P
from duban.domain.roles import Role


class By(StrEnum):
    """The commands that a changed ledger is carried out by."""

    REGISTER = "register"
    TRIAGE = "triage"
    ASSIGN = "assign"


class LedgerColumn(NamedTuple):
    """One column. `by` changes it, or `instead` does: a command of its own; else it follows."""

    field: str
    by: By | None = None
    instead: str = ""


_C = LedgerColumn

COLUMNS: Final = (
    _C("seq"),
    _C("problem_no"),
    _C("campaign"),
    _C("source", By.REGISTER),
    _C("source_ref", By.REGISTER),
    _C("found_at", By.REGISTER),
    _C("responsible_unit", By.ASSIGN, "problem adjudicate-return"),
    _C("description", By.REGISTER),
    _C("problem_type", By.TRIAGE),
    _C("severity", By.TRIAGE),
    _C("hard_bone", By.TRIAGE),
    _C("rectify_class", By.TRIAGE, "problem make-long-term"),
    _C("target", By.TRIAGE),
    _C("measures", instead="problem submit-plan"),
    _C("lead_unit"),
    _C("assisting_units", By.ASSIGN),
    _C("principal_leader", By.ASSIGN, "campaign replace-person"),
    _C("handler", By.ASSIGN, "campaign replace-person"),
    _C("assigned_at"),
    _C("due_at", By.ASSIGN, "problem extend"),
    _C("extension_count", instead="problem extend"),
    _C("latest_progress", instead="problem reply"),
    _C("explanation_count", instead="problem classify"),
    _C("result", instead="problem reply"),
    _C("evidence_refs", instead="evidence add"),
    _C("verifier", instead="problem verify"),
    _C("verified_at", instead="problem verify"),
    _C("verify_result", instead="problem verify"),
    _C("public_notice", instead="problem object"),
    _C("signed_off_at", instead="problem sign-off"),
    _C("signers", instead="problem sign-off"),
    _C("lookback", instead="problem look-back"),
    _C("recurrence_no", instead="problem reopen"),
    _C("cards", instead="problem decide-card"),
    _C("accountability_ref"),
    _C("access_level", By.TRIAGE),
    _C("note"),
)
"""domain.md d.6, in its order."""

FOUND: Final = ("source", "source_ref", "found_at", "responsible_unit", "description")
"""What is said of a new problem (b.3 row 10); a row without a number registers one."""

STATES_OF: Final = {
    By.TRIAGE: frozenset({P.REGISTERED}),
    By.ASSIGN: frozenset({P.TRIAGED, P.REOPENED}),
}
"""When a ledger may change what is there (d.1). A return is adjudicated and not assigned anew."""

_KNOW: Final = {
    AccessLevel.OPEN: frozenset(Role),
    AccessLevel.INTERNAL: frozenset(Role) - {Role.EXTERNAL_DECIDER},
    AccessLevel.CONFIDENTIAL: frozenset(
        {
            Role.LEADING_GROUP,
            Role.OFFICE,
            Role.SUPERVISION_GROUP,
            Role.CAMPAIGN_GROUP,
            Role.PRINCIPAL_LEADER,
        }
    ),
}

NAMELESS: Final = (AccessLevel.OPEN, AccessLevel.INTERNAL)
"""What is shown to whoever works with the system without saying who he is."""


def known_to(role: Role) -> tuple[AccessLevel, ...]:
    """Return the levels of access that a role may know, of what it may read at all (知悉范围).

    A principal leader reads the problems of the own unit and no others (b.3 row 43), so what is
    confidential about them is his to put right.
    """
    return tuple(level for level, roles in _KNOW.items() if role in roles)
