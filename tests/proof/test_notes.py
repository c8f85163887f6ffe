"""Signed notes and keys against the published vector, and against everything they are not."""

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from duban.proof.errors import NoteError
from duban.proof.notes import (
    COSIGNATURE,
    ED25519,
    Signature,
    SignedNote,
    SignerKey,
    VerifierKey,
    is_key_name,
)

# The vector of the documentation of signed notes.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotp"
    "RZb6KE6RyyBwJnAM="
)
LOG = SignerKey("duban.example/trail", ED25519, bytes(range(32)))
WITNESS = SignerKey("witness.example/w1", COSIGNATURE, bytes(range(1, 33)))


def test_the_published_note_verifies() -> None:
    key = VerifierKey.parse(NEUMANN)
    note = SignedNote.parse(f"{TEXT}\n{LINE}\n")

    assert (key.name, key.algorithm, key.key_id.hex()) == ("PeterNeumann", ED25519, "c74f20a3")
    assert note.text == TEXT
    assert key.made(note.signatures[0])
    assert key.verifies(TEXT, note.signatures[0])
    assert not key.verifies(TEXT.replace("your", "our", 1), note.signatures[0])
    assert note.format() == f"{TEXT}\n{LINE}\n"
    assert key.format() == NEUMANN


def test_the_published_private_key_makes_the_published_signature() -> None:
    key = SignerKey.parse(NEUMANN_SECRET)

    assert key.public.format() == NEUMANN
    assert key.sign(TEXT).line() == LINE
    assert key.format() == NEUMANN_SECRET


@given(at=st.integers(0, 2**63 - 1))
def test_a_cosignature_signs_the_time_and_the_text(at: int) -> None:
    signature = WITNESS.cosign(TEXT, at)
    public = Ed25519PublicKey.from_public_bytes(WITNESS.public.public)

    public.verify(signature.body[8:], f"cosignature/v1\ntime {at}\n{TEXT}".encode())
    assert int.from_bytes(signature.body[:8], "big") == at
    assert WITNESS.public.cosigned_at(TEXT, signature) == at
    assert Signature.parse(signature.line()) == signature


def test_a_cosignature_holds_for_its_text_time_and_key_only() -> None:
    signature = WITNESS.cosign(TEXT, 5)
    later = Signature(signature.name, signature.key_id, bytes(7) + b"\x06" + signature.body[8:])
    other = SignerKey(WITNESS.name, COSIGNATURE, bytes(32)).public

    assert WITNESS.public.cosigned_at(TEXT + "\n", signature) is None
    assert WITNESS.public.cosigned_at(TEXT, later) is None
    assert other.cosigned_at(TEXT, signature) is None


@pytest.mark.parametrize("length", [0, 1, 7, 8, 63, 71, 73])
def test_a_cosignature_of_another_length_is_none(length: int) -> None:
    body = (WITNESS.cosign(TEXT, 5).body * 2)[:length]
    signature = Signature(WITNESS.name, WITNESS.public.key_id, body)

    assert WITNESS.public.cosigned_at(TEXT, signature) is None
    assert not VerifierKey.parse(NEUMANN).verifies(
        TEXT, Signature("PeterNeumann", bytes.fromhex("c74f20a3"), body)
    )


def test_one_seed_signs_differently_for_a_log_and_a_witness() -> None:
    log = SignerKey("same", ED25519, bytes(32))
    witness = SignerKey("same", COSIGNATURE, bytes(32))

    assert log.public.key_id != witness.public.key_id
    assert not witness.public.verifies(TEXT, log.sign(TEXT))
    assert not log.public.verifies(TEXT, witness.cosign(TEXT, 1))
    assert log.public.cosigned_at(TEXT, log.sign(TEXT)) is None


def test_the_id_of_a_key_is_made_of_name_algorithm_and_key() -> None:
    for key in (LOG.public, WITNESS.public):
        said = f"{key.name}\n".encode() + bytes([key.algorithm]) + key.public

        assert key.key_id == sha256(said).digest()[:4]


def test_a_line_names_a_key_by_name_and_id_together() -> None:
    signed = LOG.sign(TEXT)

    assert not LOG.public.made(Signature("other", signed.key_id, signed.body))
    assert not LOG.public.made(Signature(signed.name, bytes(4), signed.body))
    assert not LOG.public.verifies(TEXT, Signature("other", signed.key_id, signed.body))


def test_a_key_that_is_no_point_verifies_nothing() -> None:
    key = VerifierKey("broken", ED25519, b"\xff" * 32)

    assert not key.verifies(TEXT, Signature("broken", key.key_id, bytes(64)))


