"""Plays scripts on the real workflows: moves the server's clock, sends people's commands."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from duban.domain.calendars import Calendar
from duban.domain.campaign.commands import AdoptCalendar, AnyCommand
from duban.domain.campaign.creation import CampaignStart
from duban.domain.counting import SHANGHAI
from duban.domain.errors import RuleViolation
from duban.domain.model import Document
from duban.domain.plan import CampaignPlan
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Actor, Person, Role
from duban.rehearsal.course import Course
from duban.rehearsal.errors import ScriptInvalid
from duban.rehearsal.report import RehearsalReport, Surprise, collect
from duban.rehearsal.script import DILIGENT, Script, Step
from duban.rehearsal.theatre import Theatre, theatre
from duban.seeds import read_calendar_csv
from duban.store import calendars, ledger

_COMMANDS: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand)
_REFERENCE = re.compile(r"^(deadline|extension)\(([^()]+)\)$")


@dataclass(frozen=True)
class Tick:
    """Progress of one campaign: the business instant, how many steps were played just now."""

    now: datetime
    campaign: str
    steps: int
    step: str


OnProgress = Callable[[Tick], None]
Finale = Callable[[Theatre], Awaitable[None]]


@dataclass(frozen=True)
class Rehearsal:
    """One campaign to rehearse. `folder` is where the script's files are looked for."""

    plan: CampaignPlan
    calendar: Calendar
    script: Script = DILIGENT
    policy: PolicyVersion = field(default_factory=PolicyVersion)
    folder: Path = Path()

    @property
    def opens_at(self) -> datetime:
        """The business instant at which the office starts the campaign."""
        return datetime.combine(self.plan.launch_on, time(8, 30), SHANGHAI)

    def steps(self) -> list[Step]:
        """Return what people do: the course less what is skipped, and the story's own steps."""
        script = self.script
        course = Course(self.plan, self.calendar).steps() if script.base == "diligent" else []
        kept = [step for step in course if not _skipped(step, script.skip)]
        until = script.until or date.max
        everything = sorted([*kept, *script.steps], key=lambda step: step.instant)
        return [step for step in everything if step.instant.astimezone(SHANGHAI).date() <= until]


def _skipped(step: Step, patterns: Sequence[str]) -> bool:
    return any(
        step.name == pattern or (pattern.endswith("*") and step.name.startswith(pattern[:-1]))
        for pattern in patterns
    )


class _Player:
    """Plays one campaign's steps."""

    def __init__(self, rehearsal: Rehearsal, stage: Theatre, offset: timedelta) -> None:
        self.rehearsal = rehearsal
        self.no = rehearsal.plan.no
        self.surprises: list[Surprise] = []
        self._stage = stage
        self._offset = offset
        self._count = 0
        self._people: dict[str, Person] = {}
        for person in rehearsal.plan.people:
            self._people.setdefault(person.id, person)

    async def start(self) -> None:
        """Start the campaign as its office would."""
        plan = self.rehearsal.plan
        office = next(person for person in plan.people if person.role is Role.OFFICE)
        await self._stage.gateway.start(
            CampaignStart(
                plan=plan,
                calendar=self.rehearsal.calendar,
                policy=self.rehearsal.policy,
                mode="rehearsal",
                clock_offset=self._offset,
                actor=self._actor(office.id, plan.launch_on),
                request_id=f"rehearsal-{self.no}-start",
            )
        )

    async def play(self, step: Step) -> None:
        """Play a step; a refusal that was not foreseen, or a foreseen one that fails, is noted."""
        try:
            await self._act(step)
            answer = None
        except RuleViolation as why:
            answer = why.code.value
        if answer != step.refused:
            self.surprises.append(
                Surprise(
                    at=step.instant,
                    step=step.name or step.do,
                    expected=step.refused or "accepted",
                    answer=answer or "accepted",
                )
            )

    async def _act(self, step: Step) -> None:
        on = step.instant.astimezone(SHANGHAI).date()
        actor, request_id = self._actor(step.by, on), self._request_id()
        gateway = self._stage.gateway
        if step.do == "order_spot_check":
            order = {"actor": actor.plain(), "request_id": request_id, **step.fields}
            await gateway.order_spot_check(self.no, order)
            # A signal has no answer; what became of it is on the trail when all is.
            await gateway.settle(self.no)
        elif step.do == "publish_calendar":
            await self._publish(step, actor, request_id)
        else:
            fields = {key: await self._resolved(value) for key, value in step.fields.items()}
            command = self._command(step, {"actor": actor, "request_id": request_id, **fields})
            await gateway.execute(self.no, command)

    def _command(self, step: Step, fields: dict[str, Any]) -> AnyCommand:
        try:
            return _COMMANDS.validate_python({"type": step.do, **fields})
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise ScriptInvalid(
                file=self.rehearsal.script.title, reason=f"{step.do} {place}: {first['msg']}"
            ) from error

    async def _publish(self, step: Step, actor: Actor, request_id: str) -> None:
        path = self.rehearsal.folder / str(step.fields["file"])
        version = self.rehearsal.calendar.version + 1
        calendar = read_calendar_csv(path, version=version)
        stage = self._stage
        await calendars.publish(
            (stage.reader, stage.store), calendar, actor=actor, now=step.instant
        )
        command = AdoptCalendar(
            actor=actor,
            request_id=request_id,
            calendar=calendar,
            basis_doc=str(step.fields["basis_doc"]),
        )
        await stage.gateway.execute(self.no, command)

    def _request_id(self) -> str:
        self._count += 1
        return f"rehearsal-{self.no}-{self._count:05}"

    def _actor(self, person_id: str, on: date) -> Actor:
        for each in self.rehearsal.script.substitutions:
            if each.leaving == person_id and on >= each.since:
                person_id = each.successor
        wanted, _, role = person_id.partition(":")
        held = self._people.get(wanted)
        if held is None:
            return self._newcomer(wanted, role)
        for person in self.rehearsal.plan.people:
            if person.id == wanted and role in ("", person.role.value):
                held = person
                break
        return Actor(id=held.id, role=held.role, unit=held.unit)

    def _newcomer(self, person_id: str, role: str) -> Actor:
        """Return a person who joins in the story: he holds the post of whom he succeeds."""
        for each in self.rehearsal.script.substitutions:
            if each.successor == person_id:
                old = self._people[each.leaving]
                return Actor(id=person_id, role=old.role, unit=old.unit)
        return Actor(id=person_id, role=Role(role) if role else Role.LIAISON)

    async def _resolved(self, value: Any) -> Any:
        found = _REFERENCE.match(value) if isinstance(value, str) else None
        if found is None:
            return value
        kind, where = found.group(1), Document()
        names: tuple[str, ...] = ("unit",)
        if kind == "deadline":
            names, where = ("object_id", "code", "holder"), {"status": "open"}
        where |= dict(zip(names, re.split(r",\s*", found.group(2)), strict=False))
        objects = await ledger.objects(self._stage.reader, kind, scope=self.no, where=where)
        return objects[-1].id if objects else value


