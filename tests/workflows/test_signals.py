"""The spot-check signal has no answer: whatever arrives, the trail says what became of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from duban.domain.campaign import commands as c
from duban.domain.events import Event, Outcome
from duban.stack.skipping import time_skipping
from tests.support.builders import an_actor
from tests.support.clock import NO, STREAM, Stage, skipping_stage, the_worker
from tests.support.trail import WatchedTrail

ORDER: dict[str, Any] = {
    "actor": an_actor("LG-1").plain(),
    "request_id": "order-0001",
    "theme": "窗口服务",
    "scope": ["U01", "U02"],
    "authorising_doc": "抽查令1号",
    "ordering_body": "OF",
}


def _order(number: int) -> dict[str, Any]:
    return {**ORDER, "request_id": f"order-m{number:04}"}


def _raw(data: bytes, encoding: bytes = b"json/plain") -> RawValue:
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


def _changed(**fields: object) -> list[object]:
    return [{**ORDER, **fields}]


SHAPES: dict[str, list[object]] = {
    "nothing": [],
    "null": [None],
    "number": [7],
    "fraction": [0.5],
    "words": ["抽查"],
    "list": [[1, 2, 3]],
    "empty": [{}],
    "two": [ORDER, ORDER],
    "extra_field": _changed(urgent=True),
    "nul_in_a_value": _changed(theme="窗\0口"),
    "nul_in_a_key": [{**ORDER, "\0": 1}],
    "no_actor": [{key: ORDER[key] for key in ORDER if key != "actor"}],
    "no_scope": _changed(scope=[]),
    "wrong_scope": _changed(scope="U01"),
    "huge": _changed(theme="长" * 100_000),
    "many_keys": [{**ORDER, **{f"k{n}": n for n in range(5000)}}],
    "deep": [_raw(b"[" * 5000 + b"]" * 5000)],
    "broken_json": [_raw(b'{"theme": ')],
    "half_a_surrogate": [_raw(b'"\\ud800"')],
    "not_utf8": [_raw(b'"\xff"')],
    "not_a_number": [_raw(b"NaN")],
    "unknown_encoding": [_raw(b"?", b"binary/zip")],
    "bytes": [b"\x00\x01"],
}


async def _planning(stage: Stage) -> None:
    await stage.start()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")


async def _unharmed(stage: Stage) -> None:
    receipt = await stage.do(c.SubmitPlan, "CG-1", doc_no="方案1号")
    assert stage.events[receipt.last_seq].actor.id == "CG-1"
    assert [each.seq for each in stage.events] == list(range(len(stage.events)))


@pytest_asyncio.fixture(scope="module")
async def heard() -> AsyncIterator[dict[str, list[Event]]]:
    """What one campaign put on the trail for each shape; an order follows each as a mark."""
    async with time_skipping() as env:
        stage = await skipping_stage(env, WatchedTrail())
        async with the_worker(env.client, stage.trail):
            await _planning(stage)
            for number, arguments in enumerate(SHAPES.values()):
                await stage.handle.signal("order_spot_check", args=arguments)
                await stage.gateway.order_spot_check(NO, _order(number))
            await stage.settled()
            marks = [e.seq for e in stage.events if e.tag == "campaign:spot_check:ordered"]
            firsts = [marks[0] - 1, *(mark + 1 for mark in marks)]
            spans = zip(SHAPES, firsts, marks, strict=False)
            yield {name: stage.events[first:mark] for name, first, mark in spans}
            await _unharmed(stage)


@pytest.mark.parametrize("shape", SHAPES)
def test_rubbish_is_refused_on_record_and_harms_nothing(
    heard: dict[str, list[Event]], shape: str
) -> None:
    [refusal] = heard[shape]
    assert (refusal.tag, refusal.code) == ("campaign:command:refused", "signal.malformed")
    assert (refusal.outcome, refusal.changes) == (Outcome.REJECTED, ())


async def test_signal_of_another_name_is_refused_on_record(stage: Stage) -> None:
    await _planning(stage)
    await stage.handle.signal("burn_everything", ORDER)
    await stage.settled()
    assert stage.events[-1].code == "signal.malformed"
    await _unharmed(stage)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"actor": an_actor("U01-L1").plain()}, "role.not_permitted"),
        ({"actor": {**an_actor("LG-1").plain(), "id": "ghost"}}, "actor.unknown"),
        ({"authorising_doc": "—"}, "spot_check.not_authorised"),
        ({"ordering_body": "U03"}, "spot_check.body_not_designated"),
        ({"scope": ["U99"]}, "object.not_found"),
    ],
)
async def test_order_the_rules_refuse_is_refused_on_record(
    stage: Stage, fields: dict[str, Any], code: str
) -> None:
    await _planning(stage)
    await stage.gateway.order_spot_check(NO, {**ORDER, **fields})
    await stage.settled()
    last = stage.events[-1]
    assert (last.code, last.request_id) == (code, ORDER["request_id"])
    await _unharmed(stage)


async def test_order_is_recorded_with_its_authority(stage: Stage) -> None:
    await _planning(stage)
    await stage.gateway.order_spot_check(NO, ORDER)
    await stage.settled()
    last = stage.events[-1]
    assert last.tag == "campaign:spot_check:ordered"
    assert (last.actor, last.basis_doc) == (an_actor("LG-1"), "抽查令1号")
    [order] = [each.after for each in last.changes if each.kind == "spot_check"]
    assert (order["scope"], order["authorising_doc"]) == (["U01", "U02"], "抽查令1号")


@pytest.mark.parametrize("doc", ["抽查令1号", "无"], ids=["accepted", "refused"])
async def test_same_order_ten_times_at_once_counts_once(stage: Stage, doc: str) -> None:
    await _planning(stage)
    order = {**ORDER, "authorising_doc": doc}
    await asyncio.gather(*(stage.gateway.order_spot_check(NO, order) for _ in range(10)))
    await stage.settled()
    assert stage.trail.stored_per_request(STREAM)["order-0001"] == 1


async def test_order_before_the_campaign_lives_is_refused_on_record(stage: Stage) -> None:
    await stage.start()
    await stage.gateway.order_spot_check(NO, ORDER)
    await stage.settled()
    assert stage.events[-1].code == "stage.not_live"
