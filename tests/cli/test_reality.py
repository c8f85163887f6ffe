"""The real doors of the command line, on a real database."""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from duban import gateway, rehearsal
from duban.cli import reality
from duban.contracts import Mode, Record, campaign_stream
from duban.domain.roles import Actor, Role
from duban.errors import Unavailable
from duban.rehearsal import demo
from duban.seeds import published_calendar
from duban.settings import Settings
from duban.stack import home, processes
from duban.store.audit import AuditStore
from duban.store.ledger import DeadlineFilter, NoticeFilter
from duban.store.pool import WORKER, open_pool
from duban.store.trail import TrailFilter
from tests.cli.world import NO
from tests.support.builders import Desk
from tests.support.rings import key_file

KEY = bytes(range(32))
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OFFICE = Actor(id="OF-1", role=Role.OFFICE)


@pytest.fixture
async def settings(database: str, tmp_path: Path) -> Settings:
    """A live database that holds the builders' campaign, written by the worker's login."""
    pool = await open_pool(database, role_login=WORKER)
    store = AuditStore(pool, KEY)
    await store.open_trail(Mode.LIVE, "test", at=NOW, actor=OFFICE)
    events = tuple(Desk().implementing().events)
    stream = campaign_stream(NO)
    [stored] = await store.append(
        [Record(stream=stream, campaign=NO, mode=Mode.LIVE, events=events)]
    )
    assert stored.error is None
    await pool.close()
    return Settings.model_validate(
        {"home": tmp_path, "database_url": database, "trail_key": KEY.hex()}
    )


async def test_the_reader_tells_objects_deadlines_notices_and_entries(settings: Settings) -> None:
    async with reality.real_services().reader(settings) as reader:
        [campaign] = await reader.objects("campaign", NO)
        deadlines = await reader.deadlines(DeadlineFilter(campaign=NO, status="open"))
        notices = await reader.notices(NoticeFilter(campaign=NO))
        [newest] = await reader.search(TrailFilter(campaign=NO, limit=1))
        same = await reader.entry(f"{newest.stream}#{newest.seq}")
        events = await reader.events(campaign_stream(NO))
        calendars = await reader.calendars()

    assert (campaign["campaign"], campaign["stage"]) == (NO, "implement")
    assert {each["campaign"] for each in [*deadlines, *notices]} == {NO}
    assert same == newest
    assert len(events) == newest.seq + 1
    assert calendars == []


async def test_the_keeper_checks_compares_and_rebuilds(settings: Settings) -> None:
    async with reality.real_services().keeper(settings) as keeper:
        report = await keeper.check()
        objects = await keeper.rebuild()
        differences = await keeper.differences()

    assert report.ok, list(report)
    assert objects > 50
    assert differences == []


async def test_the_keeper_publishes_a_calendar(settings: Settings) -> None:
    calendar = published_calendar(2026, 2028, version=3)

    async with reality.real_services().keeper(settings) as keeper:
        await keeper.publish(calendar, OFFICE, NOW)
    async with reality.real_services().reader(settings) as reader:
        [found] = await reader.calendars()

    assert found == calendar


async def test_migrating_a_current_database_applies_nothing(database: str, tmp_path: Path) -> None:
    settings = Settings.model_validate({"home": tmp_path, "database_url": database})
    assert await reality.ThisMachine().migrate(settings) == []


async def test_the_gateway_goes_to_the_server_that_is_named(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path, temporal_address="127.0.0.1:1", payload_keys=key_file(tmp_path)
    )

    with pytest.raises(Unavailable):
        async with reality.real_services().gateway(settings):
            pytest.fail("there is no server")


async def test_the_gateway_finds_the_running_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir()
    home.announce(tmp_path, home.Addresses("postgresql://x@127.0.0.1:5/d", "here:1", "default"))
    asked: list[Settings] = []

    async def connect(settings: Settings) -> str:
        asked.append(settings)
        return "the gateway"

    monkeypatch.setattr(gateway.CampaignGateway, "connect", connect)
    async with reality.real_services().gateway(Settings(home=tmp_path)) as found:
        assert str(found) == "the gateway"

    assert asked[0].temporal_address == "here:1"


def test_up_and_down_go_to_the_supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    async def up(settings: Settings, on_progress: Any) -> None:
        on_progress("postgres", "ready", str(settings.home))

    async def down(_: Settings) -> bool:
        return True

    monkeypatch.setattr(processes, "up", up)
    monkeypatch.setattr(processes, "down", down)
    machine, settings = reality.ThisMachine(), Settings(home=tmp_path)

    machine.up(settings, lambda *told: done.append(told[0]))

    assert done == ["postgres"]
    assert machine.down(settings)


def test_a_worker_takes_the_place_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    became: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, argv: became.append(argv))
    monkeypatch.setenv("DUBAN_HOME", "elsewhere")

    reality.ThisMachine().worker(Settings(home=tmp_path))
    reality.ThisMachine().sequencer(Settings(home=tmp_path))

    modules = ("worker", "duban.stack.sequencer")
    assert became == [[sys.executable, "-m", each] for each in modules]
    assert os.environ["DUBAN_HOME"] == str(tmp_path)


def test_the_demo_and_the_doctor_are_those_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "run", lambda _out, settings: len(settings.lang))
    machine = reality.ThisMachine()

    checks = asyncio.run(machine.examine(Settings(home=tmp_path), NOW))

    assert machine.demo(Settings(home=tmp_path), None) == 2  # type: ignore[arg-type]
    assert {each.name for each in checks} >= {"python", "servers", "calendar"}


async def test_a_script_brings_its_calendar_from_its_folder_or_the_one_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[Any] = []

    async def rehearse(wanted: Any, **_: Any) -> list[str]:
        played.extend(wanted)
        return ["the report"]

    monkeypatch.setattr(rehearsal, "rehearse", rehearse)
    plan, calendar = Desk().campaign, published_calendar(2019, 2020)
    script = Path(__file__).parents[2] / "examples/stories/st1b-calendar-change.yaml"
    machine, settings = reality.ThisMachine(), Settings(home=tmp_path)

    told: Any = (plan, calendar, script)
    alone: Any = (plan, calendar, None)

    assert await machine.rehearse(settings, told, lambda _: None) == "the report"  # type: ignore[comparison-overlap]
    assert await machine.rehearse(settings, alone, lambda _: None) == "the report"  # type: ignore[comparison-overlap]
    assert played[0].folder == script.parent
    assert "2019-05-02" not in {on.isoformat() for on in played[0].calendar.holidays}
    assert played[1].calendar == calendar


def test_real_time_and_fresh_request_ids() -> None:
    services = reality.real_services()

    assert abs(services.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert services.new_request_id() != services.new_request_id()
