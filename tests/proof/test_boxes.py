"""Boxes: they open with their key, in their place, unchanged; and they tell nothing."""

import pytest

from duban.proof.boxes import BoxKey
from duban.proof.errors import SealError

KEY = BoxKey.derived(bytes(32), "draw-v1")
BODY, PLACE = b"thirty-two bytes of the system..", "campaign-BE-2019|2019-BE-001"


def test_a_box_opens_with_its_key_in_its_place() -> None:
    box = KEY.seal(BODY, PLACE)

    assert KEY.open(box, PLACE) == BODY
    assert BODY not in box


def test_the_same_body_makes_another_box_each_time() -> None:
    assert KEY.seal(BODY, PLACE) != KEY.seal(BODY, PLACE)


def test_keys_differ_by_secret_and_by_purpose_and_so_do_their_names() -> None:
    others = [BoxKey.derived(bytes(32), "identities"), BoxKey.derived(b"\1" * 32, "draw-v1")]

    assert BoxKey.derived(bytes(32), "draw-v1") == KEY
    assert len({each.key_id for each in (KEY, *others)}) == 3
    box = KEY.seal(BODY, PLACE)
    for each in others:
        with pytest.raises(SealError):
            each.open(box, PLACE)


def test_a_key_does_not_show_itself() -> None:
    assert repr(KEY) == "BoxKey()"


@pytest.mark.parametrize("at", [0, 12, -1])
def test_a_changed_box_does_not_open(at: int) -> None:
    box = bytearray(KEY.seal(BODY, PLACE))
    box[at] ^= 1

    with pytest.raises(SealError):
        KEY.open(bytes(box), PLACE)


def test_a_box_does_not_open_elsewhere_nor_a_piece_of_one() -> None:
    box = KEY.seal(BODY, PLACE)

    for wrong, place in ((box, "campaign-BE-2019|2019-BE-002"), (box[:9], PLACE), (b"", PLACE)):
        with pytest.raises(SealError):
            KEY.open(wrong, place)
