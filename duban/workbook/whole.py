"""Writing a file so that it appears whole or not at all."""

from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` beside `path` and put it in its place in one step.

    Raises `OSError` when the folder is not there or may not be written; nothing is left behind.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
