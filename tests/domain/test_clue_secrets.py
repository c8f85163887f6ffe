"""What of a clue is told to whom: identity nowhere, content on its own stream, sight by level."""

from datetime import timedelta
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.clues import to_open
from duban.domain.campaign.words import Gate
from duban.domain.clue import commands as k
from duban.domain.clue.creation import create
from duban.domain.clue.records import ClueRecord
from duban.domain.clue.sight import Sight, seen, sight_of
from duban.domain.clue.standing import ClueNews, is_news, standing
from duban.domain.clue.weight import WEIGHTY, weighty
from duban.domain.errors import Code
from duban.domain.model import Document
from duban.domain.reading import Asked, Post, Reading, reading, refusal_of
from duban.domain.roles import Person, Role
from tests.support.builders import Desk, people, shanghai
from tests.support.clues import MATTER, NO, PEOPLE, ClueDesk, a_report
from tests.support.scenes import scene


def test_no_field_of_a_clue_or_of_its_commands_can_hold_the_reporter() -> None:
    fields = {*ClueRecord.model_fields, *k.WriteUpClue.model_fields, *a_report().plain()}

    said = {name for name in fields if "report" in name or "identity" in name or "name" in name}
    # Who entered it, and of what kind the reporter is; a name has no place.
    assert said == {
        "report",
        "reported_by",
        "reported_role",
        "reported_unit",
        "reported_at",
        "reporter_class",
    }


def test_a_sealed_clue_says_nothing_in_state_or_events_but_that_it_is_there() -> None:
    hidden: dict[str, Any] = {"access_level": "sealed", "matter": "", "object_unit": None}
    desk = ClueDesk().written(**hidden).closed()

    dump = desk.clue.state.model_dump_json() + "".join(e.model_dump_json() for e in desk.events)

    assert MATTER not in dump
    assert "sealed#3" in dump


def test_notices_and_columns_name_no_matter_and_no_unit() -> None:
    desk = ClueDesk("2019-04-26").transferred().at("2019-05-31")

    assert all(MATTER not in str(each) for each in desk.notices())
    assert {each.unit for each in desk.events} == {None}


# Sight ------------------------------------------------------------------------------------------

WHOLE, EXISTENCE, NOTHING = Sight.WHOLE, Sight.EXISTENCE, Sight.NOTHING


def the_clue(level: str = "restricted", **changes: Any) -> Document:
    """A clue about U02, as the ledger has it."""
    record = ClueDesk().received().record.plain()
    return {**record, "access_level": level, "campaign": "BE-2019", **changes}


def posts(*held: Person) -> list[Post]:
    """Posts in the register of the campaign."""
    return [Post(campaign="BE-2019", person=each) for each in held or PEOPLE]


@pytest.mark.parametrize(
    ("level", "person", "sight"),
    [
        ("open", "LG-1", WHOLE),
        ("open", "CO-1", WHOLE),
        ("open", "CG-1", WHOLE),
        ("open", "U01-L1", NOTHING),
        ("restricted", "LG-1", WHOLE),
        ("restricted", "SU-1", WHOLE),
        ("restricted", "CO-1", EXISTENCE),
        ("restricted", "PU-1", EXISTENCE),
        ("sealed", "OF-1", WHOLE),
        ("sealed", "LG-1", EXISTENCE),
        ("sealed", "IN-1", WHOLE),
        ("sealed", "DX-1", WHOLE),
        ("open", "U02-L1", NOTHING),
        ("open", "nobody", NOTHING),
    ],
)
def test_row_31_who_sees_what_of_a_clue(level: str, person: str, sight: Sight) -> None:
    # IN-1 reported it, DX-1 signed for it, U02 is what it is about.
    assert sight_of(the_clue(level), person, posts()) is sight


def test_who_belongs_to_the_unit_concerned_sees_nothing_in_any_role() -> None:
    inside = Person(id="OF-9", name="-", role=Role.OFFICE, unit="U02")
    left = inside.model_copy(update={"left": True})

    assert sight_of(the_clue(), "OF-9", posts(inside)) is NOTHING
    assert sight_of(the_clue(), "OF-9", posts(left)) is NOTHING


def test_a_receiver_sees_what_was_not_handed_over_to_him_not_at_all() -> None:
    waiting = the_clue(handover=None, reported_by="SU-1")

    assert sight_of(waiting, "DX-1", posts()) is NOTHING


def test_of_the_existence_of_a_clue_no_matter_and_no_state_is_seen() -> None:
    clue = the_clue("sealed")

    assert seen(clue, WHOLE) == clue
    assert seen(clue, EXISTENCE) == {
        "campaign": "BE-2019",
        "no": NO,
        "access_level": "sealed",
        "report": {"known_on": "2019-04-24"},
    }


