"""A proof as a file, and commitments."""

import pytest

from duban.proof.checkpoints import Checkpoint
from duban.proof.commitments import commitment, opens
from duban.proof.errors import NoteError
from duban.proof.merkle import inclusion_proof, leaf_hash, root_of
from duban.proof.notes import ED25519, SignedNote, SignerKey
from duban.proof.proofs import EntryProof

ENTRIES = [b"%d" % each for each in range(11)]
HASHES = [leaf_hash(each) for each in ENTRIES]


def a_proof(index: int, extra: bytes = b"") -> EntryProof:
    text = Checkpoint("duban.test/log", len(HASHES), root_of(HASHES)).text()
    note = SignedNote(text, (SignerKey("duban.test/log", ED25519, bytes(32)).sign(text),))
    path = inclusion_proof(
        index, len(HASHES), lambda level, at: root_of(HASHES[at << level : (at + 1) << level])
    )
    return EntryProof(index, tuple(path), note, extra)


@pytest.mark.parametrize("extra", [b"", b"what goes along"])
def test_a_proof_is_written_and_read(extra: bytes) -> None:
    proof = a_proof(7, extra)
    assert EntryProof.parse(proof.format()) == proof


def test_a_proof_holds_for_its_entry_alone() -> None:
    read = EntryProof.parse(a_proof(10).format())
    assert read.holds(ENTRIES[10])
    assert not read.holds(ENTRIES[9])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tlog-proof@v1", "tlog-proof@v9"),
        ("index 7", "index seven"),
        ("index 7", "index +7"),
        ("index 7", "place 7"),
        ("\n\n", "\n"),
        ("\n\n", "\nAAAA\n\n"),
        ("\n\n", "\n?\n\n"),
    ],
)
def test_what_is_no_proof_is_refused(old: str, new: str) -> None:
    written = a_proof(7).format()
    assert old in written
    with pytest.raises(NoteError, match="not a proof"):
        EntryProof.parse(written.replace(old, new, 1))


def test_nothing_is_no_proof() -> None:
    with pytest.raises(NoteError, match="not a proof"):
        EntryProof.parse("")


def test_a_commitment_opens_with_its_salt_and_body_alone() -> None:
    salt, body = bytes(range(32)), "抽查方案".encode()
    committed = commitment(salt, body)
    assert opens(committed, salt, body)
    assert not opens(committed, salt, body + b".")
    assert not opens(committed, bytes(32), body)
    assert not opens(committed, b"", body)
    with pytest.raises(ValueError, match="salt"):
        commitment(b"short", body)
