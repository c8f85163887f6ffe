"""The real doors: PostgreSQL through the store, Temporal through the gateway, this machine.

Temporal's library and the server supervisor are imported only by the commands that need them, so
that a command which needs no server starts in a fraction of a second.
"""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
from pydantic import JsonValue
from rich.console import Console

from duban.cli.real_ledger import LedgerReader
from duban.cli.services import Gateway, Row, Services
from duban.domain.calendars import Calendar
from duban.domain.events import Event
from duban.domain.plan import CampaignPlan
from duban.domain.reading import Asked
from duban.domain.roles import Actor
from duban.seeds import read_calendar_csv
from duban.settings import VARIABLES, Settings
from duban.stack import home, keys
from duban.stack.addresses import address_for, database_of
from duban.store import (
    calendars,
    checks,
    feed,
    ledger,
    migrations,
    projector,
    reading,
    stats,
    trail,
)
from duban.store.audit import AuditStore
from duban.store.canonical import StoredEntry
from duban.store.ledger import DeadlineFilter, Difference, LedgerObject, NoticeFilter
from duban.store.pool import READER, WORKER, open_pool
from duban.store.trail import TrailFilter

if TYPE_CHECKING:
    from duban.doctor import Check
    from duban.rehearsal import OnProgress, RehearsalReport


class StoreReader(LedgerReader):
    """Reads the ledger and the trail."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings) -> None:
        super().__init__(pool)
        self._settings = settings

    async def objects(
        self, kind: str, scope: str | None = None, where: dict[str, JsonValue] | None = None
    ) -> list[Row]:
        """Return the objects of a kind, oldest first."""
        found = await ledger.objects(self._pool, kind, scope=scope, where=where)
        return [_row(each) for each in found]

    async def deadlines(self, wanted: DeadlineFilter) -> list[Row]:
        """Return deadlines by due date."""
        found = await ledger.deadlines(self._pool, wanted)
        return [{"campaign": each["campaign"], **each["doc"]} for each in found]

    async def notices(self, wanted: NoticeFilter) -> list[Row]:
        """Return the outbox by sending time."""
        found = await ledger.notices(self._pool, wanted)
        return [{"campaign": each["campaign"], **each["doc"]} for each in found]

    async def search(self, wanted: TrailFilter) -> list[StoredEntry]:
        """Return one page of entries, newest first."""
        return await trail.search(self._pool, wanted)

    def every(self, wanted: TrailFilter) -> AsyncGenerator[StoredEntry]:
        """Yield all entries, newest first, a page at a time in memory."""
        return trail.every(self._pool, wanted)

    async def asks(self, asked: Asked, person: str, now: datetime) -> Event:
        """Put a reading of the trail, or a refused attempt, on the trail; return its entry."""
        held = await reading.posts(self._pool, person)
        async with _writer(self._settings) as store:
            return await reading.record((self._pool, store), asked, person, held, now=now)

    async def feed(self, after: int, limit: int) -> list[feed.Placed]:
        """Return the entries behind a place of the log, in its order."""
        return await feed.feed(self._pool, after, limit)

    async def feed_end(self) -> int:
        """Return the last place of the log."""
        return await feed.feed_end(self._pool)

    async def unindexed(self) -> int:
        """Return how many entries a search by words does not know yet."""
        return await trail.unindexed(self._pool)

    async def stats(self, by: stats.By, campaign: str | None) -> stats.Stats:
        """Count entries and bytes."""
        return await stats.stats(self._pool, by, campaign)

    async def origin(self) -> str:
        """Return the name under which the trail was opened."""
        return (await trail.origin(self._pool)).origin

    async def entry(self, reference: str) -> StoredEntry | None:
        """Return one entry by its id or `stream#seq`."""
        return await trail.get(self._pool, reference)

    async def calendars(self) -> list[Calendar]:
        """Return every published calendar version, oldest first."""
        return await calendars.versions(self._pool)


class StoreKeeper:
    """Checks the trail and rebuilds the ledger."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings) -> None:
        self._pool = pool
        self._settings = settings

    async def check(self) -> checks.TrailReport:
        """Check every entry and the ledger."""
        return await checks.check_trail(self._pool)

    async def differences(self) -> list[Difference]:
        """Return where the ledger is not what the trail tells."""
        return await ledger.differences(self._pool)

    async def rebuild(self) -> int:
        """Fold the ledger again from the trail alone; return the number of objects."""
        return await ledger.rebuild(self._pool)

    async def reindex(self) -> int:
        """Make the search and the counts again; return the number of places."""
        return await projector.rebuild(self._pool)

    async def publish(self, calendar: Calendar, actor: Actor, now: datetime) -> None:
        """Publish a calendar version, through the worker's login like every other entry."""
        async with _writer(self._settings) as store:
            await calendars.publish((self._pool, store), calendar, actor=actor, now=now)


