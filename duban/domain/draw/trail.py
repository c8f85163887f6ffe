"""A revealed draw of inspections held against the entries of its campaign (f.3, steps 3 to 9).

A record can be consistent with itself and yet be another one than was committed to. What the trail
said at the time settles that: hashes before the number, the number before the targets.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from pydantic import ValidationError

from duban.domain.campaign.restore import beginning
from duban.domain.draw.basis import Rules
from duban.domain.draw.record import DrawRecord, SiblingState
from duban.domain.draw.sheets import Sheet, joined
from duban.domain.events import Change, Event, Outcome

RECORD: Final = "draw_record"
"""The kind of the changes that hold a record: `Sheet`s, or the whole where one entry takes it."""

STEPS: Final = tuple(
    f"campaign:draw:{verb}" for verb in ("asked", "committed", "witnessed", "drawn", "revealed")
)


class TrailFault(StrEnum):
    """What the trail says against a record."""

    ORDER = "order"
    DIFFERS = "differs"
    POLICY = "policy"
    HIDDEN = "hidden"


def revealed(events: Iterable[Event], no: str) -> list[Change]:
    """Return the changes by which a campaign revealed a draw; none before it did."""
    return [
        each
        for event in events
        if event.outcome is Outcome.ACCEPTED
        for each in event.changes
        if each.kind == RECORD and each.id.partition("/")[0] == no
    ]


def record_of(events: Iterable[Event], no: str) -> DrawRecord | None:
    """Return the record of a draw as its campaign revealed it; None when there is none to read."""
    told = revealed(events, no)
    try:
        if [each.id for each in told] == [no]:
            return DrawRecord.model_validate(told[0].after)
        return joined(Sheet.model_validate(each.after) for each in told)
    except ValidationError:
        return None


def trail_faults(events: Sequence[Event], record: DrawRecord) -> list[TrailFault]:
    """Return everything that the entries of a campaign say against a record.

    Raises:
        RuleViolation: OBJECT_NOT_FOUND when they do not begin with the campaign's creation.
    """
    policy, _ = beginning(events)
    until = [each for each in events if each.outcome is Outcome.ACCEPTED]
    ends = [at for at, each in enumerate(until) if _is_step(each, record.no, STEPS[-1])]
    until = until[: ends[0] + 1] if ends else until
    said = {tag: [each for each in until if _is_step(each, record.no, tag)] for tag in STEPS}
    found = set()
    order = [each.tag for each in until if _is_step(each, record.no, *STEPS)]
    if order != list(STEPS):
        found.add(TrailFault.ORDER)
    if not all(_agree(said, record)):
        found.add(TrailFault.DIFFERS)
    if Rules.of(policy) != record.frozen.basis.rules:
        found.add(TrailFault.POLICY)
    if _draws(until, record.no) != _listed(record):
        found.add(TrailFault.HIDDEN)
    return sorted(found, key=list(TrailFault).index)


def _is_step(event: Event, no: str, *tags: str) -> bool:
    return event.tag in tags and (event.object_type, event.object_id) == ("draw", no)


def _agree(said: Mapping[str, Iterable[Event]], record: DrawRecord) -> Iterator[bool]:
    """Yield for each step whether every entry of it said what the record says, and by whom."""
    frozen, no = record.frozen, record.no
    asked, committed, witnessed, drawn, _ = STEPS
    yield all(each.actor.id in record.run_by for each in said[asked])
    yield all(each.actor.id in record.witnesses for each in said[witnessed])
    due: dict[str, dict[str, Any]] = {
        committed: {
            "commit": record.commit,
            "pop_hash": frozen.pop_hash,
            "params_hash": frozen.params_hash,
        },
        witnessed: {"number": record.number, "witnesses": list(record.witnesses)},
        drawn: {"commitments": {each.inspection: each.commitment for each in record.targets}},
    }
    for tag, values in due.items():
        for event in said[tag]:
            told = {**event.detail, **_of_draw(event, no)}
            yield all(told.get(name) == value for name, value in values.items())


def _of_draw(event: Event, no: str) -> Mapping[str, Any]:
    return next((c.after for c in event.changes if (c.kind, c.id) == ("draw", no)), {})


def _draws(events: Iterable[Event], no: str) -> dict[str, bool]:
    """Return the draws of a year that a campaign made, and whether each is void."""
    year, found = no.partition("-")[0], dict[str, bool]()
    for event in events:
        for each in event.changes:
            if each.kind == "draw" and each.id.startswith(f"{year}-"):
                state = each.after.get("state")
                void = found.get(each.id, False)
                found[each.id] = void if state is None else state == SiblingState.VOIDED
    return found


def _listed(record: DrawRecord) -> dict[str, bool]:
    return {each.no: each.state is SiblingState.VOIDED for each in record.siblings}
