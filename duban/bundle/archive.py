"""What people take out of the log: bundles, proofs of entries, proofs of growth, anchors."""

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from duban.bundle.errors import BundleError
from duban.bundle.export import Exported, Wanted, chosen, write_bundle
from duban.bundle.source import DatabaseSource
from duban.proof.checkpoints import Checkpoint
from duban.proof.merkle import verify_consistency
from duban.proof.notes import SignedNote
from duban.proof.policy import NO_QUORUM, Policy
from duban.proof.proofs import EntryProof
from duban.store import trail
from duban.store.log import LogStore

_OLD: Final = "old"


@dataclass(frozen=True, slots=True)
class Growth:
    """That the tree of `old` began the tree of `new`; both with their cosignatures."""

    old: SignedNote
    new: SignedNote
    hashes: tuple[bytes, ...]

    @property
    def holds(self) -> bool:
        """Whether the proof shows it; the signatures say nothing yet."""
        before, after = Checkpoint.parse(self.old.text), Checkpoint.parse(self.new.text)
        roots = before.root, after.root
        return verify_consistency(before.size, after.size, self.hashes, *roots)

    def format(self) -> str:
        """Return it as it would be sent to a witness (C2SP tlog-witness)."""
        size = Checkpoint.parse(self.old.text).size
        lines = [f"{_OLD} {size}", *(base64.b64encode(each).decode() for each in self.hashes)]
        return "\n".join(lines) + "\n\n" + self.new.format()


class Archive:
    """Reads the log through `pool`; the whole log, sealed entries included, through `whole`.

    All methods raise `DatabaseUnavailable` when PostgreSQL does not answer or refuses the login.
    """

    def __init__(self, pool: asyncpg.Pool, whole: asyncpg.Pool | None = None) -> None:
        self._pool = pool
        self._whole = whole or pool

    async def export(self, wanted: Wanted, out: Path) -> Exported:
        """Write a bundle; for what it raises see `duban.bundle.export.write_bundle`."""
        pool = self._whole if wanted.campaign is None else self._pool
        return await write_bundle(DatabaseSource(pool, texts=self._pool), wanted, out)

    async def proof(self, reference: str) -> EntryProof:
        """Return the proof of an entry (event id or `stream#seq`) with its bytes.

        Raises:
            BundleError: `bundle.no_entry`, or `bundle.not_logged` while no checkpoint covers it.
        """
        entry = await trail.get(self._pool, reference)
        if entry is None or entry.event_id is None:
            raise BundleError("bundle.no_entry", id=reference)
        found = await LogStore(self._pool).proof(entry.event_id)
        if found is None:
            raise BundleError("bundle.not_logged", id=reference)
        return found.file(entry.leaf)

    async def growth(self, old: int, new: int) -> Growth:
        """Return the proof that the log of `old` entries began that of `new`.

        Raises:
            BundleError: `bundle.no_such_size` when there is no checkpoint of one of the sizes,
                `bundle.sizes` when the old one is not the smaller.
        """
        if not 0 < old <= new:
            raise BundleError("bundle.sizes", old=old, new=new)
        log = LogStore(self._pool)
        before, after = await _checkpoint(log, old), await _checkpoint(log, new)
        return Growth(before, after, tuple(await log.consistency(old, new)))

    async def anchor(self, policy: Policy | None) -> Checkpoint:
        """Return the newest checkpoint, or the newest that has the policy's quorum.

        Raises:
            BundleError: `bundle.no_checkpoint`, or `bundle.no_quorum` when none of late has it.
        """
        note = await chosen(DatabaseSource(self._pool), policy)
        if policy is not None and not policy.satisfied(policy.cosigned(note)):
            raise BundleError("bundle.no_quorum")
        return Checkpoint.parse(note.text)


async def _checkpoint(log: LogStore, size: int) -> SignedNote:
    found = await log.covering(size)
    if found is None or found.size != size:
        raise BundleError("bundle.no_such_size", size=size)
    return await log.cosigned(found)


def judged(proof: EntryProof, policy: Policy | None) -> list[str]:
    """Return what is wrong with a proof that brings its entry, by codes of audit.md 6.

    LEAF_HASH and CKPT_SIG say that it is false; QUORUM and UNANCHORED that it cannot be told.
    """
    found = [] if proof.extra and proof.holds(proof.extra) else ["LEAF_HASH"]
    if policy is None:
        return [*found, "UNANCHORED"]
    if not policy.signers(proof.checkpoint):
        found.append("CKPT_SIG")
    if policy.quorum == NO_QUORUM:
        return [*found, "UNANCHORED"]
    cosigned = policy.satisfied(policy.cosigned(proof.checkpoint))
    return found if cosigned else [*found, "QUORUM"]
