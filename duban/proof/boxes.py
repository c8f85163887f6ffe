"""Boxes: a secret enciphered under a key that is kept elsewhere, bound to what it belongs to.

A box is made with ChaCha20-Poly1305 under a key derived (HKDF-SHA256) for one purpose alone. What
it belongs to is authenticated with it, so it opens in its own place and in no other. The form:

    nonce (12 bytes) | ciphertext and tag
"""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from duban.proof.errors import SealError

_NONCE: Final = 12
_KEY: Final = 32
_ID: Final = 8


@dataclass(frozen=True, slots=True)
class BoxKey:
    """A key for boxes of one purpose."""

    _key: bytes = field(repr=False)

    @classmethod
    def derived(cls, secret: bytes, purpose: str) -> Self:
        """Derive the key of a purpose from a longer-lived secret."""
        info = f"duban-box/v1\n{purpose}".encode()
        return cls(HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=info).derive(secret))

    @property
    def key_id(self) -> bytes:
        """Eight bytes by which a box says which key opens it."""
        return sha256(b"duban-box-key\x00" + self._key).digest()[:_ID]

    def seal(self, body: bytes, belongs_to: str) -> bytes:
        """Return a box with the body in it, for its place."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + ChaCha20Poly1305(self._key).encrypt(nonce, body, belongs_to.encode())

    def open(self, box: bytes, belongs_to: str) -> bytes:
        """Return what is in a box.

        Raises:
            SealError: it was sealed under another key or for another place, or is damaged.
        """
        nonce, sealed = box[:_NONCE], box[_NONCE:]
        try:
            return ChaCha20Poly1305(self._key).decrypt(nonce, sealed, belongs_to.encode())
        except (InvalidTag, ValueError) as error:
            raise SealError("the box does not open here") from error
