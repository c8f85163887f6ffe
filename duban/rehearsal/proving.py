"""The end of the demonstration: the trail and its draws taken out, and checked without Duban."""

import asyncio
import json
import secrets
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import Final

from duban.bundle import DatabaseSource, Wanted, write_bundle
from duban.bundle.verify import anchor_line
from duban.contracts import campaign_stream
from duban.domain.campaign.draw_records import DrawState
from duban.domain.draw.trail import record_of
from duban.domain.model import Document
from duban.proof.checkpoints import Checkpoint
from duban.proof.notes import ED25519, SignedNote, SignerKey
from duban.proof.policy import NO_QUORUM, Log, Policy
from duban.rehearsal.theatre import Theatre
from duban.store import ledger, trail
from duban.store.pool import SEQUENCER, WORKER
from duban.store.sequencing import step

_ORIGIN: Final = "rehearsal.duban/log"
_VICTIM: Final = b'"outcome":"accepted"'


@dataclass(frozen=True)
class Proven:
    """What the independent program said of the bundle, and of a copy with one byte changed.

    `status` and `altered_status` are its exit codes (audit.md 6); `found` is its first finding.
    """

    entries: int
    size: int
    status: int
    altered_status: int
    found: str


async def proven(stage: Theatre, folder: Path) -> Proven:
    """Sign for the whole trail, export it, check it with the single file, then alter a copy.

    The key is made here and thrown away: it signs for this rehearsal alone.

    Raises:
        BundleError: the log cannot be exported.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    key = SignerKey(_ORIGIN, ED25519, secrets.token_bytes(32))
    note = await _signed(stage, key)
    policy = Policy((Log(key.public),), (), (), NO_QUORUM, _ORIGIN, (WORKER, SEQUENCER))
    kept, bundle = _kept(note, policy, folder), folder / "trail.zip"
    written = await write_bundle(
        DatabaseSource(stage.verifier), Wanted(None, policy.format()), bundle
    )
    status, _ = await _checked(bundle, kept)
    altered = folder / "altered.zip"
    altered.write_bytes(_altered(bundle.read_bytes()))
    altered_status, said = await _checked(altered, kept)
    return Proven(written.entries, bundle.stat().st_size, status, altered_status, said)


@dataclass(frozen=True)
class Redrawn:
    """What the second independent program said of every revealed draw, and of altered copies.

    `status` and `altered_status` are the worst exit code of the one and the best of the other.
    """

    draws: int
    status: int
    altered_status: int


async def redrawn(stage: Theatre, folder: Path) -> Redrawn:
    """Compute every revealed draw of inspections again with the single file, and altered ones.

    Raises `DatabaseUnavailable` when PostgreSQL does not answer.
    """
    honest, altered = [], []
    where: Document = {"state": DrawState.REVEALED.value}
    for row in await ledger.objects(stage.reader, "draw", where=where):
        events = await trail.stream_events(stage.reader, campaign_stream(row.scope))
        record = record_of(events, row.id)
        assert record is not None, "a revealed draw can be read"
        file = folder / f"{row.id}.json"
        file.write_text(record.model_dump_json(), encoding="utf-8")
        honest.append(await _run("draw_verify.py", file))
        other = record.model_copy(update={"number": f"{record.number}0"})
        file.write_text(other.model_dump_json(), encoding="utf-8")
        altered.append(await _run("draw_verify.py", file))
    statuses = [status for status, _ in honest], [status for status, _ in altered]
    return Redrawn(len(honest), max(statuses[0], default=0), min(statuses[1], default=1))


async def _signed(stage: Theatre, key: SignerKey) -> SignedNote:
    note = None
    async with stage.sequencer.acquire() as connection:
        while done := await step(connection, [key], now_us=time.time_ns() // 1000):
            note = SignedNote.parse(done.checkpoint.note)
    assert note is not None, "a rehearsal has entries"
    return note


def _kept(note: SignedNote, policy: Policy, folder: Path) -> list[str]:
    """Write what somebody outside would hold: the policy, and the newest checkpoint's line."""
    tree = Checkpoint.parse(note.text)
    (folder / "policy.txt").write_text(policy.format(), encoding="utf-8")
    line = anchor_line(tree.origin, tree.size, tree.root)
    (folder / "anchor.txt").write_text(f"{line}\n", encoding="utf-8")
    return ["--policy", str(folder / "policy.txt"), "--anchor", str(folder / "anchor.txt")]


async def _checked(bundle: Path, kept: list[str]) -> tuple[int, str]:
    """Have the single file check a bundle; return its status and its first finding."""
    status, said = await _run("verify.py", bundle, *kept)
    findings = json.loads(said)["findings"]
    found = next((each for each in findings if each["entry"]), None)
    place = f"{found['code']} {found['entry']}, {found['file']} @{found['byte']}" if found else ""
    return status, place


async def _run(name: str, file: Path, *more: str) -> tuple[int, bytes]:
    """Run a program that stands alone in an isolated interpreter; return status and output."""
    program = Path(__file__).resolve().parents[1] / "bundle" / name
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(program), str(file), *more, "--json"), stdout=PIPE
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said


def _altered(bundle: bytes) -> bytes:
    """Return the bundle with one byte of one entry changed, somewhere in its middle."""
    place = bundle.find(_VICTIM, len(bundle) // 2)
    at = place if place >= 0 else bundle.find(_VICTIM)
    return bundle[: at + 1] + bytes([bundle[at + 1] ^ 1]) + bundle[at + 2 :]
