"""The doors of the command line to the outside, as narrow as it needs them."""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import JsonValue
from rich.console import Console

from duban.cli import real_doors
from duban.contracts import ClueAsked, ProblemAsked, Receipt
from duban.domain.calendars import Calendar
from duban.domain.campaign.commands import AnyCommand
from duban.domain.campaign.creation import CampaignStart
from duban.domain.campaign.draw_records import SealedLists
from duban.domain.campaign.gates import ConditionResult
from duban.domain.circulars import CircularEntry
from duban.domain.draw.places import Lists
from duban.domain.events import Event
from duban.domain.outside import Import
from duban.domain.plan import CampaignPlan
from duban.domain.reading import Asked
from duban.domain.roles import Actor, Person
from duban.domain.tickets import Taken
from duban.inspection_contracts import Handed, InspectionAsked
from duban.restoring import Restores
from duban.settings import Settings
from duban.store.canonical import StoredEntry
from duban.store.checks import TrailReport
from duban.store.feed import Placed
from duban.store.ledger import DeadlineFilter, Difference, NoticeFilter
from duban.store.problems import MOST, Counts, ListedProblem, ProblemFilter
from duban.store.stats import By, Stats
from duban.store.trail import TrailFilter

if TYPE_CHECKING:
    # These import Temporal's library, which a command that needs no server should not wait for.
    from duban.bundle import Archive
    from duban.doctor import Check
    from duban.proof.policy import Policy
    from duban.rehearsal import OnProgress, RehearsalReport
    from duban.remembered import Memory
    from duban.store.custody import Custody
    from duban.verify.report import Report
    from duban.verify.run import Rules
    from duban.verify.standing import Standing

Row = Mapping[str, Any]
"""An object of the ledger as plain JSON, with its `campaign` beside its own fields."""


class Gateway(Restores, Protocol):
    """Where commands go; `duban.gateway.CampaignGateway` is the real one."""

    async def start(self, start: CampaignStart) -> Receipt:
        """Start a campaign."""

    async def execute(self, no: str, command: AnyCommand) -> Receipt:
        """Carry a person's command out."""

    async def execute_problem(self, no: str, asked: ProblemAsked) -> Receipt:
        """Carry a person's command about a problem out."""

    async def execute_clue(
        self, no: str, asked: ClueAsked, *, just_reported: bool = False
    ) -> Receipt:
        """Carry a person's command about a clue out."""

    async def execute_inspection(
        self, no: str, asked: InspectionAsked, *, just_ordered: bool = False
    ) -> Receipt:
        """Carry a person's command about an inspection out."""

    async def hand(self, no: str, key: str) -> Handed:
        """Return the target of an inspection, sealed to a key to which it was released."""

    async def order_spot_check(self, no: str, order: JsonValue) -> None:
        """Send the spot-check signal."""

    async def gate(self, no: str, gate: str | None = None) -> list[ConditionResult]:
        """Return the conditions of a gate as they stand."""


class Reader(Protocol):
    """Where what is known comes from; `duban.cli.reality.StoreReader` is the real one."""

    async def objects(
        self, kind: str, scope: str | None = None, where: dict[str, JsonValue] | None = None
    ) -> list[Row]:
        """Return the objects of a kind, oldest first."""

    async def deadlines(self, wanted: DeadlineFilter) -> list[Row]:
        """Return deadlines by due date."""

    async def notices(self, wanted: NoticeFilter) -> list[Row]:
        """Return the outbox by sending time."""

    async def problems(self, wanted: ProblemFilter) -> list[ListedProblem]:
        """Return one page of problems, by campaign and number."""

    async def problem_counts(self, wanted: ProblemFilter, *, most: int | None = MOST) -> Counts:
        """Count problems by state and level of access, at most so many that hold a text."""

    def ledger(self, wanted: ProblemFilter) -> AsyncGenerator[list[ListedProblem]]:
        """Yield the problems of a campaign by pages, with what a ledger shows beside them."""

    async def search(self, wanted: TrailFilter) -> list[StoredEntry]:
        """Return one page of entries, newest first."""

    def every(self, wanted: TrailFilter) -> AsyncGenerator[StoredEntry]:
        """Yield all entries, newest first, a page at a time in memory."""

    async def asks(self, asked: Asked, person: str, now: datetime) -> Event:
        """Put a reading of the trail, or a refused attempt, on the trail; return its entry."""

    async def feed(self, after: int, limit: int) -> list[Placed]:
        """Return the entries behind a place of the log, in its order."""

    async def feed_end(self) -> int:
        """Return the last place of the log."""

    async def unindexed(self) -> int:
        """Return how many entries a search by words does not know yet."""

    async def stats(self, by: By, campaign: str | None) -> Stats:
        """Count entries and bytes."""

    async def origin(self) -> str:
        """Return the name under which the trail was opened."""

    async def entry(self, reference: str) -> StoredEntry | None:
        """Return one entry by its id or `stream#seq`."""

    async def campaign_entries(self, no: str) -> list[StoredEntry]:
        """Return the entries of a campaign and of its problems, stream by stream."""

    async def entries(self, stream: str) -> list[StoredEntry]:
        """Return the entries of a stream in their order."""

    async def events(self, stream: str) -> list[Event]:
        """Return the events of a stream in their order."""

    async def calendars(self) -> list[Calendar]:
        """Return every published calendar version, oldest first."""


