"""What a leader does, turn after turn: beat, sign, announce."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import structlog

from duban.sequencer.publishing import Publication
from duban.sequencer.rotation import Rotation
from duban.sequencer.voice import Voice
from duban.store.canonical import microseconds
from duban.store.errors import StoreError
from duban.store.log import LogStore, StoredCheckpoint
from duban.store.sequencing import BATCH, Step, step

HEARTBEAT: Final = timedelta(seconds=60)
"""How often the log says that it lives (audit.md 3.3)."""

Clock = Callable[[], datetime]

log = structlog.get_logger(__name__)


class Turns:
    """The work of one leader, for as long as it leads.

    Args:
        connection: the session that holds the lock; every step runs on it.
        voice: how the log speaks.
        rotation: which keys sign.
        publication: whom the checkpoints are told.
        clock: gives the time (UTC).
    """

    def __init__(
        self,
        connection: asyncpg.Connection,
        voice: Voice,
        rotation: Rotation,
        *,
        publication: Publication,
        clock: Clock,
    ) -> None:
        self._connection = connection
        self._voice = voice
        self._rotation = rotation
        self._publication = publication
        self._clock = clock
        self._last: StoredCheckpoint | None = None
        self._beaten: datetime | None = None

    async def begin(self, log_store: LogStore) -> None:
        """Make sure that this log may be signed, before anything is.

        The last checkpoint is not published again: it may be old by now, and whoever cosigned it
        today would vouch for a time at which it was not made. A heartbeat makes a new one at once.

        Raises:
            LogError: a witness holds what the database does not, or the key is not the log's.
            StoreError: PostgreSQL does not answer.
        """
        await self._publication.ask()
        self._last = await log_store.latest()
        await self._rotation.begin(self._last, self._clock())

    async def turn(self, limit: int = BATCH) -> bool:
        """Beat if it is time, sign for what waits (at most `limit`); say whether more waits.

        Raises:
            LogError: a witness has shown by now what the database does not hold.
            StoreError: nothing is known to be signed.
        """
        if self._publication.alarm is not None:
            raise self._publication.alarm
        await self._beat()
        signers, now_us = self._rotation.signers(), microseconds(self._clock())
        done = await step(self._connection, signers, now_us=now_us, limit=limit)
        if done is None:
            return False
        await self._after(done, now_us)
        return done.entries >= limit

    async def _after(self, done: Step, now_us: int) -> None:
        self._last = done.checkpoint
        await self._publication.announce(done.checkpoint)
        await self._rotation.after_step()
        if done.checkpoint.created_us > now_us:
            log.warning("clock_behind", microseconds=done.checkpoint.created_us - now_us)
        log.debug("signed", size=done.checkpoint.size, entries=done.entries)

    async def _beat(self) -> None:
        now = self._clock()
        if self._beaten is not None and timedelta(0) <= now - self._beaten < HEARTBEAT:
            return
        try:
            await self._voice.beat(now, self._last)
            self._beaten = now
        except StoreError as error:
            # What waits is signed all the same; the silence will be noticed.
            log.warning("not_beaten", code=error.code)
