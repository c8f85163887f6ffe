"""Tiles and bundles: names, which are full, there and back."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.proof.errors import TileError
from duban.proof.merkle import leaf_hash, root_of
from duban.proof.tiles import (
    ENTRY_MAX,
    WIDTH,
    TileId,
    bundle_path,
    decode_bundle,
    encode_bundle,
    full_tiles,
    tile_path,
    tile_root,
)


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, WIDTH, "tile/0/000"),
        (0, 999, WIDTH, "tile/0/999"),
        (1, 1000, WIDTH, "tile/1/x001/000"),
        (0, 1234067, WIDTH, "tile/0/x001/x234/067"),
        (2, 0, 7, "tile/2/000.p/7"),
    ],
)
def test_a_tile_has_its_path(level: int, index: int, width: int, path: str) -> None:
    assert tile_path(level, index, width) == path


def test_a_bundle_has_its_path() -> None:
    assert bundle_path(1001) == "tile/entries/x001/001"
    assert bundle_path(0, 3) == "tile/entries/000.p/3"


@pytest.mark.parametrize("width", [0, WIDTH + 1])
def test_no_tile_is_empty_or_wider_than_full(width: int) -> None:
    with pytest.raises(TileError, match="no tile"):
        tile_path(0, 0, width)


@given(sizes=st.lists(st.integers(0, 200_000), min_size=1, max_size=5))
def test_every_tile_becomes_full_once(sizes: list[int]) -> None:
    ends = [sum(sizes[: place + 1]) for place in range(len(sizes))]
    named = [tile for old, new in pairwise([0, *ends]) for tile in full_tiles(old, new)]
    assert len(named) == len(set(named))
    assert set(named) == {
        TileId(level, index)
        for level in range(3)
        for index in range(ends[-1] // WIDTH ** (level + 1))
    }


def test_the_root_of_a_full_tile_is_that_of_its_hashes() -> None:
    hashes = [leaf_hash(b"%d" % each) for each in range(WIDTH)]
    assert tile_root(b"".join(hashes)) == root_of(hashes)
    with pytest.raises(TileError, match="full tile"):
        tile_root(b"".join(hashes[1:]))


@given(entries=st.lists(st.binary(max_size=300), max_size=WIDTH))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries)) == entries


def test_what_fits_no_bundle_is_refused() -> None:
    assert decode_bundle(encode_bundle([bytes(ENTRY_MAX)])) == [bytes(ENTRY_MAX)]
    for entries in ([bytes(ENTRY_MAX + 1)], [b""] * (WIDTH + 1)):
        with pytest.raises(TileError, match="bundle holds"):
            encode_bundle(entries)


@pytest.mark.parametrize("broken", [b"\x00", b"\x00\x02a", b"\x00\x01ab", b"\x00\x00" * 257])
def test_a_broken_bundle_is_refused(broken: bytes) -> None:
    with pytest.raises(TileError, match="broken at byte"):
        decode_bundle(broken)
