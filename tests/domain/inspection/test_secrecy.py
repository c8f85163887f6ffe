"""Secrecy until on site (f.4): SEC1, SEC3, SEC5, SEC6, and who draws does not lead (SOD5)."""

import json
from datetime import date
from typing import Any

import pytest

from duban.domain.errors import Code
from duban.domain.inspection import commands as c
from duban.domain.inspection.inspection import Inspection
from duban.domain.inspection.news import InspectionNews
from duban.domain.inspection.standing import is_news, standing
from duban.domain.inspection.tables import BEFORE_SITE
from tests.support.builders import shanghai
from tests.support.inspections import DRAW, KEY, NO, TARGET, InspectionDesk, actor_of, an_arrival

VISIT: dict[str, Any] = {"kind": "open_and_covert_visit", "plan_ref": "计划1"}


def before_site() -> dict[str, InspectionDesk]:
    """Return a drawn inspection in every state before check-in, the voided draw included."""
    return {
        "planned": InspectionDesk(by="SU-2", **VISIT),
        "authorised": InspectionDesk(),
        "drawn": InspectionDesk().drawn(),
        "released": InspectionDesk().released(),
        "voided": InspectionDesk().released().voided(),
        "aborted": InspectionDesk().released().at("2019-05-05"),
    }


def told_of(desk: InspectionDesk) -> str:
    """Return all that the entity holds and has said, but for its register and its scope."""
    state = desk.inspection.state.model_dump(mode="json", exclude={"person", "unrecorded"})
    said = [each.model_dump(mode="json") for each in desk.events]
    text = json.dumps([state, said, standing(desk.inspection.state).plain()], ensure_ascii=False)
    return text.replace(json.dumps(["U01", "U03"]), "[]")


@pytest.mark.parametrize("state", [*sorted(BEFORE_SITE), "voided", "aborted"])
def test_sec1_nothing_tells_the_target_before_check_in(state: str) -> None:
    desk = before_site()[state]

    told = told_of(desk)

    secrets = [TARGET.site, TARGET.name, TARGET.unit, TARGET.address, TARGET.salt]
    assert [each for each in (*secrets, *TARGET.inspectors) if each in told] == []
    assert all(each.unit is None for each in desk.events)
    assert desk.record.target is None


def test_sec1_what_a_campaign_hears_tells_the_unit_only_after_check_in() -> None:
    desk = InspectionDesk().arrived()
    assert (standing(desk.inspection.state).unit, standing(desk.inspection.state).on) == (
        None,
        None,
    )

    desk.on_site()

    stands = standing(desk.inspection.state)
    assert (stands.unit, stands.on, stands.draw) == ("U03", date(2019, 4, 25), DRAW)
    assert TARGET.site not in stands.model_dump_json()
    assert is_news(desk.said("target:unsealed")[0])
    assert not is_news(desk.said("site:arrived")[0])


@pytest.mark.parametrize(
    ("starts_on", "day", "release"),
    [
        ("2019-04-25", "2019-04-24", ("2019-04-25", "07:00")),
        # 1 to 4 May are off, 5 May is worked.
        ("2019-05-01", "2019-04-24", ("2019-05-05", "07:00")),
        ("2019-04-25", "2019-04-27", ("2019-04-28", "07:00")),
    ],
)
def test_sec1_the_leader_may_read_from_the_first_working_morning_on(
    starts_on: str, day: str, release: tuple[str, str]
) -> None:
    desk = InspectionDesk(starts_on=starts_on, ends_on="2019-05-10").at(day).drawn()

    assert desk.record.draw.release_at == shanghai(*release)


def test_sec1_a_campaign_may_say_when_the_leader_reads() -> None:
    when = shanghai("2019-04-26", "06:00")

    assert InspectionDesk().drawn(release_at=when).record.draw.release_at == when


def test_row_28_the_leader_alone_releases_and_not_before_the_morning() -> None:
    desk = InspectionDesk().drawn().at("2019-04-25", "06:59")
    desk.given()

    early = desk.refused(c.ReleaseTarget, "IN-1", key=KEY)
    assert (early.code, early.params["id"]) == (Code.TARGET_NOT_YET, NO)
    desk.at("2019-04-25", "07:00")
    for person in ("IN-2", "SU-2"):
        assert desk.refused(c.ReleaseTarget, person, key=KEY).code is Code.TARGET_NOT_YOURS
    desk.do(c.ReleaseTarget, "IN-1", key=KEY)

    assert desk.state == "released"
    assert desk.said("target:released")[0].detail == {"key": KEY}


