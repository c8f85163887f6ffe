"""The spot-check signal: recorded with its authority, or refused on record, never raised (f.2)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.domain.campaign.commands import MAX_SCOPE
from duban.domain.entity.entries import EVENT_BYTES
from duban.domain.errors import Code
from duban.domain.events import Outcome
from duban.domain.roles import Role
from tests.support.builders import Desk, shanghai
from tests.support.scenes import ACTORS, scene


def _order(**changes: Any) -> dict[str, Any]:
    """Return a valid order as it arrives: plain JSON."""
    return {
        "request_id": "signal-0001",
        "actor": {"id": "SU-1", "role": "supervision_group"},
        "theme": "窗口服务",
        "scope": ["U01", "U02"],
        "authorising_doc": "督查计划第3项",
        "ordering_body": "OF",
        **changes,
    }


def _send(desk: Desk, payload: Any) -> Any:
    """Deliver the signal and return the one event it led to."""
    before = len(desk.events)
    desk.campaign.order_spot_check(payload, now=desk.now)
    (said,) = desk.events[before:]
    return said


def test_f2_a_valid_order_is_recorded_with_its_authority() -> None:
    desk = scene("working")
    said = _send(desk, _order(repeat_reason="回头看"))
    assert (said.tag, said.object_id, said.basis_doc) == (
        "campaign:spot_check:ordered",
        "S0001",
        "督查计划第3项",
    )
    order = next(change.after for change in said.changes if change.kind == "spot_check")
    assert order["scope"] == ["U01", "U02"]
    assert (order["status"], order["repeat_reason"]) == ("ordered", "回头看")
    assert desk.campaign.record.spot_checks_ordered == 1
    assert said.actor.id == "SU-1"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scope": ["U01", "U99"]}, Code.OBJECT_NOT_FOUND),
        ({"ordering_body": "U99"}, Code.OBJECT_NOT_FOUND),
        ({"ordering_body": "U02"}, Code.SPOT_CHECK_BODY_NOT_DESIGNATED),
        ({"authorising_doc": "无"}, Code.SPOT_CHECK_NOT_AUTHORISED),
        ({"authorising_doc": "——"}, Code.SPOT_CHECK_NOT_AUTHORISED),
        ({"authorising_doc": "  "}, Code.SIGNAL_MALFORMED),
        ({"scope": []}, Code.SIGNAL_MALFORMED),
        ({"scope": ["U01"] * (MAX_SCOPE + 1)}, Code.SIGNAL_MALFORMED),
        ({"actor": {"id": "CO-1", "role": "coordination_group"}}, Code.ROLE_NOT_PERMITTED),
        ({"actor": {"id": "XX-1", "role": "office"}}, Code.ACTOR_UNKNOWN),
        ({"actor": {"id": "system", "role": "system"}}, Code.SYSTEM_MAY_NOT_DECIDE),
    ],
)
def test_f2_a_faulty_order_is_refused_on_record(changes: dict[str, Any], code: Code) -> None:
    desk = scene("working")
    before = desk.campaign.state.snapshot()
    said = _send(desk, _order(**changes))
    assert (said.tag, said.outcome, said.code) == (
        "campaign:command:refused",
        Outcome.REJECTED,
        code.value,
    )
    assert said.detail["command"] == "OrderSpotCheck"
    after = desk.campaign.state.snapshot()
    assert after.model_dump(exclude=_MOVES_ON) == before.model_dump(exclude=_MOVES_ON)


_MOVES_ON = {"next_seq", "last_event_at", "receipts"}


def test_f2_a_designated_department_may_order() -> None:
    said = _send(scene("working"), _order(ordering_body="U02", designation_doc="市府指定1号"))
    assert said.tag == "campaign:spot_check:ordered"


@pytest.mark.parametrize("name", ["draft", "suspended", "watch"])
def test_f2_no_order_where_nothing_is_live(name: str) -> None:
    assert _send(scene(name), _order()).code == Code.STAGE_NOT_LIVE.value


@pytest.mark.parametrize("payload", [_order(), _order(scope=["U99"])])
def test_l9_the_same_order_twice_is_one_order_or_one_refusal(payload: Any) -> None:
    desk = scene("working")
    _send(desk, payload)
    before = len(desk.events)
    desk.campaign.order_spot_check(payload, now=desk.now)
    desk.campaign.order_spot_check(dict(payload), now=shanghai("2019-04-01", "10:05"))
    assert len(desk.events) == before


def test_an_order_numbers_on() -> None:
    desk = scene("working")
    _send(desk, _order())
    assert _send(desk, _order(request_id="signal-0002")).object_id == "S0002"


@pytest.mark.parametrize(
    "payload",
    [
        None,
        7,
        True,
        "随机抽查",
        [],
        {},
        [_order()],
        _order(extra="x"),
        _order(**{"k" * 5000: 1, "键": 2}),
        _order(**{f"k{n}": n for n in range(3000)}),
        _order(theme="a\0b"),
        _order(theme="\ud800"),
        _order(**{"\udfff": 1}),
        {"\ud800": "\ud800"},
        _order(repeat_reason="长" * 90_000),
        _order(request_id="a\0bcdefgh"),
        _order(actor={"id": "SU-1", "role": "supervision_group", "delegation_id": "\0" * 99}),
    ],
)
def test_rubbish_is_refused_on_record_and_fits_the_trail(payload: Any) -> None:
    desk = scene("working")
    said = _send(desk, payload)
    assert said.outcome is Outcome.REJECTED
    text = said.model_dump_json()
    assert "\\u0000" not in text
    assert len(text.encode()) < EVENT_BYTES
    assert all(name.isascii() for name in said.detail)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_NEARLY = st.builds(
    lambda field, value: _order(**{field: value}),
    st.sampled_from(sorted(_order())) | st.text(max_size=12),
    _JSON,
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(payload=_JSON | _NEARLY)
def test_whatever_arrives_the_campaign_is_unharmed(payload: Any) -> None:
    desk = scene("working")
    before = desk.campaign.state.snapshot()
    said = _send(desk, payload)
    assert said.seq == before.next_seq
    assert type(said).model_validate_json(said.model_dump_json()) == said
    if said.outcome is Outcome.REJECTED:
        after = desk.campaign.state.snapshot()
        assert after.model_dump(exclude=_MOVES_ON) == before.model_dump(exclude=_MOVES_ON)


def test_the_leading_group_orders_off_plan() -> None:
    leading = ACTORS[Role.LEADING_GROUP].plain()
    assert _send(scene("working"), _order(actor=leading)).tag == "campaign:spot_check:ordered"
