"""The secrets of random draws: made once, kept sealed under a key that the database never sees.

A draw has one secret for ever: whoever asks first has it made, and everybody after gets the same,
also where the first worker died before it could tell (ADR 0019).
"""

import secrets
from typing import Final

import asyncpg

from duban.contracts import ToDraw
from duban.domain.sampling import SECRET_BYTES
from duban.proof.boxes import BoxKey
from duban.proof.errors import SealError
from duban.store.errors import DrawSecretLost
from duban.store.pool import reachable
from duban.store.queries import SQL

PURPOSE: Final = "draw-v1"


class DrawSecrets:
    """The sealed secrets of draws; `secret` is the trail's key, of which the boxes' is derived.

    All methods raise `DatabaseUnavailable` when PostgreSQL does not answer.
    """

    def __init__(self, pool: asyncpg.Pool, secret: bytes) -> None:
        self._pool = pool
        self._key = BoxKey.derived(secret, PURPOSE)

    async def keep(self, asked: ToDraw) -> bytes:
        """Return the secret of a draw, 32 bytes of the operating system made at the first asking.

        Raises:
            DrawSecretLost: it was sealed under another key, or its box was changed.
        """
        box = self._key.seal(secrets.token_bytes(SECRET_BYTES), _place(asked))
        with reachable():
            await self._pool.execute(
                SQL["keep_draw_secret"], asked.stream, asked.draw, self._key.key_id, box
            )
        return await self.open(asked)

    async def open(self, asked: ToDraw) -> bytes:
        """Return the secret that is kept for a draw.

        Raises:
            DrawSecretLost: there is none, it was sealed under another key, or its box was changed.
        """
        with reachable():
            row = await self._pool.fetchrow(SQL["draw_secret"], asked.stream, asked.draw)
        if row is None:
            raise DrawSecretLost(draw=asked.draw, key="-")
        try:
            return self._key.open(row["box"], _place(asked))
        except SealError as error:
            raise DrawSecretLost(draw=asked.draw, key=row["key_id"].hex()) from error


def _place(asked: ToDraw) -> str:
    return f"{asked.stream}|{asked.draw}"
