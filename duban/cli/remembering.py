"""`duban audit manifest` and `receipts`: what Temporal remembers, as files for the verifier."""

import json
from typing import TYPE_CHECKING

from duban.cli.bundle_commands import put
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.session import Session
from duban.cli.trail_commands import audit_noun
from duban.cli.verbs import Given, argument, verb

if TYPE_CHECKING:
    # They import Temporal's library and cryptography, which other commands should not wait for.
    from duban.remembered import KeptReceipt, Remembered
    from duban.verify.outside import Outside

_OUT = argument("file", "OUT")


@verb(audit_noun, "manifest", _OUT)
def manifest(session: Session, given: Given) -> None:
    """Write how many entries each campaign made by what Temporal knows, and whether it is over."""
    found = session.run(_campaigns(session))
    lines = {
        stream: {"entries": each.entries, "over": each.over, "source": each.source.value}
        for stream, each in found.items()
    }
    put(session, json.dumps(lines, ensure_ascii=False, indent=1) + "\n", given.file)
    unasked = [stream for stream, each in found.items() if each.source.value == "history"]
    session.err.print(session.say("remembered.manifest", streams=len(found), path=given.file))
    if unasked:
        session.err.print(session.say("remembered.from_history", streams=unasked))


@verb(audit_noun, "receipts", _OUT, *WHO_READS)
def receipts(session: Session, given: Given) -> None:
    """Write the receipts that stand in Temporal's histories; entries are in them."""
    found = session.run(_receipts(session, given))
    if found:
        put(session, "".join(each.proof for each in found), given.file)
    streams = len({each.stream for each in found})
    said = {"receipts": len(found), "streams": streams, "path": given.file}
    session.err.print(session.say("remembered.receipts" if found else "remembered.none", **said))


async def _campaigns(session: Session) -> "dict[str, Remembered]":
    async with session.services.memory(session.settings) as memory:
        return await memory.manifest()


async def _receipts(session: Session, given: Given) -> "list[KeptReceipt]":
    asked = asked_of(given, "audit receipts", scope=(None, None))
    async with session.services.reader(session.settings) as reader:
        await permitted(session, reader, asked, given.actor)
    async with session.services.memory(session.settings) as memory:
        return [each async for each in memory.receipts()]


async def with_memory(session: Session, outside: "Outside") -> "Outside":
    """Return what was handed in, with all that Temporal remembers by now.

    Raises:
        Unavailable: Temporal does not answer.
        DubanError: `temporal.unreadable`, `verify.unreadable`.
    """
    from duban.verify.files import receipt_of  # noqa: PLC0415 - see above
    from duban.verify.outside import Known  # noqa: PLC0415

    async with session.services.memory(session.settings) as memory:
        campaigns = await memory.manifest()
        kept = [each async for each in memory.receipts()]
    told = {stream: Known(each.entries, each.over) for stream, each in campaigns.items()}
    return outside.joined(told, (receipt_of(each.proof, _where(each)) for each in kept))


def _where(receipt: "KeptReceipt") -> str:
    return f"{receipt.stream}#{receipt.seq}"
