"""Temporal's time-skipping server, for rehearsals and tests: months pass in milliseconds."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.testing import WorkflowEnvironment

from duban.connection import CORE_LOGGER, DATA_CONVERTER, runtime
from duban.stack.programs import test_server_program


async def start_time_skipping() -> WorkflowEnvironment:
    """Start the server; the caller ends it with `shutdown`.

    Raises:
        StackError: `stack.program_missing`.
    """
    # Its core warns of a capability that this server never advertises.
    logging.getLogger(CORE_LOGGER).setLevel(logging.ERROR)
    return await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(test_server_program()),
        data_converter=DATA_CONVERTER,
        runtime=runtime(),
    )


@asynccontextmanager
async def time_skipping() -> AsyncIterator[WorkflowEnvironment]:
    """Run the server for the length of the block. One clock: users must not share it."""
    environment = await start_time_skipping()
    try:
        yield environment
    finally:
        await environment.shutdown()
