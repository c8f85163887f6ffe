"""What is wrong with bytes or text that were to be read; whoever reads files gives it a code."""


class NoteError(ValueError):
    """It is not a note, not a key, not a checkpoint or not a proof."""


class TileError(ValueError):
    """It is not a tile or not a bundle."""


class PolicyError(ValueError):
    """A policy cannot be read: `fault` says why, `line` (from 1) where, `found` what it is."""

    def __init__(self, fault: str, line: int, found: str = "") -> None:
        self.fault = fault
        self.line = line
        self.found = found
        super().__init__(f"line {line}: {fault} {found}".rstrip())


class SealError(ValueError):
    """It is not a seal key, too long to be sealed, or not sealed for this key."""
