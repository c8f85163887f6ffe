"""Builders of events and records for tests of the trail: small, valid, and told apart by words."""

from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from duban.contracts import Mode, Record
from duban.domain.events import Change, Event
from duban.domain.roles import Actor, Role

KEY = bytes(range(32))
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OFFICER = Actor(id="P-office", role=Role.OFFICE)


def an_event(
    seq: int, *changes: Change, tag: str = "campaign:note:made", **fields: object
) -> Event:
    """An event an hour after the one before it."""
    return Event.model_validate(
        {
            "seq": seq,
            "tag": tag,
            "occurred_at": START + timedelta(hours=seq),
            "actor": OFFICER,
            "object_type": "task",
            "object_id": "B-04",
            "unit": "U03",
            "policy_version": "2019-1",
            "calendar_version": 1,
            "detail": {"words": "督办"},
            "changes": changes,
            **fields,
        }
    )


def a_closing(seq: int) -> Event:
    """The closing entry of a stream whose last ordinal is `seq`."""
    return an_event(seq, tag="campaign:stream:closed", detail={"count": seq + 1})


def a_record(
    stream: str, *events: Event, mode: Mode = Mode.REHEARSAL, campaign: str | None = "BE-2019"
) -> Record:
    """A record of the given events."""
    return Record(stream=stream, campaign=campaign, mode=mode, events=events)


def a_run(stream: str, first: int, count: int, *, mode: Mode = Mode.REHEARSAL) -> Record:
    """A record of `count` plain events from the ordinal `first`."""
    return a_record(stream, *(an_event(seq) for seq in range(first, first + count)), mode=mode)


def a_change(kind: str, key: str, **after: JsonValue) -> Change:
    """A change that sets the given fields."""
    return Change(kind=kind, id=key, after=after)
