"""Waiting for what has no answer of its own: looked for again until it is there, for a while."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final, TypeVar

from duban.cli.services import Reader
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


async def opened(session: Session, kind: str, scopes: Mapping[str, str]) -> None:
    """Wait until what was just numbered is in the ledger, where the next command looks for it.

    A campaign answers once the number is on the trail, and opens what bears it after that. `scopes`
    has for each number where the ledger keeps it. What is not open when the time is over is named
    on stderr; it comes all the same.
    """
    async with session.services.reader(session.settings) as reader:
        for no, scope in scopes.items():
            if await awaited(session, partial(_found, reader, kind, scope, no)) is None:
                session.err.print(session.say("receipt.opening", no=no))


async def _found(reader: Reader, kind: str, scope: str, no: str) -> bool | None:
    return bool(await reader.objects(kind, scope, {"no": no})) or None
