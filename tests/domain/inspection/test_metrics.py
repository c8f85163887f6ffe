"""真查真访出实效 (K53): what inspections led to; their number scores nothing (K94)."""

from decimal import Decimal

import pytest

from duban.domain.inspection.commands import ReportLeak
from duban.domain.inspection.metrics import Effect, effects, holds, voided_percent
from duban.domain.inspection.words import Choice
from duban.domain.model import Document
from duban.domain.problem.words import ProblemState
from tests.support.inspections import PROBLEM, InspectionDesk

SPOT = "spot_check"


def documents(*desks: InspectionDesk) -> tuple[list[Document], list[Document]]:
    """Return the inspections and findings of desks, numbered through."""
    inspections, findings = [], []
    for number, desk in enumerate(desks, start=1):
        no = f"BE-2019-I{number:04d}"
        inspections.append({**desk.record.plain(), "no": no})
        for each in desk.inspection.state.finding.values():
            _, _, serial = each.id.rpartition("/")
            findings.append({**each.plain(), "id": f"{no}/{serial}"})
    return inspections, findings


def effect(*desks: InspectionDesk, held: tuple[str, ...] = ()) -> Effect:
    """Return what spot checks led to."""
    return effects(*documents(*desks), held)[SPOT]


def test_k53_findings_by_check_and_the_share_whose_sign_off_held() -> None:
    two = InspectionDesk().noted().noted(what="告知单缺项").linked()

    led_to = effect(two, InspectionDesk().on_site(), held=(PROBLEM,))

    assert (led_to.findings, led_to.per_check) == (2, Decimal("1.00"))
    assert (led_to.held, led_to.held_percent) == (1, 50)
    assert effect(two).held_percent == 0


def test_k94_checks_that_find_nothing_raise_no_figure() -> None:
    one = InspectionDesk().linked()
    few = effect(one, held=(PROBLEM,))

    many = effect(one, *[InspectionDesk().on_site()] * 9, held=(PROBLEM,))

    assert (few.per_check, many.per_check) == (Decimal("1.00"), Decimal("0.10"))
    lowered = {"per_check": few.per_check}
    assert many.model_copy(update=lowered) == few
    assert "checks" not in Effect.model_fields


def test_k53_where_nobody_was_and_nothing_was_found_there_is_no_share() -> None:
    led_to = effect(InspectionDesk().drawn())

    assert (led_to.per_check, led_to.held_percent, led_to.findings) == (None, None, 0)


def test_k53_what_went_wrong_with_checks_is_counted() -> None:
    leaked = InspectionDesk().released()
    leaked.do(ReportLeak, "SU-1", fact="-")
    expired = InspectionDesk().released().at("2019-05-05")
    escorted = InspectionDesk().noted(method="briefing", forms=3)

    led_to = effect(leaked, expired, escorted)

    assert (led_to.leaked, led_to.expired, led_to.forms_asked) == (1, 1, 3)
    assert led_to.broken == {"briefing": 1, "forms": 1}


def test_k53_kinds_are_told_apart_and_what_a_review_dropped_is_no_finding() -> None:
    dropped = InspectionDesk().reviewed("changed", dropped=("BE-2019-I0001/F01",))
    named = InspectionDesk(by="OF-1", choice=Choice.NAMED).issued()

    found = effects(*documents(dropped, named), ())

    assert {kind: each.findings for kind, each in found.items()} == {
        "periodic_effect_check": 1,
        SPOT: 0,
    }


@pytest.mark.parametrize("state", ProblemState)
def test_i2_34_a_sign_off_holds_until_the_problem_comes_back(state: ProblemState) -> None:
    assert holds({"state": state.value}) is (state.value in ("signed_off", "watched", "archived"))


def test_f3_the_share_of_voided_draws() -> None:
    states: list[Document] = [{"state": each} for each in ("drawn", "voided", "drawn", "committed")]

    assert voided_percent(states) == 25
    assert voided_percent([]) is None
