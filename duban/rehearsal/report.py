"""What a rehearsal showed, read back from its trail and its ledger, never from memory."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from duban.contracts import campaign_stream, clue_stream, inspection_stream, problem_stream
from duban.domain.calendars import Calendar
from duban.domain.events import Event, Outcome
from duban.domain.model import Document, Model
from duban.domain.problem.cards import RED, YELLOW
from duban.domain.problem.records import CardState
from duban.rehearsal.judging import Told, Verdict, shanghai_day, verdict
from duban.rehearsal.script import Script
from duban.store import ledger, trail
from duban.store.checks import TrailReport

if TYPE_CHECKING:
    from duban.rehearsal.theatre import Theatre


class Milestone(Model):
    """A stage, phase or gate and the Shanghai date on which it came."""

    on: date
    tag: str
    label: str


class Surprise(Model):
    """A step whose answer was not the one the script foresees."""

    at: datetime
    step: str
    expected: str
    answer: str


class Clash(Model):
    """A due date that deserves a second look before launch: near a holiday, or provisional."""

    deadline: str
    due_on: date
    kind: str


class ProblemCount(Model):
    """The problem ledger in numbers; `yellow` and `red` are the cards that stand.

    What was signed off twice counts twice; `explanations` are replies that were nothing else.
    """

    registered: int = 0
    signed_off: int = 0
    reopened: int = 0
    explanations: int = 0
    evidence: int = 0
    yellow: int = 0
    red: int = 0


class RehearsalReport(Model):
    """One campaign's course. `findings` is empty when the trail checks out."""

    no: str
    title: str
    script: str
    script_en: str
    stage: str
    milestones: tuple[Milestone, ...]
    deadlines: tuple[Document, ...]
    notices: tuple[Document, ...]
    tasks: dict[str, int]
    goals: dict[str, int]
    rungs: dict[str, int]
    late_notices: int
    refusals: tuple[Document, ...]
    clashes: tuple[Clash, ...]
    verdicts: tuple[Verdict, ...]
    surprises: tuple[Surprise, ...]
    events: int
    entries_checked: int
    findings: tuple[str, ...]
    problems: ProblemCount = ProblemCount()

    @property
    def held(self) -> bool:
        """Whether everything went as the script says and the trail checks out."""
        return (
            not self.surprises
            and not self.findings
            and self.entries_checked > 0
            and all(verdict.met for verdict in self.verdicts)
        )


_ENTITIES = {
    "problem": problem_stream,
    "clue_line": clue_stream,
    "inspection_line": inspection_stream,
}
"""Objects of a campaign by kind that tell of an entity, with the stream it speaks in."""


class Played(NamedTuple):
    """A played campaign: what surprised, what each named step made, what steps have shown."""

    no: str
    script: Script
    surprises: list[Surprise]
    made: dict[str, str]
    shown: list[Verdict]


async def collect(stage: "Theatre", played: Played, checked: TrailReport) -> RehearsalReport:
    """Read one campaign's report from the rehearsal database, whose trail was `checked`."""
    no, script, surprises, made, shown = played
    docs = await _documents(stage, no)
    told = await _told(stage, no)
    events = [event for _, event in told]
    campaign = docs["campaign"][0]
    notices = docs["notice"]
    return RehearsalReport(
        no=no,
        title=str(campaign["title"]),
        script=script.title,
        script_en=script.title_en,
        stage=str(campaign["stage"]),
        milestones=tuple(_milestones(events)),
        deadlines=tuple(sorted(docs["deadline"], key=lambda doc: str(doc["id"]))),
        notices=tuple(sorted(notices, key=lambda doc: (str(doc["sent_at"]), str(doc["id"])))),
        tasks=_counted(docs["task"]),
        goals=_counted(docs["goal"]),
        rungs=dict(Counter(str(doc["rung"]) for doc in notices)),
        late_notices=sum(1 for doc in notices if doc["late"]),
        refusals=tuple(_refusals(events)),
        clashes=tuple(await _clashes(stage, no, docs["deadline"])),
        verdicts=(*_judged(script, told, made), *shown),
        surprises=tuple(surprises),
        events=len(events),
        entries_checked=checked.entries,
        findings=tuple(f"{each.code} {each.where} {each.detail}" for each in checked),
        problems=_problems(docs, events),
    )


