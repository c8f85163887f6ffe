"""Texts behind commitments: there as committed to, gone as erased, revealed as they were sealed.

Entries come first, then the texts beside them, one by one: no text is kept. What an entry tells of
other entries (reveals, erasures) and what only an erasure explains is judged over the whole trail.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg

from duban.domain.custody import CUSTODY_STREAM, ERASURE_STREAM, Deed
from duban.domain.events import Outcome
from duban.proof.commitments import commitment, opens
from duban.store.canonical import StoredEntry, parse
from duban.store.errors import TrailUnreadable
from duban.store.findings import Finding
from duban.store.payloads import BODY_SLOT, BOXED, OPEN, PayloadClass
from duban.store.pool import ERASER
from duban.verify.queries import SQL

PREFETCH: Final = 64
"""Texts fetched at once; the longest has 64 kB."""

Slot = tuple[str, str]
"""A text by the `stream#seq` of its entry and the slot."""


class Revealed(NamedTuple):
    """What an entry says that a sealed one was: the commitment to it, None if it cannot be read."""

    where: str
    target: Slot
    committed: str | None


class Erasure(NamedTuple):
    """An erasure as it was asked for: by whom, of what, on which basis."""

    requester: str
    target: Slot
    basis: str


class Erased(NamedTuple):
    """An erasure as it was carried out. `request` is the ordinal of the entry that asked for it."""

    where: str
    request: object
    erasure: Erasure
    sound: bool


@dataclass(slots=True)
class Told:
    """What entries tell of texts that only the whole trail can judge."""

    missing: dict[Slot, str] = field(default_factory=dict)
    revealed: list[Revealed] = field(default_factory=list)
    requests: dict[int, Erasure] = field(default_factory=dict)
    erased: list[Erased] = field(default_factory=list)
    sealed: int = 0

    def take(self, other: "Told") -> None:
        """Take in what was told elsewhere."""
        self.missing |= other.missing
        self.revealed += other.revealed
        self.requests |= other.requests
        self.erased += other.erased
        self.sealed += other.sealed


@dataclass(slots=True)
class _Committed:
    where: str
    name: str
    slots: dict[str, Any]
    classes: Any
    sealed: bool
    unseen: set[str]


class Texts:
    """Takes entries, then the texts beside them; `finish` says what none was there for."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.told = Told()
        self._entries: dict[UUID, _Committed] = {}

    def entry(self, stored: StoredEntry, where: str) -> None:
        """Note what an entry commits to, and what it tells of other entries' texts."""
        if "c" in stored.fields:
            self._commit(stored, where)
        accepted = stored.fields.get("outcome") == Outcome.ACCEPTED
        if accepted and stored.stream == ERASURE_STREAM:
            self._erasure(stored, where)
        elif accepted and stored.stream == CUSTODY_STREAM:
            self._reveal(stored, where)

    def text(self, row: asyncpg.Record) -> None:
        """Compare a text with what its entry committed to."""
        slot, known = row["slot"], self._entries.get(row["event_id"])
        if known is None or slot not in known.slots:
            self._note("PAYLOAD_ORPHAN", f"{row['event_id']} {slot}", "no entry commits to it")
            return
        known.unseen.discard(slot)
        where = f"{known.where} {slot}"
        classes = known.classes if isinstance(known.classes, dict) else {}
        enc = BOXED if row["class"] == PayloadClass.EMBARGO else OPEN
        if not opens(_digits(known.slots[slot]), row["salt"], row["body"]):
            self._note("PAYLOAD", where, "it is not what was committed to")
        elif known.sealed and slot == BODY_SLOT:
            self._note("PAYLOAD", where, "what is sealed stands there in the clear")
        elif (row["class"], row["enc"], row["embargo_until_us"]) != (classes.get(slot), enc, None):
            self._note("PAYLOAD", where, "who may read it is not what its entry says")

    def finish(self) -> Told:
        """Return what was told, with the commitments that no text was there for."""
        for each in self._entries.values():
            self.told.missing |= {(each.name, slot): each.where for slot in each.unseen}
        return self.told

    def _commit(self, stored: StoredEntry, where: str) -> None:
        slots, event = stored.fields["c"], stored.event_id
        if not isinstance(slots, dict) or event is None:
            self._note("PAYLOAD", where, "its commitments cannot be read")
            return
        sealed = stored.fields.get("sealed") is True
        unseen = set(slots) - ({BODY_SLOT} if sealed else set())
        self.told.sealed += sealed
        classes = stored.fields.get("class")
        self._entries[event] = _Committed(where, _name(stored), slots, classes, sealed, unseen)

    def _erasure(self, stored: StoredEntry, where: str) -> None:
        fields, detail = stored.fields, _dict(stored.fields.get("detail"))
        target = str(detail.get("target")), str(detail.get("slot"))
        actor, basis = str(_dict(fields.get("actor")).get("id")), str(fields.get("basis", ""))
        if fields.get("tag") == Deed.REQUEST:
            self.told.requests[stored.seq] = Erasure(actor, target, basis)
        elif fields.get("tag") == Deed.ERASE:
            asked = Erasure(str(detail.get("requester")), target, basis)
            sound = stored.by == ERASER and actor != asked.requester and basis.strip() != ""
            self.told.erased.append(Erased(where, detail.get("request"), asked, sound))

    def _reveal(self, stored: StoredEntry, where: str) -> None:
        if stored.fields.get("tag") != Deed.REVEAL:
            return
        detail = _dict(stored.fields.get("detail"))
        target = str(detail.get("target")), str(detail.get("slot"))
        try:
            salt = bytes.fromhex(str(detail.get("salt")))
            committed = commitment(salt, str(detail.get("body")).encode()).hex()
        except ValueError:
            committed = None
        self.told.revealed.append(Revealed(where, target, committed))

    def _note(self, code: str, where: str, detail: str) -> None:
        self.findings.append(Finding(code, where, detail))


