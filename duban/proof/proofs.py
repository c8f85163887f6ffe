"""One entry's proof as a file: its index, the way to the root, a checkpoint (C2SP tlog-proof)."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final, Self

from duban.proof.checkpoints import Checkpoint
from duban.proof.errors import NoteError
from duban.proof.merkle import HASH_SIZE, leaf_hash, verify_inclusion
from duban.proof.notes import SignedNote

_HEAD: Final = "c2sp.org/tlog-proof@v1"
_EXTRA: Final = "extra "
_INDEX: Final = "index "
_BETWEEN: Final = re.compile(rf"(?<=\n)(?={re.escape(_HEAD)}\n)")


@dataclass(frozen=True, slots=True)
class EntryProof:
    """That an entry is in a tree. `extra` travels along: here the entry's bytes."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: SignedNote
    extra: bytes = b""

    def format(self) -> str:
        """Return the file."""
        extra = [_EXTRA + base64.b64encode(self.extra).decode()] if self.extra else []
        hashes = [base64.b64encode(each).decode() for each in self.hashes]
        lines = [_HEAD, *extra, f"{_INDEX}{self.index}", *hashes]
        return "\n".join(lines) + "\n\n" + self.checkpoint.format()

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read what `format` wrote.

        Raises:
            NoteError: it is no proof.
        """
        head, mark, note = written.partition("\n\n")
        lines = head.split("\n")
        try:
            extra = b""
            if lines[0] != _HEAD or not mark:
                raise ValueError(_HEAD)
            if lines[1].startswith(_EXTRA):
                extra = base64.b64decode(lines.pop(1).removeprefix(_EXTRA), validate=True)
            if not lines[1].startswith(_INDEX):
                raise ValueError(_INDEX)
            hashes = tuple(base64.b64decode(each, validate=True) for each in lines[2:])
            proof = cls(int(lines[1].removeprefix(_INDEX)), hashes, SignedNote.parse(note), extra)
        except (ValueError, IndexError, binascii.Error) as error:
            message = "not a proof of an entry"
            raise NoteError(message) from error
        if proof.format() != written or any(len(each) != HASH_SIZE for each in proof.hashes):
            message = "not a proof as it is to be written"
            raise NoteError(message)
        return proof

    def holds(self, entry: bytes) -> bool:
        """Say whether the entry is in the tree of the checkpoint, whose signatures say nothing yet.

        Raises:
            NoteError: the note is no checkpoint.
        """
        tree = Checkpoint.parse(self.checkpoint.text)
        leaf = leaf_hash(entry)
        return verify_inclusion(self.index, tree.size, leaf, self.hashes, tree.root)


def proofs_in(text: str) -> list[str]:
    """Return the proofs of a file that holds them one after the other."""
    return _BETWEEN.split(text)
