"""The worker's door to the trail: what goes in is batched, what went in can be looked up."""

from duban.domain.events import Event
from duban.store.audit import AuditStore
from duban.store.batcher import Batcher


class Door(Batcher):
    """A batcher that also answers what a stream holds, which a lost answer makes necessary."""

    def __init__(self, store: AuditStore, *, connections: int = 2) -> None:
        super().__init__(store, connections=connections)
        self._trail = store

    async def tail(self, stream: str, seq: int) -> list[Event]:
        """Return the events of a stream from an ordinal on, a page of them.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        return await self._trail.tail(stream, seq)
