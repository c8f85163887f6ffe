"""What is said between a log and a witness, as text (C2SP tlog-witness, `add-checkpoint`)."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final, Self

from duban.proof.errors import NoteError
from duban.proof.merkle import HASH_SIZE
from duban.proof.notes import Signature, SignedNote

ADD_CHECKPOINT: Final = "add-checkpoint"
"""The path, below a witness's URL, at which checkpoints are handed in."""
SIZE_TYPE: Final = "text/x.tlog.size"
"""The content type of an answer that is a size."""
MAX_BYTES: Final = 1 << 17
"""Bytes of the longest request or answer; sixteen signatures of the largest known kind fit."""
MAX_PROOF: Final = 63
"""Lines of the longest proof."""
MAX_SIGNATURES: Final = 64
"""Signatures of a note that are looked at; one with more is refused."""

_OLD: Final = "old "
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint that is handed in, with the proof that it continues the tree of size `old`."""

    old: int
    proof: tuple[bytes, ...]
    note: SignedNote

    def format(self) -> bytes:
        """Return the body of the request."""
        hashes = [base64.b64encode(each).decode() for each in self.proof]
        lines = [f"{_OLD}{self.old}", *hashes, "", self.note.format()]
        return "\n".join(lines).encode()

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read the body of a request.

        Raises:
            NoteError: it is not as C2SP wants it.
        """
        try:
            head, mark, note = body.decode().partition("\n\n")
            first, *hashes = head.split("\n")
            proof = tuple(base64.b64decode(each, validate=True) for each in hashes)
        except (UnicodeDecodeError, binascii.Error, ValueError) as error:
            message = "the proof cannot be read"
            raise NoteError(message) from error
        old = size_of(first.removeprefix(_OLD))
        if not mark or not first.startswith(_OLD) or old is None:
            message = "the first line must be `old` and a size"
            raise NoteError(message)
        if len(proof) > MAX_PROOF or any(len(each) != HASH_SIZE for each in proof):
            message = f"a proof has at most {MAX_PROOF} lines of {HASH_SIZE} bytes"
            raise NoteError(message)
        return cls(old, proof, note_of(note))


def size_of(written: str) -> int | None:
    """Read a size in decimal without leading zeroes; None for anything else."""
    return int(written) if _SIZE.fullmatch(written) else None


def note_of(written: str) -> SignedNote:
    """Read a note that a stranger sent.

    Raises:
        NoteError: it is none, or has more signatures than anybody needs.
    """
    note = SignedNote.parse(written)
    if len(note.signatures) > MAX_SIGNATURES:
        message = f"a note has at most {MAX_SIGNATURES} signatures"
        raise NoteError(message)
    return note


def cosignatures_of(body: str) -> tuple[Signature, ...]:
    """Read the signature lines with which a witness answers.

    Raises:
        NoteError: there is none, or a line is something else.
    """
    lines = body.removesuffix("\n").split("\n")
    if not body.endswith("\n") or len(lines) > MAX_SIGNATURES:
        message = "not signature lines"
        raise NoteError(message)
    return tuple(Signature.parse(each) for each in lines)
