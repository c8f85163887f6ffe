"""On site: check-in (SEC4), the target against its commitment, the invariants of SEC7, ties."""

from typing import Any

import pytest

from duban.domain.errors import Code
from duban.domain.inspection import commands as c
from duban.domain.inspection.field import Attendee
from duban.domain.inspection.standing import standing
from duban.domain.inspection.words import Choice, Invariant, LocationKind
from duban.domain.roles import Person, Role
from tests.support.builders import shanghai
from tests.support.inspections import NO, PHOTO, TARGET, InspectionDesk, an_arrival

OTHER = TARGET.model_copy(update={"site": "SITE-12"})


def test_sec4_check_in_says_when_where_with_a_photo_and_unseals() -> None:
    desk = InspectionDesk().arrived()
    arrival = desk.record.arrival
    assert (arrival.at, arrival.photo, arrival.by) == (
        shanghai("2019-04-25", "10:00"),
        PHOTO,
        "IN-1",
    )
    assert (desk.state, desk.record.target, desk.clock("SEC5")) == ("released", None, None)

    desk.on_site()

    target = desk.record.target
    assert (desk.state, target.site, target.unit) == ("on_site", "SITE-77", "U03")
    assert desk.record.people == {"IN-1", "IN-2", "IN-3"}
    assert desk.said("target:unsealed")[0].unit == "U03"
    assert TARGET.salt not in desk.record.model_dump_json()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"at": shanghai("2019-04-25", "10:11")}, Code.DATE_AHEAD),
        ({"at": shanghai("2019-04-25", "07:59")}, Code.INSPECTION_TOO_EARLY),
    ],
)
def test_sec4_nobody_arrives_before_the_release_or_ahead_of_time(
    changes: dict[str, Any], code: Code
) -> None:
    desk = InspectionDesk().released().at("2019-04-25", "10:10")

    assert desk.refused(c.CheckIn, "IN-1", **an_arrival(**changes)).code is code


def test_sec4_a_named_target_is_not_visited_before_its_first_day() -> None:
    desk = InspectionDesk(by="OF-1", choice=Choice.NAMED).authorised().at("2019-04-24", "12:00")
    early = an_arrival(at=shanghai("2019-04-24", "11:00"))

    assert desk.refused(c.CheckIn, "IN-1", **early).code is Code.INSPECTION_TOO_EARLY


def test_sec4_check_in_is_once_and_after_the_release() -> None:
    assert InspectionDesk().drawn().refused(c.CheckIn, "IN-1", **an_arrival()).code is (
        Code.STATE_ORDER
    )
    assert InspectionDesk().arrived().refused(c.CheckIn, "IN-1", **an_arrival()).code is (
        Code.TARGET_OPEN
    )


def test_sod5_who_had_a_hand_in_the_draw_does_not_check_in() -> None:
    desk = InspectionDesk().released().at("2019-04-25", "10:10")
    draw = desk.record.draw.model_copy(update={"hands": ("IN-1",)})
    it = desk.record.model_copy(update={"draw": draw})
    desk.inspection.state.inspection[NO] = it

    why = desk.refused(c.CheckIn, "IN-1", **an_arrival())

    assert (why.code, why.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "SOD5")


# The commitment ---------------------------------------------------------------------------------


def mismatched() -> InspectionDesk:
    """An inspection whose sealed target turned out to be another one."""
    desk = InspectionDesk().arrived()
    desk.inspection.unseal(OTHER, now=desk.now)
    return desk


def test_sec4_a_target_that_was_not_drawn_is_an_entry_and_an_alarm() -> None:
    desk = mismatched()

    assert (desk.state, desk.record.target) == ("released", None)
    [said] = desk.said("target:mismatched")
    assert said.detail["committed"] == desk.record.draw.commitment
    assert said.detail["found"] == desk.record.mismatch != desk.record.draw.commitment
    told = {each["recipient"] for each in desk.notices(rung="TARGET_MISMATCH")}
    assert told == {"LG-1", "LG-2", "SU-1", "SU-2"}
    assert "SITE-12" not in said.model_dump_json()


def test_sec4_a_mismatch_is_said_once_and_the_right_target_heals_it() -> None:
    desk = mismatched()
    desk.inspection.unseal(OTHER, now=desk.now)
    assert len(desk.said("target:mismatched")) == 1

    desk.on_site()

    assert (desk.state, desk.record.mismatch) == ("on_site", None)


@pytest.mark.parametrize(
    "changes", [{"inspection": "BE-2019-I0002"}, {"inspectors": ("IN-4", "IN-5")}, {"unit": "U01"}]
)
def test_sec4_every_part_of_a_target_is_committed_to(changes: dict[str, Any]) -> None:
    desk = InspectionDesk().arrived()

    desk.inspection.unseal(TARGET.model_copy(update=changes), now=desk.now)

    assert desk.record.mismatch is not None


