"""Secrets of the embedded stack: made once under the home folder, readable by its owner only."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from duban.proof.notes import ED25519
from duban.proof.rings import KEY_BYTES, KeyRing
from duban.ring_files import ring_of
from duban.settings import TRAIL_KEY_BYTES, VARIABLES, Settings
from duban.stack.errors import StackError
from duban.witness.files import make_key

TOKEN_BYTES: Final = 32


def trail_key(settings: Settings) -> bytes:
    """Return the key that makes entry ids and macs.

    It comes from the environment; only the embedded database has one of its own, because every
    worker of a shared database needs the same.

    Raises:
        StackError: `stack.trail_key_missing`.
    """
    if settings.trail_key is not None:
        return bytes.fromhex(settings.trail_key.get_secret_value())
    if settings.database_url is not None:
        raise StackError("stack.trail_key_missing", variable=VARIABLES["trail_key"])
    return bytes.fromhex(_kept(settings.home / "secrets" / "trail.key", TRAIL_KEY_BYTES))


def payload_ring(settings: Settings) -> KeyRing:
    """Return the keys of payloads, lists and targets, which no database ever sees.

    Raises:
        StackError: `stack.payload_keys_missing`.
        DubanError: the file cannot be used; see `duban.ring_files.read_ring`.
    """
    return ring_of(settings.model_copy(update={"payload_keys": payload_key_file(settings)}))


def payload_key_file(settings: Settings) -> Path:
    """Return the file of the keys of payloads: the one named, or that of the embedded servers.

    Only where both servers are embedded it is made if missing, because every worker and every
    client of shared ones needs the same.

    Raises:
        StackError: `stack.payload_keys_missing`.
    """
    if settings.payload_keys is not None:
        return settings.payload_keys
    if settings.database_url is not None or settings.temporal_address is not None:
        raise StackError("stack.payload_keys_missing", variable=VARIABLES["payload_keys"])
    path = settings.home / "secrets" / "payload.keys"
    _kept(path, KEY_BYTES)
    return path


def codec_token(home: Path) -> str:
    """Return what the codec server wants to be shown, made under `home` if missing."""
    return _kept(codec_token_file(home), TOKEN_BYTES)


def codec_token_file(home: Path) -> Path:
    """Return the file of the codec server's token."""
    return home / "secrets" / "codec.token"


def postgres_secret(home: Path) -> str:
    """Return the password of all logins of the embedded PostgreSQL under `home`."""
    return _kept(home / "secrets" / "postgres.password", 24)


def log_key_file(home: Path) -> Path:
    """Return the file of the embedded log's key, making the key if missing.

    Its name has a random part: two installations are two logs, also for a witness of both.
    """
    path = home / "secrets" / "log.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.unlink(missing_ok=True)
        make_key(f"duban.local/{secrets.token_hex(4)}", draft, ED25519)
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path


def _kept(path: Path, size: int) -> str:
    """Return the secret of a file as hexadecimal digits, making it of `size` bytes if missing."""
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written beside its place and linked there: two processes can never keep different secrets.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(size))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_text().strip()