async def rehearse(
    rehearsals: Sequence[Rehearsal],
    *,
    home: Path,
    on_progress: OnProgress,
    finale: Finale | None = None,
) -> list[RehearsalReport]:
    """Play campaigns side by side from launch to their last step; return one report each.

    `finale` is run at the end, while the servers still stand.

    Raises:
        RuleViolation: a campaign cannot be started from its plan.
        ScriptInvalid: a step names no command, or a field of it is wrong.
        StackError: a server did not start.
    """
    async with theatre(home) as stage:
        opens_at = min(each.opens_at for each in rehearsals)
        offset = opens_at - await stage.environment.get_current_time()
        players = [_Player(each, stage, offset) for each in rehearsals]
        await _play(players, stage, offset, on_progress)
        reports = [
            await collect(
                stage, player.rehearsal.plan.no, player.rehearsal.script, player.surprises
            )
            for player in players
        ]
        if finale is not None:
            await finale(stage)
        return reports


async def _play(
    players: Sequence[_Player], stage: Theatre, offset: timedelta, on_progress: OnProgress
) -> None:
    starts = [(player.rehearsal.opens_at, index, None) for index, player in enumerate(players)]
    steps = [
        (step.instant, index, step)
        for index, player in enumerate(players)
        for step in player.rehearsal.steps()
    ]
    everything = sorted([*starts, *steps], key=lambda each: each[:2])
    for instant, group in groupby(everything, key=lambda each: each[0]):
        together = list(group)
        await _wait_until(stage, instant - offset)
        await asyncio.gather(
            *(
                _in_turn(players[index], [step for _, i, step in together if i == index])
                for index in sorted({index for _, index, _ in together})
            )
        )
        for index in sorted({index for _, index, _ in together}):
            own = [step for _, i, step in together if i == index]
            name = own[-1].name or own[-1].do if own[-1] else "start"
            on_progress(Tick(instant, players[index].no, len(own), name))
    await _play_out(players, stage, offset)


async def _in_turn(player: _Player, steps: Sequence[Step | None]) -> None:
    for step in steps:
        if step is None:
            await player.start()
        else:
            await player.play(step)


async def _wait_until(stage: Theatre, moment: datetime) -> None:
    pause = moment - await stage.environment.get_current_time()
    if pause > timedelta(0):
        await stage.environment.sleep(pause)


async def _play_out(players: Sequence[_Player], stage: Theatre, offset: timedelta) -> None:
    """Let the time up to a story's last day pass, where it names one."""
    for player in players:
        until = player.rehearsal.script.until
        if until is not None:
            night = datetime.combine(until, time(23, 59), SHANGHAI)
            await _wait_until(stage, night - offset)
