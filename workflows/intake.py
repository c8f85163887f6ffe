"""What arrives from outside, read and measured before the rules see it.

An entry that the trail cannot hold would end the campaign (audit.md 3.1), so whatever could become
one is turned away at the door.
"""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from pydantic import JsonValue
    from pydantic_core import to_json

ORDER_SPOT_CHECK = "order_spot_check"
"""The one signal a campaign understands."""

MESSAGE_MAX = 16 * 1024
"""Bytes of a command or an order as JSON; proofs are references, never files."""

_INTEGER_LIMIT = 2**53
_DEPTH = 32


def order_in(name: str, payloads: Sequence[RawValue]) -> JsonValue:
    """Return what the signal carries, or None for what nobody can read or keep."""
    if name != ORDER_SPOT_CHECK or len(payloads) != 1:
        return None
    try:
        order: JsonValue = workflow.payload_converter().from_payload(payloads[0].payload)
        return order if is_recordable(order) else None
    except (ValueError, TypeError, KeyError, RuntimeError):
        return None


def is_recordable(message: JsonValue) -> bool:
    """Say whether the trail can hold what a message says: size, depth, integers, no U+0000."""
    return len(to_json(message)) <= MESSAGE_MAX and _has_place(message, _DEPTH)


def _has_place(value: JsonValue, depth: int) -> bool:
    if isinstance(value, str):
        return "\0" not in value
    if isinstance(value, int):
        return abs(value) < _INTEGER_LIMIT
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        return depth > 0 and all(_has_place(each, depth - 1) for each in value)
    return True
