"""The command line in process: fakes for everything outside it, and what came out."""

import io
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, redirect_stderr, redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import JsonValue

from duban.cli.main import run
from duban.cli.services import Gateway, Keeper, Services
from duban.contracts import (
    ClueAsked,
    ProblemAsked,
    Receipt,
    campaign_stream,
    problem_stream,
)
from duban.doctor import Check
from duban.domain.calendars import Calendar
from duban.domain.campaign.commands import AnyCommand, Gate, ReportClue
from duban.domain.campaign.creation import CampaignStart
from duban.domain.campaign.gates import ConditionResult
from duban.domain.campaign.state import CampaignState
from duban.domain.events import Event
from duban.domain.plan import CampaignPlan
from duban.domain.problem.news import CampaignNews
from duban.domain.roles import Actor
from duban.errors import AlreadyExists
from duban.inspection_contracts import Handed, InspectionAsked, MemberInput
from duban.rehearsal import RehearsalReport
from duban.settings import Settings
from duban.store.canonical import StoredEntry
from duban.store.checks import TrailReport
from duban.store.ledger import Difference
from duban.store.problems import MOST
from tests.cli.folding import stored
from tests.cli.ledger_reader import FakeReader
from tests.cli.machines import FakeMachine
from tests.cli.outside import FakeIntake, FakeLists, Outside, handed
from tests.support.builders import Desk, shanghai
from tests.support.clues import NO as CLUE
from tests.support.clues import ClueDesk
from tests.support.inspections import InspectionDesk
from tests.support.problems import NO as PROBLEM
from tests.support.problems import ProblemDesk

NO = "BE-2019"


class Answer(NamedTuple):
    """What one command line gave."""

    status: int
    out: str
    err: str


class World:
    """Everything outside the command line. Set an attribute to make it so."""

    problem: ProblemDesk | None = None
    clue: ClueDesk | None = None
    inspection: InspectionDesk | None = None
    custody: Any = None
    archive: Any = None
    away: Exception | None = None
    answer: Exception | None = None
    interrupts: BaseException | None = None
    rehearsal: RehearsalReport | None = None
    notes: tuple[str, ...] = ("similar:E0001:U02:approved", "as it is")
    unindexed = 0
    counts_at_most = MOST

    def __init__(self, desk: Desk | None = None, home: Path = Path("nowhere")) -> None:
        self.desk = desk
        self.home = home
        self.now = desk.now if desk else shanghai("2019-03-04", "09:00")
        self.calendars: list[Calendar] = []
        self.more: list[ProblemDesk] = []
        self.asked: list[tuple[str, ProblemAsked]] = []
        self.sent: list[AnyCommand] = []
        self.clues_asked: list[tuple[str, ClueAsked]] = []
        self.inspections_asked: list[tuple[str, InspectionAsked]] = []
        self.orders: list[JsonValue] = []
        self.started: list[CampaignStart] = []
        self.restored: list[CampaignState] = []
        self.resumed: list[tuple[MemberInput, list[CampaignNews]]] = []
        self.is_there = False
        self.published: list[tuple[Calendar, Actor]] = []
        self.report = TrailReport()
        self.report.entries, self.report.streams = 3, 1
        self.differences: list[Difference] = []
        self.readings: list[Event] = []
        self.checks: list[Check] = []
        self.rehearsed: list[tuple[CampaignPlan, Calendar, Path | None]] = []
        self.done: list[str] = []
        self.outside = Outside()

    def call(self, *words: str, **environ: str) -> Answer:
        """Run a command line with a database that is configured, as OF-1 in English."""
        usual = {
            "DATABASE_URL": "postgresql://nobody@localhost/duban",
            "DUBAN_HOME": str(self.home),
            "DUBAN_LANG": "en",
            "DUBAN_ACTOR": "OF-1",
        }
        return called(words, {**usual, **environ}, self.services)

    @property
    def services(self) -> Services:
        """The doors as fakes."""
        return Services(
            gateway=self._door(lambda: FakeGateway(self)),
            reader=self._door(lambda: FakeReader(self)),
            keeper=self._door(lambda: FakeKeeper(self)),
            archive=self._door(lambda: self.archive),
            intake=self._door(lambda: FakeIntake(self.outside)),
            lists=self._door(lambda: FakeLists(self.outside)),
            pause=self.outside.pause,
            custody=self._door(lambda: self.custody),
            machine=FakeMachine(self),
            now=lambda: self.now,
            new_request_id=lambda: "request-from-cli",
        )

    @property
    def problems(self) -> list[ProblemDesk]:
        """Every problem there is."""
        return [each for each in (self.problem, *self.more) if each is not None]

    def _door(self, make: Callable[[], Any]) -> Any:
        @asynccontextmanager
        async def door(_: Settings) -> AsyncIterator[Any]:
            if self.away is not None:
                raise self.away
            yield make()

        return door

    def entries(self) -> list[StoredEntry]:
        """Return what the campaign said, as the trail keeps it."""
        return stored(campaign_stream(NO), self.desk.events) if self.desk else []

    def problem_entries(self) -> list[StoredEntry]:
        """Return what the problem said, as the trail keeps it."""
        return stored(problem_stream(PROBLEM), self.problem.events) if self.problem else []


