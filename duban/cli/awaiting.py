"""Waiting for what has no answer of its own: looked for again until it is there, for a while."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from duban.cli.session import Session

T = TypeVar("T")

PAUSES: Final = (0.1, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 3.2, 3.2, 3.2)
"""Seconds between one look and the next; a quarter of a minute in all."""


async def awaited(session: Session, look: Callable[[], Awaitable[T | None]]) -> T | None:
    """Return what `look` finds; None when it finds nothing until the time is over."""
    for pause in PAUSES:
        found = await look()
        if found is not None:
            return found
        await session.services.pause(pause)
    return await look()
