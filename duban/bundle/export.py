"""Exporting: a campaign's streams with a proof for each entry, or the whole log with its tiles."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import asyncpg
import orjson

from duban.bundle.errors import BundleError
from duban.bundle.source import DatabaseSource, LoggedEntry, Source
from duban.bundle.writer import PART, BundleWriter, bundle_writer, canonical, encoded
from duban.proof.checkpoints import Checkpoint
from duban.proof.merkle import HASH_SIZE, consistency_proof, inclusion_proof
from duban.proof.notes import SignedNote
from duban.proof.policy import NO_QUORUM, Policy
from duban.proof.tiles import (
    WIDTH,
    bundle_path,
    encode_bundle,
    tile_path,
    tile_root,
)
from duban.store.log import Node

OLDER: Final = 100
"""Older checkpoints of a bundle at most, spread over its history; each costs its checker time."""

_LOOK_BACK: Final = 200
_BATCH: Final = 128
_KEPT_LEVEL: Final = 8
_UNKNOWN: Final = bytes(HASH_SIZE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export: a campaign's number or the whole log (None), and what goes along.

    `policy` is the text of the policy to go by: with a quorum in it, the export ends at the newest
    checkpoint that has one. `anchors` are sizes whose checkpoints are to be among those exported,
    because the reader holds their roots.
    """

    campaign: str | None
    policy: str | None = None
    anchors: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of an export. `manifest` is the digest by which the bundle can be named."""

    path: Path
    checkpoint: Checkpoint
    entries: int
    streams: int
    manifest: str


@dataclass(slots=True)
class _Counts:
    entries: int = 0
    streams: set[str] = field(default_factory=set)

    def take(self, entry: LoggedEntry) -> None:
        self.entries += 1
        try:
            stream = orjson.loads(entry.leaf)["e"].get("stream")
        except (ValueError, KeyError, TypeError, AttributeError):
            return
        if isinstance(stream, str):
            self.streams.add(stream)


async def export_bundle(
    pool: asyncpg.Pool, campaign: str | None, out: Path, *, policy: str | None = None
) -> Exported:
    """Export a campaign, or the whole log (None), from a database.

    The whole log needs a login that may read every entry. For more, see `write_bundle`.

    Raises:
        BundleError: see `write_bundle`.
        DatabaseUnavailable: PostgreSQL does not answer, or refuses the login.
        LogIncomplete: the log has a hole.
    """
    return await write_bundle(DatabaseSource(pool), Wanted(campaign, policy), out)


async def write_bundle(source: Source, wanted: Wanted, out: Path) -> Exported:
    """Write a bundle. Nothing is left at `out` when it fails.

    Raises:
        BundleError: `bundle.exists`, `bundle.no_checkpoint`, `bundle.nothing` (the campaign has no
            entry in the log), `bundle.incomplete` (the log has a hole).
    """
    if out.exists():
        raise BundleError("bundle.exists", path=str(out))
    note = await chosen(source, Policy.parse(wanted.policy) if wanted.policy else None)
    tree = Checkpoint.parse(note.text)
    counts = _Counts()
    with bundle_writer(out) as writer:
        writer.add("verify.py", (files("duban.bundle") / "verify.py").read_bytes())
        if wanted.policy is not None:
            writer.add("policy.txt", wanted.policy.encode())
        writer.add("checkpoint", note.format().encode())
        older = await _older(source, wanted, tree.size)
        write = _whole_log if wanted.campaign is None else _campaign
        await write(writer, source, tree.size, wanted.campaign, counts)
        if not counts.entries:
            raise BundleError("bundle.nothing", campaign=str(wanted.campaign))
        writer.add_lines("checkpoints.jsonl", older)
        bodies = await _bodies(writer, source, tree.size, wanted.campaign)
        said = _said(wanted, tree, counts)
        manifest = writer.finish(checkpoints=1 + len(older), payloads=bodies, **said)
    return Exported(out, tree, counts.entries, len(counts.streams), manifest)


def _said(wanted: Wanted, tree: Checkpoint, counts: _Counts) -> dict[str, Any]:
    return {
        "campaign": wanted.campaign,
        "entries": counts.entries,
        "origin": tree.origin,
        "root": tree.root.hex(),
        "size": tree.size,
        "streams": len(counts.streams),
    }


async def chosen(source: Source, policy: Policy | None) -> SignedNote:
    """Return the newest checkpoint, or the newest that has the policy's quorum if one of late has.

    Raises:
        BundleError: `bundle.no_checkpoint`.
    """
    notes = await source.newest(_LOOK_BACK)
    if not notes:
        raise BundleError("bundle.no_checkpoint")
    if policy is None or policy.quorum == NO_QUORUM:
        return notes[0]
    return next((each for each in notes if policy.satisfied(policy.cosigned(each))), notes[0])


async def _older(source: Source, wanted: Wanted, size: int) -> list[dict[str, Any]]:
    """Return older checkpoints, spread over the history, with proofs where tiles do not tell."""
    asked = {size * each // OLDER for each in range(1, OLDER)} | set(wanted.anchors)
    found: dict[int, SignedNote] = {}
    for each in sorted(asked - {0}):
        if any(known >= each for known in found) and each not in wanted.anchors:
            continue
        note = await source.covering(each)
        if note is not None:
            found[Checkpoint.parse(note.text).size] = note
    lines = []
    for old in sorted(each for each in found if each < size):
        proof = await _consistency(source, old, size) if wanted.campaign is not None else []
        lines.append({"note": found[old].format(), "proof": [encoded(each) for each in proof]})
    return lines


async def _consistency(source: Source, old: int, size: int) -> list[bytes]:
    wanted = _Asked()
    consistency_proof(old, size, wanted)
    known = await source.hashes(wanted.nodes)
    return consistency_proof(old, size, lambda level, index: known[level, index])


async def _whole_log(
    writer: BundleWriter, source: Source, size: int, _: str | None, counts: _Counts
) -> None:
    """Write entry bundles with their tiles beside them, then the tiles above."""
    above = b""
    async with aclosing(source.entries(size, None)) as entries:
        async for part in _chunks(_gapless(entries, size), WIDTH):
            number, hashes = part[0].index // WIDTH, b"".join([each.hash for each in part])
            for each in part:
                counts.take(each)
            leaves = encode_bundle([each.leaf for each in part])
            writer.add(bundle_path(number, len(part)), leaves)
            writer.add(tile_path(0, number, len(part)), hashes)
            above += tile_root(hashes) if len(part) == WIDTH else b""
    _tiles_above(writer, above)


def _tiles_above(writer: BundleWriter, hashes: bytes) -> None:
    level, full = 1, WIDTH * HASH_SIZE
    while hashes:
        parts = [hashes[at : at + full] for at in range(0, len(hashes), full)]
        for index, part in enumerate(parts):
            writer.add(tile_path(level, index, len(part) // HASH_SIZE), part)
        hashes = b"".join([tile_root(part) for part in parts if len(part) == full])
        level += 1


async def _gapless(entries: AsyncIterator[LoggedEntry], size: int) -> AsyncIterator[LoggedEntry]:
    expected = 0
    async for entry in entries:
        if entry.index != expected:
            raise BundleError("bundle.incomplete", index=expected)
        expected += 1
        yield entry
    if expected != size:
        raise BundleError("bundle.incomplete", index=expected)


async def _campaign(
    writer: BundleWriter, source: Source, size: int, campaign: str | None, counts: _Counts
) -> None:
    """Write the entries of a campaign's streams, each with its proof."""
    known: dict[Node, bytes] = {}
    number = 0
    async with aclosing(source.entries(size, campaign)) as entries:
        async for part in _chunks(entries, PART):
            with writer.part(f"entries/{number:03}.jsonl") as file:
                for at in range(0, len(part), _BATCH):
                    for line in await _proved(source, part[at : at + _BATCH], size, known):
                        file.write(line)
            for entry in part:
                counts.take(entry)
            number += 1


