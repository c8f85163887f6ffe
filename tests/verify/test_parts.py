"""The judges of the verifier one by one, where the reference log is too small or too honest."""

from dataclasses import replace
from typing import Any

import pytest

from duban.proof.checkpoints import Checkpoint
from duban.proof.merkle import Frontier, leaf_hash, root_of
from duban.proof.notes import SignedNote
from duban.proof.tiles import WIDTH, tile_root
from duban.store.findings import Finding
from duban.store.ordinals import Seen, judge, merged
from duban.verify.outside import Known, Outside, judge_anchors, judge_manifest
from duban.verify.ranges import Part, Window
from duban.verify.trees import Tree
from tests.support.tampering import LOG_KEY, ORIGIN, THIEF_KEY, a_policy

HASHES = [leaf_hash(b"%d" % n) for n in range(5)]


def codes(found: list[Finding]) -> list[tuple[str, str]]:
    return [(each.code, each.where) for each in found]


def seen(*runs: tuple[int, int], closing: int | None = None, closed_at: int | None = None) -> Seen:
    return Seen(list(runs), closing, closed_at)


@pytest.mark.parametrize(
    ("found", "next_seq", "told"),
    [
        (seen((0, 4)), 5, []),
        (seen((0, 4), closing=5, closed_at=4), 5, []),
        (seen((0, 1), (3, 4)), 5, [("ORDINAL_GAP", "s#3")]),
        (seen((0, 3), (3, 4)), 5, [("DUP_ORDINAL", "s#3")]),
        (seen((1, 4)), 5, [("ORDINAL_GAP", "s#1")]),
        (seen((0, 4)), 6, [("ORDINAL_GAP", "s")]),
        (seen((0, 4)), None, []),
        (seen(), 2, [("ORDINAL_GAP", "s")]),
        (seen((0, 4), closing=4, closed_at=3), 5, [("CLOSED_COUNT", "s#4"), ("CLOSED_COUNT", "s")]),
        (seen((0, 4), closing=9, closed_at=4), 5, [("CLOSED_COUNT", "s")]),
    ],
)
def test_ordinals_are_dense_and_closed_by_their_count(
    found: Seen, next_seq: int | None, told: list[tuple[str, str]]
) -> None:
    assert codes(judge("s", found, next_seq)) == told


def test_ordinals_of_two_ranges_are_joined_in_their_order() -> None:
    first, later = seen((0, 3), (6, 7)), seen((4, 5), (8, 9), closing=10, closed_at=9)

    first.join(later)

    assert (first.runs, first.closing, first.closed_at) == ([(0, 9)], 10, 9)
    assert merged([(5, 6), (0, 2), (2, 4)]) == [(0, 2), (2, 6)]


def test_a_full_batch_leaves_entries_behind_that_were_recorded_before_it() -> None:
    window = Window.over([(3, 100), (13, 200), (15, 300), (16, 400)], batch=10)

    assert [window.of(index) for index in (0, 3, 13, 15, 16)] == [
        (0, 100),
        (100, 200),
        # The second step took as many as a batch holds, so the third may hold older ones.
        (100, 300),
        (300, 400),
        None,
    ]
    assert Window.over([], batch=10).of(0) is None


def test_the_tiles_above_the_lowest_level_are_recomputed() -> None:
    roots = [leaf_hash(b"%d" % n) for n in range(WIDTH * 2)]
    tree = Tree(tile_roots=roots)
    hashes = [b"".join(roots[at : at + WIDTH]) for at in (0, WIDTH)]
    rows: dict[tuple[int, int], Any] = {
        (1, n): {"hashes": hashes[n], "root": tile_root(hashes[n])} for n in range(2)
    }
    extent = {0: 511, 1: 1}

    assert tree.judge_tiles(rows, extent) == []
    assert codes(tree.judge_tiles({(1, 0): rows[1, 0]}, extent)) == [("TILE", "tile 1/1")]
    flipped = {**rows, (1, 1): {**rows[1, 1], "hashes": bytes(1) + hashes[1][1:]}}
    assert codes(tree.judge_tiles(flipped, extent)) == [("TILE", "tile 1/1")]
    other_root = {**rows, (1, 0): {**rows[1, 0], "root": bytes(32)}}
    assert codes(tree.judge_tiles(other_root, extent)) == [("TILE", "tile 1/0")]
    assert codes(tree.judge_tiles(rows, {0: 512, 1: 1})) == [("TILE", "tile 0/512")]
    assert codes(tree.judge_tiles(rows, {**extent, 2: 0})) == [("TILE", "tile 2/0")]