def called(words: tuple[str, ...], environ: Mapping[str, str], services: Services) -> Answer:
    """Run one command line and return its status and both outputs."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = run(words, environ, services)
    return Answer(status, out.getvalue(), err.getvalue())


class FakeGateway(Gateway):
    """Keeps what was sent; a campaign of the world carries it out."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def start(self, start: CampaignStart) -> Receipt:
        """Keep the start."""
        self._world.started.append(start)
        return self._receipt()

    async def execute(self, no: str, command: AnyCommand) -> Receipt:
        """Keep the command, or raise what the world says."""
        self._world.sent.append(command)
        if self._world.answer is not None:
            raise self._world.answer
        receipt = self._receipt(self._world.notes)
        numbered = isinstance(command, ReportClue)
        return receipt.model_copy(update={"object_id": CLUE}) if numbered else receipt

    async def execute_problem(self, no: str, asked: ProblemAsked) -> Receipt:
        """Keep what was asked."""
        self._world.asked.append((no, asked))
        return self._receipt()

    async def execute_clue(
        self, no: str, asked: ClueAsked, *, just_reported: bool = False
    ) -> Receipt:
        """Keep what was asked."""
        self._world.clues_asked.append((no, asked))
        return self._receipt()

    async def execute_inspection(
        self, no: str, asked: InspectionAsked, *, just_ordered: bool = False
    ) -> Receipt:
        """Keep what was asked."""
        self._world.inspections_asked.append((no, asked))
        return self._receipt()

    async def hand(self, no: str, key: str) -> Handed:
        """Hand the target out, sealed to a key."""
        self._world.outside.keys.append(key)
        return handed(key)

    async def order_spot_check(self, no: str, order: JsonValue) -> None:
        """Keep the order."""
        self._world.orders.append(order)

    async def restore(self, state: CampaignState, *, clock_offset: timedelta) -> None:
        """Keep the state, or say that the campaign is there."""
        if self._world.is_there:
            raise AlreadyExists("campaign.already_exists", no=NO)
        self._world.restored.append(state)

    async def resume(self, given: MemberInput, missed: Sequence[CampaignNews]) -> bool:
        """Keep what a member goes on with, unless it is there."""
        if self._world.is_there:
            return False
        self._world.resumed.append((given, list(missed)))
        return True

    async def gate(self, no: str, gate: str | None = None) -> list[ConditionResult]:
        """Judge the gate of the world's campaign."""
        assert self._world.desk is not None
        chosen = Gate(gate) if gate else None
        return self._world.desk.campaign.gate(chosen, now=self._world.now)

    def _receipt(self, notes: tuple[str, ...] = ()) -> Receipt:
        return Receipt(
            stream=campaign_stream(NO),
            first_seq=7,
            last_seq=8,
            object_type="task",
            object_id="T-01",
            notes=notes,
        )


class FakeKeeper(Keeper):
    """Finds what the world says."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def check(self) -> TrailReport:
        """Return the world's report."""
        return self._world.report

    async def differences(self) -> list[Difference]:
        """Return the world's differences."""
        return self._world.differences

    async def rebuild(self) -> int:
        """Return a number of objects."""
        return 41

    async def reindex(self) -> int:
        """Return a number of places."""
        return 42

    async def publish(self, calendar: Calendar, actor: Actor, now: datetime) -> None:
        """Keep what was published."""
        self._world.published.append((calendar, actor))
