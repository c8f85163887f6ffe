"""The worker is killed over a draw: one number, one secret, one set of targets, no gap (l.6)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import sha256
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from duban.contracts import campaign_stream, inspection_stream
from duban.domain.campaign import commands as c
from duban.domain.draw.drawing import commitment
from duban.inspection_contracts import SealedTarget
from duban.stack.child import Child
from duban.stack.temporal import DevServer
from duban.store.pool import WORKER, open_pool
from duban.store.sealed_draws import SealedDraws
from tests.e2e.problems import hanging
from tests.e2e.site import LiveCampaign, Site, kill, until
from tests.support.checks import an_order
from tests.support.clock import LAUNCHED
from tests.support.inspections import EVERYBODY
from tests.support.rings import RING
from tests.support.targets import LISTS

pytestmark = pytest.mark.slow

NO = "DRAW-1"
STREAM = campaign_stream(NO)
ONE, TWO = f"{NO}-I0001", f"{NO}-I0002"
WITHIN = 90.0
"""Seconds: an activity whose worker was killed is given to another after half a minute."""

_HOLD = """
INSERT INTO audit.sealed_draw (stream, kind, key, key_id, box)
VALUES ($1, $2, $3, '\\x0000000000000000', '\\x00')
"""
_KEPT = "SELECT kind, key, box FROM audit.sealed_draw WHERE kind = $1 ORDER BY key"


@pytest_asyncio.fixture(scope="module")
async def site(
    tmp_path_factory: pytest.TempPathFactory, dev_server: DevServer, postgres_dsn: str
) -> AsyncIterator[Site]:
    """Servers of this module's own; the session's only say that their programs are there."""
    place = Site(tmp_path_factory.mktemp("draws"))
    await place.open()
    yield place
    await place.close()


@asynccontextmanager
async def place_taken(site: Site, kind: str, key: str) -> AsyncIterator[None]:
    """Hold the place of a box and give it up at the end: who waits for it then keeps its own."""
    holder = await asyncpg.connect(site.dsn())
    try:
        transaction = holder.transaction()
        await transaction.start()
        await holder.execute(_HOLD, STREAM, kind, key)
        yield
        await transaction.rollback()
    finally:
        await holder.close()


async def kept(site: Site, kind: str) -> list[asyncpg.Record]:
    """Return the boxes of a kind, once one is there."""
    asker = await asyncpg.connect(site.dsn())
    try:

        async def there() -> list[asyncpg.Record]:
            return list(await asker.fetch(_KEPT, kind))

        await until(there)
        return await there()
    finally:
        await asker.close()


async def said(campaign: LiveCampaign, stream: str, tag: str, times: int = 1) -> None:
    """Wait until a stream holds an entry so often."""

    async def holds() -> bool:
        events = await campaign.site.events(stream)
        return sum(each.tag == tag for each in events) >= times

    await until(holds, WITHIN)


async def ordered(site: Site) -> LiveCampaign:
    """Return a campaign in phase 1 that has ordered two inspections."""
    campaign = await site.campaign(NO)
    await campaign.start(people=EVERYBODY)
    for step in LAUNCHED:
        await campaign.do(step.command, step.by, **step.fields)
    await campaign.gateway.order_spot_check(NO, an_order())
    await said(campaign, STREAM, "campaign:inspection:noted", 2)
    return campaign


async def drawn_of(campaign: LiveCampaign, tag: str) -> dict[str, Any]:
    """Return what the campaign said of its draw in an entry."""
    [event] = [each for each in await campaign.events() if each.tag == tag]
    [change] = [each.after for each in event.changes if each.kind == "draw"]
    return change


class Shift:
    """Workers one after the other, each until it is killed in the middle of keeping a box."""

    def __init__(self, site: Site, stack: AsyncExitStack) -> None:
        self.site = site
        self._stack = stack
        self._worker: Child | None = None

    async def begin(self) -> None:
        self._worker = await self._stack.enter_async_context(self.site.working())

    @asynccontextmanager
    async def dies_over(self, kind: str, key: str) -> AsyncIterator[None]:
        """Kill the worker over what the block asks for; the box it sent is kept without it."""
        assert self._worker is not None
        async with place_taken(self.site, kind, key):
            yield
            await until(lambda: hanging(self.site))
            kill(self._worker)
            await self._worker.wait()


@pytest_asyncio.fixture
async def shift(site: Site) -> AsyncIterator[Shift]:
    async with AsyncExitStack() as stack:
        shift = Shift(site, stack)
        await shift.begin()
        yield shift


@pytest_asyncio.fixture
async def sealed(site: Site) -> AsyncIterator[SealedDraws]:
    pool = await open_pool(site.dsn(WORKER), max_size=1)
    yield SealedDraws(pool, RING)
    await pool.close()


async def test_worker_killed_between_draw_and_commit_and_over_a_target(
    site: Site, shift: Shift, sealed: SealedDraws
) -> None:
    campaign = await ordered(site)
    package = await sealed.hand_in(STREAM, LISTS)
    draw = f"{(await campaign.events())[-1].occurred_at.year}-{NO}-001"
    async with shift.dies_over("secret", draw):
        await campaign.do(c.OpenInspectionDraw, "SU-1", inspection=ONE, **package.plain())
    secrets = await kept(site, "secret")
    await shift.begin()
    await said(campaign, STREAM, "campaign:draw:committed")
    async with shift.dies_over("target", f"{draw}/{ONE}"):
        await campaign.do(c.WitnessDraw, "SU-2", draw=draw, number="7351")
    [first] = await kept(site, "target")
    await shift.begin()
    for no in (ONE, TWO):
        await said(campaign, inspection_stream(no), "inspection:target:sealed")

    assert await kept(site, "secret") == secrets
    told = await drawn_of(campaign, "campaign:draw:committed")
    assert told["commit"] == sha256(await sealed.secret(STREAM, draw)).hexdigest()
    assert [each == first for each in await kept(site, "target")] == [True, False]
    told = await drawn_of(campaign, "campaign:draw:drawn")
    assert told["commitments"] == {no: await bound_by(sealed, draw, no) for no in (ONE, TWO)}
    await assert_whole(site, campaign, draw)


async def bound_by(sealed: SealedDraws, draw: str, no: str) -> str:
    """Return the commitment to the target that is kept."""
    kept_one = await sealed.target(SealedTarget(stream=STREAM, draw=draw, inspection=no))
    assert kept_one is not None
    return commitment(kept_one.target)


async def assert_whole(site: Site, campaign: LiveCampaign, draw: str) -> None:
    """There is one draw, each of its steps once, and the trail is right."""
    events = await campaign.events()
    assert {each.object_id for each in events if each.object_type == "draw"} == {draw}
    steps = [each.tag for each in events if each.object_type == "draw"]
    assert steps == [
        f"campaign:draw:{verb}" for verb in ("asked", "committed", "witnessed", "drawn")
    ]
    report = await site.checked()
    assert (report.ok, list(report)) == (True, [])
