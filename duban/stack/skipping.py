"""Temporal's time-skipping server, for rehearsals and tests: months pass in milliseconds."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.converter import DataConverter
from temporalio.testing import WorkflowEnvironment

from duban.connection import CORE_LOGGER, data_converter, runtime
from duban.proof.rings import KeyRing, new_key
from duban.stack.programs import test_server_program


async def start_time_skipping(converter: DataConverter | None = None) -> WorkflowEnvironment:
    """Start the server; the caller ends it with `shutdown`.

    Without a converter it has keys of its own, which go with it.

    Raises:
        StackError: `stack.program_missing`.
    """
    # Its core warns of a capability that this server never advertises.
    logging.getLogger(CORE_LOGGER).setLevel(logging.ERROR)
    return await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(test_server_program()),
        data_converter=converter or data_converter(KeyRing.parse(new_key())),
        runtime=runtime(),
    )


@asynccontextmanager
async def time_skipping(
    converter: DataConverter | None = None,
) -> AsyncIterator[WorkflowEnvironment]:
    """Run the server for the length of the block. One clock: users must not share it."""
    environment = await start_time_skipping(converter)
    try:
        yield environment
    finally:
        await environment.shutdown()
