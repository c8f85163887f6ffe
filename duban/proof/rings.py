"""A ring of keys: one seals, and all of them open what they sealed before.

The form of a key file, newest key first:

    # made on 2019-03-01
    64 hexadecimal digits, or the same 32 bytes in base64
    an older key

The key of the first line seals; the others only open, until their lines are taken out. Of each key
one more is derived for every purpose (`duban.proof.boxes`), so boxes of different purposes never
open each other. The id that a box carries is the one of the line, the same for every purpose.
"""

import re
import secrets
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple, Self

from duban.proof.boxes import BoxKey
from duban.proof.errors import RingError, UnknownKeyError

KEY_BYTES: Final = 32
_ID_BYTES: Final = 8
_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{43}=")


class Box(NamedTuple):
    """A box, and the id of the ring's key that opens it."""

    key_id: bytes
    box: bytes


@dataclass(frozen=True, slots=True)
class Boxes:
    """The keys of one purpose: sealed with the active one, opened with whichever it was."""

    _active: bytes
    _keys: Mapping[bytes, BoxKey] = field(repr=False)

    def seal(self, body: bytes, belongs_to: str) -> Box:
        """Return a box with the body in it, for its place."""
        return Box(self._active, self._keys[self._active].seal(body, belongs_to))

    def open(self, box: Box, belongs_to: str) -> bytes:
        """Return what is in a box.

        Raises:
            UnknownKeyError: the ring does not have its key; the key file lacks a line.
            SealError: it was sealed for another place or purpose, or is damaged.
        """
        key = self._keys.get(box.key_id)
        if key is None:
            raise UnknownKeyError(box.key_id)
        return key.open(box.box, belongs_to)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of a key file, the active one first."""

    _keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key file.

        Raises:
            RingError: `empty`, or for one line `not_a_key` or `twice`.
        """
        found: list[bytes] = []
        for number, line in enumerate(text.splitlines(), start=1):
            written = line.partition("#")[0].strip()
            if not written:
                continue
            key = _key(written)
            if key is None:
                raise RingError("not_a_key", number)
            if key in found:
                raise RingError("twice", number)
            found.append(key)
        if not found:
            raise RingError("empty")
        return cls(tuple(found))

    @property
    def key_ids(self) -> tuple[bytes, ...]:
        """The ids of all keys, eight bytes each, the active one first. They tell nothing."""
        return tuple(_key_id(key) for key in self._keys)

    def boxes(self, purpose: str) -> Boxes:
        """Return the keys of a purpose, derived of the ring's."""
        keys = {_key_id(key): BoxKey.derived(key, purpose) for key in self._keys}
        return Boxes(_key_id(self._keys[0]), keys)


def new_key() -> str:
    """Return a new key as the line of a key file."""
    return secrets.token_hex(KEY_BYTES)


def _key(written: str) -> bytes | None:
    if _HEX.fullmatch(written):
        return bytes.fromhex(written)
    return b64decode(written) if _BASE64.fullmatch(written) else None


def _key_id(key: bytes) -> bytes:
    return sha256(b"duban-ring-key\x00" + key).digest()[:_ID_BYTES]
