"""The judge of the kills: whatever could go wrong with an entry, it says so."""

from pathlib import Path

import pytest

from duban.store.canonical import entry
from tests.support.chaos_judge import Judgement, Row, judge_load
from tests.support.chaos_load import Notes, Sent, acknowledged, in_flight, notes_of, read, resumed

NOW_US = 1_795_395_600_000_000
KEPT = Sent("again-1", 0, 2, NOW_US)
OPEN = Sent("once-1-0", 0, 2, NOW_US)
NOTES = Notes({("again-1", 0): KEPT, ("once-1-0", 0): OPEN}, {("again-1", 0)})


def rows_of(each: Sent) -> list[Row]:
    record = each.record()
    heads = [f'{{"at":{NOW_US},"by":"duban_worker","e":', "}"]
    return [
        {
            "stream": each.stream,
            "seq": event.seq,
            "leaf": entry(record, event).decode().join(heads),
        }
        for event in record.events
    ]


def judged(*rows: Row) -> Judgement:
    found = Judgement()
    judge_load(found, NOTES, rows)
    return found


@pytest.mark.parametrize(("there", "count"), [([], 0), (rows_of(OPEN), 2)])
def test_what_was_never_acknowledged_may_be_there_or_not(there: list[Row], count: int) -> None:
    found = judged(*rows_of(KEPT), *there)

    assert found.faults == []
    assert (found.acknowledged, found.unanswered, found.unanswered_found) == (2, 2, count)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (rows_of(KEPT)[:1], "lost"),
        ([*rows_of(KEPT), rows_of(KEPT)[1]], "twice"),
        ([*rows_of(KEPT), *rows_of(OPEN)[:1]], "torn apart"),
        ([*rows_of(KEPT), *rows_of(KEPT.after())], "never sent"),
        ([{**row, "leaf": rows_of(OPEN)[0]["leaf"]} for row in rows_of(KEPT)], "altered"),
    ],
)
def test_what_must_not_be_is_named(rows: list[Row], fault: str) -> None:
    found = judged(*rows)

    assert {each.partition(":")[0] for each in found.faults} == {fault}


def test_the_notes_of_all_lives_say_where_the_next_one_goes_on(tmp_path: Path) -> None:
    lines = [
        "sent again-0 0 1 5\nkept again-0 0\nsent again-0 1 2 6\n",
        "sent again-0 1 2 6\nkept again-0 1\nsent again-1 0 1 7\nsent once-2-0-0 0 1 8\n",
    ]
    for life, text in enumerate(lines, 1):
        notes_of(tmp_path, life).write_text(text)

    notes = read(tmp_path)
    following = {each.stream: each for each in resumed(notes)}

    assert notes.kept == {("again-0", 0), ("again-0", 1)}
    assert following["again-0"][:2] == ("again-0", 3)
    assert following["again-1"] == Sent("again-1", 0, 1, 7), "sent again, as it was"
    assert following["again-2"].seq == 0
    assert acknowledged(notes_of(tmp_path, 2)) == 1
    assert in_flight(notes_of(tmp_path, 2)) == 2
