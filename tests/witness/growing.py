"""Logs that grow in memory, and the policies and keys around them."""

from collections.abc import Sequence
from hashlib import sha256

from duban.proof.checkpoints import Checkpoint
from duban.proof.merkle import HashAt, consistency_proof, leaf_hash, root_of
from duban.proof.notes import COSIGNATURE, ED25519, SignedNote, SignerKey
from duban.proof.policy import Policy
from duban.witness.messages import Submission

ORIGIN = "duban.example/trail"
OTHER = "duban.example/other"
WITNESS = SignerKey("witness.example/w1", COSIGNATURE, bytes([9] * 32))
NOON = 1_561_694_400
"""2019-06-28 12:00 in Shanghai."""


class GrowingLog:
    """A log of numbered entries; one with another `mark` is another log from the first entry on."""

    def __init__(self, origin: str = ORIGIN, *, mark: str = "", forked_at: int = 0) -> None:
        self.origin = origin
        self.key = SignerKey(origin, ED25519, sha256(origin.encode()).digest())
        self.newer_key = SignerKey(origin, ED25519, sha256(self.key.seed).digest())
        self._mark = mark
        self._forked_at = forked_at

    def leaves(self, size: int) -> list[bytes]:
        marks = ("" if n < self._forked_at else self._mark for n in range(size))
        return [leaf_hash(f"{self.origin}{mark}{n}".encode()) for n, mark in enumerate(marks)]

    def checkpoint(self, size: int) -> Checkpoint:
        return Checkpoint(self.origin, size, root_of(self.leaves(size)))

    def note(self, size: int, *keys: SignerKey) -> SignedNote:
        text = self.checkpoint(size).text()
        return SignedNote(text, tuple(key.sign(text) for key in keys or (self.key,)))

    def proof(self, old: int, new: int) -> list[bytes]:
        return consistency_proof(old, new, _hash_at(self.leaves(new)))

    def submission(self, old: int, new: int) -> bytes:
        return Submission(old, tuple(self.proof(old, new)), self.note(new)).format()


def _hash_at(hashes: Sequence[bytes]) -> HashAt:
    return lambda level, index: root_of(hashes[index << level : (index + 1) << level])


LOG = GrowingLog()
SECOND = GrowingLog(OTHER)
SPLIT = GrowingLog(mark="x", forked_at=3)
"""The same log as it looks to somebody else: from the fourth entry on it has others."""


def policy_text(url: str = "") -> str:
    """Return a policy that knows both logs, the first with its old key and its newer one."""
    keys = (LOG.key, LOG.newer_key, SECOND.key)
    logs = "".join(f"log {each.public.format()}\n" for each in keys)
    return f"{logs}witness w1 {WITNESS.public.format()} {url}\nquorum w1\n"


def policy(url: str = "") -> Policy:
    return Policy.parse(policy_text(url))
