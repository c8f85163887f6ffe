"""Looks for words in all that a rehearsal keeps, in every form that a word could stand in.

That a target is nowhere is shown by looking: the whole database, Temporal's histories as it keeps
them and as its keys open them, and every file beside both (SEC1, SEC2).
"""

import asyncio
import base64
import json
import re
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import ParseDict
from pydantic import Field
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowHistory

from duban.domain.draw.places import Place
from duban.domain.model import Model, Text
from duban.stack.programs import postgres_bin

if TYPE_CHECKING:
    from duban.rehearsal.theatre import Theatre


_FOR_ADDRESSES = bytes.maketrans(b"+/", b"-_")


class Search(Model):
    """The fields of a step that searches: of `places` no name may be found but those in `found`.

    `openly` are words that were said to all: were they not found, a search would prove nothing.
    """

    places: tuple[Place, ...] = Field(min_length=1)
    found: tuple[str, ...] = ()
    openly: tuple[Text, ...] = Field(min_length=1)

    @property
    def names(self) -> set[str]:
        """Every name that a place goes by."""
        told = (name for each in self.places for name in (each.site, each.name, each.address))
        return {name for name in told if name}


@lru_cache(maxsize=1000)
def forms(word: str) -> frozenset[tuple[bytes, bytes]]:
    """Return every form of a word, each with the letters of which one must follow, if any.

    A word stands as it is, escaped, in hexadecimal or in base64, where its end shares a letter with
    what comes behind it.
    """
    raw = word.encode()
    escaped = json.dumps(word)[1:-1]
    upper = "".join(each if each.isascii() else f"\\u{ord(each):04X}" for each in word)
    written = {escaped, escaped.replace("\\", "\\\\"), upper, upper.replace("\\", "\\\\")}
    plain = {
        raw,
        word.encode("gb18030"),
        *(each.encode() for each in written),
        raw.hex().encode(),
        raw.hex().upper().encode(),
    }
    return frozenset([*((each, b"") for each in plain), *_base64(raw)])


def found_in(data: bytes, words: Iterable[str]) -> set[str]:
    """Return the words that stand somewhere in bytes, in whatever form."""
    return {word for word in words if any(_stands(data, *form) for form in forms(word))}


def _stands(data: bytes, form: bytes, ends: bytes) -> bool:
    if form not in data:
        return False
    return not ends or bool(re.search(re.escape(form) + b"[" + re.escape(ends) + b"]", data))


async def found_anywhere(stage: "Theatre", workflows: Iterable[str], words: set[str]) -> set[str]:
    """Return the words that stand in anything that is kept; of Temporal, in these workflows.

    Raises:
        StackError: the program that dumps a database is missing.
        RPCError: there is no such workflow.
    """
    # The cluster's own files hold what earlier rehearsals have said; its database is dumped.
    found = found_beside(stage.cluster, words) | found_in(await dumped(stage.dsn), words)
    client = stage.environment.client
    for workflow in workflows:
        async for _, told in remembered(client, workflow):
            found |= found_in(told, words)
    return found


def found_beside(cluster: Path, words: set[str]) -> set[str]:
    """Return the words that stand in a file beside the folder of a cluster, however deep."""
    files = (each for each in cluster.parent.rglob("*") if cluster not in each.parents)
    return set().union(*(found_in(each.read_bytes(), words) for each in files if each.is_file()))


async def dumped(dsn: str) -> bytes:
    """Return a whole dump of a database, as plain SQL. Raises `StackError` without its program."""
    argv = [str(postgres_bin() / "pg_dump"), "--dbname", dsn]
    process = await asyncio.create_subprocess_exec(*argv, stdout=PIPE)
    said, _ = await process.communicate()
    assert process.returncode == 0, "a database that stands can be dumped"
    return said


async def remembered(client: Client, workflow: str) -> AsyncIterator[tuple[str, bytes]]:
    """Yield what Temporal tells of all runs of a workflow, and what that is; newest first."""
    run: str | None = None
    while run != "":
        handle = client.get_workflow_handle(workflow, run_id=run)
        yield "describe", (await handle.describe()).raw_description.SerializeToString()
        history = await handle.fetch_history()
        for event in history.events:
            yield "history", event.SerializeToString()
        yield "deciphered", (await readable(client, history)).encode()
        started = history.events[0].workflow_execution_started_event_attributes
        run = started.continued_execution_run_id


def payloads(history: WorkflowHistory) -> list[Payload]:
    """Return every payload of a history, wherever it stands."""
    return [ParseDict(each, Payload()) for each in _payloads(history.to_json_dict())]


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


def _base64(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield what all base64 texts have in common that hold some bytes, wherever they begin."""
    for before in range(3):
        first, (last, shared) = -(-before * 8 // 6), divmod((before + len(raw)) * 8, 6)
        texts = [base64.b64encode(bytes(before) + raw + bytes([n])) for n in range(0, 256, 16)]
        ends = b"".join(sorted({each[last : last + 1] for each in texts})) if shared else b""
        form = texts[0][first:last]
        yield form, ends
        yield form.translate(_FOR_ADDRESSES), ends.translate(_FOR_ADDRESSES)
