"""A spot check by the command line alone, on real servers: ordered, drawn, made, revealed (f)."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from duban.cli.reality import real_services
from duban.domain.calendars import Calendar
from duban.domain.campaign import commands as c
from duban.domain.campaign.creation import CampaignStart
from duban.domain.counting import local_date
from duban.domain.plan_shift import shift_plan
from duban.domain.policy import PolicyVersion
from duban.domain.thresholds import InspectionRule
from duban.seeds import published_calendar
from duban.stack.home import Addresses, announce
from duban.stack.temporal import DevServer
from tests.cli.world import Answer, called
from tests.e2e.site import KEY, QUEUE, LiveCampaign, Site, until
from tests.support.builders import a_calendar, a_plan, an_actor
from tests.support.inspections import EVERYBODY
from tests.support.rings import key_file

pytestmark = pytest.mark.slow

NO = "CHECK-1"
INSPECTION = f"{NO}-I0001"
POLICY = PolicyVersion(inspection=InspectionRule(release_hour=time(0)))
SITES = [f"{unit}-S1,{unit}窗口,{unit},滨河路1号" for unit in ("U01", "U03")]
_SATURDAY = 5
POOL = [f"IN-{n},检查员{n}" for n in range(1, 6)]


def today() -> str:
    """Today in Shanghai."""
    return local_date(datetime.now(UTC)).isoformat()


def the_calendar() -> Calendar:
    """The published calendar; whatever day it is, teams are sent today and tomorrow."""
    first = local_date(datetime.now(UTC))
    found = published_calendar(first.year, first.year + 3)
    sent = {first, first + timedelta(days=1)}
    off = {on: name for on, name in found.holidays.items() if on not in sent}
    weekend = (on for on in sent if on.weekday() >= _SATURDAY)
    worked = {**found.makeup_workdays, **dict.fromkeys(weekend, "检查")}
    return found.model_copy(update={"holidays": off, "makeup_workdays": worked})


class Office:
    """The command line of an office: it finds the servers as those of `duban up`."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.folder = folder
        (folder / "run").mkdir()
        announce(folder, Addresses(site.dsn(), site.temporal.address, "default"))
        heads = {"sites": "站点编号,站点名称,所属单位,地址", "pool": "人员编号,姓名"}
        for name, rows in {"sites": SITES, "pool": POOL}.items():
            (folder / f"{name}.csv").write_text("\n".join([heads[name], *rows]), encoding="utf-8")

    async def call(self, *words: str) -> Answer:
        """Run a command line."""
        environ = {
            "DUBAN_TRAIL_KEY": KEY.hex(),
            "DUBAN_PAYLOAD_KEYS": str(key_file(self.site.home)),
            "DUBAN_TASK_QUEUE": QUEUE,
            "DUBAN_HOME": str(self.folder),
        }
        return await asyncio.to_thread(called, words, environ, real_services())

    async def done(self, line: str, *more: str) -> str:
        """Run a command line that must be done; return what it printed."""
        answer = await self.call(*line.split(), *more)
        assert answer.status == 0, (line, answer.err)
        return answer.out

    async def told(self, line: str, *more: str) -> Any:
        """Run a command line that must be done; return its answer as JSON."""
        return json.loads(await self.done(line, *more, "-o", "json"))

    async def is_state(self, state: str) -> bool:
        """Whether the inspection has come to a state."""
        shown = await self.told(f"inspection show {INSPECTION} --as SU-1")
        return bool(shown["state"] == state)


@pytest_asyncio.fixture
async def office(tmp_path: Path, dev_server: DevServer, postgres_dsn: str) -> AsyncIterator[Office]:
    """A campaign in phase 1 on servers of its own, with a worker."""
    site = Site(tmp_path / "site")
    await site.open()
    try:
        async with site.working():
            await begun(await site.campaign(NO))
            yield Office(site, tmp_path)
    finally:
        await site.close()


async def begun(campaign: LiveCampaign) -> None:
    """Have a campaign begin its first phase."""
    calendar = the_calendar()
    launch_on = calendar.next_working_day(local_date(datetime.now(UTC)) + timedelta(days=30))
    plan = shift_plan(a_plan(people=EVERYBODY), launch_on, a_calendar(), calendar)
    await campaign.gateway.start(
        CampaignStart(
            plan=plan.model_copy(update={"no": NO}),
            calendar=calendar,
            policy=POLICY,
            mode="live",
            actor=an_actor("OF-1"),
            request_id="start-0001",
        )
    )
    await campaign.establish()
    await campaign.do(c.SubmitPlan, "CG-1", doc_no="方案1号")
    await campaign.do(c.ReviewPlan, "CO-1", passed=True, doc_no="审核1号", opinion="同意")
    await campaign.do(c.ApprovePlan, "LG-1", doc_no="批复1号")
    for task, unit in (("T-01", "U01"), ("T-02", "U02")):
        await campaign.do(c.AcceptTask, f"{unit}-L1", task=task)
        await campaign.do(c.SubmitItemPlan, f"{unit}-L1", task=task, doc_no="推进方案")
        await campaign.do(c.SubmitUnitPlan, f"{unit}-L1", unit=unit, doc_no="单位方案")
        await campaign.do(c.ReviewUnitPlan, "CO-1", unit=unit, passed=True, opinion="同意")
    paper = {"kind": c.DocumentKind.INSPECTION_PLAN, "doc_no": "督查计划", "title": "督查计划"}
    await campaign.do(c.FileDocument, "SU-1", **paper)
    await campaign.do(c.SignGate, "LG-1", gate=c.Gate.G1, doc_no="纪要2号")


