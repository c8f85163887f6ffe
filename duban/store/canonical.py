"""The exact bytes of an entry: the restricted JSON profile of audit.md 3.1, there and back.

Keys are ASCII and sorted, numbers are integers below 2^53, times are integer microseconds, and no
string holds U+0000 or half a surrogate pair. Within these limits the encoding is that of RFC 8785.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

import orjson

from duban.contracts import Record
from duban.domain.events import Change, Event
from duban.domain.model import Document
from duban.domain.roles import Actor
from duban.store.errors import ProfileViolation, TrailUnreadable
from duban.store.profile import CHANGE_DEPTH, DETAIL_DEPTH, strings, texts

LEAF_MAX: Final = 65_535
"""Bytes of a leaf: an entry bundle has 16-bit lengths (audit.md 1, C2SP tlog-tiles)."""
ENTRY_MAX: Final = LEAF_MAX - 128
"""Bytes of an entry: the database adds its clock and the writer's login, 63 bytes at most."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NUL = rb"\u0000"
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


@dataclass(slots=True)
class StoredEntry:
    """An entry as it stands on the trail. `leaf` is the record; all else is read from it."""

    leaf: bytes
    recorded_us: int
    by: str
    fields: Document
    event_id: UUID | None = None
    _texts: list[str] | None = field(default=None, compare=False, repr=False)

    @property
    def texts(self) -> list[str]:
        """What a search looks through, gathered once.

        Raises:
            ProfileViolation: something in the entry has no place in the profile.
        """
        if self._texts is None:
            self._texts = texts(self.fields)
        return self._texts

    @property
    def stream(self) -> str:
        """The entity that speaks."""
        return str(self.fields["stream"])

    @property
    def seq(self) -> int:
        """The entry's ordinal in its stream."""
        return cast(int, self.fields["seq"])

    @property
    def campaign(self) -> str | None:
        """The campaign's number, if it belongs to one."""
        return cast(str | None, self.fields.get("camp"))

    @property
    def occurred_us(self) -> int:
        """Business time in microseconds since 1970 (UTC)."""
        return cast(int, self.fields["occ"])

    @property
    def closing(self) -> int | None:
        """The count of its stream's entries, itself included, if this entry closes the stream."""
        return cast(int | None, self.fields.get("closing"))

    @property
    def recorded_at(self) -> datetime:
        """When the database stored it (UTC)."""
        return _EPOCH + timedelta(microseconds=self.recorded_us)

    @property
    def event(self) -> Event:
        """The event it records."""
        return event_of(self)


def entry(record: Record, event: Event) -> bytes:
    """Return the canonical entry of one event (audit.md 3.1).

    Raises:
        ProfileViolation: something in the event has no place in the profile.
    """
    # The rest is ours: its keys are ASCII, and it holds nothing but strings and integers.
    passed: list[str] = []
    strings(event.detail, passed, DETAIL_DEPTH)
    for each in event.changes:
        strings(each.before, passed, CHANGE_DEPTH)
        strings(each.after, passed, CHANGE_DEPTH)
    encoded = _dump(_entry_fields(record, event))
    if len(encoded) > ENTRY_MAX:
        raise ProfileViolation(reason="too_long", size=len(encoded), limit=ENTRY_MAX)
    return encoded


def encode(value: Any) -> bytes:
    """Return the canonical bytes of a JSON value of the profile.

    Raises:
        ProfileViolation: the value is outside the profile.
    """
    strings(value, [])
    return _dump(value)


def parse(leaf: str | bytes, event_id: UUID | None = None) -> StoredEntry:
    """Read a leaf. Its form is not judged here; `duban.store.checks` does.

    Raises:
        TrailUnreadable: the bytes are not a leaf.
    """
    try:
        data = leaf.encode() if isinstance(leaf, str) else leaf
        outer = orjson.loads(data)
        at, by, fields = outer["at"], outer["by"], outer["e"]
        named = isinstance(fields["stream"], str) and isinstance(by, str)
        counted = isinstance(fields["seq"], int) and isinstance(fields["occ"], int)
    except (ValueError, KeyError, TypeError) as error:
        raise TrailUnreadable(event=str(event_id)) from error
    if not (named and counted and isinstance(at, int)):
        raise TrailUnreadable(event=str(event_id))
    return StoredEntry(leaf=data, recorded_us=at, by=by, fields=fields, event_id=event_id)


