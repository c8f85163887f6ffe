"""What can go wrong between a person and the command line, and the exit status of every error."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum

from duban.domain.errors import RuleViolation
from duban.errors import AlreadyExists, DubanError, NotFound, Unavailable
from duban.questions import QuestionAwaits, QuestionGap
from duban.seeds import CalendarFileInvalid
from duban.store.errors import TrailConflict, TrailUnreadable
from duban.workbook import LedgerFileInvalid, PlanFileInvalid


class Status(IntEnum):
    """Exit statuses by class of error; scripts may rely on them."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    CONFLICT = 5
    UNAVAILABLE = 6
    AUDIT_BROKEN = 7


class UsageFault(DubanError):
    """The command line cannot be understood; `--help` shows how it is meant."""

    code = "usage.UsageError"


class NoVerdict(DubanError):
    """What a verdict was asked of cannot be read, so nothing is known; the reason stands beside."""

    code = "verify.broke_off"


class Confidential(DubanError):
    """The problem is confidential; `--as` says who reads, and his role decides (知悉范围)."""

    code = "problem.confidential"


class AuditBroken(DubanError):
    """The trail or the ledger is not what it must be; leave all as it is and report it."""

    code = "audit.broken"


# The first class that fits decides, so the particular ones stand before the general ones.
_STATUS_OF: Mapping[type[Exception], Status] = {
    UsageFault: Status.USAGE,
    NoVerdict: Status.USAGE,
    RuleViolation: Status.REFUSED,
    Confidential: Status.REFUSED,
    PlanFileInvalid: Status.REFUSED,
    LedgerFileInvalid: Status.REFUSED,
    CalendarFileInvalid: Status.REFUSED,
    QuestionAwaits: Status.REFUSED,
    NotFound: Status.NOT_FOUND,
    AlreadyExists: Status.CONFLICT,
    Unavailable: Status.UNAVAILABLE,
    AuditBroken: Status.AUDIT_BROKEN,
    QuestionGap: Status.AUDIT_BROKEN,
    TrailConflict: Status.AUDIT_BROKEN,
    TrailUnreadable: Status.AUDIT_BROKEN,
}
_AWAY = frozenset({"stack.not_running", "stack.server_unreachable"})


@contextmanager
def giving_a_verdict() -> Iterator[None]:
    """Give whatever goes wrong within the status 2: 1 would mean tampering (audit.md 6).

    Raises:
        NoVerdict: something went wrong; it has the code of what did, if that had one.
    """
    try:
        yield
    except DubanError as error:
        raise NoVerdict(error.code, **error.params) from error
    except Exception as error:
        raise NoVerdict(reason=f"{type(error).__name__}: {error}") from error


def status_of(error: Exception) -> Status:
    """Return the exit status for an error."""
    if not isinstance(error, NoVerdict) and getattr(error, "code", None) in _AWAY:
        return Status.UNAVAILABLE
    return next((s for kind, s in _STATUS_OF.items() if isinstance(error, kind)), Status.ERROR)
