"""The secrets of random draws: made and opened here, never in a workflow (domain.md f.3, l.6)."""

from typing import Protocol

from temporalio import activity

from duban.contracts import SEAL_ACTIVITY, UNSEAL_ACTIVITY, ToDraw
from duban.domain.campaign.draw_records import DrawSecret
from duban.domain.sampling import commit


class SecretKeeper(Protocol):
    """What these activities need of a store; `duban.store.door.Door` is one."""

    async def keep_secret(self, asked: ToDraw) -> bytes:
        """Return the secret of a draw, made and kept sealed when it is asked for first."""

    async def secret(self, asked: ToDraw) -> bytes:
        """Return the secret that is kept for a draw."""


class DrawActivities:
    """Make and open secrets through a keeper made once per worker."""

    def __init__(self, keeper: SecretKeeper) -> None:
        self._keeper = keeper

    @activity.defn(name=SEAL_ACTIVITY)
    async def seal_secret(self, asked: ToDraw) -> DrawSecret:
        """Have a secret made and kept; only its hash leaves, the same however often it is asked."""
        return DrawSecret(draw=asked.draw, commit=commit(await self._keeper.keep_secret(asked)))

    @activity.defn(name=UNSEAL_ACTIVITY)
    async def open_secret(self, asked: ToDraw) -> DrawSecret:
        """Return the secret itself. It is asked for once the witness's number is on the trail."""
        secret = await self._keeper.secret(asked)
        return DrawSecret(draw=asked.draw, commit=commit(secret), secret=secret.hex())
