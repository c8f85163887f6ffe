"""Key rings: the first key seals, all open; what does not open says why."""

from base64 import b64encode

import pytest

from duban.proof.errors import RingError, SealError, UnknownKeyError
from duban.proof.rings import Box, KeyRing, new_key

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
BODY, PLACE = "青浦区某某村污水直排".encode(), "campaign-BE-2019"


def ring(*keys: bytes) -> KeyRing:
    return KeyRing.parse("\n".join(key.hex() for key in keys))


def test_a_box_of_the_old_key_opens_after_rotation_and_new_ones_are_of_the_new() -> None:
    before, after = ring(OLD).boxes("payload"), ring(NEW, OLD).boxes("payload")
    box = before.seal(BODY, PLACE)

    assert after.open(box, PLACE) == BODY
    assert after.seal(BODY, PLACE).key_id == ring(NEW).key_ids[0] != box.key_id
    with pytest.raises(UnknownKeyError, match=ring(NEW).key_ids[0].hex()):
        before.open(after.seal(BODY, PLACE), PLACE)


def test_damage_another_place_and_another_purpose_are_not_an_unknown_key() -> None:
    boxes = ring(OLD).boxes("payload")
    sealed = boxes.seal(BODY, PLACE)
    damaged = Box(sealed.key_id, sealed.box[:-1] + bytes([sealed.box[-1] ^ 1]))

    for keys, box, place in (
        (boxes, damaged, PLACE),
        (boxes, sealed, "campaign-BE-2020"),
        (ring(OLD).boxes("target"), sealed, PLACE),
    ):
        with pytest.raises(SealError) as told:
            keys.open(box, place)
        assert not isinstance(told.value, UnknownKeyError)


def test_a_key_file_may_be_written_in_both_ways_with_comments() -> None:
    text = f"# March\n\n  {NEW.hex().upper()}  # active\r\n{b64encode(OLD).decode()}\n"

    assert KeyRing.parse(text) == ring(NEW, OLD)
    assert len(set(ring(NEW, OLD).key_ids)) == 2
    assert [len(each) for each in ring(NEW, OLD).key_ids] == [8, 8]


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("", "empty", 0),
        ("# only words\n", "empty", 0),
        (f"{OLD.hex()}\n{OLD.hex()[:-2]}", "not_a_key", 2),
        ("correct horse", "not_a_key", 1),
        (f"{OLD.hex()}\n\n{b64encode(OLD).decode()}", "twice", 3),
    ],
)
def test_a_key_file_that_cannot_be_read_says_where(text: str, fault: str, line: int) -> None:
    with pytest.raises(RingError) as told:
        KeyRing.parse(text)
    assert (told.value.fault, told.value.line) == (fault, line)
    assert OLD.hex()[:8] not in str(told.value)


def test_a_ring_does_not_show_its_keys() -> None:
    for shown in (repr(ring(OLD)), repr(ring(OLD).boxes("payload"))):
        assert OLD.hex() not in shown
        assert str(OLD) not in shown


def test_a_new_key_is_a_line_of_its_own_each_time() -> None:
    first, second = new_key(), new_key()

    assert len(KeyRing.parse(f"{first}\n{second}").key_ids) == 2
