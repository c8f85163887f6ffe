"""Sealing, revealing and erasing: what the domain allows is done, and its entry comes with it.

Bodies go to PostgreSQL as boxes that the recipient alone opens; nothing of them is told anywhere
before they are revealed. Refused attempts are entries too.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from duban.contracts import Record
from duban.domain.custody import (
    ERASURE_STREAM,
    SEALED_STREAM,
    Deed,
    Judgement,
    Wish,
    entry_of,
    judged,
    slot_of,
    stream_of,
)
from duban.domain.events import Outcome
from duban.domain.reading import Post
from duban.domain.roles import Actor
from duban.proof.commitments import opens
from duban.proof.errors import SealError
from duban.proof.sealing import Opened, OpeningKey, SealedBody, SealKey, seal
from duban.store import trail
from duban.store.audit import AuditStore
from duban.store.canonical import ENTRY_MAX, StoredEntry, encode, microseconds, parse
from duban.store.drafts import AppendResult
from duban.store.errors import SealRefused
from duban.store.payloads import BODY_SLOT, BOX_SLOT, Payload, PayloadClass
from duban.store.places import at_the_end
from duban.store.pool import reachable
from duban.store.queries import SQL

REVEALED_MAX: Final = ENTRY_MAX - 4096
"""Bytes that a sealed document may take in the entry that reveals it."""

Who = tuple[str, Sequence[Post], datetime]
"""A person, the posts of the registers, and the time."""


@dataclass(frozen=True, slots=True)
class Custody:
    """What is kept back, through the doors of its logins.

    `pool` reads for operations, `store` writes; `supervisor` reads boxes, `eraser` erases. All
    methods raise `DatabaseUnavailable` when PostgreSQL does not answer or refuses a login.
    """

    pool: asyncpg.Pool
    store: AuditStore
    supervisor: asyncpg.Pool
    eraser: AuditStore

    async def seal(self, wish: Wish, who: Who, text: str | None, recipient: SealKey) -> str:
        """Store a sealed entry and return its `stream#seq`; without a text it is a decoy.

        `wish.detail` may tell by `size` how long a decoy is to look.

        Raises:
            RuleViolation: the person may not; the attempt is on the trail.
            SealRefused: it is too long to be revealed one day.
        """
        judgement = await self._allowed(wish, who)
        body = document(judgement.actor, who[2], text)
        try:
            sealed = seal(body, recipient, as_long_as=int(str(wish.detail.get("size", 0))))
        except SealError as error:
            raise SealRefused(reason=str(error)) from error
        seq = await self._store_sealed(sealed, who[2])
        return f"{SEALED_STREAM}#{seq}"

    async def reveal(self, wish: Wish, who: Who, key: OpeningKey) -> tuple[str, Opened]:
        """Store the entry that reveals `wish.subject`; return its `stream#seq` and what was sealed.

        Raises:
            RuleViolation: the person may not, or there is no such sealed entry.
            SealRefused: the key does not open it, or what is in it is not what was committed to.
        """
        found = await self._sealed(wish.subject)
        named = f"{found.stream}#{found.seq}" if found else wish.subject
        wish = wish.model_copy(update={"subject": named, "found": found is not None})
        await self._allowed(wish, who)
        assert found is not None
        opened = await self._opened(found, key)
        detail = {"slot": BODY_SLOT, "salt": opened.salt.hex(), "body": opened.body.decode()}
        told = wish.model_copy(update={"detail": detail})
        return await self._tell(told, judged(told, *who[:2]), who[2]), opened

    async def open_identity(self, wish: Wish, who: Who, key: OpeningKey) -> tuple[str, str]:
        """Open the sealed identity `wish.subject` for its custodian alone.

        Returns the `stream#seq` of the entry that tells of the reading, and the text: nobody has
        read it before the entry is there (row 44, question 43).

        Raises:
            RuleViolation: the person is not its custodian, states no ground, or there is none.
            SealRefused: the key does not open it, or what is in it is not what was committed to.
        """
        found = await self._sealed(wish.subject)
        wish = wish.model_copy(update={"found": found is not None})
        judgement = await self._allowed(wish, who)
        assert found is not None
        opened = await self._opened(found, key)
        named = await self._tell(wish, judgement, who[2])
        return named, str(json.loads(opened.body)["text"])

    async def request(self, wish: Wish, who: Who, slot: str) -> str:
        """Ask for the erasure of a text of `wish.subject`; return the request's `stream#seq`.

        Raises:
            RuleViolation: the person may not, there is no basis, or no such text.
        """
        entry = await trail.get(self.pool, wish.subject)
        found = entry is not None and slot in _erasable(entry)
        named = f"{entry.stream}#{entry.seq}" if entry else wish.subject
        told = {"subject": named, "found": found, "detail": {"slot": slot}}
        wish = wish.model_copy(update=told)
        judgement = await self._allowed(wish, who)
        return await self._tell(wish, judgement, who[2])

    async def approve(self, wish: Wish, who: Who) -> str:
        """Carry out the erasure that the entry `wish.subject` asks for; return its `stream#seq`.

        Raises:
            RuleViolation: the person may not, asked for it himself, or there is no such request.
            NothingToErase: the text is gone already.
        """
        asked = await trail.get(self.pool, wish.subject)
        wish = wish.model_copy(update=_granting(asked) if asked else {"found": False})
        judgement = await self._allowed(wish, who)
        return await self._tell(wish, judgement, who[2], erasing=True)

    async def _allowed(self, wish: Wish, who: Who) -> Judgement:
        """Return the judgement of a wish; a refusal goes on the trail and is raised."""
        person, posts, now = who
        judgement = judged(wish, person, posts)
        refusal = judgement.error()
        if refusal is not None:
            await self._tell(wish, judgement, now)
            raise refusal
        return judgement

    async def _tell(
        self, wish: Wish, judgement: Judgement, now: datetime, *, erasing: bool = False
    ) -> str:
        """Store the entry of a deed at the end of its stream, and do what it erases."""
        mode, stream = (await trail.origin(self.pool)).mode, stream_of(wish.deed)

        async def attempt(seq: int) -> AppendResult:
            event = entry_of(wish, judgement, seq=seq, now=now)
            record = Record(stream=stream, campaign=None, mode=mode, events=(event,))
            if erasing:
                return await self.eraser.erase(record)
            [result] = await self.store.append([record])
            return result

        return f"{stream}#{await at_the_end(self.pool, stream, attempt)}"

    async def _store_sealed(self, sealed: SealedBody, now: datetime) -> int:
        mode = (await trail.origin(self.pool)).mode
        box = Payload(BOX_SLOT, sealed.box, PayloadClass.EMBARGO)

        async def attempt(seq: int) -> AppendResult:
            return await self.store.seal(mode, seq, slot_of(now), sealed.committed, box)

        return await at_the_end(self.pool, SEALED_STREAM, attempt)

    async def _sealed(self, reference: str) -> StoredEntry | None:
        """Return a sealed entry by its id or `stream#seq`."""
        with reachable():
            row = await self.supervisor.fetchrow(SQL["sealed_entry"], reference)
        return parse(row["leaf"], row["event_id"]) if row else None

    async def _opened(self, entry: StoredEntry, key: OpeningKey) -> Opened:
        with reachable():
            box = await self.supervisor.fetchval(SQL["box"], entry.event_id, BOX_SLOT)
        try:
            opened = key.open(box or b"")
            opened.body.decode()
        except (SealError, UnicodeDecodeError) as error:
            raise SealRefused(reason=str(error)) from error
        committed = bytes.fromhex(str(entry.fields["c"][BODY_SLOT]))  # type: ignore[index, call-overload]
        if not opens(committed, opened.salt, opened.body):
            raise SealRefused("seal.not_committed", id=f"{entry.stream}#{entry.seq}")
        return opened


def document(actor: Actor, now: datetime, text: str | None) -> bytes:
    """Return what is sealed: who sealed it, when, and the text, or that there is none.

    Raises:
        SealRefused: it is too long to be revealed one day, or holds what no entry can.
    """
    inner: dict[str, Any] = {
        "actor": {"id": actor.id, "role": actor.role.value},
        "at": microseconds(now),
        "kind": "decoy" if text is None else "sealed",
        "text": text or "",
    }
    encoded = encode(inner)
    revealed = len(encode(encoded.decode()))
    if revealed > REVEALED_MAX:
        raise SealRefused("seal.too_long", size=revealed, limit=REVEALED_MAX)
    return encoded


def _erasable(entry: StoredEntry) -> set[str]:
    """Return the slots of an entry whose texts an erasure may take away."""
    classes = entry.fields.get("class")
    known = classes if isinstance(classes, dict) else {}
    return {slot for slot, kind in known.items() if kind != PayloadClass.EMBARGO}


def _granting(asked: StoredEntry) -> dict[str, Any]:
    """Return what a request says of the erasure it asks for."""
    fields = asked.fields
    detail = fields.get("detail")
    is_request = asked.stream == ERASURE_STREAM and fields.get("tag") == Deed.REQUEST
    if not is_request or fields.get("outcome") != Outcome.ACCEPTED or not isinstance(detail, dict):
        return {"found": False}
    event = asked.event
    return {
        "subject": str(detail["target"]),
        "basis": event.basis_doc,
        "requester": event.actor.id,
        "detail": {"slot": str(detail["slot"]), "request": asked.seq},
    }
