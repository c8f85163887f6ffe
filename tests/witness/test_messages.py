"""The request of a log and the lines of an answer, read and written."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.proof.errors import NoteError
from duban.proof.notes import Signature, SignedNote
from duban.witness.messages import Submission, cosignatures_of, note_of, size_of
from tests.witness.growing import LOG, WITNESS

# The example of C2SP tlog-witness.
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
""".encode()  # noqa: E501 - lines as they are sent


def test_the_example_of_the_specification_is_read_and_written() -> None:
    asked = Submission.parse(EXAMPLE)

    assert asked.old == 20852014
    assert [len(each) for each in asked.proof] == [32] * 4
    assert len(asked.note.signatures) == 2
    assert asked.format() == EXAMPLE


@given(
    old=st.integers(0, 2**63 - 1),
    proof=st.lists(st.binary(min_size=32, max_size=32), max_size=63),
)
def test_a_request_that_is_written_and_read_is_the_same(old: int, proof: list[bytes]) -> None:
    asked = Submission(old, tuple(proof), LOG.note(3))

    assert Submission.parse(asked.format()) == asked


def test_a_proof_of_64_lines_is_refused() -> None:
    assert len(Submission.parse(Submission(0, (bytes(32),) * 63, LOG.note(3)).format()).proof) == 63
    with pytest.raises(NoteError, match="63 lines"):
        Submission.parse(Submission(0, (bytes(32),) * 64, LOG.note(3)).format())


@pytest.mark.parametrize(
    "lines",
    [
        b"old 1\n \n\n",
        b"old 1\r\n\n",
        b"Old 1\n\n",
        b"old  1\n\n",
        b"old 1 \n\n",
        b"1\n\n",
        b"old 1\nAAAA\n\n",
        b"old 1\n" + base64.b64encode(bytes(33)) + b"\n\n",
        b"old 1\n" + base64.b64encode(bytes(32)) + b" \n\n",
        "old １\n\n".encode(),
        b"old 99999999999999999999\n\n",
    ],
)
def test_what_is_no_request_is_refused(lines: bytes) -> None:
    with pytest.raises(NoteError):
        Submission.parse(lines + LOG.note(3).format().encode())


@given(body=st.binary() | st.text("old 10\n\n=A").map(str.encode))
def test_anything_is_either_a_request_or_refused(body: bytes) -> None:
    with pytest.raises(NoteError):
        Submission.parse(body)


def test_more_signatures_than_anybody_needs_are_refused() -> None:
    line = WITNESS.cosign("x", 1)

    assert len(note_of(SignedNote("x\n", (line,) * 64).format()).signatures) == 64
    with pytest.raises(NoteError, match="64 signatures"):
        note_of(SignedNote("x\n", (line,) * 65).format())


@pytest.mark.parametrize(
    ("written", "size"),
    [("0", 0), ("7", 7), ("07", None), ("", None), ("-1", None), ("1\n", None), ("9" * 20, None)],
)
def test_a_size_is_decimal_and_nothing_else(written: str, size: int | None) -> None:
    assert size_of(written) == size


def test_lines_of_an_answer() -> None:
    lines = [WITNESS.cosign("x", at) for at in (1, 2)]

    assert cosignatures_of("".join(f"{each.line()}\n" for each in lines)) == tuple(lines)


@pytest.mark.parametrize("body", ["", "\n", "OK\n", "— x\n", WITNESS.cosign("x", 1).line()])
def test_what_is_no_answer_is_refused(body: str) -> None:
    with pytest.raises(NoteError):
        cosignatures_of(body)


def test_an_endless_answer_is_refused() -> None:
    line = Signature("x", bytes(4), b"x").line()
    with pytest.raises(NoteError):
        cosignatures_of(f"{line}\n" * 65)
