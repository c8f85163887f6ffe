"""The sample campaigns and stories played on the pure core alone: no server, no database."""

import re
from collections.abc import Coroutine
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from duban.contracts import Mode, campaign_stream, problem_stream
from duban.domain.campaign.campaign import Campaign
from duban.domain.campaign.commands import AdoptCalendar, Command
from duban.domain.campaign.creation import CampaignStart, create
from duban.domain.counting import SHANGHAI
from duban.domain.errors import RuleViolation
from duban.domain.events import Event
from duban.domain.roles import Actor
from duban.questions import Entry, Told
from duban.rehearsal.demo import rehearsal_of
from duban.rehearsal.player import Player, Rehearsal
from duban.rehearsal.script import Script, Step, read_script
from duban.rehearsal.theatre import Theatre
from duban.seeds import read_calendar_csv
from duban.store.pool import WORKER
from tests.support.sources import ROOT

STORIES = ROOT / "examples" / "stories"
_REFERENCE = re.compile(r"^(deadline|extension)\(([^()]+)\)$")


class Stage:
    """A campaign as gateway and ledger at once, with a clock that only goes forward."""

    def __init__(self) -> None:
        self.now = datetime(2019, 1, 1, tzinfo=UTC)
        self.campaign: Campaign | None = None

    @property
    def events(self) -> list[Event]:
        """Return everything said so far."""
        return self._running.state.unrecorded

    @property
    def _running(self) -> Campaign:
        assert self.campaign is not None
        return self.campaign

    async def start(self, start: CampaignStart) -> None:
        """Begin the campaign."""
        self.campaign = Campaign(create(start, now=self.now))

    async def execute(self, _: str, command: Command) -> None:
        """Carry a command out, or put its refusal on the trail and raise it."""
        try:
            self._running.handle(command, now=self.now)
        except RuleViolation as why:
            self._running.refuse(command, why, now=self.now)
            raise

    def until(self, moment: datetime) -> None:
        """Let time pass, waking the campaign as it asks for."""
        while self.campaign is not None:
            alarm = self.campaign.next_alarm(now=self.now)
            if alarm is None or alarm > moment:
                break
            self.now = max(alarm, self.now)
            self.campaign.tick(now=self.now)
        self.now = max(self.now, moment)

    def find(self, kind: str, where: dict[str, str]) -> str | None:
        """Return the id of the newest object with these fields."""
        found: dict[str, dict[str, Any]] = {}
        for event in self.events:
            for change in event.changes:
                if change.kind == kind:
                    found.setdefault(change.id, {}).update(change.after)
        fitting = [
            key for key, doc in found.items() if all(doc.get(k) == v for k, v in where.items())
        ]
        return fitting[-1] if fitting else None


class PurePlayer(Player):
    """Plays a script's steps on a stage; what the ledger would be asked for, the fold tells."""

    def __init__(self, rehearsal: Rehearsal, stage: Stage) -> None:
        theatre = cast(Theatre, SimpleNamespace(gateway=stage))
        super().__init__(rehearsal, theatre, timedelta(0))
        self.pure = stage

    async def _resolved(self, value: Any) -> Any:
        found = _REFERENCE.match(value) if isinstance(value, str) else None
        if found is None:
            return value
        kind, words = found.group(1), re.split(r",\s*", found.group(2))
        names = ("object_id", "code", "holder") if kind == "deadline" else ("unit",)
        where = {"status": "open"} if kind == "deadline" else {}
        return self.pure.find(kind, where | dict(zip(names, words, strict=False))) or value

    async def _publish(self, step: Step, actor: Actor, request_id: str) -> None:
        path = self.rehearsal.folder / str(step.fields["file"])
        command = AdoptCalendar(
            actor=actor,
            request_id=request_id,
            calendar=read_calendar_csv(path, version=self.rehearsal.calendar.version + 1),
            basis_doc=str(step.fields["basis_doc"]),
        )
        await self.pure.execute(self.no, command)


def play(rehearsal: Rehearsal, until: date | None = None) -> list[Event]:
    """Play a rehearsal and return its events; a step that surprises fails the test."""
    stage = Stage()
    player = PurePlayer(rehearsal, stage)
    last = until or rehearsal.script.until

    async def course() -> None:
        stage.until(rehearsal.opens_at)
        await player.start()
        for step in rehearsal.steps():
            if last is None or step.instant.astimezone(SHANGHAI).date() <= last:
                stage.until(step.instant)
                await player.play(step)
        if last is not None:
            stage.until(datetime.combine(last, time(23, 59), SHANGHAI))

    _run_at_once(course())
    assert player.surprises == [], player.surprises
    return stage.events


def _run_at_once(course: Coroutine[None, None, None]) -> None:
    """Run what never waits to its end, inside a running loop too."""
    try:
        course.send(None)
    except StopIteration:
        return
    raise AssertionError("the course waited for something outside the core")


@cache
def sample(plan: str) -> list[Entry]:
    """Return the entries of a sample plan whose people all do their part in time."""
    return told(play(rehearsal_of(f"{plan}.xlsx", read_script(STORIES / "clean.yaml"))))


@cache
def story(name: str) -> list[Entry]:
    """Return the entries of a story of `examples/stories`."""
    script = read_script(STORIES / f"{name}.yaml")
    return told(play(rehearsal_of(script.plan, script)))


def own_story(name: str, **changes: Any) -> list[Entry]:
    """Return the entries of a story with some of its fields changed; steps are added to it."""
    script = read_script(STORIES / f"{name}.yaml")
    steps = [*script.steps, *(Step.model_validate(each) for each in changes.pop("steps", []))]
    changed: Script = script.model_copy(update={**changes, "steps": tuple(steps)})
    return told(play(rehearsal_of(changed.plan or "formalism.xlsx", changed)))


def told(events: list[Event], mode: Mode = Mode.REHEARSAL) -> list[Entry]:
    """Return events as the entries of a stream, each recorded a second after it happened."""
    first = events[0]
    named = problem_stream if first.object_type == "problem" else campaign_stream
    stream = named(first.object_id)
    return [
        Entry(stream, each, Told(each.occurred_at + timedelta(seconds=1), WORKER, mode))
        for each in events
    ]


def at(text: str) -> datetime:
    """Return the instant of a Shanghai wall-clock time such as 2019-06-28T17:30."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)
