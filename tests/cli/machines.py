"""The machine of the command line's world: what is started and stopped is only noted."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from duban.doctor import Check
from duban.domain.calendars import Calendar
from duban.domain.plan import CampaignPlan
from duban.rehearsal import OnProgress, RehearsalReport, Tick
from duban.settings import Settings
from tests.cli.folding import NO

if TYPE_CHECKING:
    from tests.cli.world import World


class FakeMachine:
    """Does nothing and remembers it."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def up(self, settings: Settings, on_progress: Callable[[str, str, str], None]) -> None:
        """Tell of a start and a stop."""
        on_progress("postgres", "starting", "")
        on_progress("postgres", "ready", "localhost:54329/duban")
        on_progress("worker", "stopped", "")
        self._world.done.append("up")

    def down(self, settings: Settings) -> bool:
        """Say that there was something to stop, once."""
        self._world.done.append("down")
        return self._world.done.count("down") == 1

    def worker(self, settings: Settings) -> int:
        """Run and end badly."""
        return 1

    def sequencer(self, settings: Settings) -> int:
        """Refuse to sign."""
        return 1

    async def migrate(self, settings: Settings) -> list[str]:
        """Apply one file, once."""
        self._world.done.append("migrate")
        return ["0001_roles.sql"] if self._world.done.count("migrate") == 1 else []

    async def rehearse(
        self,
        settings: Settings,
        wanted: tuple[CampaignPlan, Calendar, Path | None],
        on_progress: OnProgress,
    ) -> RehearsalReport:
        """Return the world's report."""
        self._world.rehearsed.append(wanted)
        on_progress(Tick(self._world.now, NO, 1, "start"))
        assert self._world.rehearsal is not None
        return self._world.rehearsal

    def demo(self, settings: Settings, out: Console) -> int:
        """Say in which language the samples would speak."""
        out.print(f"demo in {settings.lang}")
        return 0

    async def examine(self, settings: Settings, now: datetime) -> list[Check]:
        """Return the world's findings."""
        return self._world.checks