class Intake(Protocol):
    """Where what others have kept comes in; `duban.store.intake.Intake` is the real one."""

    async def take(
        self, asked: Import, numbers: Sequence[str], who: tuple[Sequence[Person], datetime]
    ) -> dict[str, Taken]:
        """Take the tickets that nobody has; return those that somebody had."""

    async def note(self, asked: Import, problems: Mapping[str, str], now: datetime) -> None:
        """Say as which problems tickets have been registered."""

    async def record(
        self,
        asked: Import,
        entries: Sequence[CircularEntry],
        named: Mapping[str, str],
        who: tuple[Sequence[Person], datetime],
    ) -> dict[str, CircularEntry]:
        """Record the entries that are not known yet; return those that are."""

    async def named_in(self, key: str) -> str | None:
        """Return whom an entry of a circular names."""


class ListKeeper(Protocol):
    """Where the lists of a draw are kept sealed; `duban.store.sealed_draws.SealedDraws` is one."""

    async def hand_in(self, stream: str, lists: Lists) -> SealedLists:
        """Seal the lists of a draw for a campaign; return how the command names them."""


class Keeper(Protocol):
    """Checks and repairs that need more than the right to read."""

    async def check(self) -> TrailReport:
        """Check every entry and the ledger."""

    async def differences(self) -> list[Difference]:
        """Return where the ledger is not what the trail tells."""

    async def rebuild(self) -> int:
        """Fold the ledger again from the trail alone; return the number of objects."""

    async def reindex(self) -> int:
        """Make the search and the counts again; return the number of places."""

    async def publish(self, calendar: Calendar, actor: Actor, now: datetime) -> None:
        """Publish a calendar version."""


class Machine(Protocol):
    """Starting, stopping and running things on this machine."""

    def up(self, settings: Settings, on_progress: Callable[[str, str, str], None]) -> None:
        """Run the servers and a worker until told to stop."""

    def down(self, settings: Settings) -> bool:
        """Stop them; say whether there was anything to stop."""

    def worker(self, settings: Settings) -> int:
        """Run one worker; return its exit status."""

    def sequencer(self, settings: Settings) -> int:
        """Run one sequencer; return its exit status."""

    async def migrate(self, settings: Settings) -> list[str]:
        """Bring the database's schema up to date; return what was applied."""

    async def rehearse(
        self,
        settings: Settings,
        wanted: tuple[CampaignPlan, Calendar, Path | None],
        on_progress: "OnProgress",
    ) -> "RehearsalReport":
        """Play a plan under a calendar, with a script's story if one is given."""

    def demo(self, settings: Settings, out: Console) -> int:
        """Play the sample campaigns and judge them; return the exit status."""

    async def examine(self, settings: Settings, now: datetime) -> "list[Check]":
        """Look the whole installation over."""


@dataclass(frozen=True)
class Services:
    """All doors of one run."""

    gateway: Callable[[Settings], AbstractAsyncContextManager[Gateway]]
    reader: Callable[[Settings], AbstractAsyncContextManager[Reader]]
    keeper: Callable[[Settings], AbstractAsyncContextManager[Keeper]]
    machine: Machine
    archive: "Callable[[Settings], AbstractAsyncContextManager[Archive]]" = real_doors.archive
    custody: "Callable[[Settings], AbstractAsyncContextManager[Custody]]" = real_doors.custody
    intake: "Callable[[Settings], AbstractAsyncContextManager[Intake]]" = real_doors.intake
    lists: "Callable[[Settings], AbstractAsyncContextManager[ListKeeper]]" = real_doors.lists
    memory: "Callable[[Settings], AbstractAsyncContextManager[Memory]]" = real_doors.memory
    verify: "Callable[[Settings, Rules, Callable[[int, int], None]], Awaitable[Report]]" = (
        real_doors.verify
    )
    verify_then: "Callable[[Settings, Rules], Awaitable[Report]]" = real_doors.verify_then
    standing: "Callable[[Settings, Policy], Awaitable[Standing]]" = real_doors.standing
    confirm: Callable[[str], bool] = real_doors.confirmed
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    new_request_id: Callable[[], str] = lambda: str(uuid.uuid4())
