"""SEC2: what Temporal keeps of a campaign and a clue tells nobody anything, and all goes on."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHistory
from temporalio.converter import WorkflowSerializationContext
from temporalio.service import RPCError

from duban.codec import is_encrypted
from duban.codec_serving import CodecPlan, build_app
from duban.connection import data_converter
from duban.contracts import clue_stream
from duban.domain.campaign import commands as c
from duban.domain.errors import Code, RuleViolation
from duban.errors import DubanError
from duban.gateway import CampaignGateway
from duban.proof.rings import KeyRing
from duban.rehearsal.searching import payloads
from duban.remembered import Memory, Source
from duban.stack.programs import temporal_program
from duban.stack.temporal import DevServer, TemporalPlan, connect
from duban.witness.service import Listening
from tests.support.builders import an_actor
from tests.support.clock import CACHED, NO, OPENS_AT, QUEUE, STREAM, Stage, the_worker, until
from tests.support.clue_course import FIRST, opened, reported, tags, written
from tests.support.rings import KEY, RING, belongs_to
from tests.support.trail import WatchedTrail
from workflows.campaign import STAYS_PATCH

OTHER = bytes(range(1, 33)).hex()
ORDER: dict[str, Any] = {
    "actor": an_actor("LG-1").plain(),
    "request_id": "order-0001",
    "theme": "窗口服务抽查",
    "scope": ["U01"],
    "authorising_doc": "抽查令1号",
    "ordering_body": "OF",
}
TOLD = ("会议纪要1号", "收受购物卡", "窗口服务抽查", "抽查令1号", "市政务服务中心")
"""Of a command, of a clue, of a signal twice, of the plan."""


def a_stage(client: Client, trail: WatchedTrail) -> Stage:
    return Stage(client, trail, OPENS_AT - datetime.now(UTC))


async def played(stage: Stage) -> None:
    """A start, updates, a refusal, a signal, queries, activities, another workflow, an end."""
    await stage.start()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    with pytest.raises(RuleViolation) as refused:
        await stage.do(c.ApprovePlan, "LG-1", doc_no="批复1号")
    assert refused.value.code in set(Code)
    await stage.gateway.order_spot_check(NO, ORDER)
    assert await stage.gateway.gate(NO)
    await reported(stage)
    await opened(stage)
    await written(stage)
    await until(lambda: "clue:clue:written" in tags(stage))
    await stage.settled()


async def histories(client: Client) -> dict[str, WorkflowHistory]:
    """Every history of the server, by the workflow it is of."""
    found = {}
    async for each in client.list_workflows():
        handle = client.get_workflow_handle(each.id, run_id=each.run_id)
        found[each.id] = await handle.fetch_history()
    return found


@asynccontextmanager
async def a_server(folder: Path) -> AsyncIterator[DevServer]:
    plan = TemporalPlan(log=folder / "temporal.log", database=folder / "temporal.db")
    async with DevServer(plan) as server:
        yield server


def on_disk(folder: Path, text: str) -> bool:
    return any(text.encode() in each.read_bytes() for each in folder.glob("temporal.db*"))


def is_cores(payload: Payload) -> bool:
    """Whether the SDK's core wrote it: number, name and times of a local activity, or a patch.

    A search attribute, for the server to read, names the patches once more.
    """
    try:
        told = json.loads(payload.data)
    except ValueError:
        return False
    of_a_patch = ({"id": STAYS_PATCH, "deprecated": False}, [STAYS_PATCH])
    return told in of_a_patch or (isinstance(told, dict) and set(told) == _OF_AN_ACTIVITY)


_OF_AN_ACTIVITY = {
    *("seq", "attempt", "activity_id", "activity_type", "complete_time"),
    *("backoff", "original_schedule_time", "activation_index"),
}


@pytest.mark.parametrize("ring", [RING, None], ids=["enciphered", "in the clear"])
async def test_sec2_temporals_database_tells_nothing(
    tmp_path: Path, trail: WatchedTrail, ring: KeyRing | None
) -> None:
    async with a_server(tmp_path) as server:
        client = await connect(server.address, "default", ring)
        async with the_worker(client, trail, **CACHED):
            await played(a_stage(client, trail))
        kept = await histories(client)

    found = [each for history in kept.values() for each in payloads(history)]
    of_ours = [each for each in found if not is_cores(each)]
    assert set(kept) >= {STREAM, clue_stream(FIRST)}
    assert {is_encrypted(each) for each in of_ours} == {ring is not None}
    told = [text for text in TOLD if on_disk(tmp_path, text)]
    assert told == ([] if ring else list(TOLD))


async def test_a_payload_belongs_to_the_workflow_it_is_for(
    tmp_path: Path, trail: WatchedTrail
) -> None:
    async with a_server(tmp_path) as server:
        client = await connect(server.address, "default", RING)
        async with the_worker(client, trail, **CACHED):
            await played(a_stage(client, trail))
        kept = await histories(client)

    told = EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED
    done = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    assert belongs_to(kept[clue_stream(FIRST)], told) == {STREAM}
    assert belongs_to(kept[STREAM], done) == {STREAM}


async def failed_tasks(stage: Stage) -> list[str]:
    """What workers said of tasks of the campaign that they could not do, as they wrote it."""
    try:
        history = await stage.handle.fetch_history()
    except RPCError:
        return []
    told = [each.workflow_task_failed_event_attributes for each in history.events]
    of_this = data_converter(KeyRing.parse(OTHER)).with_context(
        WorkflowSerializationContext("default", STREAM)
    )
    return [str(await of_this.decode_failure(e.failure)) for e in told if e.HasField("failure")]


async def test_a_worker_without_the_key_ends_nothing_and_one_with_it_goes_on(
    dev_server: DevServer, trail: WatchedTrail
) -> None:
    client = await connect(dev_server.address, "default", RING)
    stage = a_stage(client, trail)
    without = await connect(dev_server.address, "default", KeyRing.parse(OTHER))
    async with the_worker(without, trail):
        starting = asyncio.create_task(stage.start())
        async with asyncio.timeout(40):
            while not await failed_tasks(stage):  # noqa: ASYNC110 - a server sets no event
                await asyncio.sleep(0.05)
        assert "payload.key_unknown" in (await failed_tasks(stage))[0]

    assert (await stage.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    rotated = await connect(dev_server.address, "default", KeyRing.parse(f"{KEY}\n{OTHER}"))
    async with the_worker(rotated, trail):
        await starting
        assert stage.tags
    await stage.handle.terminate()


async def test_a_history_is_read_without_a_worker(tmp_path: Path, trail: WatchedTrail) -> None:
    async with a_server(tmp_path) as server:
        client = await connect(server.address, "default", RING)
        async with the_worker(client, trail, **CACHED):
            await played(a_stage(client, trail))
        known = await Memory(client).manifest()
        without = await connect(server.address, "default", KeyRing.parse(OTHER))
        with pytest.raises(DubanError) as refused:
            await Memory(without).manifest()
        encoding = await CampaignGateway(client, QUEUE).newest_encoding()

    assert known[STREAM].source is Source.HISTORY
    assert known[STREAM].entries > 0
    assert refused.value.code == "payload.key_unknown"
    assert encoding == "binary/encrypted"


async def told_by_temporal(address: str, endpoint: str, token: str) -> bytes:
    """Return the payloads that Temporal's own command line shows of the campaign's history."""
    asked = ("workflow", "show", "-w", STREAM, "-o", "json", "--address", address)
    codec = ("--codec-endpoint", endpoint, "--codec-auth", f"Bearer {token}")
    process = await asyncio.create_subprocess_exec(
        temporal_program(), *asked, *codec, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    shown = WorkflowHistory.from_json(STREAM, out.decode() or '{"events": []}')
    return b"\n".join(each.data for each in payloads(shown))


async def test_temporals_own_command_line_reads_it_with_the_token(
    tmp_path: Path, trail: WatchedTrail
) -> None:
    plan = CodecPlan(ring=RING, token=OTHER, origin="http://127.0.0.1:8233", port=0)
    async with (
        a_server(tmp_path) as server,
        Listening(build_app(plan), "127.0.0.1", 0) as listening,
    ):
        client = await connect(server.address, "default", RING)
        async with the_worker(client, trail, **CACHED):
            await played(a_stage(client, trail))
        endpoint = f"http://127.0.0.1:{listening.port}"
        read = await told_by_temporal(server.address, endpoint, OTHER)
        unread = await told_by_temporal(server.address, endpoint, KEY)

    assert "会议纪要1号".encode() in read
    assert "会议纪要1号".encode() not in unread
