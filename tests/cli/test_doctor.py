"""`duban doctor`: every judgement, and the facts of a real database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from duban import doctor
from duban.contracts import Mode
from duban.doctor import Check, DatabaseFacts, Level
from duban.proof.policy import Policy
from duban.seeds import published_calendar
from duban.settings import Settings
from duban.store.audit import AuditStore
from duban.store.guards import Drift
from duban.store.migrations import SchemaStatus
from duban.store.pool import SEQUENCER, WORKER, connected, dsn_for, open_pool
from duban.store.sequencing import step
from tests.support.entries import KEY, OFFICER
from tests.support.rings import key_file
from tests.support.sequencing import SIGNER

SOUND = DatabaseFacts(
    schema=SchemaStatus(applied=("0001_roles.sql",), pending=(), newer=(), changed=()),
    logins=frozenset(
        f"duban_{each}"
        for each in ("worker", "sequencer", "reader", "verifier", "supervisor", "eraser")
    ),
    drift=Drift(),
    mode="live",
    skew_seconds=0.1,
    calendar=None,
    log=doctor.LogAges(),
)
HEALTH: dict[str, int | str] = {"namespace": "default", "retention_days": 400, "pollers": 2}


def levels(checks: list[Check]) -> dict[str, Level]:
    return {each.name: each.level for each in checks}


def ok(check: Check) -> bool:
    return check.level is Level.OK


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
    ("signed", "cosigned", "quorum", "found"),
    [
        (180, None, "none", {"log": "ok"}),
        (181, None, "none", {"log": "bad"}),
        (None, None, "none", {"log": "never"}),
        (1, 180, "w", {"log": "ok", "witnesses": "ok"}),
        (1, 181, "w", {"log": "ok", "witnesses": "warn"}),
        (1, None, "w", {"log": "ok", "witnesses": "never"}),
    ],
)
def test_the_age_of_the_log(
    signed: float | None, cosigned: float | None, quorum: str, found: dict[str, str]
) -> None:
    policy = Policy((), (), (), quorum)

    checks = list(doctor.judge_log(doctor.LogAges(signed, cosigned), policy))

    assert {each.name: each.code for each in checks} == {
        name: f"doctor.{name}.{what}" for name, what in found.items()
    }
    assert all((each.level is Level.BAD) == (each.name == "log") for each in checks if not ok(each))


def test_the_age_of_the_log_is_judged_by_the_policys_limit() -> None:
    policy = replace(Policy((), (), (), "none"), stale=5)

    [check] = doctor.judge_log(doctor.LogAges(6.4), policy)

    assert (check.level, check.params) == (Level.BAD, {"seconds": 6, "limit": 5})


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


async def sign_once(database: str, at: datetime) -> None:
    """Open a live trail and have its log signed, by a clock that stood at a moment."""
    worker = await open_pool(database, role_login=WORKER)
    await AuditStore(worker, KEY).open_trail(Mode.LIVE, "duban", at=at, actor=OFFICER)
    await worker.close()
    async with connected(dsn_for(database, SEQUENCER)) as connection:
        await step(connection, [SIGNER], now_us=int(at.timestamp() * 1_000_000))


async def test_a_log_in_a_database(database: str, tmp_path: Path) -> None:
    before = (await doctor.gather(database)).log
    await sign_once(database, datetime.now(UTC) - timedelta(seconds=90))
    after = (await doctor.gather(database)).log
    policy = tmp_path / "policy.txt"
    settings = Settings.model_validate(
        {"home": tmp_path, "database_url": database, "temporal_address": "127.0.0.1:1"}
    )
    judged = levels(await doctor.examine(settings, datetime.now(UTC)))
    policy.write_text("quorum none\nstale 30\n")
    strict = settings.model_copy(update={"log_policy": policy})
    told = levels(await doctor.examine(strict, datetime.now(UTC)))
    policy.write_text("quorum\n")
    broken = await doctor.examine(strict, datetime.now(UTC))

    assert before == (None, None)
    assert after.signed is not None
    assert (round(after.signed / 90), after.cosigned) == (1, None)
    assert (judged["log"], told["log"]) == (Level.OK, Level.BAD)
    assert {each.name: each.code for each in broken}["log"] == "policy_file.words"


async def test_the_newest_cosigned_checkpoint_counts_and_not_when_it_was_cosigned(
    database: str,
) -> None:
    await sign_once(database, datetime.now(UTC) - timedelta(hours=5))
    async with connected(dsn_for(database, SEQUENCER)) as connection:
        await connection.execute("INSERT INTO audit.cosignature VALUES (1, 'w', 'line', 0)")

    ages = (await doctor.gather(database)).log

    assert ages.cosigned is not None
    assert round(ages.cosigned / 3600) == 5


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
            "payload_keys": key_file(tmp_path),
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
    # Its trail is not opened yet, so there is nothing to sign.
    assert "log" not in levels(checks)


async def test_servers_of_ones_own_without_keys(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, temporal_address="127.0.0.1:1")

    checks = await doctor.examine(settings, datetime(2026, 6, 1, tzinfo=UTC))

    found = {each.name: each.code for each in checks if each.level is Level.BAD}
    assert found["keys"] == "stack.payload_keys_missing"
    assert "temporal" not in found


@pytest.mark.parametrize(
    ("encoding", "level", "code"),
    [
        (None, Level.OK, "none"),
        ("binary/encrypted", Level.OK, "ok"),
        ("json/plain", Level.BAD, "bad"),
        ("", Level.BAD, "bad"),
    ],
)
def test_sec2_what_temporal_keeps_is_enciphered(
    encoding: str | None, level: Level, code: str
) -> None:
    check = doctor.judge_payloads(encoding)

    assert (check.level, check.code) == (level, f"doctor.payloads.{code}")
