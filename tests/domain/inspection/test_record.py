"""The field record (f.5): facts item by item, three service rules, pledges, signatures, opinion."""

from typing import Any

import pytest

from duban.domain.errors import Code
from duban.domain.inspection import commands as c
from duban.domain.inspection.field import Item
from duban.domain.inspection.metrics import kept_percent, service_scores
from duban.domain.inspection.words import Choice, Score, ServiceRule
from tests.support.builders import shanghai
from tests.support.inspections import NO, InspectionDesk, a_fact

FIRST = f"{NO}/R01"


def items(desk: InspectionDesk) -> list[Item]:
    """Return the items of a record."""
    return list(desk.inspection.state.inspection_item.values())


def test_f5_a_fact_has_time_place_post_what_and_evidence() -> None:
    desk = InspectionDesk().noted()

    [item] = items(desk)
    assert (item.id, item.by, item.recorded_at) == (FIRST, "IN-2", desk.now)
    assert item.fact.model_dump() == a_fact()
    assert item.fact.person is None
    assert desk.said("item:recorded")[0].detail == {"item": FIRST}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"at": shanghai("2019-04-25", "11:01")}, Code.DATE_AHEAD),
        ({"at": shanghai("2019-04-25", "09:59")}, Code.INSPECTION_TOO_EARLY),
        ({"unit": "U02"}, Code.INSPECTION_OUT_OF_SCOPE),
    ],
)
def test_f2_nothing_is_recorded_ahead_from_before_or_out_of_scope(
    changes: dict[str, Any], code: Code
) -> None:
    desk = InspectionDesk().on_site().at("2019-04-25", "11:00")

    assert desk.refused(c.RecordItem, "IN-1", fact=a_fact(**changes)).code is code


def test_f2_a_unit_joins_by_an_amendment_and_not_in_the_field() -> None:
    desk = InspectionDesk().noted(unit="U01")
    desk.do(c.AmendScope, "SU-1", scope=("U01", "U02", "U03"), doc_no="变更1号", reason="来信")

    desk.noted(unit="U02")

    assert [each.fact.unit for each in items(desk)] == ["U01", "U02"]


def test_f5_an_item_is_never_deleted_but_withdrawn_with_who_and_why() -> None:
    desk = InspectionDesk().noted().noted(what="一次性告知单缺项")
    back = {"item": FIRST, "reason": "时间记错"}

    desk.do(c.WithdrawItem, "IN-3", **back)

    first, second = items(desk)
    assert first.withdrawn is not None
    assert (first.withdrawn.by, first.withdrawn.reason) == ("IN-3", "时间记错")
    assert (first.fact.what, second.withdrawn) == ("离岗27分钟，群众排队等候", None)
    assert desk.refused(c.WithdrawItem, "IN-3", **back).code is Code.STATE_ORDER
    nothing = {"item": f"{NO}/R09", "reason": "-"}
    assert desk.refused(c.WithdrawItem, "IN-3", **nothing).code is Code.OBJECT_NOT_FOUND


def test_f5_items_are_numbered_through_withdrawn_ones_included() -> None:
    desk = InspectionDesk().noted()
    desk.do(c.WithdrawItem, "IN-2", item=FIRST, reason="重复")

    assert [each.id for each in items(desk.noted())] == [FIRST, f"{NO}/R02"]


# K07, K03 ---------------------------------------------------------------------------------------


def with_test(desk: InspectionDesk, rule: str, passed: bool) -> InspectionDesk:
    """Have one of the three service rules tested."""
    return desk.noted(service={"rule": rule, "passed": passed})


def test_k07_the_three_service_rules_are_scored_separately() -> None:
    desk = with_test(InspectionDesk(), "first_contact", passed=True)
    with_test(desk, "first_contact", passed=False)
    with_test(desk, "time_limit", passed=True)

    assert service_scores(items(desk)) == {
        ServiceRule.FIRST_CONTACT: Score.FAILED,
        ServiceRule.TIME_LIMIT: Score.PASSED,
        ServiceRule.TELL_ONCE: Score.NOT_TESTED,
    }


def test_k07_a_test_that_was_withdrawn_scores_nothing() -> None:
    desk = with_test(InspectionDesk(), "tell_once", passed=False)
    desk.do(c.WithdrawItem, "IN-2", item=FIRST, reason="-")

    assert set(service_scores(items(desk)).values()) == {Score.NOT_TESTED}


