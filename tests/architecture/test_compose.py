"""The production topology, checked without an engine: schema, names, pins, health, secrets."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from duban.settings import VARIABLES, Settings
from duban.stack.temporal import DYNAMIC_CONFIG

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
TEXT = COMPOSE.read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
ONE_SHOT = {name for name, service in SERVICES.items() if service["restart"] == "no"}
OURS = {name for name, service in SERVICES.items() if "build" in service}

TEMPORAL_CLIENT = {"TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE"}
DATABASE_OF_TEMPORAL = {
    "DB",
    "DB_PORT",
    "POSTGRES_SEEDS",
    "POSTGRES_USER",
    "DBNAME",
    "VISIBILITY_DBNAME",
}
# What each foreign image reads, from its documentation; ours read what Settings reads.
READ_BY: dict[str, set[str]] = {
    "postgres": {
        "POSTGRES_USER",
        "POSTGRES_PASSWORD",
        "POSTGRES_DB",
        "POSTGRES_INITDB_ARGS",
        "PGPASSWORD",
        "POSTGRES_TEMPORAL_PASSWORD",
        "POSTGRES_WORKER_PASSWORD",
        "POSTGRES_SEQUENCER_PASSWORD",
    },
    "temporalio/admin-tools": TEMPORAL_CLIENT | DATABASE_OF_TEMPORAL | {"SQL_PASSWORD"},
    "temporalio/server": DATABASE_OF_TEMPORAL
    | {"POSTGRES_PWD", "BIND_ON_IP", "NUM_HISTORY_SHARDS", "DYNAMIC_CONFIG_FILE_PATH"},
    "temporalio/ui": {
        "TEMPORAL_ADDRESS",
        "TEMPORAL_DEFAULT_NAMESPACE",
        "TEMPORAL_DISABLE_WRITE_ACTIONS",
    },
    "duban": set(VARIABLES.values()) | TEMPORAL_CLIENT,
}


MAY_BE_EMPTY = ["DUBAN_BUILD_ID", "DUBAN_LOG_POLICY"]


def _example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    return {name: value for name, value in pairs}  # noqa: C416 - dict() loses the types


def test_file_follows_the_compose_schema() -> None:
    command = ["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    result = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_variables_are_those_the_program_reads(name: str) -> None:
    image = SERVICES[name]["image"].split(":")[0]
    assert set(SERVICES[name]["environment"]) <= READ_BY[image]


@pytest.mark.parametrize("name", SERVICES)
def test_image_is_pinned_to_a_full_version(name: str) -> None:
    assert re.fullmatch(r"[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?", SERVICES[name]["image"])


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - ONE_SHOT))
def test_lasting_service_restarts_and_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_services_wait_for_what_they_need() -> None:
    waited_for: set[str] = set()
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            done = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
            assert how == {"condition": done}
            waited_for.add(other)
    assert waited_for >= ONE_SHOT


def test_no_database_or_server_port_is_published() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(published) == ["temporal-ui"]
    assert all(port.startswith("127.0.0.1:") for port in published["temporal-ui"])


def test_volumes_are_named_or_files_of_this_repository() -> None:
    named = yaml.safe_load(TEXT)["volumes"]
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source, _, target = volume.partition(":")
            if source in named:
                continue
            assert (ROOT / source).is_file()
            assert target.endswith(":ro")
    assert "postgres-data:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]


def test_worker_can_be_scaled() -> None:
    worker = SERVICES["worker"]
    assert not {"container_name", "ports", "hostname"} & worker.keys()
    assert worker["command"] == ["worker"]


def test_secrets_come_from_the_environment_without_default() -> None:
    secret = [name for name in _example() if name.endswith(("PASSWORD", "KEY", "KEYS"))]
    empty = [name for name, value in _example().items() if value == ""]
    assert empty == [*secret, *MAY_BE_EMPTY]
    for name, rest in re.findall(r"\$\{(\w+)([^}]*)\}", TEXT):
        assert rest.startswith(":?" if name in secret else ":-"), name
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if name.endswith(("PASSWORD", "PWD", "KEY")):
                assert value.startswith("${")


def test_example_environment_names_exactly_what_the_file_asks_for() -> None:
    asked = dict(re.findall(r"\$\{(\w+):[-?]([^}]*)\}", TEXT))
    assert set(asked) == set(_example())
    for name, value in _example().items():
        if value or name in MAY_BE_EMPTY:
            assert asked[name] == value
        assert name in VARIABLES.values() or name.startswith(("POSTGRES_", "TEMPORAL_"))


def test_worker_has_every_setting_it_cannot_work_without() -> None:
    needed = {"DATABASE_URL", "TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "DUBAN_TRAIL_KEY"}
    needed |= {"DUBAN_PAYLOAD_KEYS"}
    assert needed <= set(SERVICES["worker"]["environment"])
    assert "duban_worker:" in SERVICES["worker"]["environment"]["DATABASE_URL"]
    assert {"migrate", "worker", "sequencer"} == OURS


def test_keys_of_payloads_are_a_secret_that_the_worker_alone_is_given() -> None:
    [(name, told)] = yaml.safe_load(TEXT)["secrets"].items()
    assert told == {"file": "${DUBAN_PAYLOAD_KEYS:?set it in .env}"}
    worker = SERVICES["worker"]
    assert worker["environment"]["DUBAN_PAYLOAD_KEYS"] == f"/run/secrets/{name}"
    assert [each for each, service in SERVICES.items() if "secrets" in service] == ["worker"]


@pytest.mark.parametrize(
    ("service", "variable"), [("worker", "DUBAN_BUILD_ID"), ("sequencer", "DUBAN_LOG_POLICY")]
)
def test_what_may_be_left_out_reaches_its_process(service: str, variable: str) -> None:
    assert SERVICES[service]["environment"][variable] == f"${{{variable}:-}}"
    # An empty variable counts as one that is not set.
    assert Settings.from_env({variable: ""}) == Settings.from_env({})


def test_sequencer_has_every_setting_it_cannot_work_without() -> None:
    sequencer = SERVICES["sequencer"]
    needed = {"DATABASE_URL", "DUBAN_TRAIL_KEY", "DUBAN_LOG_KEY"}
    assert needed <= set(sequencer["environment"])
    assert "duban_sequencer:" in sequencer["environment"]["DATABASE_URL"]
    assert sequencer["command"] == ["sequencer"]
    assert not {"container_name", "ports", "hostname"} & sequencer.keys()


def test_dynamic_config_is_that_of_the_embedded_server() -> None:
    values = yaml.safe_load((ROOT / "docker/temporal/dynamicconfig.yaml").read_text())
    flat = {key: str(entries[0]["value"]).lower() for key, entries in values.items()}
    assert flat == DYNAMIC_CONFIG


@pytest.mark.parametrize("script", sorted((ROOT / "docker").glob("*/*.sh")), ids=lambda p: p.name)
def test_scripts_are_sound_and_read_only_what_their_service_sets(script: Path) -> None:
    subprocess.run(["sh", "-n", str(script)], check=True)  # noqa: S607 - any shell will do
    assert "set -eu" in script.read_text()
    (service,) = [one for one in SERVICES.values() if f"/{script.name}:" in str(one.get("volumes"))]
    assert set(re.findall(r"\$\{(\w+)\}", script.read_text())) <= set(service["environment"]) | {
        "database",
        "schema",
    }


def test_image_is_built_from_pins_and_runs_without_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base) for base in bases)
    assert [line for line in lines if line.startswith("USER ")] == ["USER duban"]
    installs = [line for line in lines if "pip install" in line]
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert f"!{source}" in ignored
                assert (ROOT / source).exists()
