"""Who an entry is: its event id and its request mac, both from the trail's key (audit.md 3.2).

Both are keyed so that nobody without the key can test a guess against an id.
"""

import hmac
from functools import lru_cache
from typing import Final
from uuid import UUID

from asyncpg.pgproto import pgproto

TAIL_BITS: Final = 80
"""Bits of an event id after its milliseconds."""

_VERSION = 0x80
_VARIANT = 0x80


def event_id(key: bytes, stream: str, seq: int, occurred_us: int) -> UUID:
    """Return the UUIDv8 of an entry: 48 bits of milliseconds, then an HMAC of (stream, seq).

    It is equal on every retry and replay, and ids sort by business time.
    """
    tail = _digest(key, f"{stream}|{seq}".encode())
    raw = bytearray((occurred_us // 1000).to_bytes(6, "big") + tail[:10])
    raw[6] = raw[6] & 0x0F | _VERSION
    raw[8] = raw[8] & 0x3F | _VARIANT
    # The driver's own kind of UUID: a seventh of the time to make, and to send.
    made: UUID = pgproto.UUID(bytes(raw))
    return made


def request_mac(key: bytes, entry: bytes) -> bytes:
    """Return the 32 bytes by which a second delivery is known to be the same entry."""
    return _digest(key, entry)


def _digest(key: bytes, message: bytes) -> bytes:
    keyed = _keyed(key).copy()
    keyed.update(message)
    return keyed.digest()


@lru_cache(maxsize=4)
def _keyed(key: bytes) -> hmac.HMAC:
    """Return an HMAC that has taken in its key, which is half of the work for a short message."""
    return hmac.new(key, digestmod="sha256")
