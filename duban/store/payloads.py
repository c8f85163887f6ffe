"""Texts that an entry commits to without saying them, and the entries that say nothing else.

An entry tells of each text a salted commitment (`c`) and its class (`class`); salt and text stand
in audit.payload, where an erasure takes both away. The mac of an entry covers its commitments, so a
second delivery must bring the same salts: a mac over the text itself, made with a key that is kept,
would let the key's holder test guesses after an erasure.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from duban.contracts import Mode
from duban.domain.custody import SEALED_STREAM, Deed
from duban.proof.commitments import SALT_SIZE, commitment
from duban.store.canonical import ENTRY_MAX, encode
from duban.store.errors import ProfileViolation

BODY_SLOT: Final = "body"
"""The slot of a sealed entry that commits to what is sealed, which stands nowhere in the clear."""
BOX_SLOT: Final = "box"
"""The slot of a sealed entry that commits to the box, which holds salt and body for its reader."""
OPEN: Final = "none"
"""How a text that is stored in the clear is said to be enciphered."""
BOXED: Final = "hpke-x25519-sha256-chacha20poly1305/v1"
"""How a box is said to be enciphered (duban/proof/sealing.py)."""


class PayloadClass(StrEnum):
    """Who may read a text: operations too, or supervision and verifiers; boxes are `embargo`."""

    NORMAL = "normal"
    PERSONAL = "personal"
    EMBARGO = "embargo"


@dataclass(frozen=True, slots=True)
class Payload:
    """A text for a slot of an entry. Keep it for a second delivery: its salt is made once."""

    slot: str
    body: bytes
    kind: PayloadClass = PayloadClass.PERSONAL
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(SALT_SIZE), repr=False)

    @property
    def committed(self) -> str:
        """The commitment in hexadecimal digits, as the entry tells it."""
        return commitment(self.salt, self.body).hex()

    def row(self, event: UUID) -> "PayloadRow":
        """Return its row beside an entry."""
        enc = BOXED if self.kind is PayloadClass.EMBARGO else OPEN
        return PayloadRow(event, self.slot, self.kind.value, enc, self.salt, self.body)


class PayloadRow(NamedTuple):
    """What audit.append_with takes of a text, in the order of its arguments."""

    event: UUID
    slot: str
    kind: str
    enc: str
    salt: bytes
    body: bytes


Payloads = Mapping[tuple[str, int], Sequence[Payload]]
"""Texts by stream and ordinal of their entries."""
NONE: Final[Payloads] = MappingProxyType({})
"""No texts."""


def committing(entry: bytes, payloads: Sequence[Payload]) -> bytes:
    """Return a canonical entry that commits to texts as well.

    Raises:
        ProfileViolation: it is too long now, or two texts have one slot.
    """
    fields = {**orjson.loads(entry), **_told(payloads)}
    encoded = encode(fields)
    if len(encoded) > ENTRY_MAX or len(fields["c"]) < len(payloads):
        raise ProfileViolation(reason="payloads", size=len(encoded), limit=ENTRY_MAX)
    return encoded


def sealed_entry(mode: Mode, seq: int, occurred_us: int, committed: bytes, box: Payload) -> bytes:
    """Return the canonical sealed entry: its place, a coarse time, and its commitments."""
    told = _told([box])
    return encode(
        {
            **told,
            "c": {**told["c"], BODY_SLOT: committed.hex()},
            "mode": mode.value,
            "occ": occurred_us,
            "sealed": True,
            "seq": seq,
            "stream": SEALED_STREAM,
            "tag": Deed.SEAL.value,
            "v": 1,
        }
    )


def _told(payloads: Sequence[Payload]) -> dict[str, Any]:
    return {
        "c": {each.slot: each.committed for each in payloads},
        "class": {each.slot: each.kind.value for each in payloads},
    }
