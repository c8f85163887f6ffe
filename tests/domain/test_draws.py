"""Draws of a campaign (f.3, row 27, SOD4, SOD5): frozen, committed, witnessed, drawn, voided."""

from datetime import date
from typing import Any

import pytest

from duban.domain import sampling
from duban.domain.campaign import commands as c
from duban.domain.campaign.campaign import Campaign
from duban.domain.campaign.draw_records import Draw
from duban.domain.campaign.restore import restored
from duban.domain.errors import Code
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Role
from duban.domain.sampling import Exclusion
from duban.domain.thresholds import DrawRule
from tests.support.builders import Desk, a_plan, people, shanghai
from tests.support.draws import (
    DRAW,
    SECRET,
    committed,
    drawn,
    hears,
    problem,
    take,
    the_draw,
    with_signed_off,
)
from tests.support.scenes import OTHERS, scene

REASON = {"draw": DRAW, "reason": "总体有误"}


def formalism() -> Desk:
    """Return a campaign that the supervision group leads, with problems signed off."""
    plan = a_plan(lead_body=Role.SUPERVISION_GROUP, people=(*people(), *OTHERS))
    return with_signed_off(Desk(plan).implementing())


def test_f3_a_draw_freezes_the_signed_off_problems_by_unit_with_their_quotas() -> None:
    desk = scene("signed_off")
    receipt = desk.do(c.OpenLookBackDraw, "SU-2")

    draw = the_draw(desk)
    assert (receipt.object_type, receipt.object_id, draw.phase) == ("draw", DRAW, 1)
    assert draw.quotas == {"U01": 2, "U02": 1, "U03": 1}
    assert {unit: len(sites) for unit, sites in draw.population.items()} == {
        "U01": 6, "U02": 1, "U03": 5,
    }  # fmt: skip
    assert draw.params == {"k": 4, "policy": "2019-1", "quotas": draw.quotas}
    assert draw.params_hash == sampling.params_hash(draw.params)
    assert draw.pop_hash == sampling.pop_hash(draw.sites)
    assert (draw.run_by, draw.commit, draw.secret) == (("SU-2",), None, None)


def test_f3_the_secret_is_known_by_its_hash_alone_until_a_number_was_said() -> None:
    desk = scene("committed")
    assert the_draw(desk).commit == sampling.commit(SECRET)
    desk.do(c.WitnessDraw, "SU-1", draw=DRAW, number="7351")
    said = "".join(each.model_dump_json() for each in desk.events)
    assert SECRET.hex() not in said

    take(desk, opened=True)

    draw = the_draw(desk)
    assert (draw.state, draw.secret, draw.witnesses) == ("drawn", SECRET.hex(), ("SU-1",))
    hashes = (draw.pop_hash, draw.params_hash)
    assert draw.seed == sampling.seed(SECRET, DRAW, hashes, "7351").hex()
    assert [each.stratum for each in draw.picks] == ["U01", "U01", "U02", "U03"]
    [event] = desk.said("draw:drawn")
    assert event.detail["picks"] == [each.site for each in draw.picks]
    assert event.actor.role is Role.SYSTEM


def test_a_population_need_not_be_carried_once_it_is_drawn_from() -> None:
    desk = scene("signed_off")
    drawn(desk)

    assert the_draw(desk).population == {}
    [frozen] = desk.said("draw:frozen")
    told = Draw.model_validate(frozen.changes[0].after)
    assert told.population["U02"] == {problem(7): 1}


def test_what_is_known_of_a_secret_comes_once_and_only_when_it_is_awaited() -> None:
    desk = scene("committed")
    said = len(desk.events)

    take(desk, secret=bytes(32))
    take(desk, opened=True)
    take(desk, "2019-BE-009")
    assert len(desk.events) == said
    desk.do(c.WitnessDraw, "SU-1", draw=DRAW, number="7351")
    take(desk, secret=bytes(32), opened=True)
    assert the_draw(desk).state == "witnessed"


def test_a_campaign_that_is_over_takes_no_secret_in() -> None:
    desk = scene("terminated")
    said = len(desk.events)
    take(desk)
    assert len(desk.events) == said


def test_f3_a_number_is_said_after_the_commitment_and_once() -> None:
    desk = scene("signed_off")
    desk.do(c.OpenLookBackDraw, "SU-2")
    early = desk.refused(c.WitnessDraw, "SU-1", draw=DRAW, number="7351")
    assert (early.code, early.params["state"]) == (Code.STATE_ORDER, "frozen")
    take(desk)
    desk.do(c.WitnessDraw, "SU-1", draw=DRAW, number="7351")

    again = desk.refused(c.WitnessDraw, "SU-1", draw=DRAW, number="7352")
    assert (again.code, again.params["state"]) == (Code.STATE_ORDER, "witnessed")
    unknown = desk.refused(c.WitnessDraw, "SU-1", draw="2019-BE-002", number="1")
    assert unknown.code is Code.OBJECT_NOT_FOUND


