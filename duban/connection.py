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

from duban.errors import Unavailable
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
"""How everything that goes to Temporal is written: pydantic's JSON."""


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
    """
    told = ClientConfig.load_client_connect_config()
    if settings.temporal_address is not None:
        told["target_host"] = settings.temporal_address
    told.setdefault("target_host", _LOCAL)
    return await connect_to(told)


async def connect_to(config: ClientConnectConfig) -> Client:
    """Connect to the server that an SDK configuration names.

    Raises:
        Unavailable: `temporal.unreachable`, with the address tried.
    """
    try:
        return await Client.connect(**config, data_converter=DATA_CONVERTER, runtime=runtime())
    except (RPCError, RuntimeError) as error:
        address = config.get("target_host", _LOCAL)
        raise Unavailable("temporal.unreachable", address=address) from error
