"""What others hold: checkpoints seen elsewhere, receipts, and what Temporal knows (audit.md 6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from duban.proof.checkpoints import Checkpoint
from duban.proof.errors import NoteError
from duban.proof.merkle import verify_inclusion
from duban.proof.notes import SignedNote
from duban.proof.policy import Policy
from duban.proof.proofs import EntryProof
from duban.store.findings import Finding
from duban.store.ordinals import Seen
from duban.verify.trees import Tree


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the author of an entry was handed: its proof, and the hash of its leaf."""

    leaf_hash: bytes
    proof: EntryProof


@dataclass(frozen=True, slots=True)
class Known:
    """What Temporal knows of a workflow: how many entries it made at least, and if it is over."""

    entries: int
    over: bool


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything that comes from where neither operations nor the database's owner can reach.

    `anchors` are signed checkpoints; `printed` are what stands on paper, for
    which its keeper vouches. `listed` says that a manifest was given, be it an empty one.
    """

    anchors: tuple[SignedNote, ...] = ()
    printed: tuple[Checkpoint, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    manifest: Mapping[str, Known] = field(default_factory=dict)
    listed: bool = False

    def sizes(self) -> set[int]:
        """Return the tree sizes at which roots must be known."""
        notes = [*self.anchors, *(each.proof.checkpoint for each in self.receipts)]
        signed = {tree.size for each in notes if (tree := _tree(each)) is not None}
        return signed | {each.size for each in self.printed}

    def joined(self, manifest: Mapping[str, Known], receipts: Iterable[Receipt]) -> "Outside":
        """Return this with more of both; of a stream that both know, the more counts."""
        known = dict(self.manifest)
        for stream, each in manifest.items():
            before = known.get(stream, each)
            known[stream] = Known(max(before.entries, each.entries), over=before.over or each.over)
        both = (*self.receipts, *receipts)
        return replace(self, manifest=known, receipts=both, listed=True)

    def indices(self) -> frozenset[int]:
        """Return the leaves whose hashes must be known."""
        return frozenset(each.proof.index for each in self.receipts)


def judge_anchors(outside: Outside, policy: Policy, tree: Tree) -> list[Finding]:
    """Return where the log is not the one that others saw, and UNANCHORED if none of them did."""
    found: list[Finding] = []
    seen: dict[int, bytes] = {}
    known = list(outside.printed)
    for note in outside.anchors:
        anchor = _tree(note)
        if anchor is None or not (policy.signers(note) or policy.cosigned(note)):
            found.append(Finding("ANCHOR_BAD", "anchor", "no key of the policy signed it"))
        else:
            known.append(anchor)
    for anchor in known:
        if anchor.origin != policy.origin:
            found.append(Finding("ANCHOR_BAD", "anchor", f"of the log {anchor.origin}"))
            continue
        if seen.setdefault(anchor.size, anchor.root) != anchor.root:
            told = "two roots of one size were signed"
            found.append(Finding("EQUIVOCATION", f"anchor {anchor.size}", told))
        found += _judge_root(anchor, tree, f"anchor {anchor.size}")
    if not seen:
        told = "no checkpoint from elsewhere was given"
        found.append(Finding("UNANCHORED", "anchors", told))
    return found


def judge_receipts(
    receipts: Iterable[Receipt], policy: Policy, tree: Tree, hashes: Mapping[int, bytes]
) -> list[Finding]:
    """Return which receipts the log does not honour."""
    found: list[Finding] = []
    for each in receipts:
        where = f"receipt @{each.proof.index}"
        signed = _tree(each.proof.checkpoint)
        if signed is None or not policy.signers(each.proof.checkpoint):
            found.append(Finding("RECEIPT_BAD", where, "no key of the policy signed it"))
            continue
        path = (each.proof.index, signed.size, each.leaf_hash, each.proof.hashes, signed.root)
        if not verify_inclusion(*path):
            found.append(Finding("RECEIPT_BAD", where, "its own proof does not hold"))
        elif hashes.get(each.proof.index) != each.leaf_hash:
            found.append(Finding("RECEIPT", where, "another entry, or none, stands in its place"))
        else:
            found += _judge_root(signed, tree, where)
    return found


def judge_manifest(manifest: Mapping[str, Known], streams: Mapping[str, Seen]) -> list[Finding]:
    """Return the workflows that Temporal knows and the trail does not, or not to their end."""
    found: list[Finding] = []
    for stream, known in manifest.items():
        seen = streams.get(stream)
        count = sum(last - first + 1 for first, last in seen.runs) if seen else 0
        if seen is None and known.entries:
            told = "Temporal knows it, the trail does not"
            found.append(Finding("WORKFLOW_MISSING", stream, told))
        elif count < known.entries:
            told = f"{count} entries, Temporal knows of {known.entries}"
            found.append(Finding("ORDINAL_GAP", stream, told))
        if seen is not None and known.over and seen.closing is None:
            found.append(Finding("NOT_CLOSED", stream, "it is over and has no closing entry"))
    return found


def _judge_root(seen: Checkpoint, tree: Tree, where: str) -> list[Finding]:
    root = tree.root_at(seen.size)
    if root is None:
        told = f"{seen.size} entries were seen, {tree.frontier.size} are there"
        return [Finding("TRUNCATED", where, told)]
    if root != seen.root:
        return [Finding("FORK", where, "the entries lead to another root than was seen")]
    return []


def _tree(note: SignedNote) -> Checkpoint | None:
    try:
        return Checkpoint.parse(note.text)
    except NoteError:
        return None
