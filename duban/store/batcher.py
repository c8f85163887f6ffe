"""Group commit: entries of many callers go through the door together (audit.md 0.2)."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Protocol, Self

from duban.contracts import Record
from duban.store.drafts import AppendResult
from duban.store.errors import BatcherClosed


class Appends(Protocol):
    """What the batcher needs of a store."""

    def append(self, records: Sequence[Record]) -> Coroutine[Any, Any, list[AppendResult]]:
        """Store records; one result per record, in their order."""
        ...


_WORTH_SPLITTING = 32
"""Entries below which a second transaction costs more than it gains. The answers of two batches
seldom come in the same turn; were it less than half of what usually waits, the callers of the first
would be split between two connections, and those of the second would find none."""


@dataclass(slots=True)
class _Caller:
    record: Record
    answer: asyncio.Future[None]


class Batcher:
    """Gathers what callers append while earlier batches are on their way.

    `connections` batches are on their way at once; a batch has at most `max_batch` entries (a
    longer record goes alone). A crash loses only what no caller was told is stored.
    """

    def __init__(self, store: Appends, *, connections: int = 2, max_batch: int = 1000) -> None:
        self._store = store
        self._connections = connections
        self._max_batch = max_batch
        self._waiting: deque[_Caller] = deque()
        self._sending: set[asyncio.Task[list[AppendResult]]] = set()
        self._woken = False
        self._closed = False

    async def append(self, record: Record) -> None:
        """Return when the record is committed.

        Raises:
            StoreError: this record was refused (see `duban.store.errors`).
            DatabaseUnavailable: the batch failed; sending the record again is safe.
            BatcherClosed: the batcher takes nothing more.
        """
        if self._closed:
            raise BatcherClosed
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[None] = loop.create_future()
        self._waiting.append(_Caller(record, answer))
        if not self._woken:
            # Sent at the end of this turn of the loop, so that all callers now ready share a batch.
            self._woken = True
            loop.call_soon(self._send)
        await answer

    async def close(self) -> None:
        """Take nothing more, and return when everything taken is answered."""
        self._closed = True
        while self._sending or self._waiting:
            if self._sending:
                await asyncio.wait(self._sending)
            else:
                await asyncio.sleep(0)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def _send(self) -> None:
        self._woken = False
        while self._waiting and len(self._sending) < self._connections:
            batch = self._take(self._share())
            if batch:
                sending = asyncio.create_task(
                    self._store.append([caller.record for caller in batch])
                )
                self._sending.add(sending)
                sending.add_done_callback(partial(self._settle, batch))

    def _share(self) -> int:
        """Return how many entries the next batch may have, so that no free connection idles.

        Callers answered together come back together. In one batch they would wait while it is
        encoded and again while it is stored; in one batch per connection the two overlap.
        """
        free = self._connections - len(self._sending)
        entries = sum(len(caller.record.events) for caller in self._waiting)
        return min(self._max_batch, max(_WORTH_SPLITTING, -(-entries // free)))

    def _take(self, room: int) -> list[_Caller]:
        """Take the callers of one batch off the queue, leaving out those who no longer wait."""
        batch: list[_Caller] = []
        while self._waiting:
            size = len(self._waiting[0].record.events)
            if batch and size > room:
                break
            caller = self._waiting.popleft()
            if not caller.answer.done():
                batch.append(caller)
                room -= size
        return batch

    def _settle(self, batch: list[_Caller], sending: asyncio.Task[list[AppendResult]]) -> None:
        self._sending.discard(sending)
        failure = asyncio.CancelledError() if sending.cancelled() else sending.exception()
        results = [None] * len(batch) if failure else sending.result()
        for caller, result in zip(batch, results, strict=True):
            error = failure or (result.error if result else None)
            if caller.answer.done():
                continue
            if isinstance(error, asyncio.CancelledError):
                caller.answer.cancel()
            elif error:
                caller.answer.set_exception(error)
            else:
                caller.answer.set_result(None)
        self._send()
