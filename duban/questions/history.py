"""What a campaign was at a moment, and how it came to be: the fold of the entries known then.

Unlike the state of a running campaign it keeps what is over: met deadlines, superseded calendars.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from itertools import accumulate, chain

from pydantic import JsonValue

from duban.domain.calendars import Calendar
from duban.domain.events import Change
from duban.domain.model import Document
from duban.domain.policy import PolicyVersion
from duban.questions.entries import Entry


class History:
    """The objects of one campaign and of its problems as their entries tell them.

    `entries` are in the order of `known_by`, from the campaign's creation on.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._objects: dict[str, dict[str, Document]] = {}
        self._touched: dict[tuple[str, str], list[Entry]] = {}
        self._said: dict[str, list[Entry]] = {}
        self._about: dict[tuple[str, str], list[Entry]] = {}
        self._streams: dict[str, list[Entry]] = {}
        self._places: dict[str, int] = {}
        for place, entry in enumerate(self.entries):
            self._places[entry.key] = place
            self._streams.setdefault(entry.stream, []).append(entry)
            about = (entry.event.tag, entry.event.object_id)
            self._said.setdefault(entry.event.tag, []).append(entry)
            self._about.setdefault(about, []).append(entry)
            for change in entry.event.changes:
                fields = self._objects.setdefault(change.kind, {}).setdefault(change.id, {})
                fields.update(change.after)
                self._touched.setdefault((change.kind, change.id), []).append(entry)

    @property
    def streams(self) -> Iterable[list[Entry]]:
        """The entries of each stream, in the order in which the streams began."""
        return self._streams.values()

    @property
    def own(self) -> list[Entry]:
        """The entries of the campaign itself."""
        return next((each for each in self.streams if each[0].noun == "campaign"), [])

    def place(self, entry: Entry) -> int:
        """Return the place of an entry among all that were known."""
        return self._places[entry.key]

    def table(self, kind: str) -> dict[str, Document]:
        """Return the objects of a kind by their keys, in the order in which they came to be."""
        return self._objects.get(kind, {})

    def get(self, kind: str, key: object) -> Document:
        """Return one object; an empty one if there is none."""
        return self.table(kind).get(str(key), {})

    def said(self, *tags: str) -> Iterator[Entry]:
        """Yield the entries of some tags in their order."""
        found = chain.from_iterable(self._said.get(tag, ()) for tag in tags)
        yield from sorted(found, key=self.place)

    def about(self, tag: str, key: object) -> list[Entry]:
        """Return the entries of a tag that are about one object, in their order."""
        return self._about.get((tag, str(key)), [])

    def last(self, tag: str, key: object, before: Entry) -> Entry | None:
        """Return the last entry of a tag about an object before another entry; None for none."""
        place = self.place(before)
        earlier = (each for each in reversed(self.about(tag, key)) if self.place(each) < place)
        return next(earlier, None)

    def touched(self, kind: str, key: object) -> list[Entry]:
        """Return the entries that made or changed an object, in their order."""
        return self._touched.get((kind, str(key)), [])

    def first(self, kind: str, key: object) -> tuple[Entry, ...]:
        """Return the entry in which an object came to be; none if it never did."""
        return tuple(self.touched(kind, key)[:1])

    def setting(self, kind: str, key: object, field: str) -> tuple[Entry, ...]:
        """Return the last entry that set a field of an object; none if none did."""
        for entry in reversed(self.touched(kind, key)):
            if any(field in each.after for each in changes_of(entry, kind, key)):
                return (entry,)
        return ()

    def head(self, entry: Entry) -> Entry:
        """Return the entry that tells why: the first of those that an act was too large for."""
        first = entry.event.detail.get("continues")
        return self._streams[entry.stream][first] if isinstance(first, int) else entry

    def before(self, kind: str, key: object, field: str, entry: Entry) -> JsonValue:
        """Return a field's value as it stood just before an entry; None for none."""
        place = self.place(entry)
        for each in reversed(self.touched(kind, key)):
            if self.place(each) < place:
                for change in changes_of(each, kind, key):
                    if field in change.after:
                        return change.after[field]
        return None

    def working_days(self, since: date, until: date) -> int | None:
        """Return the working days in (since, until]; None beyond the end of the calendar."""
        if until > self.calendar.last_on:
            return None
        return self._worked[until] - self._worked[since]

    @cached_property
    def _worked(self) -> dict[date, int]:
        """How many working days the calendar in force has up to each of its days."""
        first, last = self.calendar.first_on.toordinal(), self.calendar.last_on.toordinal()
        days = [date.fromordinal(each) for each in range(first, last + 1)]
        return dict(zip(days, accumulate(map(self.calendar.is_working_day, days)), strict=True))

    @property
    def campaign(self) -> Document:
        """The campaign itself."""
        return next(iter(self.table("campaign").values()))

    @property
    def policy(self) -> PolicyVersion:
        """The ruler in force."""
        return PolicyVersion.model_validate(next(reversed(self.table("policy").values())))

    @cached_property
    def calendars(self) -> tuple[Calendar, ...]:
        """Every calendar version the campaign had, the one it began with first."""
        return tuple(Calendar.model_validate(each) for each in self.table("calendar").values())

    @property
    def calendar(self) -> Calendar:
        """The calendar in force."""
        return self.calendars[-1]


def either(*acts: str) -> tuple[str, ...]:
    """Return the tags of acts that a campaign and a problem are both told of."""
    return tuple(f"{noun}:{act}" for act in acts for noun in ("campaign", "problem"))


def changes_of(entry: Entry, kind: str, key: object) -> Iterator[Change]:
    """Yield what an entry changes of one object."""
    for change in entry.event.changes:
        if (change.kind, change.id) == (kind, str(key)):
            yield change
