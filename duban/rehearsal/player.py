"""Plays one campaign's script on the real workflows: sends people's commands, notes the answers."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from temporalio.service import RPCError

from duban.contracts import Receipt, campaign_stream
from duban.domain.calendars import Calendar
from duban.domain.campaign.commands import AdoptCalendar, AnyCommand
from duban.domain.campaign.creation import CampaignStart
from duban.domain.counting import SHANGHAI
from duban.domain.errors import Code, RuleViolation
from duban.domain.model import Document
from duban.domain.plan import CampaignPlan
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Actor, Person, Role
from duban.rehearsal.books import Book
from duban.rehearsal.checks import Inspections
from duban.rehearsal.course import Course
from duban.rehearsal.entities import REGISTERED_BY
from duban.rehearsal.errors import ScriptInvalid
from duban.rehearsal.judging import Verdict
from duban.rehearsal.report import Played, Surprise
from duban.rehearsal.script import DILIGENT, Script, Step, meant
from duban.rehearsal.searching import Search, found_anywhere
from duban.rehearsal.theatre import Theatre
from duban.seeds import read_calendar_csv
from duban.store import calendars, ledger

_COMMANDS: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand)
_ACCEPTED = "accepted"
_REFERENCE = re.compile(r"^(deadline|extension)\(([^()]+)\)$")


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


class Player:
    """Plays one campaign's steps."""

    def __init__(self, rehearsal: Rehearsal, stage: Theatre, offset: timedelta) -> None:
        self.rehearsal = rehearsal
        self.no = rehearsal.plan.no
        self.surprises: list[Surprise] = []
        self.shown: list[Verdict] = []
        self._stage = stage
        self._offset = offset
        self._count = 0
        self._made: dict[str, str] = {}
        self._entities: dict[str, Book] = {}
        self._checks = Inspections(stage, self.no)
        self._touched: set[str] = set()
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

    @property
    def played(self) -> Played:
        """What the report is told of it."""
        return Played(self.no, self.rehearsal.script, self.surprises, self._made, self.shown)

    async def play(self, step: Step) -> None:
        """Play a step; a refusal that was not foreseen, or a foreseen one that fails, is noted."""
        answer = None
        try:
            receipt = await self._act(step)
            if step.name and receipt is not None:
                self._made[step.name] = receipt.object_id
        except RuleViolation as why:
            answer = why.code.value
        if answer != step.refused:
            self._surprised(step, step.refused or _ACCEPTED, answer or _ACCEPTED)

    def _surprised(self, step: Step, expected: str, answer: str) -> None:
        name = step.name or step.do
        self.surprises.append(
            Surprise(at=step.instant, step=name, expected=expected, answer=answer)
        )

    async def rest(self) -> None:
        """Wait until the campaign knows how all that was touched since stands."""
        touched, self._touched = self._touched, set()
        for no in sorted(touched):
            await self._entities[no].rest(no)

    async def leave(self) -> None:
        """Let the campaign end here, and what belongs to it: others play on, its story is told."""
        for stream in self._streams():
            # What has come to its end by itself need not be ended.
            with suppress(RPCError):
                await self._stage.environment.client.get_workflow_handle(stream).terminate()

    def _streams(self) -> list[str]:
        """Return the workflows of the campaign and of what belongs to it."""
        own = (self._entities[no].stream(no) for no in self._entities)
        return [campaign_stream(self.no), *own]

    async def _act(self, step: Step) -> Receipt | None:
        on = step.instant.astimezone(SHANGHAI).date()
        by = await self._resolved(step.by)
        actor, request_id = self._actor(by, on), self._request_id()
        if step.do == "order_spot_check":
            await self._order(step, actor, request_id)
            return None
        if step.do == "publish_calendar":
            await self._publish(step, actor, request_id)
            return None
        if step.do == "search_everything":
            await self._search(step)
            return None
        said = {"type": step.do, "actor": actor.plain(), "request_id": request_id}
        fields = {**said, **await self._filled(step.fields)}
        try:
            return await (self._about(step.on, fields) if step.on else self._execute(fields))
        except ValidationError as error:
            raise self._invalid(step, error) from error

    async def _order(self, step: Step, actor: Actor, request_id: str) -> None:
        """Send the signal; what became of it is on the trail when all is, for it has no answer."""
        order = {"actor": actor.plain(), "request_id": request_id, **step.fields}
        await self._stage.gateway.order_spot_check(self.no, order)
        await self._stage.gateway.settle(self.no)
        for no in reversed(await self._checks.ordered(request_id)):
            self._entities[no] = self._checks
            # By its name an order stands for the first inspection that it opened.
            self._made[step.name] = no

    async def _execute(self, fields: Document) -> Receipt:
        """Carry a command of the campaign out; what it registers, or has drawn, is waited for."""
        command = _COMMANDS.validate_python(await self._checks.sealed(fields))
        receipt = await self._stage.gateway.execute(self.no, command)
        await self._checks.settled(command.type, receipt)
        if command.type in REGISTERED_BY:
            entities = REGISTERED_BY[command.type](self._stage, self.no, self.rehearsal.policy)
            self._entities[receipt.object_id] = entities
            await entities.opened(receipt.object_id)
        return receipt

    async def _about(self, on: str, fields: Document) -> Receipt:
        """Carry a command about what the campaign has registered out."""
        no = self._made.get(on, on)
        if no not in self._entities:
            raise RuleViolation(Code.OBJECT_NOT_FOUND, kind="problem", id=no)
        self._touched.add(no)
        receipt = await self._entities[no].carry_out(no, fields)
        learnt = self._entities[no].learnt.get(no, {})
        self._made |= {f"{on}.{name}": value for name, value in learnt.items()}
        return receipt

    async def _search(self, step: Step) -> None:
        """Look through all that is kept; what is found, and nothing else, is what is foreseen."""
        try:
            search = Search.model_validate(await self._filled(step.fields))
        except ValidationError as error:
            raise self._invalid(step, error) from error
        words = {*search.names, *search.openly}
        found = await found_anywhere(self._stage, self._streams(), words)
        foreseen = {*search.found, *search.openly}
        if found != foreseen:
            self._surprised(step, " ".join(sorted(foreseen)), " ".join(sorted(found)))
        if step.says:
            said = {"says": step.says, "says_en": step.says_en}
            seen = len(found & search.names)
            self.shown.append(Verdict(**said, met=found == foreseen, seen=seen))

    def _invalid(self, step: Step, error: ValidationError) -> ScriptInvalid:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = f"{step.do} {place}: {first['msg']}"
        return ScriptInvalid(file=self.rehearsal.script.title, reason=reason)

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

    async def _filled(self, value: Any) -> Any:
        """Return a value of a step with every reference in it resolved, however deep it stands."""
        if isinstance(value, dict):
            return {key: await self._filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [await self._filled(each) for each in value]
        return await self._resolved(value)

    async def _resolved(self, value: Any) -> Any:
        value = meant(value, self._made)
        found = _REFERENCE.match(value) if isinstance(value, str) else None
        if found is None:
            return value
        kind, (first, *rest) = found.group(1), re.split(r",\s*", found.group(2))
        names = ("object_id", "code", "holder") if kind == "deadline" else ("unit",)
        where: Document = {"status": "open"} if kind == "deadline" else {}
        where |= dict(zip(names, (self._made.get(first, first), *rest), strict=False))
        objects = await ledger.objects(self._stage.reader, kind, scope=self.no, where=where)
        return objects[-1].id if objects else value
