"""Tiles and entry bundles: the tree and its entries in pieces that never change (C2SP tlog-tiles).

A tile of level n holds 256 hashes of perfect subtrees of 256**n leaves; a bundle holds 256 entries.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from duban.proof.errors import TileError
from duban.proof.merkle import HASH_SIZE, parents

HEIGHT: Final = 8
"""Levels of the tree that a tile stands for."""
WIDTH: Final = 1 << HEIGHT
"""Hashes of a full tile, entries of a full bundle."""
ENTRY_MAX: Final = 0xFFFF
"""Bytes of an entry: its length is written in 16 bits."""

_LENGTH: Final = 2
_THOUSAND: Final = 1000


@dataclass(frozen=True, slots=True, order=True)
class TileId:
    """A full tile by its level and its place in the level."""

    level: int
    index: int

    @property
    def path(self) -> str:
        """Where it is served."""
        return f"tile/{self.level}/{_place(self.index)}"


def full_tiles(old: int, new: int) -> Iterator[TileId]:
    """Name the tiles that become full while a tree grows from `old` leaves to `new`."""
    level, before, after = 0, old >> HEIGHT, new >> HEIGHT
    while after:
        for index in range(before, after):
            yield TileId(level, index)
        level, before, after = level + 1, before >> HEIGHT, after >> HEIGHT


def tile_root(hashes: bytes) -> bytes:
    """Return the root over the joined hashes of a full tile.

    Raises:
        TileError: it is not full.
    """
    if len(hashes) != WIDTH * HASH_SIZE:
        message = f"a full tile has {WIDTH * HASH_SIZE} bytes, not {len(hashes)}"
        raise TileError(message)
    while len(hashes) > HASH_SIZE:
        hashes = parents(hashes)
    return hashes


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """Return where a tile is served; one of fewer than 256 hashes says how many."""
    return TileId(level, index).path + _partial(width)


def bundle_path(index: int, width: int = WIDTH) -> str:
    """Return where an entry bundle is served."""
    return f"tile/entries/{_place(index)}{_partial(width)}"


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return a bundle: every entry after its length in two bytes.

    Raises:
        TileError: an entry is too long, or there are more than a bundle holds.
    """
    if len(entries) > WIDTH or any(len(each) > ENTRY_MAX for each in entries):
        message = f"a bundle holds {WIDTH} entries of at most {ENTRY_MAX} bytes"
        raise TileError(message)
    return b"".join([len(each).to_bytes(_LENGTH, "big") + each for each in entries])


def decode_bundle(bundle: bytes) -> list[bytes]:
    """Read what `encode_bundle` wrote.

    Raises:
        TileError: it ends within an entry, or holds more than 256.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(bundle):
        end = at + _LENGTH + int.from_bytes(bundle[at : at + _LENGTH], "big")
        if end > len(bundle) or len(entries) == WIDTH:
            message = f"the bundle is broken at byte {at}"
            raise TileError(message)
        entries.append(bundle[at + _LENGTH : end])
        at = end
    return entries


def _partial(width: int) -> str:
    if not 0 < width <= WIDTH:
        message = f"no tile has {width} hashes"
        raise TileError(message)
    return "" if width == WIDTH else f".p/{width}"


def _place(index: int) -> str:
    """Write an index in groups of three digits, all but the last after an x."""
    groups = [f"{index % _THOUSAND:03}"]
    while index >= _THOUSAND:
        index //= _THOUSAND
        groups.insert(0, f"x{index % _THOUSAND:03}")
    return "/".join(groups)
