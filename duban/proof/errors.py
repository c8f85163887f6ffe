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


class UnknownKeyError(SealError):
    """A box names a key that the ring does not have: add the key's line to the key file."""

    def __init__(self, key_id: bytes) -> None:
        self.key_id = key_id.hex()
        super().__init__(f"no key {self.key_id} in the ring; add its line to the key file")


class RingError(ValueError):
    """A key file cannot be read: `fault` says why, `line` (from 1; 0 the whole file) where."""

    def __init__(self, fault: str, line: int = 0) -> None:
        self.fault = fault
        self.line = line
        super().__init__(f"line {line}: {fault}" if line else fault)
