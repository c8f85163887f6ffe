"""Which keys sign: one, or two while a new key takes over from an old one (audit.md 3.4)."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from duban.domain.model import Document
from duban.proof.notes import SignerKey
from duban.sequencer.errors import LogError
from duban.sequencer.keys import Keys, key_name
from duban.sequencer.voice import ROTATED_TAG, Voice
from duban.store.audit import LOG_STREAM
from duban.store.log import StoredCheckpoint
from duban.store.pool import reachable
from duban.store.queries import SQL


class Rotation:
    """Finds out who signs. A change of keys is an entry, and a checkpoint signed by both keys.

    Both sign until the entry of the change has its place in the log; afterwards the new one alone.
    """

    def __init__(self, keys: Keys, pool: asyncpg.Pool, voice: Voice) -> None:
        self._keys = keys
        self._pool = pool
        self._voice = voice
        self._overlaps = False

    async def begin(self, last: StoredCheckpoint | None, now: datetime) -> None:
        """Look at who signed last, and write the entry of a change if this is one.

        Raises:
            LogError: `log.key_unknown`, `log.key_name`, `log.key_retired`.
            StoreError: PostgreSQL does not answer, or the entry was refused.
        """
        new, old = self._keys.key, self._keys.old
        if last is None:
            return
        origin = last.note.partition("\n")[0]
        if origin != new.name:
            raise LogError("log.key_name", name=new.name, origin=origin)
        written = await self._written()
        if last.first_key == key_name(new):
            self._overlaps = written is not None and written["leaf_index"] is None
            return
        if old is None or last.first_key != key_name(old):
            raise LogError("log.key_unknown", key=key_name(new), signed_by=last.first_key)
        if await self._signed_before(new):
            raise LogError("log.key_retired", key=key_name(new))
        if written is None:
            await self._voice.rotated(now, key_name(new), self._said())
        self._overlaps = True

    def signers(self) -> Sequence[SignerKey]:
        """Return the keys that sign now, the log's own first."""
        if self._overlaps and isinstance(self._keys.old, SignerKey):
            return [self._keys.key, self._keys.old]
        return [self._keys.key]

    async def after_step(self) -> None:
        """Let the old key go once the change is in the log.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        if self._overlaps:
            written = await self._written()
            self._overlaps = written is not None and written["leaf_index"] is None

    def _said(self) -> Document:
        new, old = self._keys.key, self._keys.old
        assert old is not None
        lost = not isinstance(old, SignerKey)
        before = old.public if isinstance(old, SignerKey) else old
        return {"old": before.format(), "new": new.public.format(), "old_key_lost": lost}

    async def _signed_before(self, key: SignerKey) -> bool:
        with reachable():
            return bool(await self._pool.fetchval(SQL["log_signed_first"], key_name(key)))

    async def _written(self) -> asyncpg.Record | None:
        with reachable():
            return await self._pool.fetchrow(
                SQL["log_rotation"], LOG_STREAM, ROTATED_TAG, key_name(self._keys.key)
            )