def is_canonical(stored: StoredEntry) -> bool:
    """Say whether the leaf is the one canonical encoding of what it says."""
    try:
        again = _dump({"at": stored.recorded_us, "by": stored.by, "e": stored.fields})
        return again == stored.leaf and isinstance(stored.texts, list)
    except ProfileViolation:
        return False


def event_of(stored: StoredEntry | bytes) -> Event:
    """Return the event an entry was made of; the reverse of `entry`.

    Raises:
        TrailUnreadable: the entry does not hold an event.
    """
    fields: Any = orjson.loads(stored) if isinstance(stored, bytes) else stored.fields
    try:
        return Event.model_validate(_event_fields(fields))
    except (ValueError, KeyError, TypeError) as error:
        where = f"{fields.get('stream')}#{fields.get('seq')}"
        raise TrailUnreadable(event=where) from error


def microseconds(moment: datetime) -> int:
    """Return whole microseconds since 1970 (UTC), exactly.

    Raises:
        ProfileViolation: the time has no zone, or lies before 1970.
    """
    if moment.tzinfo is None:
        raise ProfileViolation(reason="naive_time")
    count = (moment - _EPOCH) // _MICROSECOND
    if count < 0:
        raise ProfileViolation(reason="before_1970")
    return count


def _entry_fields(record: Record, event: Event) -> dict[str, Any]:
    fields = {
        "v": 1,
        "stream": record.stream,
        "seq": event.seq,
        "mode": record.mode,
        "tag": event.tag,
        "occ": microseconds(event.occurred_at),
        "actor": _actor_fields(event.actor),
        "obj": {"type": event.object_type, "id": event.object_id},
        "outcome": event.outcome,
        "policy": event.policy_version,
        "cal": event.calendar_version,
    }
    optional = (
        ("detail", event.detail or None),
        ("changes", [_change_fields(each) for each in event.changes] or None),
        ("camp", record.campaign),
        ("unit", event.unit),
        ("reason", event.reason),
        ("basis", event.basis_doc),
        ("code", event.code),
        ("req", event.request_id),
        ("closing", _closing_count(event)),
    )
    return _with(fields, optional)


def _with(fields: dict[str, Any], optional: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    """Add what there is: the profile has no key for nothing."""
    return fields | {name: value for name, value in optional if value is not None}


def _change_fields(change: Change) -> dict[str, Any]:
    fields: dict[str, Any] = {"k": change.kind, "id": change.id}
    if change.before:
        fields["b"] = change.before
    if change.after:
        fields["a"] = change.after
    return fields


def _actor_fields(actor: Actor) -> dict[str, Any]:
    return _with(
        {"id": actor.id, "role": actor.role},
        (("unit", actor.unit), ("for", actor.on_behalf_of), ("delegation", actor.delegation_id)),
    )


def _closing_count(event: Event) -> int | None:
    """Return the count a closing event carries; it counts the closing entry too."""
    count = event.detail.get("count")
    if not event.tag.endswith(":stream:closed") or type(count) is not int:
        return None
    if count != event.seq + 1:
        raise ProfileViolation(reason="closing_count", count=count, seq=event.seq)
    return count


def _dump(value: Any) -> bytes:
    try:
        encoded = orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError as error:
        raise ProfileViolation(reason=str(error)) from error
    # Without its escaped backslashes, the bytes show this escape only where a string holds U+0000.
    # One byte is looked for much more quickly than six, and few entries have it.
    if b"\\" in encoded and _NUL in encoded.replace(rb"\\", b""):
        raise ProfileViolation(reason="nul_character")
    return encoded


def _event_fields(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "seq": fields["seq"],
        "tag": fields["tag"],
        "occurred_at": _EPOCH + timedelta(microseconds=fields["occ"]),
        "actor": _actor_of(fields["actor"]),
        "object_type": fields["obj"]["type"],
        "object_id": fields["obj"]["id"],
        "unit": fields.get("unit"),
        "reason": fields.get("reason"),
        "basis_doc": fields.get("basis"),
        "outcome": fields["outcome"],
        "code": fields.get("code"),
        "request_id": fields.get("req"),
        "policy_version": fields["policy"],
        "calendar_version": fields["cal"],
        "detail": fields.get("detail", {}),
        "changes": tuple(_change_of(each) for each in fields.get("changes", [])),
    }


def _actor_of(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": fields["id"],
        "role": fields["role"],
        "unit": fields.get("unit"),
        "on_behalf_of": fields.get("for"),
        "delegation_id": fields.get("delegation"),
    }


def _change_of(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": fields["k"],
        "id": fields["id"],
        "before": fields.get("b", {}),
        "after": fields.get("a", {}),
    }
