"""A place where a spot check is drawn among unmistakable names, and all that it leaves behind."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from duban.bundle import DatabaseSource, Wanted, write_bundle
from duban.cli.reality import real_services
from duban.contracts import campaign_stream
from duban.domain.campaign.creation import CampaignStart
from duban.domain.counting import SHANGHAI
from duban.domain.policy import PolicyVersion
from duban.domain.thresholds import InspectionRule
from duban.proof.notes import ED25519, SignerKey
from duban.proof.policy import NO_QUORUM, Log, Policy
from duban.rehearsal.searching import dumped, found_in, remembered
from duban.stack.child import Child, Recipe
from duban.stack.starting import SEQUENCER
from duban.store.pool import SEQUENCER as SEQUENCER_LOGIN
from duban.store.pool import VERIFIER, WORKER, open_pool
from tests.cli.world import Answer, called
from tests.e2e.site import KEY, LiveCampaign, Site, until
from tests.support.ahead import plan_ahead
from tests.support.builders import an_actor
from tests.support.clock import LAUNCHED
from tests.support.grep import files
from tests.support.inspections import EVERYBODY
from tests.support.rings import key_file

NO = "SEC-1"
ONE = f"{NO}-I0001"
DRAW_NO = "witness-7351"
UNITS = ("U01", "U02", "U03")
SITES = {f"ZTL-88{n:02d}": (f"紫藤岭第{n}便民厅", f"青鸾巷{n + 40}弄") for n in range(1, 10)}
POOL = {f"QLS-71{n:02d}": f"欧阳霁{each}" for n, each in enumerate("青蓝紫绛", start=1)}
STEMS = ("ZTL-88", "紫藤岭第", "青鸾巷", "QLS-71", "欧阳霁")
"""What all those names begin with, which is looked for first."""
NAMES = (*SITES, *(word for both in SITES.values() for word in both), *POOL, *POOL.values())
"""Everything that nobody may find before check-in; longer names come whole."""
OUT = "ZTL-8809"
PLANTED = "玄武湖畔栽下的词"
"""What is said openly, so that it must be found."""


def names_in(data: bytes) -> set[str]:
    """Return the names that stand somewhere in bytes, or what they begin with."""
    stems = found_in(data, STEMS)
    return (found_in(data, NAMES) or stems) if stems else set()


def say_lists(folder: Path) -> tuple[Path, Path]:
    """Write both lists as their operator keeps them, on a machine of his own."""
    folder.mkdir(exist_ok=True)
    sites, pool = folder / "sites.csv", folder / "pool.csv"
    rows = [
        f"{site},{name},{UNITS[n % len(UNITS)]},{address}"
        for n, (site, (name, address)) in enumerate(SITES.items())
    ]
    people = ["IN-1,", *(f"{person},{name}" for person, name in POOL.items())]
    sites.write_text("\n".join(["站点编号,站点名称,所属单位,地址", *rows]), encoding="utf-8")
    pool.write_text("\n".join(["人员编号,姓名", *people]), encoding="utf-8")
    return sites, pool


@dataclass(frozen=True)
class Place:
    """Servers, the campaign, and the files of who uses the command line there."""

    site: Site
    campaign: LiveCampaign
    operator: Path

    def call(self, *words: str) -> Answer:
        """Run a command line on the machine of somebody who may reach the database."""
        environ = {
            "DATABASE_URL": self.site.dsn(),
            "TEMPORAL_ADDRESS": self.site.temporal.address,
            "DUBAN_TRAIL_KEY": KEY.hex(),
            "DUBAN_PAYLOAD_KEYS": str(key_file(self.site.home)),
            "DUBAN_TASK_QUEUE": "duban-e2e",
            "DUBAN_HOME": str(self.operator),
            "DUBAN_LANG": "zh",
        }
        return called(words, {**os.environ, **environ}, real_services())

    async def told(self, *words: str) -> Answer:
        """Run a command line beside the servers' own loop."""
        return await asyncio.to_thread(self.call, *words)

    async def said(self, tag: str, no: str = "", times: int = 1) -> None:
        """Wait until the campaign, or an inspection of it, has said something so often."""

        async def holds() -> bool:
            stream = campaign_stream(NO) + (f"/inspection-{no[-4:]}" if no else "")
            return sum(e.tag == tag for e in await self.site.events(stream)) >= times

        await until(holds, 90)