async def _told(stage: "Theatre", no: str) -> list[Told]:
    """Return the events of the campaign's stream, and then of those of its other entities."""
    streams = [(no, campaign_stream(no))]
    for kind, stream_of in _ENTITIES.items():
        found = await ledger.objects(stage.reader, kind, scope=no)
        streams += [(each.id, stream_of(each.id)) for each in found]
    return [
        (key, event)
        for key, stream in streams
        for event in await trail.stream_events(stage.reader, stream)
    ]


async def _documents(stage: "Theatre", no: str) -> dict[str, list[Document]]:
    """Return what stands on the ledger of a campaign, by kind."""
    kinds = ("campaign", "task", "goal", "deadline", "notice", "problem", "card", "evidence")
    return {
        kind: [each.doc for each in await ledger.objects(stage.reader, kind, scope=no)]
        for kind in kinds
    }


def _problems(docs: dict[str, list[Document]], events: list[Event]) -> ProblemCount:
    tags = Counter(event.tag for event in events)
    cards = Counter(doc["colour"] for doc in docs["card"] if doc["state"] == CardState.ISSUED)
    return ProblemCount(
        registered=len(docs["problem"]),
        signed_off=tags["problem:problem:signed_off"],
        reopened=tags["problem:problem:reopened"],
        explanations=sum(int(str(doc["explanations"])) for doc in docs["problem"]),
        evidence=len(docs["evidence"]),
        yellow=cards[YELLOW],
        red=cards[RED],
    )


_MILESTONES = (
    "campaign:campaign:created",
    "campaign:stage:",
    "campaign:plan:",
    "campaign:phase:",
    "campaign:review:",
    "campaign:gate:",
    "campaign:watch:",
    "campaign:calendar:",
)


def _milestones(events: list[Event]) -> Iterator[Milestone]:
    for event in events:
        if event.tag.startswith(_MILESTONES):
            label = event.detail.get("gate") or event.detail.get("stage") or event.object_id
            yield Milestone(on=shanghai_day(event.occurred_at), tag=event.tag, label=str(label))


def _counted(docs: list[Document]) -> dict[str, int]:
    return dict(Counter(str(doc["state"]) for doc in docs))


def _refusals(events: list[Event]) -> Iterator[Document]:
    for event in events:
        if event.outcome is Outcome.REJECTED:
            yield {
                "on": shanghai_day(event.occurred_at).isoformat(),
                "code": event.code,
                "actor": event.actor.id,
                "command": event.detail.get("command"),
            }


async def _clashes(stage: "Theatre", no: str, deadlines: list[Document]) -> Iterator[Clash]:
    found = await ledger.objects(stage.reader, "calendar", scope=no)
    calendar = max(
        (Calendar.model_validate(each.doc) for each in found),
        key=lambda each: each.version,
    )
    return iter(
        Clash(deadline=str(doc["id"]), due_on=due, kind=kind)
        for doc in deadlines
        for due in [date.fromisoformat(str(doc["current_due_on"]))]
        for kind in _kinds_of_clash(due, calendar)
    )


def _kinds_of_clash(due: date, calendar: Calendar) -> Iterator[str]:
    if due in calendar.makeup_workdays:
        yield "makeup_workday"
    before = calendar.add_working_days(due, -1)
    between = range(before.toordinal() + 1, due.toordinal())
    if any(date.fromordinal(day) in calendar.holidays for day in between):
        yield "right_after_holiday"
    if not calendar.is_working_day(due):
        yield "rest_day"
    if calendar.is_provisional(due):
        yield "provisional"


def _judged(script: Script, told: list[Told], made: dict[str, str]) -> Iterator[Verdict]:
    """Judge a story by its own events: others may play on in the same rehearsal after its end."""
    until = script.until or date.max
    own = [each for each in told if shanghai_day(each[1].occurred_at) <= until]
    return (verdict(each, own, made) for each in script.expect)
