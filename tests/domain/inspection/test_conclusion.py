"""The conclusion: in time (DL25), by two people (SOD8), every item accounted for, no orphans."""

from typing import Any

import pytest

from duban.domain.entity.given import LinkedProblem
from duban.domain.errors import Code
from duban.domain.inspection import commands as c
from duban.domain.inspection.outcome import Upheld
from duban.domain.inspection.standing import is_news, standing
from duban.domain.inspection.words import FindingKind
from tests.support.inspections import EVERYBODY, NO, PROBLEM, InspectionDesk

FIRST, SECOND, FINDING = f"{NO}/R01", f"{NO}/R02", f"{NO}/F01"


def upheld(*items: str, kind: str = "problem") -> Upheld:
    """A finding on items of the record."""
    return Upheld(kind=FindingKind(kind), title="首问负责未落实", items=items)


def draft(*findings: Upheld, out: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a draft that upholds findings and leaves items out."""
    left_out = tuple({"item": each, "reason": "证据不足"} for each in out)
    return {"summary": "-", "upheld": findings, "left_out": left_out}


def two_items() -> InspectionDesk:
    """A record of two items, the unit heard."""
    return InspectionDesk().noted().noted(what="告知单缺项").recorded()


# DL25 and what a draft must account for ------------------------------------------------------


def test_dl25_a_conclusion_is_issued_within_ten_working_days_of_leaving() -> None:
    desk = InspectionDesk().drafted()
    late = desk.fork().at("2019-05-10", "17:31")
    assert [str(each.detail["breached_at"])[:10] for each in late.said("deadline:breached")] == [
        "2019-05-10"
    ]

    desk.at("2019-05-10", "17:00").issued()

    assert desk.clock("DL25") is None
    assert desk.at("2019-05-11").said("deadline:breached") == []
    late.at("2019-05-13", "10:00")
    assert late.record.breach_level == 1
    assert late.issued().state == "conclusion_issued"


def test_i2_32_who_leaves_an_item_out_says_why_and_is_named() -> None:
    desk = two_items()

    desk.do(c.DraftConclusion, "IN-3", **draft(upheld(FIRST), out=(SECOND,)))

    [left] = desk.record.conclusion.left_out
    assert (left.item, left.reason, left.by) == (SECOND, "证据不足", "IN-3")
    assert desk.said("conclusion:drafted")[0].detail["left_out"] == [SECOND]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (draft(upheld(FIRST)), [SECOND]),
        (draft(upheld(FIRST, SECOND), out=(SECOND,)), [SECOND]),
        (draft(upheld(FIRST), out=(SECOND, SECOND)), [SECOND]),
        (draft(upheld(FIRST, SECOND, f"{NO}/R03")), [f"{NO}/R03"]),
        (draft(), [FIRST, SECOND]),
    ],
)
def test_i2_32_no_item_of_the_record_is_lost(said: dict[str, Any], wrong: list[str]) -> None:
    why = two_items().refused(c.DraftConclusion, "IN-1", **said)

    assert (why.code, why.params["items"]) == (Code.CONCLUSION_ITEMS, wrong)


def test_i2_32_a_withdrawn_item_is_neither_upheld_nor_left_out() -> None:
    desk = InspectionDesk().noted().noted()
    desk.do(c.WithdrawItem, "IN-2", item=SECOND, reason="-")
    desk.recorded()

    why = desk.refused(c.DraftConclusion, "IN-1", **draft(upheld(FIRST), out=(SECOND,)))

    assert why.params["items"] == [SECOND]
    assert desk.drafted().state == "conclusion_draft"


def test_f5_a_draft_may_be_drafted_again_until_it_is_issued() -> None:
    desk = two_items()
    desk.do(c.DraftConclusion, "IN-1", **draft(upheld(FIRST), out=(SECOND,)))
    desk.do(c.DraftConclusion, "IN-2", **draft(upheld(FIRST, SECOND)))

    assert (desk.record.conclusion.drafted_by, desk.record.conclusion.left_out) == ("IN-2", ())
    again = desk.issued().refused(c.DraftConclusion, "IN-1", **draft(upheld(FIRST, SECOND)))
    assert again.code is Code.STATE_ORDER


# SOD8 and the issue -----------------------------------------------------------------------------


def test_sod8_who_drafted_does_not_sign() -> None:
    desk = InspectionDesk().drafted()
    both = next(each for each in EVERYBODY if each.id == "SU-1").model_copy(update={"id": "IN-1"})
    desk.inspection.state.person[both.key] = both
    actor = {"id": "IN-1", "role": "supervision_group"}

    why = desk.refused(c.IssueConclusion, actor=actor, doc_no="-")

    assert (why.code, why.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "SOD8")


def test_row_29_issued_by_the_supervision_group_with_numbered_findings() -> None:
    desk = two_items()
    desk.do(c.DraftConclusion, "IN-1", **draft(upheld(FIRST), upheld(SECOND, kind="exemplar")))

    desk.issued("SU-1")

    conclusion = desk.record.conclusion
    assert (conclusion.issued_by, conclusion.doc_no) == ("SU-1", "督查结论1号")
    found = desk.inspection.state.finding
    assert {key: (each.kind.value, each.items) for key, each in found.items()} == {
        FINDING: ("problem", (FIRST,)),
        f"{NO}/F02": ("exemplar", (SECOND,)),
    }
    stands = standing(desk.inspection.state)
    assert (stands.findings, stands.orphans) == (2, 2)


def test_f5_the_unit_is_told_once_after_the_issue_and_not_ahead() -> None:
    desk = InspectionDesk().issued()
    told = {"told": "局长"}

    ahead = desk.refused(c.FeedBack, "SU-1", on="2019-04-26", **told)
    assert ahead.code is Code.DATE_AHEAD
    early = desk.refused(c.FeedBack, "SU-1", on="2019-04-24", **told)
    assert early.code is Code.INSPECTION_TOO_EARLY
    desk.fed_back()
    assert str(desk.record.conclusion.fed_back_on) == "2019-04-25"
    again = desk.refused(c.FeedBack, "SU-1", on="2019-04-25", **told)
    assert again.code is Code.STATE_ORDER


# K48, K54 ---------------------------------------------------------------------------------------


def test_k48_a_finding_is_a_problem_within_a_working_day() -> None:
    desk = InspectionDesk().issued()
    assert str(desk.due("K48")) == "2019-04-26"

    desk.linked()

    found = desk.inspection.state.finding[FINDING]
    assert (found.problem, found.settled_by) == (PROBLEM, "SU-1")
    assert desk.clock("K48") is None
    assert is_news(desk.said("finding:linked")[0])
    assert desk.at("2019-04-27").said("finding:late") == []


def test_k48_a_finding_that_is_late_is_a_flag_and_an_entry() -> None:
    desk = InspectionDesk().issued().at("2019-04-26", "17:29")
    assert not desk.record.findings_late

    desk.at("2019-04-26", "17:31")

    assert desk.record.findings_late
    [said] = desk.said("finding:late")
    assert said.detail["findings"] == [FINDING]
    told = {each["recipient"] for each in desk.notices(rung="FINDING_LATE")}
    assert told == {"SU-1", "SU-2"}
    desk.linked()
    assert desk.record.findings_late


def test_k48_the_clock_waits_for_the_last_finding() -> None:
    desk = two_items()
    desk.do(c.DraftConclusion, "IN-1", **draft(upheld(FIRST), upheld(SECOND, kind="exemplar")))
    desk.issued().linked()
    assert desk.clock("K48") is not None

    desk.do(c.NameExemplar, "SU-1", finding=f"{NO}/F02", doc_no="通报表扬1号")

    assert desk.clock("K48") is None
    assert desk.inspection.state.finding[f"{NO}/F02"].exemplar == "通报表扬1号"


@pytest.mark.parametrize(
    "problem",
    [
        None,
        LinkedProblem(no="BE-2019-0043", source="inspection", source_ref=FINDING),
        LinkedProblem(no=PROBLEM, source="survey", source_ref=FINDING),
        LinkedProblem(no=PROBLEM, source="inspection", source_ref=NO),
    ],
)
def test_k54_problem_and_finding_name_each_other(problem: LinkedProblem | None) -> None:
    desk = InspectionDesk().issued()
    desk.given(problem=problem)

    why = desk.refused(c.LinkFinding, "SU-1", finding=FINDING, problem=PROBLEM)

    assert why.code is Code.FINDING_SOURCE


def test_f5_a_finding_is_settled_once_and_as_what_it_is() -> None:
    desk = InspectionDesk().issued()
    named = {"finding": FINDING, "doc_no": "-"}

    assert desk.refused(c.NameExemplar, "SU-1", **named).code is Code.STATE_ORDER
    desk.linked()
    again = desk.refused(c.LinkFinding, "SU-1", finding=FINDING, problem=PROBLEM)
    assert (again.code, again.params["state"]) == (Code.STATE_ORDER, "settled")


def test_k54_no_conclusion_closes_with_orphan_findings() -> None:
    desk = InspectionDesk().issued().fed_back().at("2019-06-20")

    why = desk.refused(c.CloseInspection, "SU-1", opinion="-")

    assert (why.code, why.params["findings"]) == (Code.FINDING_ORPHANS, [FINDING])
    desk.linked().closed()
    assert desk.record.is_over
    assert standing(desk.inspection.state).orphans == 0


def test_dl26_nothing_is_closed_before_the_unit_was_told_and_had_its_time() -> None:
    desk = InspectionDesk().linked()

    untold = desk.refused(c.CloseInspection, "SU-1", opinion="-")
    assert (untold.code, untold.params["until"]) == (Code.REVIEW_OPEN, "-")
    early = desk.fed_back().refused(c.CloseInspection, "SU-1", opinion="-")
    # The thirtieth day, 25 May, is a Saturday.
    assert (early.code, early.params["until"]) == (Code.REVIEW_OPEN, "2019-05-27")


def test_f5_a_conclusion_without_findings_has_nothing_to_settle() -> None:
    desk = InspectionDesk().recorded()
    desk.do(c.DraftConclusion, "IN-1", **draft(out=(FIRST,)))

    desk.issued().fed_back()

    assert desk.clock("K48") is None
    desk.at("2019-06-20").do(c.CloseInspection, "SU-1", opinion="未发现问题")
    assert desk.state == "closed"
