"""One ring of keys for the tests, where clients and workers of several processes meet."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from google.protobuf.json_format import ParseDict
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

from duban.proof.rings import KeyRing

KEY = bytes(range(32)).hex()
RING = KeyRing.parse(KEY)


def key_file(folder: Path, *keys: str) -> Path:
    """Write a key file, of the ring's key unless others are given, and return it."""
    path = folder / "payload.keys"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{each}\n" for each in keys or (KEY,)))
    return path


def payloads(history: WorkflowHistory) -> list[Payload]:
    """Return every payload of a history, wherever it stands."""
    return [ParseDict(each, Payload()) for each in _payloads(history.to_json_dict())]


def belongs_to(history: WorkflowHistory, kind: EventType.ValueType) -> set[str]:
    """Return to which workflows the payloads of the events of a kind say that they belong."""
    some = [each for each in history.events if each.event_type == kind]
    found = payloads(WorkflowHistory(history.workflow_id, some))
    return {each.metadata["of"].decode() for each in found}


async def readable(client: Client, history: WorkflowHistory) -> str:
    """Return all that a history tells who has the keys: its own text and that of every payload."""
    codec = client.data_converter.payload_codec
    found = payloads(history)
    told = found if codec is None else await codec.decode(found)
    texts = [json.dumps(history.to_json_dict()), *(each.data.decode() for each in told)]
    return "\n".join(texts)


def _payloads(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _payloads(each)
    elif isinstance(value, dict):
        if "encoding" in value.get("metadata", {}):
            yield value
        else:
            for each in value.values():
                yield from _payloads(each)
