"""What a rehearsal showed, read back from its trail and its ledger, never from memory."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from duban.contracts import campaign_stream
from duban.domain.calendars import Calendar
from duban.domain.counting import SHANGHAI
from duban.domain.events import Event, Outcome
from duban.domain.model import Document, Model
from duban.rehearsal.script import Expectation, Script
from duban.store import ledger, trail
from duban.store.checks import TrailRules, check_trail

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


class Verdict(Model):
    """One expectation of the script and whether the trail bears it out."""

    says: str
    says_en: str
    met: bool
    seen: int


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

    @property
    def held(self) -> bool:
        """Whether everything went as the script says and the trail checks out."""
        return (
            not self.surprises
            and not self.findings
            and self.entries_checked > 0
            and all(verdict.met for verdict in self.verdicts)
        )


async def collect(
    stage: "Theatre", no: str, script: Script, surprises: list[Surprise]
) -> RehearsalReport:
    """Read one campaign's report from the rehearsal database."""
    events = await trail.stream_events(stage.reader, campaign_stream(no))
    docs = await _documents(stage, no)
    checked = await check_trail(stage.verifier, TrailRules(key=stage.key))
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
        verdicts=tuple(_verdict(each, _within(script, events)) for each in script.expect),
        surprises=tuple(surprises),
        events=len(events),
        entries_checked=checked.entries,
        findings=tuple(f"{each.code} {each.where} {each.detail}" for each in checked),
    )


async def _documents(stage: "Theatre", no: str) -> dict[str, list[Document]]:
    """Return what stands on the ledger of a campaign, by kind."""
    return {
        kind: [each.doc for each in await ledger.objects(stage.reader, kind, scope=no)]
        for kind in ("campaign", "task", "goal", "deadline", "notice")
    }


def shanghai_day(instant: datetime) -> date:
    """Return the Shanghai date of an instant."""
    return instant.astimezone(SHANGHAI).date()


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


def _within(script: Script, events: list[Event]) -> list[Event]:
    """Return the events of a story: others may play on in the same rehearsal after its end."""
    until = script.until or date.max
    return [event for event in events if shanghai_day(event.occurred_at) <= until]


def _verdict(expected: Expectation, events: list[Event]) -> Verdict:
    seen = sum(1 for event in events if _fits(expected, event))
    met = seen == expected.count if expected.count is not None else seen >= expected.at_least
    return Verdict(says=expected.says, says_en=expected.says_en, met=met, seen=seen)


def _fits(expected: Expectation, event: Event) -> bool:
    if event.tag != expected.tag:
        return False
    plain: dict[str, Any] = {
        **event.plain(),
        "day": shanghai_day(event.occurred_at).isoformat(),
        "changes": _changes(event),
    }
    return all(
        str(wanted) in [str(value) for value in _at(plain, path.split("."))]
        for path, wanted in expected.where.items()
    )


def _changes(event: Event) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for change in event.changes:
        found.setdefault(change.kind, []).append(change.after)
    return found


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    """Yield every value at a dotted path; a list stands for each of its members."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from _at(each, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])