def test_everybody_on_a_register_may_read_clues_and_every_reading_is_an_entry() -> None:
    asked = Asked(kind=Reading.CLUES, surface="clue list", campaign="BE-2019")
    now = shanghai("2019-04-24")

    for person in ("LG-1", "CO-1", "U01-L1", "DX-1"):
        assert refusal_of(reading(asked, person, posts(), seq=0, now=now)) is None
    stranger = reading(asked, "nobody", posts(), seq=0, now=now)
    assert stranger.code == Code.ACTOR_UNKNOWN
    assert stranger.tag == "trail:clues:read"


# What its campaign knows ------------------------------------------------------------------------


def reported(desk: Desk, by: str = "SU-1", **changes: Any) -> str:
    """Report a clue and return its number."""
    return desk.do(c.ReportClue, by, report=_report(**changes)).object_id


def _report(**changes: Any) -> Any:
    return a_report(**{"known_on": "2019-03-04", **changes})


def test_numbers_are_handed_out_in_their_order_and_never_twice() -> None:
    desk = scene("draft").fork()

    assert [reported(desk), reported(desk)] == [NO, "BE-2019-C0002"]
    desk.campaign.hear(ClueNews(no=NO, seq=9, is_over=True), now=desk.now)
    assert (reported(desk), NO in desk.campaign.state.clue_line) == ("BE-2019-C0003", False)


def test_the_campaign_keeps_and_tells_nothing_of_what_a_clue_is_about() -> None:
    fields = {*c.ReportClue.model_fields, *a_report().plain()}

    assert not fields & {"matter", "object_unit", "object_person", "nature", "sealed"}


def test_a_clue_is_opened_once_from_what_its_campaign_knows() -> None:
    desk = scene("draft").fork()
    reported(desk, "U01-H1")

    start = to_open(desk.campaign.state, NO, timedelta(0))

    assert start is not None
    known = {each.id for each in start.given.people if each.unit == "U01"}
    assert (start.actor.id, known) == ("U01-H1", {"U01-H1"})
    assert create(start, now=desk.now).next_seq == 1
    desk.campaign.hear(ClueNews(no=NO, seq=0), now=desk.now)
    assert to_open(desk.campaign.state, NO, timedelta(0)) is None
    assert to_open(desk.campaign.state, "BE-2019-C0099", timedelta(0)) is None


def test_g4_2_every_transferred_clue_has_its_receipt() -> None:
    desk = scene("draft").fork()
    reported(desk)

    def missing() -> tuple[str, ...]:
        found = {each.id: each.missing for each in desk.campaign.gate(Gate.G4, now=desk.now)}
        return found["G4.2"]

    assert missing() == ()
    desk.campaign.hear(ClueNews(no=NO, seq=5, awaits_receipt=True), now=desk.now)
    assert missing() == (NO,)
    desk.campaign.hear(ClueNews(no=NO, seq=4), now=desk.now)
    desk.campaign.hear(ClueNews(no="BE-2019-C0099", seq=4), now=desk.now)
    assert missing() == (NO,)
    desk.campaign.hear(ClueNews(no=NO, seq=6), now=desk.now)
    assert missing() == ()


def test_three_provisions_what_asks_about_a_court_case_is_no_clue() -> None:
    desk = scene("draft").fork()

    why = desk.refused(c.ReportClue, "SU-1", report=_report(), court_case="（2019）黑01民初3号")

    assert (why.code, why.params["asked_by"]) == (Code.CASE_UNTOUCHABLE, "SU-1")


@pytest.mark.parametrize(
    "changes",
    [{"known_on": "2019-03-05"}, {"urgent": True, "phoned_at": shanghai("2019-03-05", "08:00")}],
)
def test_what_has_not_happened_yet_is_not_reported(changes: dict[str, Any]) -> None:
    desk = scene("draft").fork()

    assert desk.refused(c.ReportClue, "SU-1", report=_report(**changes)).code is Code.DATE_AHEAD


def test_the_campaign_hears_of_every_change_of_state_and_of_nothing_else() -> None:
    desk = ClueDesk().transferred()

    told = standing(desk.clue.state)

    assert (told.no, told.awaits_receipt, told.is_over) == (NO, True, False)
    assert is_news(desk.said("clue:transferred")[0])
    assert not is_news(desk.said("clue:written")[0])
    assert standing(desk.closed().clue.state).is_over


def test_decisions_of_weight_are_told_apart() -> None:
    desk = ClueDesk().closed()

    kept = {each.tag for each in desk.events if each.seq in weighty(desk.events)}

    assert kept == WEIGHTY - {"clue:receipt:refused", "clue:custodian:designated",
                              "clue:trigger:raised"}  # fmt: skip


def test_people_of_the_builders_are_on_the_register() -> None:
    assert set(people()) <= set(PEOPLE)
