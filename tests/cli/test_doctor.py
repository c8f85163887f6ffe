"""`duban doctor`: every judgement, and the facts of a real database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from duban import doctor
from duban.doctor import Check, DatabaseFacts, Level
from duban.seeds import published_calendar
from duban.settings import Settings
from duban.store.guards import Drift
from duban.store.migrations import SchemaStatus

SOUND = DatabaseFacts(
    schema=SchemaStatus(applied=("0001_roles.sql",), pending=(), newer=(), changed=()),
    logins=frozenset({"duban_worker", "duban_sequencer", "duban_reader", "duban_verifier"}),
    drift=Drift(),
    mode="live",
    skew_seconds=0.1,
    calendar=None,
)
HEALTH: dict[str, int | str] = {"namespace": "default", "retention_days": 400, "pollers": 2}


def levels(checks: list[Check]) -> dict[str, Level]:
    return {each.name: each.level for each in checks}


def test_a_sound_database() -> None:
    assert set(levels(list(doctor.judge_database(SOUND))).values()) == {Level.OK}


@pytest.mark.parametrize(
    ("facts", "name", "level"),
    [
        (replace(SOUND, schema=replace(SOUND.schema, pending=("x",))), "schema", Level.BAD),
        (replace(SOUND, schema=replace(SOUND.schema, newer=("x",))), "schema", Level.BAD),
        (replace(SOUND, schema=replace(SOUND.schema, changed=("x",))), "schema", Level.BAD),
        (replace(SOUND, logins=frozenset({"duban_worker"})), "logins", Level.BAD),
        (replace(SOUND, drift=Drift(rights=("+x",))), "rights", Level.BAD),
        (replace(SOUND, drift=Drift(triggers=("-x",))), "triggers", Level.BAD),
        (replace(SOUND, mode=None), "trail", Level.WARN),
        (replace(SOUND, mode="rehearsal"), "trail", Level.WARN),
        (replace(SOUND, skew_seconds=2.5), "clock", Level.BAD),
    ],
)
def test_what_is_wrong_with_a_database(facts: DatabaseFacts, name: str, level: Level) -> None:
    assert levels(list(doctor.judge_database(facts)))[name] is level


def test_rights_of_a_database_without_tables_are_not_judged() -> None:
    assert "rights" not in levels(list(doctor.judge_database(replace(SOUND, drift=None))))


@pytest.mark.parametrize(
    ("changes", "name", "level"),
    [
        ({}, "retention", Level.OK),
        ({"retention_days": 3}, "retention", Level.WARN),
        ({}, "worker", Level.OK),
        ({"pollers": 0}, "worker", Level.BAD),
    ],
)
def test_temporal(changes: dict[str, int | str], name: str, level: Level) -> None:
    assert levels(list(doctor.judge_temporal({**HEALTH, **changes}, "duban")))[name] is level


@pytest.mark.parametrize(
    ("today", "level"),
    [
        ("2026-10-31", Level.OK),
        ("2026-11-01", Level.WARN),
        ("2026-12-31", Level.WARN),
        ("2027-01-01", Level.BAD),
        ("2025-12-01", Level.OK),
    ],
)
def test_the_calendar_by_its_content(today: str, level: Level) -> None:
    """Its table is published through 2026: product.md pain 13."""
    calendar = published_calendar(2019, 2027, known_through=2026)

    [check] = doctor.judge_calendar(calendar, date.fromisoformat(today))

    assert check.level is level


def test_python_zone_and_packages() -> None:
    owners = {"workflows": ["duban", "other"], "worker": ["duban"]}

    found = {str(each.params["package"]): each.level for each in doctor.judge_packages(owners)}

    assert found == {"workflows": Level.BAD, "activities": Level.OK, "worker": Level.OK}
    assert [each.level for each in doctor.judge_python((3, 10, 9))] == [Level.BAD]
    assert [each.level for each in doctor.judge_python()] == [Level.OK]
    assert [each.level for each in doctor.judge_zone("Mars/Olympus")] == [Level.BAD]
    assert [each.level for each in doctor.judge_zone()] == [Level.OK]


async def test_a_migrated_database_that_was_never_opened(database: str) -> None:
    facts = await doctor.gather(database)

    found = levels(list(doctor.judge_database(facts)))

    assert facts.calendar is None
    assert {name for name, level in found.items() if level is not Level.OK} == {"trail"}


async def test_a_database_without_a_schema(postgres_dsn: str) -> None:
    facts = await doctor.gather(postgres_dsn)

    assert levels(list(doctor.judge_database(facts)))["schema"] is Level.BAD
    assert facts.drift is None


async def test_nothing_runs(tmp_path: Path) -> None:
    checks = await doctor.examine(Settings(home=tmp_path), datetime(2026, 6, 1, tzinfo=UTC))

    found = {each.name: (each.level, each.code) for each in checks}
    assert found["servers"] == (Level.BAD, "stack.not_running")
    assert found["calendar"][0] is Level.OK
    assert "database" not in found


async def test_servers_that_are_named_and_away(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {
            "home": tmp_path,
            "database_url": "postgresql://nobody@127.0.0.1:1/duban",
            "temporal_address": "127.0.0.1:1",
        }
    )

    checks = await doctor.examine(settings, datetime(2026, 6, 1, tzinfo=UTC))

    found = {each.name: each.code for each in checks if each.level is Level.BAD}
    assert found == {"database": "database.unavailable", "temporal": "temporal.unreachable"}


async def test_a_database_that_answers(database: str, tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {"home": tmp_path, "database_url": database, "temporal_address": "127.0.0.1:1"}
    )

    checks = await doctor.examine(settings, datetime(2026, 6, 1, tzinfo=UTC))

    assert levels(checks)["database"] is Level.OK
    assert levels(checks)["clock"] is Level.OK
