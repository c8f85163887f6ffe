"""`duban doctor`: what is right and wrong with an installation, by its content and not its version.

Facts are gathered first and judged by functions that ask nothing, so every judgement has a test.
"""

import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from importlib import metadata
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from duban.codec import ENCODING
from duban.contracts import Mode
from duban.domain.calendars import Calendar
from duban.domain.counting import local_date
from duban.domain.model import Model
from duban.errors import DubanError
from duban.gateway import CampaignGateway
from duban.proof.policy import NO_QUORUM, Policy
from duban.ring_files import ring_of
from duban.seeds import published_calendar
from duban.settings import Settings
from duban.stack import home
from duban.stack.addresses import address_for
from duban.stack.log_health import policy_of
from duban.store import calendars, migrations, partitions, trail
from duban.store.errors import TrailNotOpened
from duban.store.guards import Drift, drift
from duban.store.partitions import Partitions
from duban.store.pool import (
    ERASER,
    READER,
    SEQUENCER,
    SUPERVISOR,
    VERIFIER,
    WORKER,
    connected,
    open_pool,
    reachable,
)
from duban.store.queries import parse

SQL = parse((files("duban.store.sql") / "doctor.sql").read_text(encoding="utf-8"))
OWN_PACKAGES = ("workflows", "activities", "worker")
RETENTION_DAYS = 400
"""A year of waiting and what follows it must still be in Temporal's history (temporal.md 6)."""

_OLDEST_PYTHON = (3, 11)
_SKEW_SECONDS = 2.0
_NEXT_YEAR_FROM_MONTH = 11
_LOGINS = (WORKER, SEQUENCER, READER, VERIFIER, SUPERVISOR, ERASER)


class Level(StrEnum):
    """How it stands; only `bad` makes the whole installation unfit."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


class Check(Model):
    """One finding. `code` is a text of the catalogue, which says what to do where it must."""

    name: str
    level: Level
    code: str
    params: dict[str, str | int | float | list[str]] = Field(default_factory=dict)


class LogAges(NamedTuple):
    """Seconds since the newest checkpoint was made, and the newest cosigned one; None without."""

    signed: float | None = None
    cosigned: float | None = None


@dataclass(frozen=True)
class DatabaseFacts:
    """What a database says of itself. `mode` is None before its first entry."""

    schema: migrations.SchemaStatus
    logins: frozenset[str]
    drift: Drift | None
    mode: str | None
    skew_seconds: float
    calendar: Calendar | None
    log: LogAges
    partitions: Partitions | None = None


async def examine(settings: Settings, now: datetime) -> list[Check]:
    """Look everything over; a server that is away is a finding and never an exception."""
    checks = [*judge_python(), *judge_packages(metadata.packages_distributions())]
    checks += judge_zone()
    try:
        settings = home.fill_in(settings)
    except DubanError as error:
        checks.append(_failed("servers", error))
    facts = None
    if settings.database_url is not None:
        facts, found = await _database(settings)
        checks += found
    if facts is not None and facts.partitions is not None:
        checks += judge_partitions(facts.partitions, now.astimezone(UTC).date())
    if facts is not None and facts.mode == Mode.LIVE:
        checks += _log(settings, facts.log)
    known, today = facts.calendar if facts else None, local_date(now)
    checks += judge_calendar(known or published_calendar(today.year, today.year + 1), today)
    if settings.temporal_address is not None:
        checks += await _temporal(settings)
    return checks


async def _database(settings: Settings) -> tuple[DatabaseFacts | None, list[Check]]:
    try:
        facts = await gather(address_for(settings, READER))
    except DubanError as error:
        return None, [_failed("database", error)]
    return facts, list(judge_database(facts))


def _log(settings: Settings, ages: LogAges) -> Iterator[Check]:
    try:
        policy = policy_of(settings)
    except DubanError as error:
        yield _failed("log", error)
    else:
        yield from judge_log(ages, policy)


async def gather(dsn: str) -> DatabaseFacts:
    """Ask a database for its facts.

    Raises:
        DatabaseUnavailable: it does not answer.
    """
    schema = await migrations.status(dsn)
    async with connected(dsn) as connection:
        with reachable():
            begun = time.time()
            told = await connection.fetchval(SQL["clock"])
            # The database read its clock somewhere in the middle of the call.
            middle = datetime.fromtimestamp((begun + time.time()) / 2, UTC)
            logins = await connection.fetchval(SQL["logins"], list(_LOGINS))
            current = schema.is_current and set(_LOGINS) <= set(logins or ())
            found = await drift(connection) if current else None
            months = await partitions.read(connection, told) if current else None
            ages = await connection.fetchrow(SQL["log_ages"]) if current else ()
    return DatabaseFacts(
        schema=schema,
        logins=frozenset(logins or ()),
        drift=found,
        mode=await _mode(dsn) if current else None,
        skew_seconds=abs((told - middle).total_seconds()),
        calendar=await _published(dsn) if current else None,
        log=LogAges(*ages),
        partitions=months,
    )


async def _mode(dsn: str) -> str | None:
    pool = await open_pool(dsn, max_size=1)
    try:
        return (await trail.origin(pool)).mode.value
    except TrailNotOpened:
        return None
    finally:
        await pool.close()


async def _published(dsn: str) -> Calendar | None:
    pool = await open_pool(dsn, max_size=1)
    try:
        return await calendars.latest(pool)
    finally:
        await pool.close()


async def _temporal(settings: Settings) -> list[Check]:
    try:
        key_ids = ring_of(settings).key_ids
    except DubanError as error:
        return [_failed("keys", error)]
    checks = [_check("keys", Level.OK, active=key_ids[0].hex(), count=len(key_ids))]
    try:
        gateway = await CampaignGateway.connect(settings)
        health, encoding = await gateway.health(), await gateway.newest_encoding()
    except DubanError as error:
        return [*checks, _failed("temporal", error)]
    return [*checks, *judge_temporal(health, settings.task_queue), judge_payloads(encoding)]


def judge_python(version: tuple[int, ...] = sys.version_info[:3]) -> Iterator[Check]:
    """Judge the interpreter's version."""
    level = Level.OK if version >= _OLDEST_PYTHON else Level.BAD
    yield _check("python", level, version=".".join(map(str, version)))