async def ordered_and_drawn(office: Office) -> str:
    """Order a spot check and have its target drawn; return the draw's number."""
    ordered = await office.told(
        f"inspection order {NO} --theme 窗口首问负责 --scope U01 --scope U03 "
        "--authorising-doc 督查令1号 --ordering-body OF --leader IN-1 --as OF-1"
    )
    assert ordered["inspections"] == [INSPECTION]
    lists = (f"--sites={office.folder}/sites.csv", f"--pool={office.folder}/pool.csv")
    opened = await office.told(f"draw new {INSPECTION} --as SU-1", *lists)
    draw = str(opened["object_id"])
    await office.done(f"draw witness {draw} 7351 --as SU-2", "--campaign", NO)
    await until(lambda: office.is_state("drawn"))
    return draw


async def made(office: Office) -> Any:
    """Have the leader go where the lot fell, and the record made; return the target."""
    target = await office.told(f"inspection release {INSPECTION} --as IN-1")
    now = datetime.now(UTC).isoformat()
    await office.done(
        f"inspection check-in {INSPECTION} --at {now} --place 大厅 --photo {'ab' * 32} "
        "--first-location window --as IN-1"
    )
    await until(lambda: office.is_state("on_site"))
    first, second = target["inspectors"]
    await office.done(
        f"inspection record {INSPECTION} --at {datetime.now(UTC).isoformat()} --place 窗口 "
        f"--post 窗口人员 --what 离岗27分钟 --as {first}"
    )
    for person in (first, second):
        await office.done(f"inspection sign {INSPECTION} --as {person}")
    await office.done(
        f"inspection opinion {INSPECTION} --heard --words 属实 --left-on {today()} --as IN-1"
    )
    return target


async def concluded(office: Office, unit: str) -> str:
    """Have the conclusion issued, its finding registered and linked; return the problem."""
    await office.done(
        f"inspection conclude {INSPECTION} --summary 落实不到位 --uphold problem:离岗:R01 --as IN-1"
    )
    await office.done(f"inspection issue {INSPECTION} --doc-no 结论1号 --as SU-1")
    problem = await office.told(
        f"problem register {NO} --title 离岗 --description 离岗27分钟 --source inspection "
        f"--source-ref {INSPECTION}/F01 --found-on {today()} --unit {unit} --as SU-1"
    )
    no = str(problem["object_id"])
    await office.done(f"inspection link-finding {INSPECTION} F01 {no} --as SU-1")
    await office.done(f"inspection feedback {INSPECTION} --on {today()} --told 局长 --as SU-1")
    await office.done(
        f"inspection review {INSPECTION} --grounds 急件 --doc-no 复核1号 --as {unit}-L1"
    )
    await office.done(
        f"inspection decide-review {INSPECTION} --outcome upheld --reason 清楚 --doc-no 决定1号 "
        "--as LG-1"
    )
    await office.done(f"inspection close {INSPECTION} --opinion 办结 --as SU-2")
    return no


async def exported(office: Office, draw: str) -> str:
    """Have the draw revealed and handed out; return what the single file says of it."""
    await office.done(f"draw reveal {draw} --campaign {NO} --as SU-1")

    async def is_revealed() -> bool:
        [row] = await office.told(f"draw list --campaign {NO}")
        return bool(row["state"] == "revealed")

    await until(is_revealed)
    await office.done(f"draw verify {draw} --campaign {NO} --as SU-1")
    out = office.folder / "out"
    await office.done(f"draw export {draw} --campaign {NO} --to {out} --as SU-1")
    words = ("-I", str(out / "draw_verify.py"), str(out / f"{draw}.json"))
    alone = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await alone.communicate()
    assert alone.returncode == 0, said.decode()
    return said.decode()


async def test_a_whole_course_by_the_command_line_alone(office: Office) -> None:
    draw = await ordered_and_drawn(office)
    target = await made(office)
    problem = await concluded(office, target["unit"])

    shown = await office.told(f"inspection show {INSPECTION} --as SU-1")
    assert (shown["state"], shown["target"]["site"]) == ("closed", target["site"])
    assert [each["problem"] for each in shown["findings"]] == [problem]
    assert [each["person"] for each in shown["readers"]] == ["IN-1"]
    assert target["site"] in await exported(office, draw)
    covered = await office.told(f"inspection coverage {NO} --as SU-1")
    assert (covered["seen"], covered["units"]) == (1, 4)
    effect = await office.told(f"inspection effect {NO} --as SU-1")
    assert effect["kinds"]["spot_check"]["findings"] == 1
    report = await office.site.checked()
    assert (report.ok, list(report)) == (True, [])
