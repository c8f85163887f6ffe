"""Asking to read the trail: the entry of it comes first, and a refusal ends the command."""

from typing import Any

from duban.cli.errors import UsageFault
from duban.cli.parsing import role
from duban.cli.services import Reader
from duban.cli.session import Session
from duban.cli.verbs import Given, option
from duban.domain.reading import Asked, Reading, refusal_of
from duban.domain.roles import Actor

WHO_READS = (option("actor", "PERSON", flag="--as"), option("role", "ROLE"))
"""Who reads; the filter by a person who acted is `--actor`."""


def asked_of(given: Given, surface: str, *, scope: tuple[str | None, str | None]) -> Asked:
    """Return what is to be read with a command; `scope` is the campaign and the unit it keeps to.

    Everything that was typed stands in the entry, but who reads and how it is shown.
    """
    left_out = {"actor", "role", "output", "out", "follow"}
    typed: dict[str, Any] = {
        name: value
        for name, value in vars(given).items()
        if name not in left_out and value not in (None, False)
    }
    campaign, unit = scope
    return Asked(
        kind=Reading.QUERY,
        surface=surface,
        campaign=campaign,
        unit=unit,
        role=role(given.role) if given.role else None,
        detail=typed,
    )


async def permitted(session: Session, reader: Reader, asked: Asked, person: str | None) -> Actor:
    """Put a reading on the trail and go on only if the rules allow it; return who reads.

    Raises:
        RuleViolation: they do not; the attempt is on the trail.
        UsageFault: `usage.no_actor`.
        DatabaseUnavailable: it could not be recorded, so nothing may be read.
    """
    named = person or session.settings.actor
    if named is None:
        raise UsageFault("usage.no_actor")
    asked = asked.model_copy(update={"request_id": session.services.new_request_id()})
    event = await reader.asks(asked, named, session.services.now())
    refusal = refusal_of(event)
    if refusal is not None:
        raise refusal
    return event.actor
