"""A process that appends the way a worker does and notes what was acknowledged, until it is killed.

Its notes reach the system line by line, so a kill loses none. Every life goes on with the streams
`again-…` of the lives before it, sending anew what was not acknowledged, as Temporal does. Streams
`once-…` are left alone at the first failure, so that something stays unacknowledged for ever.
"""

import asyncio
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from duban.contracts import Mode, Record
from duban.store.audit import AuditStore
from duban.store.door import Door
from duban.store.errors import DatabaseUnavailable
from duban.store.pool import WORKER, open_pool
from tests.support.entries import KEY, OFFICER, a_record, an_event

AGAIN: Final = 8
ONCE: Final = 4
"""Streams of each kind that grow side by side."""
SENT, KEPT = "sent", "kept"
LONGEST_PAUSE: Final = 0.04
"""Seconds between two records of a stream, at most; each stream has a rhythm of its own."""

MANY: Final = 100_000
"""More entries than any stream of a test has."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Sent(NamedTuple):
    """A record that was sent: `size` entries from the ordinal `seq` on, all of one moment."""

    stream: str
    seq: int
    size: int
    occurred_us: int

    def record(self, mode: Mode = Mode.LIVE) -> Record:
        """Return the record, the same whenever it is sent."""
        at = _EPOCH + timedelta(microseconds=self.occurred_us)
        events = [
            an_event(seq, occurred_at=at, detail={"words": words(self.stream, seq)})
            for seq in range(self.seq, self.seq + self.size)
        ]
        return a_record(self.stream, *events, mode=mode, campaign=None)

    def after(self) -> "Sent":
        """Return the next record of the stream."""
        seq = self.seq + self.size
        return Sent(self.stream, seq, 1 + seq % 3, _now_us())


async def grow(dsn: str, stream: str, records: int, mode: Mode = Mode.LIVE) -> None:
    """Append records to the end of a stream, as the worker; open the trail if it is not yet."""
    pool = await open_pool(dsn, role_login=WORKER)
    try:
        store = AuditStore(pool, KEY)
        await store.open_trail(mode, "duban", at=datetime.now(UTC), actor=OFFICER)
        following = first(stream)
        if ahead := await store.tail(stream, 0, limit=MANY):
            following = Sent(stream, len(ahead), 1, _now_us())
        for _ in range(records):
            [result] = await store.append([following.record(mode)])
            assert result.error is None, result
            following = following.after()
    finally:
        await pool.close()


class Notes(NamedTuple):
    """What all lives together noted: the records sent, and which of them were acknowledged."""

    sent: dict[tuple[str, int], Sent]
    kept: set[tuple[str, int]]


def words(stream: str, seq: int) -> str:
    """Return what an entry says, by which it is known again."""
    return f"{stream}/{seq}"


def first(stream: str) -> Sent:
    """Return the first record of a stream."""
    return Sent(stream, 0, 1, _now_us())


def read(folder: Path) -> Notes:
    """Read the notes of all lives."""
    notes = Notes({}, set())
    for line in _lines(folder):
        kind, stream, seq, *rest = line.split()
        if kind == KEPT:
            notes.kept.add((stream, int(seq)))
        else:
            size, occurred_us = map(int, rest)
            notes.sent[stream, int(seq)] = Sent(stream, int(seq), size, occurred_us)
    return notes


def acknowledged(path: Path) -> int:
    """Return how many records one life was told to be on the trail."""
    return sum(line.startswith(KEPT) for line in _lines_of(path))


def in_flight(path: Path) -> int:
    """Return how many records one life had sent last and not been answered."""
    last: dict[str, str] = {}
    for line in _lines_of(path):
        kind, stream, *_ = line.split()
        # Of the streams that follow one another only the newest is still waited for.
        last[stream.rpartition("-")[0] if stream.startswith("once") else stream] = kind
    return sum(kind == SENT for kind in last.values())


def notes_of(folder: Path, life: int) -> Path:
    """Return the file of one life."""
    return folder / f"{life:04}.notes"


def _lines_of(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _lines(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.notes")):
        yield from _lines_of(path)


def _now_us() -> int:
    return (datetime.now(UTC) - _EPOCH) // timedelta(microseconds=1)


class Load:
    """One life: appends until it is told to stop, noting every record before and after."""

    def __init__(self, door: Door, note: Callable[[str], object], stop: asyncio.Event) -> None:
        self._door = door
        self._note = note
        self._stop = stop
        self._chance = random.Random()  # noqa: S311 - how long to rest

    async def again(self, following: Sent) -> None:
        """Let a stream grow; what fails is sent until it is acknowledged."""
        while not self._stop.is_set():
            if await self._try(following):
                following = following.after()
            await self._rest()

    async def once(self, name: str) -> None:
        """Let streams grow one after the other, each until its first failure."""
        nth, following = 0, first(f"{name}-0")
        while not self._stop.is_set():
            if await self._try(following):
                following = following.after()
            else:
                nth += 1
                following = first(f"{name}-{nth}")
            await self._rest()

    async def _rest(self) -> None:
        await asyncio.sleep(self._chance.uniform(0, LONGEST_PAUSE))

    async def _try(self, each: Sent) -> bool:
        self._note(f"{SENT} {each.stream} {each.seq} {each.size} {each.occurred_us}\n")
        try:
            await self._door.append(each.record())
        except DatabaseUnavailable:
            return False
        self._note(f"{KEPT} {each.stream} {each.seq}\n")
        return True


def resumed(notes: Notes) -> list[Sent]:
    """Return with which record each stream `again-…` goes on: the one not acknowledged, or next."""
    last = {f"again-{n}": first(f"again-{n}") for n in range(AGAIN)}
    for place in sorted(notes.sent):
        if place[0] in last:
            last[place[0]] = notes.sent[place]
    return [
        each.after() if (each.stream, each.seq) in notes.kept else each for each in last.values()
    ]


async def main(folder: Path, life: int) -> None:
    """Be one life; `DATABASE_URL` names the worker's login."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    following = resumed(read(folder))
    try:
        pool = await open_pool(os.environ["DATABASE_URL"])
    except DatabaseUnavailable:
        sys.exit(os.EX_TEMPFAIL)
    with notes_of(folder, life).open("a", buffering=1) as file:
        async with Door(AuditStore(pool, KEY)) as door:
            load = Load(door, file.write, stop)
            again = (load.again(each) for each in following)
            once = (load.once(f"once-{life}-{n}") for n in range(ONCE))
            await asyncio.gather(*again, *once)
    await pool.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