def test_sod5_who_opened_a_draw_does_not_witness_it() -> None:
    desk = scene("committed")

    why = desk.refused(c.WitnessDraw, "SU-2", draw=DRAW, number="7351")

    assert (why.code, why.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "SOD5")


def test_sod5_a_deputy_draws_for_somebody_and_neither_witnesses() -> None:
    desk = scene("signed_off")
    days: dict[str, Any] = {"from_on": date(2019, 4, 1), "until_on": date(2019, 4, 30)}
    role, paper = Role.SUPERVISION_GROUP, {"basis_doc": "授权书"}
    desk.do(c.RecordDelegation, "OF-1", deputy="OF-2", principal="SU-2", role=role, **days, **paper)
    deputy = {"id": "OF-2", "role": role, "on_behalf_of": "SU-2"}
    committed(desk, actor=deputy)

    assert the_draw(desk).run_by == ("OF-2", "SU-2")
    why = desk.refused(c.WitnessDraw, "SU-2", draw=DRAW, number="7351")
    assert why.params["rule"] == "SOD5"


@pytest.mark.parametrize("by", ["OF-1", "CG-1", "U01-L1", "U01-H1"])
def test_b3_row_27_office_group_and_units_run_no_draw(by: str) -> None:
    desk = scene("committed")

    assert desk.refused(c.OpenLookBackDraw, by).code is Code.ROLE_NOT_PERMITTED
    said = {"draw": DRAW, "number": "1"}
    assert desk.refused(c.WitnessDraw, by, **said).code is Code.ROLE_NOT_PERMITTED


def test_sod4_where_the_supervision_group_leads_the_office_draws_before_an_outsider() -> None:
    desk = formalism()
    assert desk.refused(c.OpenLookBackDraw, "SU-1").params["rule"] == "SOD4"
    assert desk.refused(c.OpenLookBackDraw, "CO-1").code is Code.ROLE_NOT_PERMITTED
    committed(desk, "OF-1")
    said = {"draw": DRAW, "number": "7351"}

    assert desk.refused(c.WitnessDraw, "SU-1", **said).params["rule"] == "SOD4"
    for by in ("OF-2", "CG-1", "U01-L1"):
        assert desk.refused(c.WitnessDraw, by, **said).code is Code.ROLE_NOT_PERMITTED
    outsider = {"id": "DX-1", "role": Role.EXTERNAL_DECIDER}
    desk.do(c.WitnessDraw, "OF-1", **said, actor=outsider)
    assert the_draw(desk).witnesses == ("DX-1",)


def test_sod4_an_outsider_holds_no_other_post_inside() -> None:
    both = next(p for p in people() if p.id == "CO-1").model_copy(update={"role": Role.OFFICE})
    plan = a_plan(lead_body=Role.SUPERVISION_GROUP, people=(*people(), both))
    desk = committed(with_signed_off(Desk(plan).implementing()), "OF-1")

    insider = {"id": "CO-1", "role": Role.COORDINATION_GROUP}
    said = {"draw": DRAW, "number": "7351", "actor": insider}
    assert desk.refused(c.WitnessDraw, "OF-2", **said).params["rule"] == "SOD4"
    desk.do(c.WitnessDraw, "CO-2", draw=DRAW, number="7351")


def test_sod4_where_the_supervision_group_leads_it_makes_no_draw_void() -> None:
    desk = committed(formalism(), "OF-1")
    assert desk.refused(c.AskToVoidDraw, "SU-1", **REASON).params["rule"] == "SOD4"

    desk.do(c.AskToVoidDraw, "OF-2", **REASON)
    desk.do(c.DecideVoidDraw, "CO-1", draw=DRAW, approved=True, reason="属实")
    assert the_draw(desk).state == "voided"


def test_f3_step_9_a_void_draw_keeps_its_number_with_reason_and_second_approval() -> None:
    desk = scene("void_asked")
    decided = {"draw": DRAW, "approved": True, "reason": "属实"}
    for by in ("OF-2", "SU-2"):
        why = desk.refused(c.DecideVoidDraw, by, **decided)
        assert (why.code, why.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "DRAW9")

    desk.do(c.DecideVoidDraw, "OF-1", **decided)

    draw = the_draw(desk)
    assert (draw.state, draw.void_reason, draw.voided_by) == ("voided", "总体有误", "OF-1")
    assert desk.do(c.OpenLookBackDraw, "SU-2").object_id == "2019-BE-002"
    assert the_draw(desk, "2019-BE-002").repeats == (DRAW,)
    late = desk.refused(c.WitnessDraw, "SU-1", draw=DRAW, number="1")
    assert late.code is Code.STATE_ORDER


