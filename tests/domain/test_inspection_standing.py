"""What a campaign hears of its inspections, and which units it has seen (f.2, K46)."""

from datetime import date

from duban.domain.campaign import commands as c
from duban.domain.campaign.coverage import coverage
from duban.domain.campaign.inspection_records import UnitSeen
from duban.domain.campaign.restore import restored
from duban.domain.inspection.standing import InspectionStanding
from duban.domain.inspection.words import InspectionKind, InspectionState
from tests.support import checks as k
from tests.support.builders import Desk
from tests.support.checks import ONE, TWO


def test_sec1_a_campaign_hears_the_unit_and_the_day_after_check_in_alone() -> None:
    desk = k.targets(k.a_desk())
    before = k.line(desk)
    k.visited(desk, ONE, unit="U03")

    assert (before.unit, before.on, before.draw) == (None, None, k.DRAW)
    assert (k.line(desk).unit, k.line(desk).on) == ("U03", date(2019, 4, 1))
    said = desk.said("inspection:noted")[-1]
    assert (said.object_id, said.unit) == (ONE, None)


def test_old_news_and_news_of_nobody_change_nothing() -> None:
    desk = k.a_desk()
    k.order(desk)
    assert k.stands(desk, ONE, seq=7)
    assert not k.stands(desk, ONE, seq=7)
    k.stands(desk, ONE, state=InspectionState.ABORTED, is_over=True)
    told = {"no": ONE, "kind": "spot_check", "theme": "窗口服务", "state": "aborted", "seq": 9999}

    assert not k.hears(desk, InspectionStanding.model_validate(told))


def test_what_was_seen_of_a_unit_outlives_the_inspection_and_a_restart() -> None:
    desk = k.a_desk()
    k.order(desk)
    k.visited(desk, ONE)
    k.visited(desk, ONE, on_day=date(2019, 4, 1))
    k.stands(desk, ONE, state=InspectionState.CLOSED, unit="U01", on="2019-04-01", is_over=True)

    seen = desk.campaign.state.seen["U01"]
    assert seen == UnitSeen(
        contacts={"2019-04": 1}, themes={"窗口服务": date(2019, 4, 1)}, phases={1: 1}
    )
    assert ONE not in desk.campaign.state.inspection_line
    assert restored(desk.events).seen == desk.campaign.state.seen


def test_only_what_a_rule_still_asks_for_is_kept_of_a_unit() -> None:
    desk = k.a_desk()
    k.order(desk, sites=3)
    first, second, third = (f"BE-2019-I000{n}" for n in (1, 2, 3))
    k.visited(desk, first, on_day=date(2019, 4, 1))
    k.visited(desk, second, on_day=date(2019, 5, 2))
    k.visited(desk, third, on_day=date(2019, 6, 3))

    seen = desk.campaign.state.seen["U01"]
    assert seen.contacts == {"2019-05": 1, "2019-06": 1}
    assert seen.themes == {"窗口服务": date(2019, 6, 3)}
    assert seen.phases == {1: 3}


def _effect_of(desk: Desk, unit: str, no: str) -> None:
    effect = {"kind": InspectionKind.PERIODIC_EFFECT_CHECK, "phase": 1, "theme": f"问效{unit}"}
    desk.do(c.PlanInspection, "OF-1", **k.a_plan_line(**effect, unit=unit, scope=(unit,)))
    k.visited(desk, no, unit=unit)


def test_k46_a_review_shows_the_units_whose_effect_nobody_asked_for() -> None:
    desk = k.a_desk()
    _effect_of(desk, "U01", ONE)
    _effect_of(desk, "U03", TWO)

    judged = {each.id: each for each in desk.campaign.gate(c.Gate.G2, now=desk.now)}
    assert judged["K46"].missing == ("U02", "U15")
    assert (judged["K46"].met, judged["K46"].blocks) == (False, False)


def test_k46_the_report_tells_shares_and_counts_and_not_who_is_next() -> None:
    desk = k.a_desk()
    k.order(desk)
    k.visited(desk, ONE)
    _effect_of(desk, "U01", "BE-2019-I0003")
    told = coverage(desk.campaign.state.seen, [f"U{n:02}" for n in (1, 2, 3, 15)], 1)

    assert (told.units, told.checks, told.checked, told.effect_checked) == (4, 2, 1, 1)
    assert (told.percent, told.effect_percent) == (25, 25)
    assert told.by_checks == {0: 3, 2: 1}
    assert not any(code in told.model_dump_json() for code in ("U01", "U02", "U03", "U15"))


def test_k46_a_campaign_without_units_has_covered_nothing() -> None:
    told = coverage({}, [], 1)

    assert (told.units, told.percent, told.effect_percent, told.by_checks) == (0, 0, 0, {})
