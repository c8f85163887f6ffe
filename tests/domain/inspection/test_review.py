"""Review of a conclusion: thirty days to ask, thirty to decide (DL26), who took part stays out."""

from typing import Any

import pytest

from duban.domain.errors import Code
from duban.domain.inspection import commands as c
from duban.domain.inspection.standing import standing
from duban.domain.roles import Role
from tests.support.inspections import EVERYBODY, NO, PROBLEM, InspectionDesk

FINDING = f"{NO}/F01"
ASKED: dict[str, Any] = {"grounds": "急件", "doc_no": "复核申请1号"}
UPHELD: dict[str, Any] = {"outcome": "upheld", "reason": "事实清楚", "doc_no": "复核决定1号"}


def test_dl26_the_unit_asks_within_thirty_days() -> None:
    desk = InspectionDesk().fed_back()
    assert (str(desk.due("DL26")), desk.clock("DL26").holder) == ("2019-05-27", "U03")
    in_time = desk.fork().at("2019-05-27", "17:00").review_asked()
    assert (in_time.state, in_time.clock("DL26")) == ("review_requested", None)

    desk.at("2019-05-27", "17:31")

    assert desk.refused(c.RequestReview, "U03-L1", **ASKED).code is Code.REVIEW_LATE
    assert len(desk.said("review:lapsed")) == 1
    assert desk.said("deadline:breached") == []


def test_dl26_what_was_not_fed_back_is_not_reviewed_yet() -> None:
    why = InspectionDesk().issued().refused(c.RequestReview, "U03-L1", **ASKED)

    assert why.code is Code.REVIEW_LATE


def test_row_30_another_unit_does_not_ask() -> None:
    why = InspectionDesk().fed_back().refused(c.RequestReview, "U01-L1", **ASKED)

    assert why.code is Code.ROLE_OUT_OF_SCOPE


def test_dl26_the_leading_group_decides_within_thirty_days() -> None:
    desk = InspectionDesk().linked().review_asked()
    assert desk.clock("DL26D").holder == "leading_group"
    late = desk.fork().at("2019-06-30")
    assert [each.object_id for each in late.said("deadline:breached")] == [desk.clock("DL26D").id]

    desk.at("2019-05-20").reviewed()

    assert (desk.state, desk.record.review.decided_by) == ("review_decided", "LG-1")
    assert desk.clock("DL26D") is None
    assert desk.closed().state == "closed"


@pytest.mark.parametrize("person", ["IN-1", "IN-2", "SU-1"])
def test_sod7_who_took_part_does_not_decide_the_review(person: str) -> None:
    desk = InspectionDesk().review_asked()
    leader = next(each for each in EVERYBODY if each.role is Role.LEADING_GROUP)
    both = leader.model_copy(update={"id": person})
    desk.inspection.state.person[both.key] = both

    why = desk.refused(c.DecideReview, actor={"id": person, "role": "leading_group"}, **UPHELD)

    assert (why.code, why.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "SOD7")


def test_sod6_nobody_of_the_unit_decides_its_review() -> None:
    desk = InspectionDesk().review_asked()
    known = desk.inspection.state.person["LG-1:leading_group"]
    own = known.model_copy(update={"unit": "U03"})
    desk.inspection.state.person[own.key] = own
    actor = {"id": "LG-1", "role": "leading_group", "unit": "U03"}

    assert desk.refused(c.DecideReview, actor=actor, **UPHELD).params["rule"] == "SOD6"


def two_findings() -> InspectionDesk:
    """A review of two findings, the first of which is a problem already."""
    return InspectionDesk().noted().noted(what="告知单缺项").linked().review_asked()


def test_dl26_a_changed_conclusion_names_what_it_drops() -> None:
    desk = two_findings()

    desk.reviewed("changed", dropped=(FINDING,))

    found = desk.inspection.state.finding
    assert [each.dropped for each in found.values()] == [True, False]
    [said] = desk.said("review:decided")
    assert (said.detail["outcome"], said.detail["problems"]) == ("changed", [PROBLEM])
    stands = standing(desk.inspection.state)
    assert (stands.findings, stands.orphans) == (1, 1)
    assert desk.clock("K48") is not None
    desk.linked(f"{NO}/F02")
    assert desk.closed().state == "closed"


def test_k54_a_dropped_finding_is_no_orphan_and_stops_the_clock() -> None:
    desk = two_findings().reviewed("changed", dropped=(f"{NO}/F02",))

    assert desk.clock("K48") is None
    dropped = {"finding": f"{NO}/F02", "problem": PROBLEM}
    assert desk.refused(c.LinkFinding, "SU-1", **dropped).code is Code.STATE_ORDER
    assert "problems" not in desk.said("review:decided")[0].detail


def test_dl26_a_revoked_conclusion_voids_the_inspection() -> None:
    desk = two_findings().reviewed("revoked")

    assert (desk.state, desk.record.is_over) == ("voided", True)
    assert all(each.dropped for each in desk.inspection.state.finding.values())
    assert desk.tags[-2:] == ["review:decided", "stream:closed"]
    assert desk.events[-1].detail["count"] == len(desk.events)
    assert desk.inspection.next_alarm(now=desk.now) is None


@pytest.mark.parametrize(
    ("outcome", "dropped", "code"),
    [
        ("upheld", (FINDING,), Code.REASON_MISSING),
        ("revoked", (FINDING,), Code.REASON_MISSING),
        ("changed", (), Code.REASON_MISSING),
        ("changed", (f"{NO}/F09",), Code.OBJECT_NOT_FOUND),
    ],
)
def test_dl26_only_a_change_drops_findings_and_it_names_them(
    outcome: str, dropped: tuple[str, ...], code: Code
) -> None:
    desk = InspectionDesk().review_asked()
    said = {**UPHELD, "outcome": outcome, "dropped": dropped}

    assert desk.refused(c.DecideReview, "LG-1", **said).code is code


def test_f5_a_review_is_asked_for_once() -> None:
    desk = InspectionDesk().linked().reviewed()

    assert desk.refused(c.RequestReview, "U03-L1", **ASKED).code is Code.STATE_ORDER
    assert desk.refused(c.DecideReview, "LG-1", **UPHELD).code is Code.STATE_ORDER
