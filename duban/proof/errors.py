"""What is wrong with bytes or text that were to be read; whoever reads files gives it a code."""


class NoteError(ValueError):
    """It is not a note, not a key, not a checkpoint or not a proof."""


class TileError(ValueError):
    """It is not a tile or not a bundle."""
