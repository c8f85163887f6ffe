"""Questions 9 and 10: who passed what is done, on what proof; of tasks, goals and items so far."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from duban.domain.entity.records import EvidenceKind
from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, OBJECT, UNIT, minutes_between, parts
from duban.questions.entries import Entry
from duban.questions.history import History
from duban.questions.question import Asked, Reply

_ENDS = {
    "campaign:task:closed": "task",
    "campaign:goal:achieved": "goal",
    "campaign:item:concluded": "deadline",
}
"""What ends a task, a goal or an item as done, each with the kind of object it is about."""


@dataclass(frozen=True, slots=True)
class _Closing:
    """One object that was passed: who claimed it, who verified it, who signed it off."""

    kind: str
    key: str
    claim: Entry | None
    verification: Entry
    signature: Entry | None

    @property
    def entries(self) -> tuple[Entry, ...]:
        every = (self.claim, self.verification, self.signature)
        return tuple(each for each in every if each is not None)

    @property
    def evidence(self) -> list[Document]:
        found = (each for entry in self.entries for each in evidence_of(entry))
        return list({str(sorted(each.items())): each for each in found}.values())


def evidence_of(entry: Entry) -> Iterator[Document]:
    """Yield the pieces of evidence that an entry brings."""
    yield from parts(entry.event.detail.get("evidence"))
    for change in entry.event.changes:
        yield from parts(change.after.get("evidence"))


def _closings(history: History) -> Iterator[_Closing]:
    """Yield what was passed, in the order of its passing; a goal or an item has no sign-off."""
    for entry in history.said(*_ENDS):
        kind, key = _ENDS[entry.event.tag], entry.event.object_id
        claim = _last(history, f"campaign:{kind}:claimed", key)
        verified = _last(history, f"campaign:{kind}:verified", key)
        if verified is None:
            yield _Closing(kind, key, claim, entry, None)
        else:
            yield _Closing(kind, key, claim, verified, entry)


def _last(history: History, tag: str, key: str) -> Entry | None:
    """Return the last entry of a tag about an object; None for none. What is passed is over."""
    return next(reversed(history.about(tag, key)), None)


def task_of(history: History, kind: str, key: str) -> str:
    """Return the task that an object is or belongs to."""
    if kind == "task":
        return key
    field = "task" if kind == "goal" else "object_id"
    return str(history.get(kind, key).get(field))


def _row(history: History, closing: _Closing, cells: Document, why: Iterable[Entry]) -> Row:
    head: Document = {
        "object_type": "item" if closing.kind == "deadline" else closing.kind,
        "object_id": closing.key,
        "unit": closing.verification.event.unit,
    }
    return Row(
        {**head, **cells},
        (*closing.entries, *why),
        units=(str(closing.verification.event.unit),),
        objects=(closing.key, task_of(history, closing.kind, closing.key)),
    )


def _signed_off(history: History, _: Asked) -> Iterator[Row]:
    """9: per passed object who claimed, verified and signed it off, on what, how soon (d.2)."""
    for each in _closings(history):
        claim, verified, signed = each.claim, each.verification, each.signature
        yield _row(
            history,
            each,
            {
                "requested_by": claim.event.actor.id if claim else None,
                "requested_at": claim.at if claim else None,
                "verified_by": verified.event.actor.id,
                "verified_at": verified.at,
                "minutes": minutes_between(claim, verified) if claim else None,
                "on_site": verified.event.detail.get("on_site"),
                "evidence": [one.get("reference") for one in each.evidence],
                "signed_off_by": signed.event.actor.id if signed else None,
                "signed_off_at": signed.at if signed else None,
            },
            (),
        )


SIGNED_OFF = Reply(
    (
        *OBJECT,
        UNIT,
        Column("requested_by"),
        Column("requested_at", Shape.MOMENT),
        Column("verified_by"),
        Column("verified_at", Shape.MOMENT),
        Column("minutes", Shape.NUMBER),
        Column("on_site", Shape.YES_NO),
        Column("evidence", Shape.LIST),
        Column("signed_off_by"),
        Column("signed_off_at", Shape.MOMENT),
    ),
    _signed_off,
)


def _unproven(history: History, _: Asked) -> Iterator[Row]:
    """10: passed without outcome evidence (EXP8), or on a file that serves another task too."""
    uses = _uses(history)
    for each in _closings(history):
        own = task_of(history, each.kind, each.key)
        elsewhere = {
            entry.key: f"{task} {entry.event.object_id}"
            for digest in _digests(each.evidence)
            for task, entry in uses.get(digest, ())
            if task != own
        }
        proven = any(one.get("kind") == EvidenceKind.OUTCOME for one in each.evidence)
        if proven and not elsewhere:
            continue
        cells: Document = {
            "at": (each.signature or each.verification).at,
            "verified_by": each.verification.event.actor.id,
            "evidence": [one.get("reference") for one in each.evidence],
            "no_outcome": not proven,
            "elsewhere": [*dict.fromkeys(elsewhere.values())],
        }
        yield _row(history, each, cells, (e for e in history.entries if e.key in elsewhere))


def _uses(history: History) -> dict[str, list[tuple[str, Entry]]]:
    """Return per file, by its digest, the entries that bring it as evidence, each with its task."""
    found: dict[str, list[tuple[str, Entry]]] = {}
    for entry in history.entries:
        for digest in _digests(evidence_of(entry)):
            task = task_of(history, entry.event.object_type, entry.event.object_id)
            found.setdefault(digest, []).append((task, entry))
    return found


def _digests(evidence: Iterable[Document]) -> list[str]:
    return [str(each["digest"]) for each in evidence if each.get("digest")]


UNPROVEN = Reply(
    (
        *OBJECT,
        UNIT,
        AT,
        Column("verified_by"),
        Column("evidence", Shape.LIST),
        Column("no_outcome", Shape.YES_NO),
        Column("elsewhere", Shape.LIST),
    ),
    _unproven,
)
