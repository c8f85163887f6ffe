"""The worker's door to the trail: what goes in is batched, what went in can be looked up."""

from duban.contracts import Proofs, ToDraw, ToProve
from duban.domain.events import Event
from duban.proof.rings import KeyRing, new_key
from duban.store.audit import AuditStore
from duban.store.batcher import Batcher
from duban.store.log import LogStore
from duban.store.receipts import proofs
from duban.store.sealed_draws import SealedDraws


class Door(Batcher):
    """A batcher that also answers what a stream holds, and proves what the log holds of it.

    `sealed` keeps what draws of inspections may not tell, under the keys of `ring`. Without one it
    has a key of its own, which nobody else has: so it is where one process is all there is.
    """

    def __init__(
        self, store: AuditStore, ring: KeyRing | None = None, *, connections: int = 2
    ) -> None:
        super().__init__(store, connections=connections)
        self._trail = store
        self._log = LogStore(store.pool)
        self._secrets = store.draw_secrets()
        self.sealed = SealedDraws(store.pool, ring or KeyRing.parse(new_key()))

    async def tail(self, stream: str, seq: int) -> list[Event]:
        """Return the events of a stream from an ordinal on, a page of them.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        return await self._trail.tail(stream, seq)

    async def proofs(self, asked: ToProve) -> Proofs | None:
        """Return the proofs of entries; None while one of them is still on its way to the log.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            StoreError: what the trail or the log holds cannot be read.
        """
        return await proofs(self._trail, self._log, asked)

    async def keep_secret(self, asked: ToDraw) -> bytes:
        """Return the secret of a draw, made and kept sealed when it is asked for first.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            DrawSecretLost: it was sealed under another key.
        """
        return await self._secrets.keep(asked)

    async def secret(self, asked: ToDraw) -> bytes:
        """Return the secret that is kept for a draw.

        Raises what `keep_secret` raises.
        """
        return await self._secrets.open(asked)
