"""A trail in memory that a test can hold shut, take away or turn against a record."""

import asyncio
from collections import Counter

from duban.contracts import Mode, Record
from duban.errors import DubanError
from duban.store.errors import DatabaseUnavailable
from tests.support.fakes import FakeTrail


class WatchedTrail(FakeTrail):
    """A fake trail that notes every call and lets a test decide when and how it answers.

    While `gate` is clear no call returns; while `away` is set every call fails; `refusal` is
    raised once for the next call. `campaigns` has the campaign of each stream, as it was told.
    """

    def __init__(self, mode: Mode | None = None) -> None:
        super().__init__(mode)
        self.gate = asyncio.Event()
        self.gate.set()
        self.away = False
        self.refusal: DubanError | None = None
        self.calls: list[tuple[int, int]] = []
        self.failures = 0
        self.campaigns: dict[str, str | None] = {}

    async def append(self, record: Record) -> None:
        """Store a record as `FakeTrail` does, when the test allows it."""
        self.calls.append((record.events[0].seq, record.events[-1].seq))
        await self.gate.wait()
        if self.away:
            self.failures += 1
            raise DatabaseUnavailable(reason="away")
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        await super().append(record)
        self.campaigns[record.stream] = record.campaign

    def stored_per_request(self, stream: str) -> Counter[str]:
        """Return how many events of a stream each request id left."""
        return Counter(each.request_id for each in self.events(stream) if each.request_id)