def test_k03_the_kept_rate_comes_from_tests_alone() -> None:
    desk = InspectionDesk().noted()
    assert kept_percent(items(desk)) is None
    for kept in (True, False, False):
        desk.noted(pledge={"pledge": "30分钟办结", "kept": kept, "how": "暗访办件"})

    assert kept_percent(items(desk)) == 33
    desk.do(c.WithdrawItem, "IN-2", item=f"{NO}/R04", reason="-")
    assert kept_percent(items(desk)) == 50


# Signatures and opinion -------------------------------------------------------------------------


def test_f5_two_inspectors_sign_and_the_leader_is_none_of_them() -> None:
    desk = InspectionDesk().noted()

    assert desk.refused(c.SignRecord, "IN-1").code is Code.INSPECTION_NOT_TEAM
    assert desk.refused(c.SignRecord, "IN-4").code is Code.INSPECTION_NOT_TEAM
    desk.do(c.SignRecord, "IN-2")
    assert desk.refused(c.SignRecord, "IN-2").code is Code.STATE_ORDER
    desk.do(c.SignRecord, "IN-3")

    assert [each.person for each in desk.record.signatures] == ["IN-2", "IN-3"]


def test_f5_there_is_nothing_to_sign_without_an_item_that_stands() -> None:
    desk = InspectionDesk().on_site()
    assert desk.refused(c.SignRecord, "IN-2").code is Code.RECORD_EMPTY
    desk.noted()
    desk.do(c.WithdrawItem, "IN-2", item=FIRST, reason="-")

    assert desk.refused(c.SignRecord, "IN-2").code is Code.RECORD_EMPTY


@pytest.mark.parametrize("act", ["record", "withdraw"])
def test_f5_what_is_signed_is_the_record_as_it_stands(act: str) -> None:
    desk = InspectionDesk().noted().noted()
    desk.do(c.SignRecord, "IN-2")

    if act == "record":
        desk.noted()
    else:
        desk.do(c.WithdrawItem, "IN-3", item=FIRST, reason="-")

    assert desk.record.signatures == ()


HEARD: dict[str, Any] = {"words": "情况属实", "left_on": "2019-04-25"}


def test_f5_the_unit_is_heard_after_the_signatures() -> None:
    desk = InspectionDesk().noted()
    desk.do(c.SignRecord, "IN-2")

    why = desk.refused(c.TakeOpinion, "IN-1", **HEARD)

    assert (why.code, why.params["there"], why.params["fewest"]) == (Code.RECORD_UNSIGNED, 1, 2)
    desk.do(c.SignRecord, "IN-3")
    desk.do(c.TakeOpinion, "IN-1", **HEARD)
    assert (desk.state, desk.record.opinion.refused) == ("recorded", False)
    assert desk.refused(c.RecordItem, "IN-1", fact=a_fact()).code is Code.STATE_ORDER
    assert desk.refused(c.SignRecord, "IN-2").code is Code.STATE_ORDER


def test_f5_a_refusal_of_the_unit_is_noted_and_stops_nothing() -> None:
    desk = InspectionDesk().recorded(refused=True, words="")

    assert (desk.state, desk.record.opinion.refused) == ("recorded", True)
    assert len(desk.said("opinion:refused")) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"words": " "}, Code.REASON_MISSING),
        ({"left_on": "2019-04-26"}, Code.DATE_AHEAD),
        ({"left_on": "2019-04-24"}, Code.INSPECTION_TOO_EARLY),
    ],
)
def test_f5_an_opinion_has_words_and_a_day_of_leaving(changes: dict[str, Any], code: Code) -> None:
    desk = InspectionDesk().signed()

    assert desk.refused(c.TakeOpinion, "IN-1", **{**HEARD, **changes}).code is code


def test_dl25_counts_from_the_last_day_ordered_until_the_team_has_left() -> None:
    desk = InspectionDesk(ends_on="2019-04-30").on_site()
    assert str(desk.due("DL25")) == "2019-05-16"

    desk.recorded()

    # Ten working days after Thursday, 25 April; 28 April and 5 May are worked, 1 to 4 May off.
    assert str(desk.due("DL25")) == "2019-05-10"
    assert [each.code.value for each in desk.inspection.state.deadline.values()] == ["DL25"]


def test_f1_a_named_target_has_the_team_of_its_authority() -> None:
    desk = InspectionDesk(by="OF-1", choice=Choice.NAMED).arrived()

    assert desk.record.target.inspectors == ("IN-2", "IN-3")
    assert desk.recorded().state == "recorded"
