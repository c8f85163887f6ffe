"""Commitments: what binds the trail to a text that is not (or no longer) on it (audit.md 3.5)."""

import hmac
from hashlib import sha256
from typing import Final

SALT_SIZE: Final = 32
"""Bytes of a salt; without it a commitment can be tested against guesses."""

_DOMAIN: Final = b"audit-commit/v1\x00"


def commitment(salt: bytes, body: bytes) -> bytes:
    """Return the 32 bytes that bind to a body and, while the salt is secret, hide it.

    Raises:
        ValueError: the salt is not 32 bytes long.
    """
    if len(salt) != SALT_SIZE:
        message = f"a salt has {SALT_SIZE} bytes, not {len(salt)}"
        raise ValueError(message)
    return sha256(_DOMAIN + salt + body).digest()


def opens(committed: bytes, salt: bytes, body: bytes) -> bool:
    """Say whether this salt and body are what was committed to."""
    return len(salt) == SALT_SIZE and hmac.compare_digest(committed, commitment(salt, body))
