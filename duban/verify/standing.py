"""How the witnesses stand to the log: who answers, how far each has seen, who vouches for what."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

import aiohttp
import asyncpg

from duban.bundle import DatabaseSource
from duban.proof.checkpoints import Checkpoint
from duban.proof.policy import NO_QUORUM, Policy
from duban.store.log import LogStore
from duban.verify.report import UNDECIDED, Verdict
from duban.witness.client import Answer, Outcome, WitnessClient

LOOK_BACK: Final = 100
"""Checkpoints whose cosignatures are looked at; a witness that fell further behind must answer."""

_MICRO: Final = 1_000_000
_HALF: Final = 0.5
"""A witness tells whole seconds: on the average its clock is half a second further."""


class Asked(Protocol):
    """A way to one witness; `duban.witness.client.WitnessClient` is one."""

    @property
    def name(self) -> str:
        """Its name in the policy."""

    async def size(self, origin: str) -> Answer:
        """Ask what it holds."""


@dataclass(frozen=True, slots=True)
class WitnessStanding:
    """One witness. `size` is the largest tree that it is known to have cosigned, 0 for none.

    `cosigned_at` is in seconds since 1970 by its clock, `clock_off` how far that is ahead of ours;
    `code` tells how what it saw differs from the database, if it does.
    """

    name: str
    outcome: Outcome
    size: int
    root: str
    behind: int
    cosigned_at: int | None = None
    clock_off: float | None = None
    code: str | None = None
    detail: str = ""


@dataclass(slots=True)
class Standing:
    """All of them. The quorum vouches for the first `vouched` of the log's `size` entries."""

    size: int = 0
    root: str = ""
    vouched: int = 0
    witnesses: list[WitnessStanding] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """Another log outweighs doubt."""
        if set(self.codes) - UNDECIDED:
            return Verdict.TAMPERED
        return Verdict.UNDECIDED if self.codes else Verdict.HOLDS


@asynccontextmanager
async def ways(policy: Policy) -> AsyncIterator[Sequence[Asked]]:
    """Open the ways to all witnesses of a policy."""
    async with aiohttp.ClientSession() as session:
        yield [WitnessClient(session, policy, each) for each in policy.witnesses]


async def standing(
    pool: asyncpg.Pool,
    policy: Policy,
    witnesses: Sequence[Asked],
    clock: Callable[[], float] = time.time,
) -> Standing:
    """Ask all witnesses and the database; `clock` gives seconds since 1970.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        StoreError, NoteError: what it holds of the log cannot be read.
    """
    answers = await asyncio.gather(*(_asked(each, policy, clock) for each in witnesses))
    # Read after the answers: what was published by then is committed.
    log, known = LogStore(pool), await _known(pool, policy)
    newest = await log.latest()
    found = Standing(newest.size if newest else 0, newest.root.hex() if newest else "")
    for answer, off in answers:
        found.witnesses.append(await _stands(log, answer, off, (found.size, known)))
    found.codes = [each.code for each in found.witnesses if each.code]
    found.vouched = _vouched(policy, found.witnesses)
    now_us = int(clock() * _MICRO)
    unseen = await log.checkpoints(found.vouched, 1)
    if policy.quorum == NO_QUORUM:
        found.codes.append("UNANCHORED")
    elif not found.vouched or any(now_us - e.created_us >= policy.mmd * _MICRO for e in unseen):
        found.codes.append("QUORUM")
    if newest is None or newest.created_us < now_us - policy.stale * _MICRO:
        found.codes.append("STALE")
    return found


async def _asked(
    witness: Asked, policy: Policy, clock: Callable[[], float]
) -> tuple[Answer, float | None]:
    """Return a witness's answer and by how much its clock is ahead."""
    begun = clock()
    answer = await witness.size(policy.origin or "")
    middle = (begun + clock()) / 2
    return answer, None if answer.clock is None else round(answer.clock + _HALF - middle, 1)


async def _known(pool: asyncpg.Pool, policy: Policy) -> dict[str, tuple[Checkpoint, int]]:
    """Return by witness the newest tree that the database holds its cosignature of, and when."""
    known: dict[str, tuple[Checkpoint, int]] = {}
    for note in await DatabaseSource(pool).newest(LOOK_BACK):
        for name, at in policy.cosigned(note).items():
            known.setdefault(name, (Checkpoint.parse(note.text), at))
    return known


async def _stands(
    log: LogStore,
    answer: Answer,
    off: float | None,
    ours: tuple[int, dict[str, tuple[Checkpoint, int]]],
) -> WitnessStanding:
    size, known = ours
    held, at = known.get(answer.witness, (None, None))
    code = None
    if answer.outcome is Outcome.HELD and answer.checkpoint is not None:
        held, code = answer.checkpoint, await _differs(log, answer.checkpoint, size)
        at = max((each.at for each in answer.cosignatures), default=None)
    return WitnessStanding(
        name=answer.witness,
        outcome=answer.outcome,
        size=held.size if held and at is not None else 0,
        root=held.root.hex() if held else "",
        behind=max(0, size - held.size) if held else size,
        cosigned_at=at,
        clock_off=off,
        code=code,
        detail=answer.detail,
    )


async def _differs(log: LogStore, seen: Checkpoint, size: int) -> str | None:
    """Return what it means that a witness saw this, None if the database holds the same."""
    if seen.size > size:
        return "TRUNCATED"
    ours = await log.covering(seen.size)
    same = ours is not None and (ours.size, ours.root) == (seen.size, seen.root)
    return None if same or not seen.size else "FORK"


def _vouched(policy: Policy, witnesses: Sequence[WitnessStanding]) -> int:
    """Return the largest size that a quorum has seen; who saw more has seen that too."""
    sound = [each for each in witnesses if each.code is None]
    for size in sorted({each.size for each in sound}, reverse=True):
        if size and policy.satisfied(each.name for each in sound if each.size >= size):
            return size
    return 0