def test_sec4_two_people_may_end_what_does_not_match() -> None:
    desk = mismatched()
    desk.do(c.AbortInspection, "SU-1", reason="目标不符")
    desk.do(c.AbortInspection, "OF-1", reason="目标不符")

    assert (desk.record.ended, desk.record.burned) == ("decided", True)


def test_sec4_a_target_is_taken_after_check_in_and_once() -> None:
    early = InspectionDesk().released()
    early.inspection.unseal(TARGET, now=early.now)
    assert early.tags[-1] == "target:released"
    desk = InspectionDesk().on_site()

    desk.inspection.unseal(TARGET, now=desk.now)

    assert len(desk.said("target:unsealed")) == 1
    ended = InspectionDesk().released().at("2019-05-05")
    ended.inspection.unseal(TARGET, now=ended.now)
    assert ended.state == "aborted"


# SEC7 -------------------------------------------------------------------------------------------

BREACHES: dict[Invariant, dict[str, Any]] = {
    Invariant.NOTICE: {"notices": ("电话告知",)},
    Invariant.BRIEFING: {"briefings": ("书面汇报材料",)},
    Invariant.ESCORT: {"attendees": (Attendee(post="办公室主任", unit="U03"),)},
    Invariant.FIRST_LOCATION: {"first_location": LocationKind.LEADERSHIP},
}


@pytest.mark.parametrize("invariant", BREACHES)
def test_sec7_a_broken_invariant_is_a_flag_and_refuses_nothing(invariant: Invariant) -> None:
    desk = InspectionDesk().on_site(**BREACHES[invariant])

    assert (desk.state, desk.record.broken) == ("on_site", (invariant,))
    [said] = desk.said("invariant:broken")
    assert said.detail["invariant"] == invariant.value
    assert standing(desk.inspection.state).broken == (invariant,)


def test_sec7_all_of_them_are_looked_at() -> None:
    together = {name: value for each in BREACHES.values() for name, value in each.items()}

    assert InspectionDesk().on_site(**together).record.broken == tuple(BREACHES)


@pytest.mark.parametrize("kind", LocationKind)
def test_sec7_first_to_the_front_line(kind: LocationKind) -> None:
    front = {LocationKind.WINDOW, LocationKind.HALL, LocationKind.SITE}

    broken = InspectionDesk().on_site(first_location=kind).record.broken

    assert broken == (() if kind in front else (Invariant.FIRST_LOCATION,))


def test_sec7_somebody_of_another_unit_is_no_escort() -> None:
    visitor = Attendee(post="办事群众", unit="U02")

    assert InspectionDesk().on_site(attendees=(visitor,)).record.broken == ()


def test_sec7_an_announced_check_may_be_received_and_briefed() -> None:
    desk = InspectionDesk(by="OF-1", choice=Choice.NAMED)
    together = {name: value for each in BREACHES.values() for name, value in each.items()}

    desk.arrived(**together).noted(method="briefing", forms=2)

    assert (desk.record.broken, desk.record.forms_asked) == ((), 2)


def test_sec7_a_briefing_on_the_record_breaks_it_too_and_is_said_once() -> None:
    desk = InspectionDesk().noted(method="briefing").noted(method="briefing")

    assert desk.record.broken == (Invariant.BRIEFING,)
    assert len(desk.said("invariant:broken")) == 1


def test_f2_forms_asked_from_a_unit_are_counted_and_none_is_wanted() -> None:
    desk = InspectionDesk().noted(forms=2).noted(forms=1).noted()

    assert (desk.record.forms_asked, desk.record.broken) == (3, (Invariant.FORMS,))


# Ties -------------------------------------------------------------------------------------------


def tied_desk(person: str) -> InspectionDesk:
    """An inspection of U03 in which somebody of its team turns out to belong to that unit."""
    desk = InspectionDesk().arrived()
    known = Person(id=person, name="-", role=Role.INSPECTION_TEAM, unit="U03")
    desk.inspection.state.person[known.key] = known
    desk.inspection.unseal(TARGET, now=desk.now)
    return desk


def test_sod6_ties_that_show_after_the_draw_are_a_flag_and_bar_that_person() -> None:
    desk = tied_desk("IN-2").at("2019-04-25", "11:00")
    actor = {"id": "IN-2", "role": "inspection_team", "unit": "U03"}

    assert (desk.record.tied, desk.record.broken) == (("IN-2",), (Invariant.TIES,))
    item = {"item": f"{NO}/R01", "reason": "-"}
    why = desk.refused(c.WithdrawItem, actor=actor, **item)
    assert (why.code, why.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "SOD6")


def test_sod6_somebody_else_of_that_unit_is_no_tie_of_the_team() -> None:
    assert tied_desk("IN-5").record.tied == ()
