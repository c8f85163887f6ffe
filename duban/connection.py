"""How this process reaches Temporal: one runtime, one data converter, one way to connect."""

import logging
from collections.abc import Sequence
from functools import cache
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import DataConverter, PayloadConverter
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import RPCError

from duban.codec import encrypting
from duban.errors import Unavailable
from duban.proof.rings import KeyRing
from duban.ring_files import ring_of
from duban.settings import Settings

CORE_LOGGER = "temporalio.core"
_LOCAL = "localhost:7233"


_PYDANTIC = PydanticPayloadConverter()


class SharedConverter(PayloadConverter):
    """Temporal's converter for pydantic, one for the whole process.

    The SDK makes a converter for every activation, every activity and every sleeping workflow, each
    with a memory of its own for how types are read, which is empty whenever it is asked.
    """

    def to_payloads(self, values: Sequence[Any]) -> list[Payload]:
        """Encode values."""
        return _PYDANTIC.to_payloads(values)

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[Any]:
        """Decode payloads as values of the types."""
        return _PYDANTIC.from_payloads(payloads, type_hints)


DATA_CONVERTER = DataConverter(payload_converter_class=SharedConverter)
"""How everything that goes to Temporal is written: pydantic's JSON, which is then enciphered.

By itself it is for histories that were never enciphered; clients have that of `data_converter`.
"""


def data_converter(ring: KeyRing) -> DataConverter:
    """Return how a client of the product writes and reads: enciphered with the keys of a ring."""
    return encrypting(DATA_CONVERTER, ring)


@cache
def runtime() -> Runtime:
    """Return this process's Temporal runtime, whose core logs through Python's logging.

    Left alone, the core prints on standard output, where a command's answer belongs.
    """
    forwarding = LogForwardingConfig(logger=logging.getLogger(CORE_LOGGER))
    level = TelemetryFilter(core_level="WARN", other_level="ERROR")
    return Runtime(
        telemetry=TelemetryConfig(logging=LoggingConfig(filter=level, forwarding=forwarding))
    )


async def connect(settings: Settings) -> Client:
    """Connect to the Temporal server the environment (TEMPORAL_*) and the settings name.

    Raises:
        Unavailable: `temporal.unreachable`, with the address tried.
        DubanError: the keys cannot be used; see `duban.ring_files.ring_of`.
    """
    told = ClientConfig.load_client_connect_config()
    if settings.temporal_address is not None:
        told["target_host"] = settings.temporal_address
    told.setdefault("target_host", _LOCAL)
    return await connect_to(told, ring_of(settings))


async def connect_to(config: ClientConnectConfig, ring: KeyRing | None) -> Client:
    """Connect to the server that an SDK configuration names.

    No ring is for who only asks the server of itself, and neither sends nor reads any payload.

    Raises:
        Unavailable: `temporal.unreachable`, with the address tried.
    """
    try:
        converter = DATA_CONVERTER if ring is None else data_converter(ring)
        return await Client.connect(**config, data_converter=converter, runtime=runtime())
    except (RPCError, RuntimeError) as error:
        address = config.get("target_host", _LOCAL)
        raise Unavailable("temporal.unreachable", address=address) from error
