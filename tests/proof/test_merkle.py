"""The tree against the reference roots of Certificate Transparency and against its definition."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.proof.merkle import (
    EMPTY_ROOT,
    Frontier,
    HashAt,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    parents,
    root_of,
    subtree_root,
    verify_consistency,
    verify_inclusion,
)

# The inputs and roots with which implementations of RFC 6962 are commonly compared.
INPUTS = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LARGEST = 70


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % each) for each in range(count)]


def defined_root(hashes: Sequence[bytes]) -> bytes:
    """The root as RFC 6962 2.1 defines it."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(defined_root(hashes[:split]), defined_root(hashes[split:]))


def hash_at(hashes: Sequence[bytes]) -> HashAt:
    def at(level: int, index: int) -> bytes:
        span = 1 << level
        part = hashes[index * span : (index + 1) * span]
        assert len(part) == span, "only perfect subtrees have a hash"
        return defined_root(part)

    return at


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    hashes = [leaf_hash(each) for each in INPUTS[:size]]
    assert root_of(hashes).hex() == ROOTS[size - 1]


def test_an_empty_tree_has_the_root_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert subtree_root(0, 0, hash_at([])) == EMPTY_ROOT


@given(sizes=st.lists(st.integers(0, 40), max_size=5))
def test_a_tree_that_grows_in_steps_has_the_defined_root(sizes: list[int]) -> None:
    hashes = leaves(sum(sizes))
    frontier, done = Frontier(), 0
    for size in sizes:
        frontier = frontier.extend(hashes[done : done + size])
        done += size
        frontier = Frontier.decode(frontier.size, frontier.encode())
        assert frontier.root() == defined_root(hashes[:done])
    assert subtree_root(0, done, hash_at(hashes)) == frontier.root()


@given(whole=st.integers(0, 20), rest=st.integers(0, 16))
def test_trees_are_joined_where_their_subtrees_fit(whole: int, rest: int) -> None:
    hashes = leaves(whole * 16 + rest)
    joined = Frontier().extend(hashes[: whole * 16]).join(Frontier().extend(hashes[whole * 16 :]))
    assert joined == Frontier().extend(hashes)


def test_trees_are_not_joined_where_a_subtree_would_be_cut() -> None:
    with pytest.raises(ValueError, match="cannot begin at 3"):
        Frontier().extend(leaves(3)).join(Frontier().extend(leaves(2)))


@pytest.mark.parametrize(("size", "length"), [(-1, 0), (0, 32), (3, 32), (4, 31), (4, 64)])
def test_hashes_that_are_no_frontier_are_refused(size: int, length: int) -> None:
    with pytest.raises(ValueError, match="no frontier"):
        Frontier.decode(size, bytes(length))


def test_a_level_is_made_of_the_one_below() -> None:
    hashes = leaves(5)
    assert parents(b"".join(hashes)) == node_hash(*hashes[:2]) + node_hash(*hashes[2:4])


@pytest.mark.parametrize("size", [*range(1, 20), 33, 64, LARGEST])
def test_every_leaf_of_a_tree_has_its_proof_and_no_other(size: int) -> None:
    hashes = leaves(size)
    root, at = defined_root(hashes), hash_at(hashes)
    for index in range(size):
        proof = inclusion_proof(index, size, at)
        assert verify_inclusion(index, size, hashes[index], proof, root)
        assert not verify_inclusion(index, size, leaf_hash(b"another"), proof, root)
        assert not verify_inclusion(index, size, hashes[index], [*proof, root], root)
        assert not verify_inclusion(index, size, hashes[index], proof, EMPTY_ROOT)
        for place in range(len(proof)):
            cut = proof[:place] + proof[place + 1 :]
            assert not verify_inclusion(index, size, hashes[index], cut, root)
            swapped = [*proof[:place], EMPTY_ROOT, *proof[place + 1 :]]
            assert not verify_inclusion(index, size, hashes[index], swapped, root)
        wrong = (index + 1) % size
        if wrong != index:
            assert not verify_inclusion(wrong, size, hashes[index], proof, root)


@pytest.mark.parametrize("new", [*range(1, 20), 33, 64, LARGEST])
def test_every_earlier_tree_begins_the_later_one(new: int) -> None:
    hashes = leaves(new)
    roots = [defined_root(hashes[:size]) for size in range(new + 1)]
    at = hash_at(hashes)
    for old in range(new + 1):
        proof = consistency_proof(old, new, at)
        assert verify_consistency(old, new, proof, roots[old], roots[new])
        assert not verify_consistency(old, new, [*proof, roots[new]], roots[old], roots[new])
        assert not verify_consistency(old, new, proof, leaf_hash(b"x"), roots[new])
        if old not in (0, new):
            assert not verify_consistency(old, new, proof, roots[old], leaf_hash(b"x"))
            assert not verify_consistency(old, new, proof[:-1], roots[old], roots[new])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(index, size, hash_at(leaves(3)))
    assert not verify_inclusion(index, size, leaf_hash(b"0"), [], leaf_hash(b"0"))


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_a_later_tree_does_not_begin_an_earlier_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not begin"):
        consistency_proof(old, new, hash_at(leaves(4)))
    assert not verify_consistency(old, new, [], EMPTY_ROOT, EMPTY_ROOT)


def test_no_proof_at_all_shows_nothing() -> None:
    hashes = leaves(5)
    assert not verify_consistency(3, 5, [], defined_root(hashes[:3]), defined_root(hashes))