class ThisMachine:
    """Starts, stops and runs things here."""

    def up(self, settings: Settings, on_progress: Callable[[str, str, str], None]) -> None:
        """Run the servers and a worker until told to stop."""
        from duban.stack import processes  # noqa: PLC0415 -- see the module's docstring

        asyncio.run(processes.up(settings, on_progress))

    def down(self, settings: Settings) -> bool:
        """Stop them; say whether there was anything to stop."""
        from duban.stack import processes  # noqa: PLC0415 -- see the module's docstring

        return asyncio.run(processes.down(settings))

    def worker(self, settings: Settings) -> int:
        """Become a worker; it reads the same environment and finds the same servers."""
        os.environ[VARIABLES["home"]] = str(settings.home)
        os.execv(sys.executable, [sys.executable, "-m", "worker"])  # noqa: S606 -- no shell

    def sequencer(self, settings: Settings) -> int:
        """Become a sequencer; it reads the same environment and finds the same servers."""
        os.environ[VARIABLES["home"]] = str(settings.home)
        argv = [sys.executable, "-m", "duban.stack.sequencer"]
        os.execv(sys.executable, argv)  # noqa: S606 -- no shell

    async def migrate(self, settings: Settings) -> list[str]:
        """Bring the database's schema up to date; return what was applied."""
        return await migrations.migrate(database_of(settings))

    async def rehearse(
        self,
        settings: Settings,
        wanted: tuple[CampaignPlan, Calendar, Path | None],
        on_progress: "OnProgress",
    ) -> "RehearsalReport":
        """Play a plan under a calendar, with a script's story if one is given."""
        from duban import rehearsal  # noqa: PLC0415 -- see the module's docstring

        plan, calendar, path = wanted
        one = rehearsal.Rehearsal(plan, calendar)
        if path is not None:
            script = rehearsal.read_script(path)
            if script.calendar is not None:
                calendar = read_calendar_csv(_beside(path, script.calendar), version=1)
            one = rehearsal.Rehearsal(plan, calendar, script, folder=path.parent)
        [report] = await rehearsal.rehearse(
            [one], home=settings.home / "rehearsal", on_progress=on_progress
        )
        return report

    def demo(self, settings: Settings, out: Console) -> int:
        """Play the sample campaigns and judge them; return the exit status."""
        from duban.rehearsal.demo import run  # noqa: PLC0415 -- see the module's docstring

        return run(out, settings)

    async def examine(self, settings: Settings, now: datetime) -> "list[Check]":
        """Look the whole installation over."""
        from duban.doctor import examine  # noqa: PLC0415 -- see the module's docstring

        return await examine(settings, now)


@asynccontextmanager
async def _writer(settings: Settings) -> AsyncIterator[AuditStore]:
    key = keys.trail_key(settings)
    pool = await open_pool(address_for(settings, WORKER), max_size=1)
    try:
        yield AuditStore(pool, key)
    finally:
        await pool.close()


@asynccontextmanager
async def _reader(settings: Settings) -> AsyncIterator[StoreReader]:
    pool = await open_pool(address_for(settings, READER))
    try:
        yield StoreReader(pool, settings)
    finally:
        await pool.close()


@asynccontextmanager
async def _keeper(settings: Settings) -> AsyncIterator[StoreKeeper]:
    pool = await open_pool(database_of(settings))
    try:
        yield StoreKeeper(pool, settings)
    finally:
        await pool.close()


@asynccontextmanager
async def _gateway(settings: Settings) -> AsyncIterator[Gateway]:
    from duban.gateway import CampaignGateway  # noqa: PLC0415 -- see the module's docstring

    found = settings if settings.temporal_address is not None else home.fill_in(settings)
    yield await CampaignGateway.connect(found)


def _row(found: LedgerObject) -> Row:
    return {"campaign": found.scope, **found.doc}


def _beside(script: Path, name: str) -> Path:
    """Return a script's calendar: in its own folder, or in `calendars` beside that."""
    own = script.parent / name
    return own if own.exists() else script.parent.parent / "calendars" / name


def real_services() -> Services:
    """Return the doors to the real world."""
    return Services(
        gateway=_gateway,
        reader=_reader,
        keeper=_keeper,
        machine=ThisMachine(),
        now=lambda: datetime.now(UTC),
    )
