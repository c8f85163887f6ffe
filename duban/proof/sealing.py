"""Sealing: what only the holder of one private key can open, and the commitments to it.

A body is sealed with HPKE (RFC 9180; X25519, HKDF-SHA256, ChaCha20-Poly1305) together with its
salt, so that whoever holds the sealed form and the commitment can test no guess. It is padded to
one of a few sizes, so that its length says little. The form of a box:

    key id (8 bytes) | HPKE encapsulated key (32) | HPKE ciphertext of:
    salt (32) | length of the body (4, big-endian) | body | zeros up to a size of `SIZES`
"""

import base64
import binascii
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from duban.proof.commitments import SALT_SIZE, commitment
from duban.proof.errors import SealError
from duban.proof.notes import is_key_name

SIZES: Final = (1024, 4096, 16_384, 65_536)
"""Bytes of what is enciphered: salt, length, body and padding."""

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_INFO: Final = b"duban-seal/v1\x00"
_PUBLIC: Final = "duban-seal-key"
_PRIVATE: Final = "DUBAN-PRIVATE-SEAL-KEY"
_ID, _KEY, _LENGTH = 8, 32, 4
_HEAD: Final = SALT_SIZE + _LENGTH
BODY_MAX: Final = SIZES[-1] - _HEAD
"""Bytes of the largest body that can be sealed."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """The public key of those for whom something is sealed: its 32 bytes, and whose it is."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Eight bytes by which a box names the key that opens it."""
        return sha256(f"{_PUBLIC}\n{self.name}\n".encode() + self.public).digest()[:_ID]

    def format(self) -> str:
        """Return the line that is handed to those who seal."""
        return f"{_PUBLIC} {self.name} {base64.b64encode(self.public).decode()}"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read what `format` wrote.

        Raises:
            SealError: it is no public seal key.
        """
        return cls(*_parts(line, _PUBLIC))


@dataclass(frozen=True, slots=True, repr=False)
class OpeningKey:
    """The private key of a group: its 32 bytes. It is never shown."""

    name: str
    private: bytes

    @classmethod
    def make(cls, name: str) -> Self:
        """Make a new one.

        Raises:
            SealError: no key may bear the name.
        """
        if not is_key_name(name):
            raise SealError(f"no key can be called {name!r}")
        return cls(name, X25519PrivateKey.generate().private_bytes_raw())

    @property
    def public(self) -> SealKey:
        """The key for which others seal."""
        return SealKey(self.name, self._key().public_key().public_bytes_raw())

    def format(self) -> str:
        """Return the line of its file. Whoever reads it can open what was sealed."""
        return f"{_PRIVATE} {self.name} {base64.b64encode(self.private).decode()}"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read what `format` wrote.

        Raises:
            SealError: it is no private seal key.
        """
        return cls(*_parts(line, _PRIVATE))

    def open(self, box: bytes) -> "Opened":
        """Return what is in a box.

        Raises:
            SealError: it was sealed for another key, or is damaged.
        """
        key_id = self.public.key_id
        if box[:_ID] != key_id:
            raise SealError(f"sealed for the key {box[:_ID].hex()}, this one is {key_id.hex()}")
        try:
            inner = _SUITE.decrypt(box[_ID:], self._key(), _INFO + key_id)
        except (InvalidTag, ValueError) as error:
            raise SealError("the box is damaged") from error
        length = int.from_bytes(inner[SALT_SIZE:_HEAD], "big")
        return Opened(inner[:SALT_SIZE], inner[_HEAD : _HEAD + length])

    def _key(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.private)


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in a box: the salt and the body that its commitment is about."""

    salt: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class SealedBody:
    """What may leave the process that sealed: nothing in it tells the body.

    `committed` binds to salt and body; `box` holds both for the recipient.
    """

    committed: bytes
    box: bytes


def seal(body: bytes, recipient: SealKey, *, as_long_as: int = 0) -> SealedBody:
    """Seal a body for the holder of a key, under a fresh salt.

    It is padded like one of `as_long_as` bytes, if that is longer.

    Raises:
        SealError: the body is longer than `BODY_MAX`, or the key is none.
    """
    size = size_class(max(len(body), as_long_as))
    salt = secrets.token_bytes(SALT_SIZE)
    inner = salt + len(body).to_bytes(_LENGTH, "big") + body
    key_id = recipient.key_id
    try:
        public = X25519PublicKey.from_public_bytes(recipient.public)
        enciphered = _SUITE.encrypt(inner.ljust(size, b"\0"), public, _INFO + key_id)
    except ValueError as error:
        raise SealError("the recipient's key is none") from error
    return SealedBody(commitment(salt, body), key_id + enciphered)


def size_class(length: int) -> int:
    """Return to how many bytes a body of a length is padded, its salt included.

    Raises:
        SealError: it is too long.
    """
    size = next((each for each in SIZES if length + _HEAD <= each), None)
    if size is None:
        raise SealError(f"{length} bytes are more than {BODY_MAX}")
    return size


def _parts(line: str, mark: str) -> tuple[str, bytes]:
    words = line.split()
    try:
        said, name, encoded = words
        key = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise SealError("not a seal key") from error
    if said != mark or len(key) != _KEY or not is_key_name(name):
        raise SealError("not a seal key of this kind")
    return name, key
