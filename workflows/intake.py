"""What arrives from outside, read and measured before the rules see it.

An entry that the trail cannot hold would end the campaign (audit.md 3.1), so whatever could become
one is turned away at the door.
"""

from collections.abc import Sequence
from typing import NamedTuple

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from pydantic import JsonValue, ValidationError
    from pydantic_core import to_json

    from duban.contracts import CLUE_NEWS, PROBLEM_NEWS
    from duban.domain.clue.standing import ClueNews
    from duban.domain.inspection.standing import InspectionStanding
    from duban.domain.problem.standing import ProblemNews
    from duban.inspection_contracts import (
        INSPECTION_NEWS,
    )

ORDER_SPOT_CHECK = "order_spot_check"
"""The signal by which people order a spot check."""

MESSAGE_MAX = 16 * 1024
"""Bytes of a command or an order as JSON; proofs are references, never files."""

_INTEGER_LIMIT = 2**53
_DEPTH = 32


class Order(NamedTuple):
    """What came as an order for a spot check; None for what nobody can read or keep."""

    payload: JsonValue


News = ProblemNews | ClueNews | InspectionStanding

_NEWS: dict[str, type[News]] = {
    PROBLEM_NEWS: ProblemNews,
    CLUE_NEWS: ClueNews,
    INSPECTION_NEWS: InspectionStanding,
}


def message_in(name: str, payloads: Sequence[RawValue]) -> Order | News:
    """Return what a signal brings: news of its own, an order, or an order nobody can read."""
    news = _NEWS.get(name)
    message = _message(payloads) if news or name == ORDER_SPOT_CHECK else None
    if news:
        try:
            return news.model_validate(message)
        except ValidationError:
            return Order(None)
    return Order(message)


def _message(payloads: Sequence[RawValue]) -> JsonValue:
    if len(payloads) != 1:
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