def test_sec3_each_reading_is_an_entry_and_a_notice_to_the_signer() -> None:
    desk = InspectionDesk().released()
    other = "f" * 64

    desk.do(c.ReleaseTarget, "IN-1", key=other)
    desk.do(c.ReleaseTarget, "SU-2", key=KEY)

    readers = {each.person: (each.key, each.times) for each in desk.record.readers}
    assert readers == {"IN-1": (other, 2), "SU-2": (KEY, 1)}
    assert [each.actor.id for each in desk.said("target:read")] == ["IN-1", "SU-2"]
    assert [each["recipient"] for each in desk.notices(rung="TARGET_READ")] == ["SU-2"] * 3
    assert desk.state == "released"


def test_sec3_once_it_is_open_there_is_nothing_sealed_to_read() -> None:
    desk = InspectionDesk().arrived()

    assert desk.refused(c.ReleaseTarget, "IN-1", key=KEY).code is Code.TARGET_OPEN
    assert desk.on_site().refused(c.ReleaseTarget, "IN-1", key=KEY).code is Code.STATE_ORDER


def test_o7_a_signer_who_leads_reads_as_the_leader() -> None:
    desk = InspectionDesk(signer="IN-1").released()

    assert desk.state == "released"


@pytest.mark.parametrize("hands", [("IN-1", "SU-1"), ("SU-1", "IN-1")])
def test_sod5_who_draws_or_witnesses_does_not_lead(hands: tuple[str, str]) -> None:
    desk = InspectionDesk().drawn(hands=hands).at("2019-04-25", "08:00")

    why = desk.refused(c.ReleaseTarget, "IN-1", key=KEY)

    assert (why.code, why.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "SOD5")


def test_sod5_the_signer_who_had_a_hand_in_the_draw_may_read() -> None:
    desk = InspectionDesk().drawn(hands=("SU-2", "SU-1")).released()

    desk.do(c.ReleaseTarget, "SU-2", key=KEY)

    assert desk.record.readers[-1].person == "SU-2"


# A voided draw ----------------------------------------------------------------------------------


def test_f3_a_voided_draw_keeps_its_number_and_the_order_waits_for_another() -> None:
    desk = InspectionDesk().released().voided()

    assert (desk.state, desk.record.draw, desk.record.readers) == ("authorised", None, ())
    assert [(each.no, each.voided) for each in desk.record.old_draws] == [(DRAW, "名单有误")]
    assert desk.clock("SEC5") is None

    desk.at("2019-04-25", "09:00").drawn("2019-BE-002")

    assert desk.record.draw.no == "2019-BE-002"
    # It is past seven: released at once, and the two days run from today.
    assert str(desk.due("SEC5")) == "2019-04-28"
    assert desk.released().state == "released"


def test_news_of_draws_may_come_twice_and_in_any_order() -> None:
    desk = InspectionDesk().drawn()
    said = len(desk.events)

    desk.drawn().drawn("2019-BE-002").voided("2019-BE-007")
    assert len(desk.events) == said
    desk.voided().voided()
    desk.drawn()

    assert (desk.state, len(desk.events)) == ("authorised", said + 1)


def test_a_draw_is_nothing_to_a_named_target() -> None:
    desk = InspectionDesk(by="OF-1", choice="named").authorised().drawn()

    assert (desk.state, desk.record.draw) == ("authorised", None)


def test_a_draw_voided_after_check_in_changes_nothing_on_site() -> None:
    desk = InspectionDesk().arrived().voided()

    assert desk.record.draw.no == DRAW
    assert desk.on_site().state == "on_site"


# SEC5, SEC6, and an end by two people ---------------------------------------------------------


