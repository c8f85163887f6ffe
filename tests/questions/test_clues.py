"""Questions 35, 36 and 43 over the entries of clues and custodians."""

from datetime import timedelta

import pytest

from duban.contracts import Mode, clue_stream
from duban.domain.clue.words import ClueNature
from duban.domain.custody import Deed, Wish, entry_of, judged
from duban.domain.events import Event
from duban.domain.reading import Post
from duban.domain.roles import Person, Role
from duban.questions import Answer, Asked, Entry, QuestionGap, Told, answer, find
from duban.questions.ask import known_beside
from tests.questions.asking import cells
from tests.support.builders import Desk, shanghai
from tests.support.clues import NO, ClueDesk


def entries(stream: str, events: list[Event]) -> list[Entry]:
    """Events as the trail of a rehearsal keeps them."""
    return [Entry(stream, each, Told(each.occurred_at, "w", Mode.REHEARSAL)) for each in events]


def told_by(desk: ClueDesk) -> list[Entry]:
    return entries(clue_stream(NO), desk.events)


def an_opening(seq: int, person: str, clue: str = NO) -> Event:
    """The entry of a custodian who opens an identity, or tries to."""
    wish = Wish(
        deed=Deed.OPEN_IDENTITY,
        subject="sealed#3",
        openers=("SU-2",),
        basis="核实报复",
        detail={"clue": clue},
    )
    held = [Post(campaign="BE-2019", person=Person(id=person, name="-", role=Role.OFFICE))]
    now = shanghai("2019-05-06") + timedelta(minutes=seq)
    return entry_of(wish, judged(wish, person, held), seq=seq, now=now)


def ask(number: int, beside: list[Entry], day: str = "2019-12-31", **also: str) -> Answer:
    """Ask of the campaign's clues as of the end of a day."""
    campaign = entries("campaign-BE-2019", Desk().events)
    when = shanghai(day, "23:59")
    asked = Asked(when, beside=known_beside(beside, when), obj=also.get("obj"))
    return answer(find(str(number)), campaign, asked)


def test_35_which_clues_came_in_from_whom_and_where_each_is() -> None:
    found = ask(35, told_by(ClueDesk("2019-04-24").transferred()))

    [row] = found.rows
    assert row.cells["received_on"] == "2019-04-24"
    assert (row.cells["clue_source"], row.cells["reporter_class"]) == ("inspection", "citizen")
    assert (row.cells["clue_state"], row.cells["receiver"]) == (
        "transferred",
        "supervision_commission",
    )
    assert "窗口" not in str(found.document())


def test_35_as_of_a_day_and_of_a_day() -> None:
    desk = ClueDesk("2019-04-24").decided(nature=ClueNature.DISCIPLINE).at("2019-04-26")

    assert cells(ask(35, told_by(desk), "2019-04-23"), "clue") == []
    assert cells(ask(35, told_by(desk), obj="2019-04-24"), "clue") == [(NO,)]
    assert cells(ask(35, told_by(desk), obj="2019-04-25"), "clue") == []


def test_36_known_to_a_group_and_not_reported_or_transferred_in_time() -> None:
    desk = ClueDesk("2019-05-10", known_on="2019-04-24", known_to="campaign_group")
    desk.decided().at("2019-05-14")

    found = ask(36, told_by(desk), "2019-05-14")

    assert cells(found, "code", "holder", "known_on", "withheld") == [
        ("DL16", "campaign_group", "2019-04-24", True),
        ("DL18", "office", "2019-04-24", False),
    ]
    first, second = found.rows
    assert first.cells["met_at"] is not None
    assert (second.cells["met_at"], second.cells["hours_late"]) == (None, 30)
    assert first.keys[0].startswith("campaign-BE-2019/clue-0001#")


def test_36_what_was_done_in_time_or_is_owed_by_a_receiver_is_not_kept_back() -> None:
    desk = ClueDesk("2019-04-24").transferred().at("2019-05-31")

    assert "deadline:breached" in desk.tags
    assert ask(36, told_by(desk)).rows == ()


def test_43_who_read_or_tried_to_read_the_whistle_blower_record() -> None:
    reads = [an_opening(0, "SU-2"), an_opening(1, "OF-9"), an_opening(2, "SU-2", "RL-2019-C0001")]
    beside = [*told_by(ClueDesk().written()), *entries("custody", reads)]

    found = ask(43, beside)

    assert cells(found, "actor", "clue", "outcome", "code", "basis") == [
        ("SU-2", NO, "accepted", None, "核实报复"),
        ("OF-9", NO, "rejected", "identity.not_custodian", "核实报复"),
    ]
    assert [row.keys for row in found.rows] == [["custody#0"], ["custody#1"]]


def test_a_stream_with_a_gap_answers_nothing() -> None:
    with pytest.raises(QuestionGap):
        ask(35, told_by(ClueDesk().written())[1:])
