"""Telling witnesses: after the commit, never in its way, each at its own pace (audit.md 3.4)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self

import asyncpg
import structlog

from duban.proof.errors import NoteError
from duban.proof.notes import SignedNote
from duban.sequencer.errors import LogError
from duban.store.errors import StoreError
from duban.store.log import LogStore, StoredCheckpoint
from duban.store.pool import reachable
from duban.store.queries import SQL
from duban.witness.client import Answer, Cosignature, Outcome

RETRY_SECONDS: Final = 5.0
"""After how long a witness that failed is asked again."""

_MICROSECONDS: Final = 1_000_000

log = structlog.get_logger(__name__)


class Publisher(Protocol):
    """A way to one witness; `duban.witness.client.WitnessClient` is one. Nothing is ever raised."""

    @property
    def name(self) -> str:
        """What the witness is called here."""

    async def size(self, origin: str) -> Answer:
        """Ask what it holds; HELD with a checkpoint that the log signed, or with size 0."""

    async def add(self, old: int, proof: Sequence[bytes], note: SignedNote) -> Answer:
        """Hand in a checkpoint with the proof from the tree of `old` entries that it holds."""


@dataclass(slots=True)
class _Witness:
    """What is known of one witness: what it `holds` (None until it says so), what it was `told`."""

    publisher: Publisher
    holds: int | None = None
    told: int = 0


class Publication:
    """Publishes the newest checkpoint to every witness while its block lasts.

    A witness that is away holds nothing up; it gets the newest checkpoint once it is back. `alarm`
    is set when a witness shows what the log signed and the database does not hold.
    """

    def __init__(
        self, origin: str, publishers: Sequence[Publisher], log_store: LogStore, pool: asyncpg.Pool
    ) -> None:
        self._origin = origin
        self._witnesses = [_Witness(each) for each in publishers]
        self._log = log_store
        self._pool = pool
        self._newest: StoredCheckpoint | None = None
        self._news = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []
        self.alarm: LogError | None = None

    async def ask(self) -> None:
        """Ask every witness what it has seen; those that do not answer are asked again later.

        That nobody answers holds nothing up: publication fails open, verification closed (audit.md
        3.4). Whoever answers first ends the signing if the database was set back meanwhile.

        Raises:
            LogError: `log.rolled_back`, `log.forked`.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        answered = await asyncio.gather(*(self._meet(each) for each in self._witnesses))
        if self.alarm is not None:
            raise self.alarm
        if self._witnesses and not any(answered):
            log.warning("no_witness_answered", asked=len(self._witnesses))

    async def announce(self, checkpoint: StoredCheckpoint) -> None:
        """Let the witnesses have a checkpoint; call it after its commit only."""
        async with self._news:
            self._newest = checkpoint
            self._news.notify_all()

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._serve(each)) for each in self._witnesses]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, witness: _Witness) -> None:
        while self.alarm is None:
            newest = await self._something_new(witness)
            try:
                served = await self._bring(witness, newest)
            except (StoreError, NoteError, asyncpg.PostgresError) as error:
                log.warning("not_published", witness=witness.publisher.name, reason=str(error))
                served = False
            if not served:
                await asyncio.sleep(RETRY_SECONDS)

    async def _something_new(self, witness: _Witness) -> StoredCheckpoint:
        async with self._news:
            while self._newest is None or self._newest.size <= witness.told:
                await self._news.wait()
            return self._newest

    async def _bring(self, witness: _Witness, newest: StoredCheckpoint) -> bool:
        """Hand a checkpoint in; say whether the witness has it now."""
        if witness.holds is None and not await self._meet(witness):
            return False
        old = witness.holds or 0
        if old > newest.size:
            # A newer one is on its way here.
            return False
        proof = await self._log.consistency(old, newest.size)
        answer = await witness.publisher.add(old, proof, SignedNote.parse(newest.note))
        if answer.outcome is Outcome.COSIGNED:
            witness.holds = newest.size
            await self._keep(newest.size, answer.cosignatures)
            # Only now: what could not be kept is asked for again.
            witness.told = newest.size
            return True
        self._judge(witness, answer, newest)
        return answer.outcome is Outcome.CONFLICT

    async def _keep(self, size: int, cosignatures: Sequence[Cosignature]) -> None:
        with reachable():
            for each in cosignatures:
                said = (each.witness, each.signature.line(), each.at * _MICROSECONDS)
                await self._pool.execute(SQL["log_cosigned"], size, *said)

    def _judge(self, witness: _Witness, answer: Answer, newest: StoredCheckpoint) -> None:
        """Learn from a refusal. A size is only believed with the log's own signature."""
        told = {"witness": answer.witness, "size": newest.size, "detail": answer.detail}
        if answer.outcome is Outcome.CONFLICT:
            witness.holds = answer.size
        elif answer.outcome in (Outcome.AHEAD, Outcome.FORKED):
            # It must show what it holds before anything else is handed in.
            witness.holds = None
            log.error("witness_differs", outcome=answer.outcome.value, seen=answer.size, **told)
        else:
            log.warning("witness_failed", outcome=answer.outcome.value, **told)

    async def _meet(self, witness: _Witness) -> bool:
        """Hear what a witness holds; say whether it answered and the database holds it too."""
        answer = await witness.publisher.size(self._origin)
        name = witness.publisher.name
        if answer.outcome is not Outcome.HELD or answer.size is None:
            outcome = answer.outcome.value
            log.warning("witness_failed", witness=name, outcome=outcome, detail=answer.detail)
            return False
        # Read after the answer: whatever a leader before us has published is committed by now.
        last = await self._log.latest()
        size = last.size if last else 0
        if answer.size > size:
            self.alarm = LogError("log.rolled_back", witness=name, seen=answer.size, size=size)
        elif answer.checkpoint is not None and answer.size:
            ours = await self._log.covering(answer.size)
            seen = (answer.size, answer.checkpoint.root)
            if ours is None or (ours.size, ours.root) != seen:
                self.alarm = LogError("log.forked", witness=name, size=answer.size)
        witness.holds = answer.size
        return self.alarm is None
