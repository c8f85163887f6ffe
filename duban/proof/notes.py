"""Signed notes and the keys that sign them (C2SP signed-note, tlog-cosignature).

A note is text that ends with a newline, an empty line, and signature lines. A key has a name, an
algorithm and an id of four bytes made of all of it. Ed25519 signs the text itself (0x01, a log) or
the text after a line with the time (0x04, a witness).
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from duban.proof.errors import NoteError

ED25519: Final = 0x01
"""The algorithm of a log's key."""
COSIGNATURE: Final = 0x04
"""The algorithm of a witness's key: Ed25519 with a time."""

SECRET_MARK: Final = "PRIVATE+KEY+"  # noqa: S105 - a mark, not a secret
"""How the line of a private key begins."""

_DASH: Final = "— "
_ID, _TIME, _SIGNATURE = 4, 8, 64
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who says to have signed, with which key, and the bytes."""

    name: str
    key_id: bytes
    body: bytes

    def line(self) -> str:
        """Return the line without its newline."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.body).decode()}"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a signature line.

        Raises:
            NoteError: it is none.
        """
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        signed = _decode(encoded)
        signature = cls(name, signed[:_ID], signed[_ID:])
        # Base64 may hide bits that say nothing; written again, only one line comes of them.
        if signature.line() != line or not is_key_name(name) or not signature.body:
            message = f"not a signature line: {line[:80]!r}"
            raise NoteError(message)
        return signature


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text with its signatures, none of which is checked by reading it."""

    text: str
    signatures: tuple[Signature, ...]

    def format(self) -> str:
        """Return the note as it is stored and sent."""
        return f"{self.text}\n" + "".join(f"{each.line()}\n" for each in self.signatures)

    def with_signatures(self, added: Iterable[Signature]) -> "SignedNote":
        """Return the note with further signatures at its end."""
        return SignedNote(self.text, (*self.signatures, *added))

    @classmethod
    def parse(cls, note: str) -> Self:
        """Read a note.

        Raises:
            NoteError: it has no text, no empty line before its signatures, no signature, or a
                control character.
        """
        text, mark, signed = note.rpartition("\n\n")
        if not mark or not text or not signed.endswith("\n") or _CONTROL.search(note):
            message = "not a signed note"
            raise NoteError(message)
        lines = signed.removesuffix("\n").split("\n")
        return cls(text + "\n", tuple(Signature.parse(each) for each in lines))


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key by which signatures are checked."""

    name: str
    algorithm: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature line names the key."""
        said = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public
        return sha256(said).digest()[:_ID]

    def format(self) -> str:
        """Return the key as policy files hold it: name, id and key."""
        body = base64.b64encode(bytes([self.algorithm]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{body}"

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read what `format` wrote.

        Raises:
            NoteError: it is no key of a known algorithm, or its id is another's.
        """
        name, key_id, body = _parts(written)
        key = cls(name, body[0], body[1:])
        if key.key_id.hex() != key_id:
            message = f"the id of the key {name} does not fit it"
            raise NoteError(message)
        return key

    def made(self, signature: Signature) -> bool:
        """Say whether a line names this key. Nothing is checked yet."""
        return signature.name == self.name and signature.key_id == self.key_id

    def verifies(self, text: str, signature: Signature) -> bool:
        """Say whether the signature is this key's and fits the text."""
        if not self.made(signature):
            return False
        if self.algorithm == ED25519:
            return self._fits(signature.body, text.encode())
        timed = signature.body[_TIME:], _timed(text, _time_of(signature))
        return len(signature.body) == _TIME + _SIGNATURE and self._fits(*timed)

    def cosigned_at(self, text: str, signature: Signature) -> int | None:
        """Return when (seconds since 1970) a witness cosigned the text; None if it did not."""
        if self.algorithm != COSIGNATURE or not self.verifies(text, signature):
            return None
        return _time_of(signature)

    def _fits(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class SignerKey:
    """A private key: its 32 bytes of seed. It is never shown."""

    name: str
    algorithm: int
    seed: bytes

    @property
    def public(self) -> VerifierKey:
        """The key by which others check what this one signs."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, self.algorithm, public)

    def format(self) -> str:
        """Return the key as its file holds it. Whoever reads this line can sign."""
        body = base64.b64encode(bytes([self.algorithm]) + self.seed).decode()
        return f"{SECRET_MARK}{self.name}+{self.public.key_id.hex()}+{body}"

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read what `format` wrote.

        Raises:
            NoteError: it is no private key of a known algorithm, or its id is another's.
        """
        if not written.startswith(SECRET_MARK):
            message = "not a private key"
            raise NoteError(message)
        name, key_id, body = _parts(written.removeprefix(SECRET_MARK))
        key = cls(name, body[0], body[1:])
        if key.public.key_id.hex() != key_id:
            message = f"the id of the private key {name} does not fit it"
            raise NoteError(message)
        return key

    def sign(self, text: str) -> Signature:
        """Return a log's signature of the text."""
        return self._signature(text.encode())

    def cosign(self, text: str, at: int) -> Signature:
        """Return a witness's signature of the text and the time (seconds since 1970)."""
        signed = self._signature(_timed(text, at))
        return Signature(signed.name, signed.key_id, at.to_bytes(_TIME, "big") + signed.body)

    def _signature(self, message: bytes) -> Signature:
        body = Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)
        return Signature(self.name, self.public.key_id, body)


def is_key_name(name: str) -> bool:
    """Say whether a key may bear the name: not empty, without white space and plus signs."""
    return bool(name) and "+" not in name and not any(each.isspace() for each in name)


def _parts(written: str) -> tuple[str, str, bytes]:
    name, _, rest = written.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    body = _decode(encoded)
    if not is_key_name(name) or len(body) != 1 + 32 or body[0] not in (ED25519, COSIGNATURE):
        message = "not a key of a known algorithm"
        raise NoteError(message)
    return name, key_id, body


def _decode(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        message = "not base64"
        raise NoteError(message) from error


def _time_of(signature: Signature) -> int:
    return int.from_bytes(signature.body[:_TIME], "big")


def _timed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