@asynccontextmanager
async def opened(home: Path) -> AsyncIterator[Place]:
    """Start servers, worker and sequencer of their own, with a campaign in its first phase."""
    site, operator = Site(home / "site"), home / "operator"
    operator.mkdir(parents=True)
    await site.open()
    try:
        async with site.working():
            sequencer = await Child.start(_sequencer(site))
            try:
                campaign = await site.campaign(NO)
                await _launched(campaign)
                yield Place(site, campaign, operator)
            finally:
                await sequencer.stop()
    finally:
        await site.close()


LOG_KEY = SignerKey("secrecy.duban/log", ED25519, secrets.token_bytes(32))


def _sequencer(site: Site) -> Recipe:
    told = {
        "DATABASE_URL": site.dsn(SEQUENCER_LOGIN),
        "DUBAN_TRAIL_KEY": KEY.hex(),
        "DUBAN_LOG_KEY": LOG_KEY.format(),
    }
    env = {**os.environ, **told}
    return Recipe(name="sequencer", argv=SEQUENCER, log=site.home / "sequencer.log", env=env)


async def _launched(campaign: LiveCampaign) -> None:
    """Start a campaign to whom every day is a working day, and mornings begin at midnight."""
    plan, calendar = plan_ahead(NO)
    today = datetime.now(SHANGHAI).date()
    week = (today + timedelta(days=n) for n in range(8))
    days = {day: "加班" for day in week if day.isoweekday() > 5}
    rule = InspectionRule(release_hour=time(0, 0))
    start = CampaignStart(
        plan=plan.model_copy(update={"people": EVERYBODY}),
        calendar=calendar.model_copy(update={"holidays": {}, "makeup_workdays": days}),
        policy=PolicyVersion(inspection=rule),
        mode="live",
        actor=an_actor("OF-1"),
        request_id="start-0001",
    )
    await campaign.gateway.start(start)
    for step in LAUNCHED:
        await campaign.do(step.command, step.by, **step.fields)


def an_order() -> dict[str, Any]:
    """Return the order of one spot check from today on, as it arrives."""
    return {
        "request_id": "signal-0001",
        "actor": {"id": "SU-2", "role": "supervision_group"},
        "theme": "窗口服务",
        "scope": list(UNITS),
        "authorising_doc": "督查计划第3项",
        "ordering_body": "OF",
        "leaders": ["IN-1"],
        "starts_on": datetime.now(SHANGHAI).date().isoformat(),
    }


async def left_behind(place: Place) -> AsyncIterator[tuple[str, bytes]]:
    """Yield all that servers, worker and sequencer keep, and what is taken out of them."""
    site = place.site
    yield "pg_dump", await dumped(site.dsn())
    pool = await open_pool(site.dsn(), max_size=1)
    await pool.execute("CHECKPOINT")
    await pool.close()
    for each in files(site.home):
        yield each
    for each in files(await bundled(place)):
        yield each


async def bundled(place: Place) -> Path:
    """Export the whole log."""
    pool = await open_pool(place.site.dsn(), role_login=VERIFIER)
    path = place.operator / f"{secrets.token_hex(4)}.zip"
    policy = Policy(
        (Log(LOG_KEY.public),), (), (), NO_QUORUM, LOG_KEY.name, (WORKER, SEQUENCER_LOGIN)
    )
    await write_bundle(DatabaseSource(pool), Wanted(None, policy.format()), path)
    await pool.close()
    return path


async def told_by_temporal(place: Place) -> AsyncIterator[tuple[str, bytes]]:
    """Yield what Temporal tells: lists, descriptions, histories, enciphered and deciphered."""
    client, ids = await place.site.client(), set()
    async for run_ in client.list_workflows():
        yield f"list {run_.id}", run_.raw_info.SerializeToString()
        ids.add(run_.id)
    for each in ids:
        async for what, said in remembered(client, each):
            yield f"{what} {each}", said
