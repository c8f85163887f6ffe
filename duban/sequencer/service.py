"""A sequencer as a process: it stands by, leads, and goes on after any outage."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp
import asyncpg
import structlog

from duban.sequencer.errors import LogError
from duban.sequencer.keys import Keys, key_name
from duban.sequencer.leading import leading, told
from duban.sequencer.publishing import Publication, Publisher
from duban.sequencer.rotation import Rotation
from duban.sequencer.turns import Clock, Turns
from duban.sequencer.voice import Voice
from duban.store import projector
from duban.store.audit import AuditStore
from duban.store.errors import StoreError
from duban.store.log import LogStore
from duban.store.pool import open_pool
from duban.store.sequencing import BATCH
from duban.witness.client import WitnessClient
from duban.witness.files import read_policy

AGAIN_SECONDS: Final = 2.0
"""After how long it tries again when PostgreSQL is away."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Plan:
    """What a sequencer is started with.

    `dsn` names its login; `trail_key` makes ids of what the log itself says; `every` is the time
    from one checkpoint to the next in seconds, `limit` the number of entries of one step.
    """

    dsn: str
    keys: Keys
    trail_key: bytes
    every: float
    publishers: Sequence[Publisher] = ()
    limit: int = BATCH


@asynccontextmanager
async def witnesses(policy: Path | None, origin: str) -> AsyncIterator[Sequence[Publisher]]:
    """Open the ways to the witnesses of a policy that say where they listen.

    Raises:
        DubanError: the policy cannot be read.
        LogError: `log.not_in_policy`: what this log signs would be trusted by nobody.
    """
    if policy is None:
        yield ()
        return
    read = read_policy(policy)
    if not read.log_keys(origin):
        raise LogError("log.not_in_policy", origin=origin, file=str(policy))
    async with aiohttp.ClientSession() as session:
        yield [WitnessClient(session, read, each) for each in read.witnesses if each.url]


async def run(plan: Plan, clock: Clock, stop: asyncio.Event) -> None:
    """Be a sequencer until told to stop. What PostgreSQL cannot do now is done when it can.

    Raises:
        LogError: a person must look before anything more is signed.
    """
    while not stop.is_set():
        try:
            async with leading(plan.dsn, stop, plan.every) as connection:
                if connection is not None:
                    await _lead(connection, plan, clock, stop)
        except StoreError as error:
            log.warning("sequencer_waits", code=error.code, **error.params)
            await told(stop, AGAIN_SECONDS)


async def _lead(
    connection: asyncpg.Connection, plan: Plan, clock: Clock, stop: asyncio.Event
) -> None:
    async with AsyncExitStack() as held:
        pool = await open_pool(plan.dsn, max_size=2)
        held.push_async_callback(pool.close)
        log_store = LogStore(pool)
        voice = Voice(AuditStore(pool, plan.trail_key), pool, plan.keys.origin)
        publication = Publication(plan.keys.origin, plan.publishers, log_store, pool)
        turns = Turns(
            connection,
            voice,
            Rotation(plan.keys, pool, voice),
            publication=publication,
            clock=clock,
        )
        await turns.begin(log_store)
        await held.enter_async_context(publication)
        await held.enter_async_context(projector.following(pool))
        log.info("sequencer_leads", key=key_name(plan.keys.key), every=plan.every)
        while not stop.is_set():
            if not await turns.turn(plan.limit):
                await told(stop, plan.every)
