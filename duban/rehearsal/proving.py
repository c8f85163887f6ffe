"""The end of the demonstration: the trail put into a log, taken out, and checked without Duban."""

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
from duban.proof.checkpoints import Checkpoint
from duban.proof.notes import ED25519, SignedNote, SignerKey
from duban.proof.policy import NO_QUORUM, Log, Policy
from duban.rehearsal.theatre import Theatre
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
    """Run the single file in an isolated interpreter; return its status and its first finding."""
    program = Path(__file__).resolve().parents[1] / "bundle" / "verify.py"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(program), str(bundle), *kept, "--json"), stdout=PIPE
    )
    said, _ = await process.communicate()
    findings = json.loads(said)["findings"]
    found = next((each for each in findings if each["entry"]), None)
    place = f"{found['code']} {found['entry']}, {found['file']} @{found['byte']}" if found else ""
    return process.returncode or 0, place


def _altered(bundle: bytes) -> bytes:
    """Return the bundle with one byte of one entry changed, somewhere in its middle."""
    place = bundle.find(_VICTIM, len(bundle) // 2)
    at = place if place >= 0 else bundle.find(_VICTIM)
    return bundle[: at + 1] + bytes([bundle[at + 1] ^ 1]) + bundle[at + 2 :]
