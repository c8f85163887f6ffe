"""What was passed as done, by whom and on what: tasks, goals, items and problems alike."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from duban.domain.model import Document
from duban.questions.columns import parts
from duban.questions.entries import Entry
from duban.questions.history import History

SIGNED_OFF = "problem:problem:signed_off"
_ENDS = {
    "campaign:task:closed": "task",
    "campaign:goal:achieved": "goal",
    "campaign:item:concluded": "deadline",
    SIGNED_OFF: "problem",
}
"""What ends a task, a goal, an item or a problem as done, each with the kind of object."""


@dataclass(frozen=True, slots=True)
class Closing:
    """One object that was passed: who claimed it, verified it, signed it off, on what evidence."""

    kind: str
    key: str
    claim: Entry | None
    verification: Entry
    signatures: tuple[Entry, ...]
    evidence: tuple[Document, ...]
    also: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that tell of it."""
        claim = (self.claim,) if self.claim else ()
        return (*self.also, *claim, self.verification, *self.signatures)

    @property
    def last(self) -> Entry:
        """The entry with which it was passed."""
        return (self.verification, *self.signatures)[-1]

    @property
    def references(self) -> list[JsonValue]:
        """What its evidence refers to."""
        return [each.get("reference") for each in self.evidence]


def closings(history: History) -> Iterator[Closing]:
    """Yield what was passed, in the order of its passing; a goal or an item has no sign-off."""
    files = _files(history)
    for entry in history.said(*_ENDS):
        kind = _ENDS[entry.event.tag]
        if kind == "problem":
            yield _of_problem(history, entry, files.get(entry.no, []))
        else:
            yield _of_campaign(history, kind, entry)


def _of_campaign(history: History, kind: str, end: Entry) -> Closing:
    key = end.event.object_id
    claim = history.last(f"campaign:{kind}:claimed", key, end)
    verified = history.last(f"campaign:{kind}:verified", key, end)
    signatures = (end,) if verified else ()
    every = (claim, verified or end, *signatures)
    told = (each for entry in every if entry for each in evidence_in(entry))
    evidence = {str(sorted(each.items())): each for each in told}
    return Closing(kind, key, claim, verified or end, signatures, tuple(evidence.values()))


def _of_problem(history: History, end: Entry, files: list[Entry]) -> Closing:
    """Return how a problem was signed off, on the files that nothing had replaced by then."""
    no = end.no
    verified = history.last("problem:verification:passed", no, end)
    assert verified is not None
    signed = [
        each
        for each in history.about("problem:close:signed", no)
        if history.place(verified) < history.place(each) < history.place(end)
    ]
    brought = [
        each
        for each in files
        if history.place(each) < history.place(end)
        and history.before("evidence", each.event.object_id, "superseded_by", end) is None
    ]
    pieces = (history.get("evidence", each.event.object_id) for each in brought)
    return Closing(
        "problem",
        no,
        history.last("problem:close:requested", no, verified),
        verified,
        tuple(signed),
        tuple({**each, "reference": f"{each['id']} {each['title']}"} for each in pieces),
        (*brought, end),
    )


def _files(history: History) -> dict[str, list[Entry]]:
    """Return per problem the entries that put a file on it."""
    found: dict[str, list[Entry]] = {}
    for entry in history.said("problem:evidence:added"):
        found.setdefault(entry.no, []).append(entry)
    return found


def evidence_in(entry: Entry) -> Iterator[Document]:
    """Yield the pieces of evidence that an entry brings."""
    yield from parts(entry.event.detail.get("evidence"))
    for change in entry.event.changes:
        yield from parts(change.after.get("evidence"))
        if change.kind == "evidence":
            yield change.after


def owner_of(history: History, entry: Entry) -> str:
    """Return the task or problem that an entry is about, itself or by its goal or clock."""
    if entry.noun == "problem":
        return entry.no
    kind, key = entry.event.object_type, entry.event.object_id
    if kind == "task":
        return key
    field = "task" if kind == "goal" else "object_id"
    return str(history.get(kind, key).get(field))
