"""Files that people keep: policies, and private keys, which are made once and never replaced."""

import os
import secrets
from pathlib import Path
from typing import Final

from duban.errors import DubanError
from duban.proof.errors import NoteError, PolicyError
from duban.proof.notes import SignerKey, is_key_name
from duban.proof.policy import Policy

_SEED: Final = 32


def read_policy(path: Path) -> Policy:
    """Read a policy file.

    Raises:
        DubanError: the code of its `PolicyFault` with file, line and what stands there, or
            `policy_file.unreadable`.
    """
    try:
        return Policy.parse(path.read_bytes().decode())
    except PolicyError as error:
        place: dict[str, str | int] = {"file": str(path), "line": error.line}
        raise DubanError(str(error.fault), **place, found=error.found) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DubanError("policy_file.unreadable", file=str(path), reason=_reason(error)) from error


def read_key(path: Path, algorithm: int) -> SignerKey:
    """Read a private key of an algorithm from the one line of its file.

    Raises:
        DubanError: `key_file.unreadable`, `key_file.invalid`, or `key_file.other_use` for the key
            of a log where a witness's is needed, or the other way round.
    """
    try:
        key = SignerKey.parse(path.read_bytes().decode().strip())
    except NoteError as error:
        raise DubanError("key_file.invalid", file=str(path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DubanError("key_file.unreadable", file=str(path), reason=_reason(error)) from error
    if key.algorithm != algorithm:
        raise DubanError("key_file.other_use", file=str(path))
    return key


def make_key(name: str, path: Path, algorithm: int) -> SignerKey:
    """Make a new private key and write it to a new file that only its owner can read.

    Raises:
        DubanError: `key_file.name` when no key may have this name, `key_file.exists`, or
            `key_file.unwritable`.
    """
    if not is_key_name(name):
        raise DubanError("key_file.name", name=name)
    key = SignerKey(name, algorithm, secrets.token_bytes(_SEED))
    write_secret(path, key.format())
    return key


def write_secret(path: Path, line: str) -> None:
    """Write a private key's line to a new file that only its owner can read.

    Raises:
        DubanError: `key_file.exists`, or `key_file.unwritable`.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise DubanError("key_file.exists", file=str(path)) from error
    except OSError as error:
        raise DubanError("key_file.unwritable", file=str(path), reason=_reason(error)) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return str(getattr(error, "strerror", None) or error)