async def judge_texts(connection: asyncpg.Connection, told: Told) -> list[Finding]:
    """Return what erasures and reveals do not explain, or do not do; within a transaction.

    Raises:
        asyncpg.PostgresError: PostgreSQL cannot answer.
    """
    found = list(_missing(told))
    for each in told.erased:
        target, slot = each.erasure.target
        rows = await connection.fetch(SQL["texts_at"], *_place(target))
        if slot in {row["slot"] for row in rows}:
            told_of = f"the text {slot} of {target} is still there"
            found.append(Finding("ERASURE_NOT_DONE", each.where, told_of))
    for reveal in told.revealed:
        target, slot = reveal.target
        leaf = await connection.fetchval(SQL["entry_at"], *_place(target))
        if reveal.committed is None or reveal.committed != _sealed(leaf).get(slot):
            found.append(Finding("REVEAL", reveal.where, f"{target} was not sealed over this"))
    return found


def unopened(told: Told) -> int:
    """Return how many sealed entries nobody has revealed: what they are about cannot be judged."""
    return told.sealed - len({each.target for each in told.revealed})


def _missing(told: Told) -> Iterator[Finding]:
    granted = {e.erasure.target for e in told.erased if e.sound and _asked(told, e)}
    claimed = {each.erasure.target for each in told.erased}
    for target, where in told.missing.items():
        if target in granted:
            continue
        why = "erased without two people and a basis" if target in claimed else "no erasure says so"
        yield Finding("PAYLOAD_MISSING", f"{where} {target[1]}", f"its text is gone, {why}")


def _asked(told: Told, erased: Erased) -> bool:
    """Say whether the entry that an erasure names asked for just this."""
    request = erased.request
    return isinstance(request, int) and told.requests.get(request) == erased.erasure


def _sealed(leaf: str | None) -> dict[str, Any]:
    try:
        fields = parse(leaf).fields if leaf is not None else {}
    except TrailUnreadable:
        fields = {}
    return _dict(fields.get("c")) if fields.get("sealed") is True else {}


def _place(target: str) -> tuple[str, int]:
    stream, _, seq = target.rpartition("#")
    return stream, int(seq) if seq.isdecimal() and len(seq) < len(str(1 << 62)) else -1


def _name(stored: StoredEntry) -> str:
    return f"{stored.stream}#{stored.seq}"


def _digits(written: object) -> bytes:
    try:
        return bytes.fromhex(written) if isinstance(written, str) else b""
    except ValueError:
        return b""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