def test_f3_step_9_without_the_second_approval_a_draw_stands() -> None:
    desk = scene("void_asked")
    desk.do(c.DecideVoidDraw, "OF-1", draw=DRAW, approved=False, reason="总体无误")

    draw = the_draw(desk)
    assert (draw.state, draw.void_reason, draw.void_asked_by) == ("committed", None, ())
    assert desk.said("draw:void_refused")[0].reason == "总体无误"


def test_a_void_is_decided_once_it_was_asked_for_and_never_twice() -> None:
    desk = scene("committed")
    decided: dict[str, Any] = {"draw": DRAW, "approved": True, "reason": "属实"}
    assert desk.refused(c.DecideVoidDraw, "OF-1", **decided).code is Code.STATE_ORDER
    desk.do(c.AskToVoidDraw, "OF-2", **REASON)
    desk.do(c.DecideVoidDraw, "OF-1", **decided)

    assert desk.refused(c.DecideVoidDraw, "OF-1", **decided).code is Code.STATE_ORDER
    assert desk.refused(c.AskToVoidDraw, "OF-1", **REASON).code is Code.STATE_ORDER
    take(desk)
    assert the_draw(desk).state == "voided"


def test_f3_step_9_no_redraw_is_silent() -> None:
    desk = scene("signed_off")
    first = drawn(desk)
    receipt = desk.do(c.OpenLookBackDraw, "SU-2")

    second = the_draw(desk, "2019-BE-002")
    assert second.repeats == (first.no,)
    assert second.pop_hash == first.pop_hash
    assert receipt.notes == (f"drawn_before:{first.no}",)
    assert desk.said("draw:frozen")[-1].detail["repeats"] == [first.no]


def test_numbers_have_no_gap_within_a_year_and_begin_again_with_the_next() -> None:
    assert sampling.draw_no("BE-2019", 2019, 1) == "2019-BE-001"
    assert sampling.draw_no("BE-2019", 2020, 12) == "2020-BE-2019-012"
    desk = scene("signed_off")
    numbers = [desk.do(c.OpenLookBackDraw, "SU-2").object_id for _ in range(2)]
    desk.refused(c.OpenLookBackDraw, "OF-1")
    numbers.append(desk.do(c.OpenLookBackDraw, "SU-1").object_id)
    desk.now = shanghai("2020-01-06")
    numbers.append(desk.do(c.OpenLookBackDraw, "SU-1", phase=1).object_id)

    assert numbers == ["2019-BE-001", "2019-BE-002", "2019-BE-003", "2020-BE-2019-001"]


def test_f3_what_is_left_out_of_a_population_stands_beside_its_reason() -> None:
    desk = scene("signed_off")
    out = Exclusion(site=problem(1), reason="已进入司法程序")

    desk.do(c.OpenLookBackDraw, "SU-2", excluded=(out,))

    draw = the_draw(desk)
    assert draw.excluded == (out,)
    assert problem(1) not in draw.population["U01"]
    stray = Exclusion(site="BE-2019-0099", reason="-")
    why = desk.refused(c.OpenLookBackDraw, "SU-2", excluded=(stray,))
    assert (why.code, why.params["id"]) == (Code.OBJECT_NOT_FOUND, "BE-2019-0099")


def test_there_is_nothing_to_draw_from_before_something_is_signed_off() -> None:
    desk = scene("working")

    assert desk.refused(c.OpenLookBackDraw, "SU-2").code is Code.DRAW_POPULATION


def test_the_policy_bounds_a_population() -> None:
    policy = PolicyVersion(drawing=DrawRule(max_population=2))
    desk = with_signed_off(Desk(policy=policy).implementing(), U01=3)

    why = desk.refused(c.OpenLookBackDraw, "SU-2")

    assert (why.code, why.params) == (Code.DRAW_TOO_LARGE, {"size": 3, "max": 2})


def test_a_campaign_s_draws_are_what_its_events_say() -> None:
    desk = scene("signed_off")
    drawn(desk)
    hears(desk, problem(1), state="reopened", signed_off_on=None)

    again = restored(desk.events)

    assert again.draw == desk.campaign.state.draw
    assert again.signed == desk.campaign.state.signed
    assert problem(1) not in again.signed


def test_a_copy_of_a_state_shares_nothing_that_changes() -> None:
    desk = scene("signed_off")
    copied = Campaign(desk.campaign.state.snapshot())
    hears(desk, problem(1), state="reopened", signed_off_on=None)

    assert problem(1) in copied.state.signed