def test_keys_are_read_as_they_are_written() -> None:
    for key in (LOG, WITNESS):
        assert SignerKey.parse(key.format()) == key
        assert VerifierKey.parse(f" {key.public.format()}\n") == key.public


def test_a_private_key_is_never_shown() -> None:
    assert base64.b64encode(LOG.seed).decode()[:8] not in repr(LOG)
    assert repr(LOG.seed) not in f"{LOG} {LOG!r}"


def encoded(*parts: bytes) -> str:
    return base64.b64encode(b"".join(parts)).decode()


@pytest.mark.parametrize(
    "written",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        NEUMANN.replace("c74f20a3", "c74f20a4"),
        NEUMANN.replace("c74f20a3", "C74F20A3"),
        NEUMANN.replace("Peter", "Pieter"),
        NEUMANN.replace("Peter", "Peter "),
        NEUMANN.replace("PeterNeumann", ""),
        NEUMANN[:-1],
        NEUMANN[:-4],
        NEUMANN + "AAAA",
        NEUMANN.replace("/", "_"),
        f"x+00000000+{encoded(bytes([2]), bytes(32))}",
    ],
)
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(written)
    with pytest.raises(NoteError):
        SignerKey.parse(f"PRIVATE+KEY+{written}")


def test_a_public_key_is_no_private_key() -> None:
    with pytest.raises(NoteError, match="not a private key"):
        SignerKey.parse(NEUMANN)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb", "a\u3000b", "a\u00a0b", "a\nb"])
def test_names_that_no_key_may_have(name: str) -> None:
    assert not is_key_name(name)


def test_names_that_keys_may_have() -> None:
    assert is_key_name("duban.example/trail")
    assert is_key_name("督办")


@pytest.mark.parametrize(
    "line",
    [
        "",
        LINE[2:],
        LINE.replace("—", "-"),
        LINE.replace("— ", "—"),
        LINE.replace("— ", "—  "),
        LINE.replace("PeterNeumann ", "Peter Neumann "),
        LINE.replace("PeterNeumann ", "PeterNeumann  "),
        LINE.replace("PeterNeumann", "Peter+Neumann"),
        LINE.replace("PeterNeumann", "Peter\u3000Neumann"),
        LINE + " ",
        LINE[:-1],
        LINE.replace("nAM=", "nAN="),  # A bit that base64 does not use.
        f"— x {encoded(bytes(4))}",
        f"— x {encoded(bytes(3))}",
        "— x",
    ],
)
def test_what_is_no_signature_line_is_refused(line: str) -> None:
    with pytest.raises(NoteError):
        Signature.parse(line)
    with pytest.raises(NoteError):
        SignedNote.parse(f"{TEXT}\n{LINE}\n{line}\n")


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\n\n",
        f"{TEXT}\n{LINE}",
        f"{TEXT}{LINE}\n",
        f"\n{LINE}\n",
        f"\n\n{LINE}\n",
        f"{TEXT}\n{LINE}\n\n",
        f"{TEXT}\n{LINE}\r\n",
        f"{TEXT}\t\n\n{LINE}\n",
        f"{TEXT}\x00\n\n{LINE}\n",
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NoteError):
        SignedNote.parse(note)


def test_the_last_empty_line_parts_text_and_signatures() -> None:
    text = "one\n\nthree\n\n\n"
    signed = LOG.sign(text)

    note = SignedNote.parse(f"{text}\n{signed.line()}\n")

    assert note.text == text
    assert LOG.public.verifies(note.text, note.signatures[0])


def test_signatures_are_added_at_the_end() -> None:
    first, second = LOG.sign(TEXT), WITNESS.cosign(TEXT, 3)

    note = SignedNote(TEXT, (first,)).with_signatures([second])

    assert note.signatures == (first, second)
    assert note.format() == f"{TEXT}\n{first.line()}\n{second.line()}\n"


TEXTS = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"])).map("{}\n".format)


@given(text=TEXTS, times=st.lists(st.integers(0, 2**40), max_size=3))
def test_a_note_that_is_written_and_read_is_the_same(text: str, times: list[int]) -> None:
    signatures = (LOG.sign(text), *(WITNESS.cosign(text, at) for at in times))
    note = SignedNote(text, signatures)

    # A text that is only an empty line could not be told from the line that ends it.
    if text != "\n":
        assert SignedNote.parse(note.format()) == note
    assert [WITNESS.public.cosigned_at(text, each) for each in signatures] == [None, *times]


@given(written=st.text() | st.text("— x+/=\nABC"))
def test_anything_is_either_a_note_or_refused(written: str) -> None:
    try:
        note = SignedNote.parse(written)
    except NoteError:
        return
    assert note.format() == written