def test_the_trees_of_ranges_are_joined_into_one() -> None:
    hashes = [leaf_hash(b"%d" % n) for n in range(WIDTH + 5)]
    tree = Tree()
    for first, end, cuts in ((0, WIDTH, (7, WIDTH)), (WIDTH, WIDTH + 5, (WIDTH + 2, WIDTH + 5))):
        own = {cut: Frontier().extend(hashes[first:cut]) for cut in cuts}
        tree.take(Part(first, end, frontiers=own))

    for size in (7, WIDTH, WIDTH + 2, WIDTH + 5):
        assert tree.root_at(size) == root_of(hashes[:size])
    assert tree.root_at(WIDTH + 6) is None


def a_tree() -> Tree:
    frontiers = {size: Frontier().extend(HASHES[:size]) for size in range(1, 6)}
    return Tree(frontier=frontiers[5], frontiers=frontiers)


def a_note(size: int, root: bytes, origin: str = ORIGIN, key: Any = LOG_KEY) -> SignedNote:
    text = Checkpoint(origin, size, root).text()
    return SignedNote(text, (key.sign(text),))


@pytest.mark.parametrize(
    ("outside", "told"),
    [
        (Outside((a_note(3, root_of(HASHES[:3])),)), []),
        (Outside(printed=(Checkpoint(ORIGIN, 3, root_of(HASHES[:3])),)), []),
        (Outside(printed=(Checkpoint(ORIGIN, 3, bytes(32)),)), [("FORK", "anchor 3")]),
        (Outside(printed=(Checkpoint(ORIGIN, 6, bytes(32)),)), [("TRUNCATED", "anchor 6")]),
        (
            Outside(printed=(Checkpoint("other/log", 3, bytes(32)),)),
            [("ANCHOR_BAD", "anchor"), ("UNANCHORED", "anchors")],
        ),
        (
            Outside((a_note(3, root_of(HASHES[:3]), key=THIEF_KEY),)),
            [("ANCHOR_BAD", "anchor"), ("UNANCHORED", "anchors")],
        ),
        (
            Outside((SignedNote("no checkpoint\n", ()),)),
            [("ANCHOR_BAD", "anchor"), ("UNANCHORED", "anchors")],
        ),
        (
            Outside((a_note(3, root_of(HASHES[:3])), a_note(3, bytes(32)))),
            [("EQUIVOCATION", "anchor 3"), ("FORK", "anchor 3")],
        ),
    ],
)
def test_anchors_are_compared_with_the_log(outside: Outside, told: list[tuple[str, str]]) -> None:
    assert codes(judge_anchors(outside, a_policy(), a_tree())) == told


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (Known(5, over=True), []),
        (Known(5, over=False), []),
        (Known(6, over=False), [("ORDINAL_GAP", "s")]),
    ],
)
def test_what_temporal_knows_is_on_the_trail(known: Known, told: list[tuple[str, str]]) -> None:
    streams = {"s": seen((0, 4), closing=5, closed_at=4)}

    assert codes(judge_manifest({"s": known}, streams)) == told


def test_a_workflow_that_is_over_and_one_that_never_came() -> None:
    open_ended = {"s": replace(seen((0, 4)))}

    assert codes(judge_manifest({"s": Known(5, over=True)}, open_ended)) == [("NOT_CLOSED", "s")]
    assert codes(judge_manifest({"t": Known(1, over=False)}, open_ended)) == [
        ("WORKFLOW_MISSING", "t")
    ]
    assert judge_manifest({"t": Known(0, over=False)}, open_ended) == []
