"""Earlier circulars as history (K87): recorded once, told apart, counted as what recurs."""

from datetime import date
from typing import Any

import pytest

from duban.domain.circulars import CircularEntry, batches, recording, refusal
from duban.domain.entity.entries import EVENT_BYTES
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Outcome
from duban.domain.outside import Import
from duban.domain.problem.state import Earlier, Register
from duban.domain.problem.words import ProblemType
from tests.support.builders import an_actor, people, shanghai
from tests.support.problems import ProblemDesk

NOW = shanghai("2019-03-04", "10:00")
ASKED = Import(actor=an_actor("OF-1"), file="0" * 64, request_id="import-0001")


def an_entry(item: int = 1, **changes: Any) -> CircularEntry:
    fields: dict[str, Any] = {
        "circular": "庆作风办通报〔2018〕3号",
        "item": item,
        "issued_on": date(2018, 12, 20),
        "unit": "市自然资源局",
        "matter": "窗口工作人员离岗",
        "problem_type": ProblemType.INACTION,
    }
    return CircularEntry(**{**fields, **changes})


def test_k87_an_entry_is_known_by_its_circular_and_item() -> None:
    entries = [an_entry(1), an_entry(2)]

    event = recording(ASKED, entries, {an_entry(1).key: an_entry(1)}, (5, NOW))

    assert event is not None
    assert [each.id for each in event.changes] == ["庆作风办通报〔2018〕3号#2"]
    assert (event.object_type, event.object_id, event.detail["count"]) == ("trail", "all", 1)
    assert recording(ASKED, entries, {each.key: each for each in entries}, (5, NOW)) is None


def test_k87_a_refused_import_says_why() -> None:
    why = RuleViolation(Code.ACTOR_UNKNOWN, actor="X")

    event = refusal(ASKED, why, (0, NOW))

    assert (event.outcome, event.code, event.changes) == (Outcome.REJECTED, "actor.unknown", ())


def test_k87_entries_are_the_same_but_for_where_the_person_stands() -> None:
    assert an_entry(named="person.1").tells(an_entry())
    assert not an_entry().tells(an_entry(matter="别的事"))


def test_batches_fit_an_entry_of_the_trail() -> None:
    entries = [an_entry(item, matter="长" * 4000, result="长" * 2000) for item in range(1, 6)]

    runs = list(batches(entries))

    assert [each for run in runs for each in run] == entries
    events = [recording(ASKED, run, {}, (0, NOW)) for run in runs]
    sizes = [len(event.model_dump_json().encode()) for event in events if event]
    assert max(sizes) < EVENT_BYTES
    assert len(runs) == 5
    assert list(batches([])) == []
    assert len(list(batches([an_entry(item) for item in range(1, 21)]))) == 1


@pytest.mark.parametrize(
    ("issued_on", "recurs"),
    [(date(2018, 10, 24), ("庆作风办通报〔2018〕3号#2",)), (date(2018, 10, 23), ())],
)
def test_k87_a_repeat_of_an_entry_within_the_window_counts_as_recurrence(
    issued_on: date, recurs: tuple[str, ...]
) -> None:
    """d.7: the window is the ruler's six months, for circulars as for problems."""
    before = Earlier(no="庆作风办通报〔2018〕3号#2", signed_off_on=issued_on)
    desk = ProblemDesk(given=Register(people=tuple(people()), earlier=(before,)))
    desk.triaged().assigned()

    assert desk.record.recurs == recurs
    [said] = desk.said("problem:assigned")
    assert said.detail.get("recurs") == (list(recurs) or None)
