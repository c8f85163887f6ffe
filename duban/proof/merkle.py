"""The Merkle tree of RFC 6962: roots, and proofs that an entry is in it and that it only grew.

A hash is 32 bytes (SHA-256). `HashAt` gives the root of a perfect subtree: level 0 are the leaves,
and (level, index) covers the leaves from index * 2**level on.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

HASH_SIZE: Final = 32
"""Bytes of a hash."""
EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962 2.1)."""

_BEGUN: Final = sha256(b"\x00")
"""What every leaf's hash begins with: a copy of it is quicker than joining bytes."""

HashAt = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry's exact bytes (RFC 6962 2.1)."""
    hashing = _BEGUN.copy()
    hashing.update(entry)
    return hashing.digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees that stand side by side (RFC 6962 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def parents(level: bytes) -> bytes:
    """Return the joined hashes one level up of joined hashes; an odd last one is left out."""
    ends = range(0, len(level) - len(level) % (2 * HASH_SIZE), 2 * HASH_SIZE)
    return b"".join([sha256(b"\x01" + level[at : at + 2 * HASH_SIZE]).digest() for at in ends])


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree as far as one must know it to let it grow: its perfect subtrees, largest first."""

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def extend(self, hashes: Iterable[bytes]) -> Self:
        """Return the frontier of the tree with these leaf hashes added at its end."""
        size, nodes = self.size, list(self.nodes)
        for added in hashes:
            node, below = added, size
            while below & 1:
                node = node_hash(nodes.pop(), node)
                below >>= 1
            nodes.append(node)
            size += 1
        return type(self)(size, tuple(nodes))

    def join(self, later: "Frontier") -> "Frontier":
        """Return the frontier of this tree with all leaves of another one added at its end.

        Raises:
            ValueError: a subtree of the other would not stand where its size demands.
        """
        size, nodes = self.size, list(self.nodes)
        left = later.size
        for added in later.nodes:
            span = 1 << left.bit_length() - 1
            left -= span
            if size % span:
                message = f"a subtree of {span} leaves cannot begin at {size}"
                raise ValueError(message)
            node, below = added, size // span
            while below & 1:
                node = node_hash(nodes.pop(), node)
                below >>= 1
            nodes.append(node)
            size += span
        return Frontier(size, tuple(nodes))

    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for left in reversed(self.nodes[:-1]):
            root = node_hash(left, root)
        return root

    def encode(self) -> bytes:
        """Return the joined hashes; the size tells how many there are."""
        return b"".join(self.nodes)

    @classmethod
    def decode(cls, size: int, encoded: bytes) -> Self:
        """Read what `encode` wrote.

        Raises:
            ValueError: as many hashes as these do not make a tree of this size.
        """
        if size < 0 or len(encoded) != size.bit_count() * HASH_SIZE:
            message = f"{len(encoded)} bytes are no frontier of a tree of {size}"
            raise ValueError(message)
        starts = range(0, len(encoded), HASH_SIZE)
        return cls(size, tuple(encoded[at : at + HASH_SIZE] for at in starts))


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    return Frontier().extend(hashes).root()


def subtree_root(low: int, high: int, hash_at: HashAt) -> bytes:
    """Return the root over the leaves [low, high); `low` is a multiple of their number rounded up.

    That is what every subtree of a larger tree satisfies.
    """
    if high <= low:
        return EMPTY_ROOT
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return hash_at(level, low >> level)
    middle = low + _split(count)
    return node_hash(subtree_root(low, middle, hash_at), subtree_root(middle, high, hash_at))


def inclusion_proof(index: int, size: int, hash_at: HashAt) -> list[bytes]:
    """Return the hashes that lead from a leaf to the root of the tree (RFC 6962 2.1.1).

    Raises:
        ValueError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        message = f"a tree of {size} has no leaf {index}"
        raise ValueError(message)
    low, high, proof = 0, size, list[bytes]()
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(subtree_root(middle, high, hash_at))
            high = middle
        else:
            proof.append(subtree_root(low, middle, hash_at))
            low = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, hash_at: HashAt) -> list[bytes]:
    """Return the hashes that show the tree of `old` leaves to begin that of `new` (2.1.2).

    Raises:
        ValueError: the old tree is not the smaller one.
    """
    if not 0 <= old <= new:
        message = f"a tree of {old} does not begin one of {new}"
        raise ValueError(message)
    if old in (0, new):
        return []
    low, high, whole, proof = 0, new, True, list[bytes]()
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(subtree_root(middle, high, hash_at))
            high = middle
        else:
            proof.append(subtree_root(low, middle, hash_at))
            low, whole = middle, False
    # The old tree itself is known to whoever checks, so it is not told when it is one subtree.
    if not whole:
        proof.append(subtree_root(low, high, hash_at))
    return proof[::-1]


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> bool:
    """Say whether the proof leads from the leaf's hash to the root (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    _, reached = _climb(index, size - 1, leaf, proof)
    return reached == root


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Say whether the proof shows the old tree to begin the new one (RFC 9162 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        known = new_root if old else EMPTY_ROOT
        return not proof and old_root == known
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    return _climb(node, last, path[0], path[1:]) == (old_root, new_root)


def _climb(
    node: int, last: int, start: bytes, proof: Sequence[bytes]
) -> tuple[bytes | None, bytes | None]:
    """Go up from a node of a level that ends with `last`; return what the proof leads to.

    First the root of all up to the node, then that of all; None if the proof is not as long as the
    tree is high.
    """
    before = whole = start
    for hashed in proof:
        if last == 0:
            return None, None
        if node & 1 or node == last:
            before, whole = node_hash(hashed, before), node_hash(hashed, whole)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            whole = node_hash(whole, hashed)
        node, last = node >> 1, last >> 1
    return (before, whole) if last == 0 else (None, None)


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1