def judge_packages(owners: Mapping[str, list[str]]) -> Iterator[Check]:
    """Judge that no other distribution brings a top-level package of ours (architecture 5.15)."""
    for package in OWN_PACKAGES:
        found = sorted(set(owners.get(package, ())))
        # A source tree on the path has no owner; that is one tree, which is ours.
        level = Level.BAD if len(found) > 1 else Level.OK
        yield _check("packages", level, package=package, owners=found)


def judge_zone(zone: str = "Asia/Shanghai") -> Iterator[Check]:
    """Judge that business dates can be told at all."""
    try:
        ZoneInfo(zone)
    except ZoneInfoNotFoundError:
        yield _check("zone", Level.BAD, zone=zone)
    else:
        yield _check("zone", Level.OK, zone=zone)


def judge_database(facts: DatabaseFacts) -> Iterator[Check]:
    """Judge schema, logins, every grant and trigger, the trail's mode and the clock."""
    yield _check("database", Level.OK)
    pending = [*facts.schema.newer, *facts.schema.changed, *facts.schema.pending]
    yield _check("schema", Level.BAD if pending else Level.OK, pending=pending)
    missing = sorted(set(_LOGINS) - facts.logins)
    yield _check("logins", Level.BAD if missing else Level.OK, missing=missing)
    if facts.drift is not None:
        for name, wrong in (("rights", facts.drift.rights), ("triggers", facts.drift.triggers)):
            yield _check(name, Level.BAD if wrong else Level.OK, wrong=list(wrong))
    yield _check("trail", Level.OK if facts.mode == "live" else Level.WARN, mode=facts.mode or "")
    level = Level.OK if facts.skew_seconds < _SKEW_SECONDS else Level.BAD
    yield _check("clock", level, seconds=round(facts.skew_seconds, 1))


def judge_log(ages: LogAges, policy: Policy) -> Iterator[Check]:
    """Judge whether the log is signed, and cosigned where the policy asks for it (STALE)."""
    if ages.signed is None:
        yield Check(name="log", level=Level.BAD, code="doctor.log.never")
    else:
        level = Level.OK if ages.signed <= policy.stale else Level.BAD
        yield _check("log", level, seconds=round(ages.signed), limit=policy.stale)
    if policy.quorum == NO_QUORUM:
        return
    if ages.cosigned is None:
        yield Check(name="witnesses", level=Level.WARN, code="doctor.witnesses.never")
    else:
        # Publication fails open: what no witness has seen yet is recorded all the same.
        level = Level.OK if ages.cosigned <= policy.stale else Level.WARN
        yield _check("witnesses", level, seconds=round(ages.cosigned), limit=policy.stale)


def judge_partitions(found: Partitions, today: date) -> Iterator[Check]:
    """Judge that the coming month's entries have their partitions, and that none lies astray."""
    missing, through = found.missing(today), max(found.months, default="")
    level = Level.WARN if missing or found.strays else Level.OK
    yield _check("partitions", level, missing=missing, strays=found.strays, through=through)


def judge_calendar(calendar: Calendar, today: date) -> Iterator[Check]:
    """Judge through which year the calendar is published; next year's is due in November (e.4)."""
    through = calendar.published_through
    if through < date(today.year, 12, 31):
        level = Level.BAD
    elif today.month >= _NEXT_YEAR_FROM_MONTH and through.year <= today.year:
        level = Level.WARN
    else:
        level = Level.OK
    yield _check("calendar", level, through=through.isoformat(), version=calendar.version)


def judge_temporal(health: Mapping[str, int | str], queue: str) -> Iterator[Check]:
    """Judge how long histories are kept, and whether anybody works."""
    yield _check("temporal", Level.OK, namespace=str(health["namespace"]))
    days = int(health["retention_days"])
    level = Level.OK if days >= RETENTION_DAYS else Level.WARN
    yield _check("retention", level, days=days, least=RETENTION_DAYS)
    pollers = int(health["pollers"])
    yield _check("worker", Level.OK if pollers else Level.BAD, pollers=pollers, queue=queue)


def judge_payloads(encoding: str | None) -> Check:
    """Judge that what the server keeps is enciphered (SEC2)."""
    if encoding is None:
        return Check(name="payloads", level=Level.OK, code="doctor.payloads.none")
    level = Level.OK if encoding == ENCODING.decode() else Level.BAD
    return _check("payloads", level, encoding=encoding)


def _check(name: str, level: Level, **params: str | float | list[str]) -> Check:
    return Check(name=name, level=level, code=f"doctor.{name}.{level.value}", params=params)


def _failed(name: str, error: DubanError) -> Check:
    return Check(name=name, level=Level.BAD, code=error.code, params=dict(error.params))
