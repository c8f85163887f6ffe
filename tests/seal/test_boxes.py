"""Boxes: opened by their key alone, of few sizes, and telling nothing; keys as people keep them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.proof.commitments import opens
from duban.proof.errors import SealError
from duban.proof.sealing import BODY_MAX, SIZES, OpeningKey, SealKey, seal, size_class
from tests.support.keeping import GROUP_KEY

OTHER = OpeningKey("supervision", b"\x12" * 32)
_OVERHEAD = 8 + 32 + 16


@given(st.binary(max_size=5000))
def test_what_was_sealed_is_opened_and_fits_the_commitment(body: bytes) -> None:
    sealed = seal(body, GROUP_KEY.public)

    opened = GROUP_KEY.open(sealed.box)

    assert opened.body == body
    assert opens(sealed.committed, opened.salt, opened.body)


@pytest.mark.parametrize("length", [0, 1, SIZES[0] - 36, SIZES[0] - 35, SIZES[2] - 36, BODY_MAX])
def test_boxes_have_few_sizes(length: int) -> None:
    box = seal(b"x" * length, GROUP_KEY.public).box

    assert len(box) == size_class(length) + _OVERHEAD
    assert len(box) - _OVERHEAD in SIZES
    assert len(GROUP_KEY.open(box).body) == length


def test_a_decoy_is_as_long_as_what_it_stands_beside() -> None:
    real = seal(b"x" * 2000, GROUP_KEY.public)
    decoy = seal(b"", GROUP_KEY.public, as_long_as=2000)

    assert len(real.box) == len(decoy.box)


def test_the_same_body_never_looks_the_same() -> None:
    one, other = (seal(b"plan", GROUP_KEY.public) for _ in range(2))

    assert one.committed != other.committed
    assert one.box[8:] != other.box[8:]
    assert b"plan" not in one.box


def test_nobody_else_opens_it() -> None:
    box = seal(b"plan", GROUP_KEY.public).box

    with pytest.raises(SealError, match="sealed for the key"):
        OTHER.open(box)
    for place in (8, 39, 40, len(box) - 1):
        broken = box[:place] + bytes([box[place] ^ 1]) + box[place + 1 :]
        with pytest.raises(SealError, match="damaged"):
            GROUP_KEY.open(broken)
    with pytest.raises(SealError, match="damaged"):
        GROUP_KEY.open(box[:20])


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(SealError, match="more than"):
        seal(bytes(BODY_MAX + 1), GROUP_KEY.public)


def test_a_key_that_is_a_point_of_small_order_seals_nothing() -> None:
    with pytest.raises(SealError, match="none"):
        seal(b"plan", SealKey("supervision", bytes(32)))


def test_keys_are_read_as_they_are_written() -> None:
    key = OpeningKey.make("supervision-2027")

    assert OpeningKey.parse(key.format()) == key
    assert SealKey.parse(f"{key.public.format()}\n") == key.public
    assert key.private.hex() not in repr(key)
    assert GROUP_KEY.public.key_id != OTHER.public.key_id


@pytest.mark.parametrize(
    "line",
    [
        "",
        "one two",
        GROUP_KEY.format(),
        f"duban-seal-key x {'A' * 42}==",
        "duban-seal-key x ****",
        GROUP_KEY.public.format().replace("supervision", "a+b"),
    ],
)
def test_what_is_no_public_key_is_refused(line: str) -> None:
    with pytest.raises(SealError):
        SealKey.parse(line)


def test_a_public_key_opens_nothing_and_names_have_no_blanks() -> None:
    with pytest.raises(SealError):
        OpeningKey.parse(GROUP_KEY.public.format())
    with pytest.raises(SealError, match="called"):
        OpeningKey.make("two words")
