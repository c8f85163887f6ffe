"""Draws of inspections as the trail reveals them (f.3, step 8), judged by that alone.

Until it is revealed the trail holds hashes of a draw and nothing else: nothing can be told of it.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from pydantic import JsonValue, ValidationError

from duban.domain.campaign.draw_proof import DrawFault, of_draw
from duban.domain.campaign.draw_records import DrawState
from duban.domain.draw.record import DrawRecord, doubts, faults
from duban.domain.draw.sheets import Sheet, joined
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of

REVEALED: Final = "campaign:draw:revealed"
_ASKED: Final = "campaign:draw:reveal_asked"
_STEPS: Final = (
    "campaign:draw:asked",
    "campaign:draw:committed",
    "campaign:draw:witnessed",
    "campaign:draw:drawn",
    REVEALED,
)
_BOUND: Final = {
    _STEPS[0]: ("run_by",),
    _STEPS[1]: ("commit", "pop_hash", "params_hash"),
    _STEPS[2]: ("number", "witnesses"),
    _STEPS[3]: ("commitments",),
}
"""What each step says that nobody may say otherwise afterwards."""


def records(history: History) -> Iterator[tuple[Entry, DrawRecord]]:
    """Yield the records of revealed draws, each with the entry that says so."""
    for entry in history.said(REVEALED):
        record = record_of(history, entry.event.object_id)
        if record is not None:
            yield entry, record


def record_of(history: History, no: str) -> DrawRecord | None:
    """Return the record of a draw; None while it is not revealed, or cannot be read."""
    told = history.table("draw_record").values()
    try:
        return joined(Sheet.model_validate(each) for each in told if each.get("draw") == no)
    except ValidationError:
        return None


def judged(history: History, no: str) -> tuple[bool | None, list[str]]:
    """Return whether a draw holds, and what is wrong with it or keeps one from saying so."""
    revealed = history.about(REVEALED, no)
    record = record_of(history, no)
    if record is None:
        wrong = [*_step_faults(history, no), *([DrawFault.UNREADABLE.value] if revealed else [])]
        return (False, wrong) if wrong else (None, [])
    found = [*(each.value for each in faults(record)), *_step_faults(history, no)]
    if not _is_of_trail(history, record, revealed):
        found.append(DrawFault.CHANGED.value)
    doubted = [each.value for each in doubts(record)]
    holds = False if found else None if doubted else True
    return holds, [*dict.fromkeys([*found, *doubted])]


def _step_faults(history: History, no: str) -> Iterator[str]:
    """The steps come in their order, each once, and no other says again what one of them said."""
    told = of_draw((each.event for each in history.own), no)
    steps = [each.tag for each in told if each.tag in _STEPS]
    if steps != list(_STEPS[: len(steps)]):
        yield DrawFault.ORDER.value


def _is_of_trail(history: History, record: DrawRecord, revealed: list[Entry]) -> bool:
    """Say whether a record tells what its campaign had said at each step, before it knew more."""
    bound: dict[str, object] = {
        "run_by": [*record.run_by],
        "commit": record.commit,
        "pop_hash": record.frozen.pop_hash,
        "params_hash": record.frozen.params_hash,
        "number": record.number,
        "witnesses": [*record.witnesses],
        "commitments": {each.inspection: each.commitment for each in record.targets},
    }
    changes = (
        (change, name)
        for tag, names in _BOUND.items()
        for entry in history.about(tag, record.no)
        for change in changes_of(entry, "draw", record.no)
        for name in names
    )
    is_so = all(change.after.get(name) == bound[name] for change, name in changes)
    return is_so and _siblings_are_of_trail(history, record, revealed)


def _siblings_are_of_trail(history: History, record: DrawRecord, revealed: list[Entry]) -> bool:
    """Say whether the draws around it are those of the trail, from its asking to its revealing.

    While a record was made another draw may have begun, or have been made void.
    """
    year = record.no.partition("-")[0]
    asked = history.about(_ASKED, record.no)
    first, last = (_around(history, each, year) for each in (asked[-1], revealed[-1]))
    void = {(each.no, each.void_reason) for each in record.siblings if each.void_reason}
    numbers = {(each.no, each.purpose) for each in record.siblings}
    return first.numbers <= numbers <= last.numbers and first.void <= void <= last.void


class _Around(NamedTuple):
    numbers: set[tuple[JsonValue, JsonValue]]
    void: set[tuple[JsonValue, JsonValue]]


def _around(history: History, until: Entry, year: str) -> _Around:
    """Return the draws of a year as they stood just before an entry."""
    then = History(history.entries[: history.place(until)]).table("draw")
    known = {no: draw for no, draw in then.items() if no.startswith(f"{year}-")}
    return _Around(
        {(no, draw.get("purpose")) for no, draw in known.items()},
        {
            (no, draw.get("void_reason"))
            for no, draw in known.items()
            if draw.get("state") == DrawState.VOIDED
        },
    )
