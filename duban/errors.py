"""Errors between Duban's own parts: each has a stable code and says what to do next.

    DubanError
    ├── NotFound        no such campaign or object        CLI exit 4
    ├── AlreadyExists   it was started before             CLI exit 5
    ├── Unavailable     Temporal or PostgreSQL is away    CLI exit 6
    └── (store, stack)  their own subclasses

What the rules refuse is `duban.domain.errors.RuleViolation` (CLI exit 3).
"""


class DubanError(Exception):
    """Something went wrong outside the rules. `code` is stable; `params` fill its sentence."""

    code = "error"

    def __init__(self, code: str | None = None, **params: str | int | list[str]) -> None:
        self.code = code or type(self).code
        self.params = params
        super().__init__(f"{self.code} {params}" if params else self.code)


class NotFound(DubanError):
    """There is no such campaign; `duban campaign list` shows those there are."""

    code = "not_found"


class AlreadyExists(DubanError):
    """A campaign with this number was started before; numbers are never used twice."""

    code = "already_exists"


class Unavailable(DubanError):
    """Temporal or PostgreSQL does not answer; `duban doctor` says which, `duban up` starts both."""

    code = "unavailable"
