"""Checkpoints: what a log says of itself: origin, size and root (C2SP tlog-checkpoint)."""

import base64
import binascii
from dataclasses import dataclass
from typing import Final, Self

from duban.proof.errors import NoteError
from duban.proof.merkle import HASH_SIZE

_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree of a log at one size. `root` has 32 bytes."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the text that is signed; it has no extension lines (audit.md 3.4)."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a note.

        Raises:
            NoteError: it is no checkpoint, or not written as `text` writes it.
        """
        lines = text.split("\n")
        try:
            origin, size, root = lines[:_LINES]
            checkpoint = cls(origin, int(size), base64.b64decode(root, validate=True))
        except (ValueError, binascii.Error) as error:
            message = "not a checkpoint"
            raise NoteError(message) from error
        # One text has one reading: a plus sign, a leading zero or a fourth line would make another.
        sound = len(checkpoint.root) == HASH_SIZE and checkpoint.size >= 0 and origin
        if checkpoint.text() != text or not sound:
            message = "not a checkpoint as it is to be written"
            raise NoteError(message)
        return checkpoint
