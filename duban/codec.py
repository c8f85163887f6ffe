"""What Temporal is given is enciphered: every payload, and the message and trace of every failure.

The codec closes each payload into a box (`duban.proof.rings`) with its own metadata inside:

    encoding   binary/encrypted
    key        the id of the key that opens it, eight bytes
    of         the workflow it belongs to, where that is known
    data       the box; `of` is authenticated with it

A payload that says another workflow than the one it is found in is refused, so none can be moved
from one history to another. One that is not enciphered is passed on as it is: histories from before
the codec go on. Names of workflows, types and search attributes are not payloads and stay readable,
as do sizes. Compression was left out: see ADR 0022.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Self

from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    ActivitySerializationContext,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from duban.errors import DubanError
from duban.proof.errors import SealError, UnknownKeyError
from duban.proof.rings import Box, Boxes, KeyRing

ENCODING: Final = b"binary/encrypted"
PURPOSE: Final = "payload-v1"


class EncryptingCodec(PayloadCodec, WithSerializationContext):
    """Closes and opens payloads with the keys of a ring, for the workflow they belong to."""

    def __init__(self, boxes: Boxes, workflow: str = "") -> None:
        self._boxes = boxes
        self._workflow = workflow

    @classmethod
    def of(cls, ring: KeyRing) -> Self:
        """Return the codec of a ring, which knows no workflow yet."""
        return cls(ring.boxes(PURPOSE))

    def with_context(self, context: SerializationContext) -> Self:
        """Return the codec for the workflow of a context."""
        if isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
            return type(self)(self._boxes, context.workflow_id or "")
        return self

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Close payloads."""
        return [self._closed(each) for each in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open payloads; those that are not enciphered are returned as they are.

        Raises:
            DubanError: `payload.key_unknown`, `payload.moved`, `payload.damaged`. No error of
                Temporal's: a workflow task that meets one is tried again and never ends the
                workflow.
        """
        return [self._opened(each) for each in payloads]

    def _closed(self, payload: Payload) -> Payload:
        key_id, box = self._boxes.seal(payload.SerializeToString(), self._workflow)
        metadata = {"encoding": ENCODING, "key": key_id}
        if self._workflow:
            metadata["of"] = self._workflow.encode()
        return Payload(metadata=metadata, data=box)

    def _opened(self, payload: Payload) -> Payload:
        if not is_encrypted(payload):
            return payload
        of = payload.metadata.get("of", b"").decode(errors="replace")
        if of and self._workflow and of != self._workflow:
            raise DubanError("payload.moved", of=of, found=self._workflow)
        box = Box(payload.metadata.get("key", b""), payload.data)
        try:
            return Payload.FromString(self._boxes.open(box, of))
        except UnknownKeyError as error:
            raise DubanError("payload.key_unknown", key=error.key_id) from None
        except SealError as error:
            raise DubanError("payload.damaged", of=of or "-") from error


def is_encrypted(payload: Payload) -> bool:
    """Whether a payload is one that the codec closed."""
    return payload.metadata.get("encoding") == ENCODING


def encrypting(converter: DataConverter, ring: KeyRing) -> DataConverter:
    """Return a converter that enciphers all it makes, messages and traces of failures too."""
    return replace(
        converter,
        payload_codec=EncryptingCodec.of(ring),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