def test_sec5_two_working_days_without_check_in_burn_the_target() -> None:
    # Released on Thursday the 25th; Sunday the 28th is worked.
    desk = InspectionDesk().released()
    assert str(desk.due("SEC5")) == "2019-04-28"

    desk.at("2019-04-28", "17:29")
    assert desk.state == "released"
    desk.at("2019-04-28", "17:31")

    assert (desk.state, desk.record.ended, desk.record.burned) == ("aborted", "expired", True)
    assert desk.tags[-3:] == ["target:burned", "inspection:aborted", "stream:closed"]
    assert desk.events[-1].detail["count"] == len(desk.events)
    assert desk.refused(c.CheckIn, "IN-1", **an_arrival()).code is Code.STAGE_NOT_LIVE
    stands = standing(desk.inspection.state)
    assert (stands.burned, stands.draw, stands.is_over) == (True, DRAW, True)


def test_sec5_an_unread_target_burns_as_well() -> None:
    assert InspectionDesk().drawn().at("2019-04-29").record.ended == "expired"


def test_sec5_check_in_meets_it_and_a_suspension_does_not_stop_it() -> None:
    desk = InspectionDesk().released()
    desk.hear("suspended")
    other = desk.fork().arrived()

    assert desk.at("2019-04-29").record.ended == "expired"
    assert other.at("2019-04-29").state == "released"


@pytest.mark.parametrize("state", ["planned", "authorised", "drawn", "released"])
def test_sec6_any_suspicion_ends_it_is_counted_and_asks_people(state: str) -> None:
    desk = before_site()[state]

    desk.do(c.ReportLeak, "CG-1", fact="检查组照片在群里传")

    sealed = state in ("drawn", "released")
    assert (desk.record.ended, desk.record.burned) == ("leaked", sealed)
    assert desk.record.leak.reported_by == "CG-1"
    [trigger] = desk.said("trigger:raised")
    assert trigger.detail["trigger"] == "OBSTRUCTION"
    asked = {each["recipient"] for each in desk.notices(rung="OBSTRUCTION")}
    assert asked == {"LG-1", "LG-2", "SU-1", "SU-2"}
    assert desk.record.is_over
    assert desk.tags[-1] == "stream:closed"


def test_sec6_after_check_in_there_is_nothing_left_to_leak() -> None:
    desk = InspectionDesk().arrived()

    assert desk.refused(c.ReportLeak, "SU-1", fact="-").code is Code.STATE_ORDER
    assert desk.on_site().refused(c.ReportLeak, "SU-1", fact="-").code is Code.STATE_ORDER


@pytest.mark.parametrize("state", ["planned", "authorised", "drawn", "released"])
def test_f5_it_takes_two_to_end_an_inspection_before_check_in(state: str) -> None:
    desk = before_site()[state]
    asked = {"reason": "与审计进点冲突"}

    desk.do(c.AbortInspection, "SU-1", **asked)
    again = desk.refused(c.AbortInspection, "SU-1", **asked)
    assert (again.code, again.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "ABORT2")
    assert desk.state == state
    desk.do(c.AbortInspection, "SU-2", **asked)

    sealed = state in ("drawn", "released")
    assert (desk.record.ended, desk.record.burned) == ("decided", sealed)
    assert ("target:burned" in desk.tags) is sealed
    assert desk.said("inspection:aborted")[0].reason == "与审计进点冲突"


def test_f5_who_has_arrived_is_not_called_back() -> None:
    desk = InspectionDesk().arrived()

    assert desk.refused(c.AbortInspection, "SU-1", reason="-").code is Code.STATE_ORDER
    assert desk.on_site().refused(c.AbortInspection, "SU-1", reason="-").code is Code.STATE_ORDER


@pytest.mark.parametrize("kind", ["terminated", "archived"])
def test_a_campaign_that_is_over_sends_nobody_any_more(kind: str) -> None:
    desk = InspectionDesk().released()
    other = desk.fork().arrived()

    desk.hear(kind, basis_doc="终止文1号")
    other.hear(kind)

    assert (desk.state, desk.record.ended, desk.record.burned) == ("aborted", "campaign_over", True)
    assert other.on_site().state == "on_site"


def test_what_was_heard_of_a_campaign_is_heard_once() -> None:
    desk = InspectionDesk().arrived()
    desk.hear("register", seq=7)
    desk.hear("archived", seq=6)
    empty = InspectionNews(actor=actor_of("LG-1"))
    desk.inspection.hear(empty, now=desk.now)

    assert desk.tags[-1] == "site:arrived"
    assert isinstance(desk.inspection, Inspection)
