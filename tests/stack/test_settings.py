"""Settings: every variable is read, wrong ones are named, secrets stay secret."""

from pathlib import Path

import pytest

from duban.errors import DubanError
from duban.settings import VARIABLES, Settings

FULL = {
    "DATABASE_URL": "postgresql://clerk:hidden@db/duban",
    "TEMPORAL_ADDRESS": "temporal:7233",
    "DUBAN_HOME": "/srv/duban",
    "DUBAN_LANG": "en",
    "DUBAN_ACTOR": "P-01",
    "DUBAN_TRAIL_KEY": "ab" * 32,
    "DUBAN_PAYLOAD_KEYS": "/etc/duban/payload.keys",
    "DUBAN_LOG_KEY": "PRIVATE+KEY+name+abababab+body",
    "DUBAN_LOG_POLICY": "/etc/duban/policy.txt",
    "DUBAN_CHECKPOINT_INTERVAL_MS": "250",
    "DUBAN_EVIDENCE_URL": "s3://evidence/duban",
    "DUBAN_EVIDENCE_ENDPOINT": "https://storage:9000",
    "DUBAN_EVIDENCE_REGION": "cn-north-1",
    "DUBAN_EVIDENCE_ACCESS_KEY": "key-of-the-storage",
    "DUBAN_EVIDENCE_SECRET_KEY": "secret-of-the-storage",
    "DUBAN_TASK_QUEUE": "other",
    "DUBAN_DEPLOYMENT": "house",
    "DUBAN_BUILD_ID": "2026.11",
    "DUBAN_LOG_FORMAT": "json",
    "DUBAN_TEMPORAL_PORT": "7000",
    "DUBAN_UI_PORT": "7001",
    "DUBAN_CODEC_PORT": "7003",
    "DUBAN_POSTGRES_PORT": "7002",
}


def test_every_field_has_a_variable_and_every_variable_is_read() -> None:
    assert set(VARIABLES) == set(Settings.model_fields)
    assert set(VARIABLES.values()) == set(FULL)
    plain, full = Settings.from_env({}), Settings.from_env(FULL)
    unread = [name for name in VARIABLES if getattr(plain, name) == getattr(full, name)]
    assert not unread
    assert full.home == Path("/srv/duban")
    assert full.postgres_port == 7002


def test_defaults_need_nothing() -> None:
    settings = Settings.from_env({"DUBAN_LANG": ""})
    assert settings.lang == "zh"
    assert settings.database_url is None
    assert settings.home == Path.cwd() / ".duban"


def test_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_TASK_QUEUE", "from-process")
    assert Settings.from_env().task_queue == "from-process"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DUBAN_LANG", "fr"),
        ("DUBAN_UI_PORT", "70000"),
        ("DUBAN_POSTGRES_PORT", "many"),
        ("DUBAN_LOG_FORMAT", "xml"),
        ("DUBAN_TRAIL_KEY", "not hexadecimal"),
        ("DUBAN_TRAIL_KEY", "ab" * 31),
        ("DUBAN_CHECKPOINT_INTERVAL_MS", "49"),
        ("DUBAN_CHECKPOINT_INTERVAL_MS", "60001"),
        ("DUBAN_TASK_QUEUE", "  "),
    ],
)
def test_wrong_value_is_refused_by_the_name_of_its_variable(variable: str, value: str) -> None:
    with pytest.raises(DubanError) as refused:
        Settings.from_env({**FULL, variable: value})
    assert refused.value.code == "settings.invalid"
    assert refused.value.params["variable"] == variable
    assert value not in str(refused.value.params["reason"]) or not value.strip()


def test_secrets_do_not_show() -> None:
    shown = repr(Settings.from_env(FULL))
    assert "hidden" not in shown
    assert "abab" not in shown
