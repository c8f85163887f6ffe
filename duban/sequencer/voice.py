"""What the log itself says on the trail: that it lives, and that its key has changed."""

import base64
from datetime import datetime
from typing import Final

import asyncpg

from duban.contracts import Record
from duban.domain.events import Event
from duban.domain.model import Document
from duban.domain.roles import SYSTEM
from duban.store import trail
from duban.store.audit import LOG_STREAM, AuditStore
from duban.store.log import StoredCheckpoint

BEATEN_TAG: Final = "log:heartbeat:beaten"
"""The tag of a heartbeat, so that silence is provable (audit.md 3.3)."""
ROTATED_TAG: Final = "log:key:rotated"
"""The tag of a change of the log's key."""


class Voice:
    """Appends to the stream of the log, through the same door as everybody."""

    def __init__(self, store: AuditStore, pool: asyncpg.Pool, origin: str) -> None:
        self._store = store
        self._pool = pool
        self._origin = origin

    async def beat(self, now: datetime, last: StoredCheckpoint | None) -> None:
        """Say that the log lives, and how far it reaches.

        Raises:
            StoreError: nothing is known to be stored.
        """
        reached: Document = {"size": 0}
        if last is not None:
            reached = {"size": last.size, "root": base64.b64encode(last.root).decode()}
        await self._say(BEATEN_TAG, now, self._origin, reached)

    async def rotated(self, now: datetime, key: str, said: Document) -> None:
        """Say that from now on the log is signed with the key of this name and id.

        Raises:
            StoreError: nothing is known to be stored.
        """
        await self._say(ROTATED_TAG, now, key, said)

    async def _say(self, tag: str, now: datetime, about: str, said: Document) -> None:
        event = Event(
            seq=await trail.head(self._pool, LOG_STREAM),
            tag=tag,
            occurred_at=now,
            actor=SYSTEM,
            object_type="log",
            object_id=about,
            policy_version="none",
            calendar_version=0,
            detail=said,
        )
        mode = (await trail.origin(self._pool)).mode
        record = Record(stream=LOG_STREAM, campaign=None, mode=mode, events=(event,))
        [result] = await self._store.append([record])
        if result.error is not None:
            raise result.error
