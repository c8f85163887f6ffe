"""One ring of keys for the tests, where clients and workers of several processes meet."""

from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

from duban.proof.rings import KeyRing
from duban.rehearsal.searching import payloads

KEY = bytes(range(32)).hex()
RING = KeyRing.parse(KEY)


def key_file(folder: Path, *keys: str) -> Path:
    """Write a key file, of the ring's key unless others are given, and return it."""
    path = folder / "payload.keys"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{each}\n" for each in keys or (KEY,)))
    return path


def belongs_to(history: WorkflowHistory, kind: EventType.ValueType) -> set[str]:
    """Return to which workflows the payloads of the events of a kind say that they belong."""
    some = [each for each in history.events if each.event_type == kind]
    found = payloads(WorkflowHistory(history.workflow_id, some))
    return {each.metadata["of"].decode() for each in found}
