"""Checkpoints are three lines, and every tree has exactly one way to be written."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.proof.checkpoints import Checkpoint
from duban.proof.errors import NoteError

# The example of C2SP tlog-checkpoint.
EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_the_example_of_the_specification_is_read() -> None:
    checkpoint = Checkpoint.parse(EXAMPLE)

    assert checkpoint.origin == "example.com/behind-the-sofa"
    assert checkpoint.size == 20852163
    assert checkpoint.root == base64.b64decode(ROOT)
    assert checkpoint.text() == EXAMPLE


@given(
    origin=st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1),
    size=st.integers(0, 2**63 - 1),
    root=st.binary(min_size=32, max_size=32),
)
def test_a_checkpoint_that_is_written_and_read_is_the_same(
    origin: str, size: int, root: bytes
) -> None:
    checkpoint = Checkpoint(origin, size, root)

    assert Checkpoint.parse(checkpoint.text()) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        EXAMPLE[:-1],
        EXAMPLE + "\n",
        EXAMPLE + "an extension\n",
        f"\n20852163\n{ROOT}\n",
        EXAMPLE.replace("\n", "\r\n"),
        EXAMPLE.replace("20852163", ""),
        EXAMPLE.replace("20852163", "x"),
        EXAMPLE.replace("20852163", "-1"),
        EXAMPLE.replace("20852163", "+1"),
        EXAMPLE.replace("20852163", " 1"),
        EXAMPLE.replace("20852163", "01"),
        EXAMPLE.replace("20852163", "1_0"),
        EXAMPLE.replace("20852163", "１"),
        EXAMPLE.replace("20852163", "1" * 5000),
        EXAMPLE.replace("q2I=", "q2J="),  # A bit that base64 does not use.
        EXAMPLE.replace("q2I=", "q2I"),
        EXAMPLE.replace("q2I=", "q2I=="),
        EXAMPLE.replace("q2I=", ""),
        EXAMPLE.replace("q2I=", "q2IA"),
        EXAMPLE.replace("/X", "_X"),
        f"origin\n1\n{base64.b64encode(bytes(31)).decode()}\n",
        f"origin\n1\n{base64.b64encode(bytes(33)).decode()}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


@given(place=st.integers(0, len(EXAMPLE) - 1), letter=st.characters(exclude_categories=["Cs"]))
def test_one_letter_changed_is_another_checkpoint_or_none(place: int, letter: str) -> None:
    text = EXAMPLE[:place] + letter + EXAMPLE[place + 1 :]
    try:
        checkpoint = Checkpoint.parse(text)
    except NoteError:
        return
    assert (checkpoint == Checkpoint.parse(EXAMPLE)) is (text == EXAMPLE)