async def _proved(
    source: Source, entries: Sequence[LoggedEntry], size: int, known: dict[Node, bytes]
) -> list[bytes]:
    """Return the lines of some entries; hashes high in the tree are asked for once."""
    asked = _Asked()
    for entry in entries:
        inclusion_proof(entry.index, size, asked)
    missing = [node for node in dict.fromkeys(asked.nodes) if node not in known]
    found = {**known, **(await source.hashes(missing) if missing else {})}
    known.update({node: each for node, each in found.items() if node[0] >= _KEPT_LEVEL})
    lines = []
    for entry in entries:
        proof = inclusion_proof(entry.index, size, lambda level, index: found[level, index])
        line = {
            "hash": encoded(entry.hash),
            "index": entry.index,
            "leaf": entry.leaf.decode(),
            "proof": [encoded(each) for each in proof],
        }
        lines.append(canonical(line))
    return lines


async def _chunks(
    entries: AsyncIterator[LoggedEntry], count: int
) -> AsyncIterator[list[LoggedEntry]]:
    waiting: list[LoggedEntry] = []
    async for entry in entries:
        waiting.append(entry)
        if len(waiting) == count:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


async def _bodies(writer: BundleWriter, source: Source, size: int, campaign: str | None) -> int:
    async with aclosing(source.bodies(size, campaign)) as bodies:
        lines = [
            {
                "body": encoded(each.body),
                "index": each.index,
                "salt": encoded(each.salt),
                "slot": each.slot,
            }
            async for each in bodies
        ]
    return writer.add_lines("payloads.jsonl", lines)


class _Asked:
    """Notes which hashes a proof asks for, so that they can be fetched together."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def __call__(self, level: int, index: int) -> bytes:
        self.nodes.append((level, index))
        return _UNKNOWN
