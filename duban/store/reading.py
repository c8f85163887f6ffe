"""Recording who reads the trail: nothing is told before its entry is stored."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from duban.contracts import Record
from duban.domain.events import Event
from duban.domain.model import Document
from duban.domain.reading import READING_STREAM, Asked, Post, reading
from duban.domain.roles import Person
from duban.store import ledger, trail
from duban.store.audit import AuditStore
from duban.store.drafts import AppendResult
from duban.store.places import at_the_end


async def posts(pool: asyncpg.Pool, person: str) -> list[Post]:
    """Return the posts of a person in the registers of all campaigns.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    found = await ledger.objects(pool, "person", where={"id": person})
    known = set(Person.model_fields)
    return [
        Post(campaign=each.scope, person=Person.model_validate(_only(each.doc, known)))
        for each in found
    ]


def _only(doc: Document, known: set[str]) -> Document:
    return {name: value for name, value in doc.items() if name in known}


async def record(
    doors: tuple[asyncpg.Pool, AuditStore],
    asked: Asked,
    person: str,
    held: Sequence[Post],
    *,
    now: datetime,
) -> Event:
    """Store the entry of a reading or of a refused attempt; return it. `doors` read and write.

    Raises:
        DatabaseUnavailable: it is not stored, so nothing may be told.
    """
    pool, store = doors
    mode = (await trail.origin(pool)).mode
    told: list[Event] = []

    async def attempt(seq: int) -> AppendResult:
        told[:] = [reading(asked, person, held, seq=seq, now=now)]
        entry = Record(stream=READING_STREAM, campaign=None, mode=mode, events=tuple(told))
        [result] = await store.append([entry])
        return result

    await at_the_end(pool, READING_STREAM, attempt)
    return told[0]
