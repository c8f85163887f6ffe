"""How this process reaches Temporal: one runtime, one data converter, one way to connect."""

import logging
from functools import cache

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
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
        return await Client.connect(
            **config, data_converter=pydantic_data_converter, runtime=runtime()
        )
    except (RPCError, RuntimeError) as error:
        address = config.get("target_host", _LOCAL)
        raise Unavailable("temporal.unreachable", address=address) from error
