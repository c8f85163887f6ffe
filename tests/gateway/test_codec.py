"""The codec: what it closes it opens again, and nobody else does, nor anywhere else."""

from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import (
    ActivitySerializationContext,
    DataConverter,
    SerializationContext,
    WorkflowSerializationContext,
)
from temporalio.exceptions import ApplicationError

from duban.codec import ENCODING, EncryptingCodec, is_encrypted
from duban.connection import DATA_CONVERTER, data_converter
from duban.errors import DubanError
from duban.proof.rings import KeyRing
from tests.support.rings import KEY, RING

NAME = "张三丰"
OTHER = bytes(range(1, 33)).hex()
HERE = WorkflowSerializationContext("default", "campaign-BE-2019")
THERE = WorkflowSerializationContext("default", "campaign-BE-2020")
ACTIVITY = ActivitySerializationContext(
    namespace="default",
    activity_id="1",
    activity_type="record_events",
    activity_task_queue="duban",
    workflow_id="campaign-BE-2019",
    workflow_type="Campaign",
    is_local=True,
)


def converter(ring: KeyRing = RING, context: SerializationContext | None = HERE) -> DataConverter:
    made = data_converter(ring)
    return made if context is None else made.with_context(context)


async def refused(reader: DataConverter, payloads: list[Payload]) -> DubanError:
    with pytest.raises(DubanError) as told:
        await reader.decode(payloads)
    return told.value


@pytest.mark.parametrize(
    "value", [None, True, 7, NAME, b"\x00\xff", {"甲": [NAME, None]}, NAME * 9999]
)
async def test_sec2_every_value_is_closed_and_opens_again(value: Any) -> None:
    [closed] = payloads = await converter().encode([value])

    assert closed.metadata["encoding"] == ENCODING
    assert NAME.encode() not in closed.SerializeToString()
    assert await converter().decode(payloads, [type(value)]) == [value]


async def test_its_own_metadata_stands_inside() -> None:
    [plain] = DATA_CONVERTER.payload_converter.to_payloads([NAME])
    codec = EncryptingCodec.of(RING)

    [closed] = await codec.encode([plain])

    assert set(closed.metadata) == {"encoding", "key"}
    assert closed.metadata["key"] == RING.key_ids[0]
    assert await codec.decode([closed]) == [plain]


async def test_the_same_value_looks_different_each_time() -> None:
    first, second = await converter().encode([NAME, NAME])

    assert first.data != second.data


async def test_a_small_payload_grows_by_a_hundred_bytes_and_no_more() -> None:
    [plain], [closed] = await DATA_CONVERTER.encode([True]), await converter().encode([True])

    assert closed.ByteSize() - plain.ByteSize() <= 120


async def test_what_was_never_closed_is_passed_on() -> None:
    payloads = await DATA_CONVERTER.encode([NAME])

    assert not is_encrypted(payloads[0])
    assert await converter().decode(payloads, [str]) == [NAME]


async def test_sec2_failures_tell_nothing() -> None:
    failure, error = Failure(), ApplicationError(f"{NAME}不得参加", NAME, type="drawn")
    try:
        raise error from ValueError(NAME)
    except ApplicationError as raised:
        await converter().encode_failure(raised, failure)

    assert NAME.encode() not in failure.SerializeToString()
    told = await converter().decode_failure(failure)
    assert isinstance(told, ApplicationError)
    assert (told.message, told.details, told.type) == (error.message, (NAME,), "drawn")
    assert NAME in str(told.__cause__)


async def test_after_a_rotation_the_old_opens_and_the_new_is_of_the_new_key() -> None:
    old = await converter().encode([NAME])
    rotated = KeyRing.parse(f"{OTHER}\n{KEY}")

    assert await converter(rotated).decode(old, [str]) == [NAME]
    [closed] = await converter(rotated).encode([NAME])
    assert closed.metadata["key"] == rotated.key_ids[0] != RING.key_ids[0]
    error = await refused(converter(), [closed])
    assert (error.code, error.params) == (
        "payload.key_unknown",
        {"key": rotated.key_ids[0].hex()},
    )


async def test_a_payload_opens_in_its_own_workflow_alone() -> None:
    [closed] = payloads = await converter().encode([NAME])

    assert await converter(context=ACTIVITY).decode(payloads, [str]) == [NAME]
    assert await converter(context=None).decode(payloads, [str]) == [NAME]
    moved = await refused(converter(context=THERE), payloads)
    assert moved.code == "payload.moved"
    assert moved.params == {"of": HERE.workflow_id, "found": THERE.workflow_id}
    for of in (THERE.workflow_id.encode(), b""):
        closed.metadata["of"] = of
        assert (await refused(converter(context=THERE), payloads)).code == "payload.damaged"


async def test_damage_is_no_unknown_key() -> None:
    [closed] = payloads = await converter().encode([NAME])
    closed.data = closed.data[:-1] + bytes([closed.data[-1] ^ 1])

    error = await refused(converter(), payloads)

    assert (error.code, error.params) == ("payload.damaged", {"of": HERE.workflow_id})
