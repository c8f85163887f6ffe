"""The key file of payloads: read, and given a new first key; its form is `duban.proof.rings`."""

import os
from pathlib import Path

from duban.errors import DubanError
from duban.proof.errors import RingError
from duban.proof.rings import KeyRing, new_key
from duban.settings import VARIABLES, Settings


def ring_of(settings: Settings) -> KeyRing:
    """Return the keys that the settings name.

    Raises:
        DubanError: `stack.payload_keys_missing` where they name none, and what `read_ring` raises.
    """
    if settings.payload_keys is None:
        raise DubanError("stack.payload_keys_missing", variable=VARIABLES["payload_keys"])
    return read_ring(settings.payload_keys)


def read_ring(path: Path) -> KeyRing:
    """Read a key file.

    Raises:
        DubanError: `payload_keys.unreadable`, `payload_keys.empty`, `payload_keys.not_a_key` or
            `payload_keys.twice`.
    """
    try:
        return KeyRing.parse(path.read_bytes().decode())
    except RingError as error:
        raise DubanError(f"payload_keys.{error.fault}", file=str(path), line=error.line) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise DubanError(
            "payload_keys.unreadable", file=str(path), reason=reason or str(error)
        ) from error


def add_key(path: Path) -> KeyRing:
    """Give a key file a new first key, keeping all it has; return its keys.

    It is written beside its place and put there at once, so nobody ever reads half of it.

    Raises:
        DubanError: what `read_ring` raises, or `payload_keys.unwritable`.
    """
    read_ring(path)
    try:
        _put(path, f"{new_key()}\n{path.read_text()}")
    except OSError as error:
        raise DubanError(
            "payload_keys.unwritable", file=str(path), reason=error.strerror or str(error)
        ) from error
    return read_ring(path)


def _put(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    old = path.stat()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            # Whoever could read the file must be able to read it still.
            os.fchown(descriptor, old.st_uid, old.st_gid)
            os.fchmod(descriptor, old.st_mode & 0o777)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
