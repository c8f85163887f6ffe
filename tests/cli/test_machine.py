"""Commands about the installation: servers, worker, schema, doctor, demo, version."""

import json
from importlib import metadata

from duban.doctor import Check, Level
from tests.cli.world import World


def test_up_tells_what_happens_to_each_server() -> None:
    answer = World().call("up", "--lang", "zh")

    assert answer.out.splitlines() == [
        "PostgreSQL 启动中",
        "PostgreSQL 就绪 localhost:54329/duban",
        "工作进程 已停止",
    ]


def test_down_twice() -> None:
    world = World()

    assert world.call("down").out == "Stopped.\n"
    assert world.call("down").out == "Nothing was running.\n"


def test_a_workers_end_is_the_commands_end() -> None:
    assert World().call("worker").status == 1


def test_migrate_says_what_was_applied() -> None:
    world = World()

    assert world.call("migrate").out == "0001_roles.sql\n1 migrations applied.\n"
    assert world.call("migrate").out == "The schema is up to date.\n"


def test_the_demo_speaks_the_language_of_the_run() -> None:
    assert World().call("demo", "--lang", "zh").out == "demo in zh\n"


def test_version() -> None:
    assert World().call("version").out == f"{metadata.version('duban')}\n"


def test_doctor_shows_each_finding_and_is_well() -> None:
    world = World()
    world.checks = [
        Check(name="retention", level=Level.WARN, code="doctor.retention.warn", params={"days": 3})
    ]

    answer = world.call("doctor", "--lang", "zh")
    told = json.loads(world.call("doctor", "-o", "json").out)

    assert answer.status == 0
    assert "注意" in answer.out
    assert "历史保留期" in answer.out
    assert "只有 3 天" in answer.out
    assert told[0]["detail"].startswith("3 days only")


def test_doctor_with_something_bad() -> None:
    world = World()
    params: dict[str, str | int | float | list[str]] = {"reason": "nobody there"}
    world.checks = [
        Check(name="database", level=Level.BAD, code="database.unavailable", params=params)
    ]

    answer = world.call("doctor")

    assert answer.status == 1
    assert "PostgreSQL does not answer (nobody there)" in answer.out
