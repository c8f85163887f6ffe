"""One frozen model of everything Duban reads from the environment, built once per process."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
)

from duban.errors import DubanError

Port = Annotated[int, Field(ge=1, le=65535)]
Interval = Annotated[int, Field(ge=50, le=60_000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

# 32 bytes at least: the full strength of HMAC-SHA256, which makes entry ids and macs of the key.
TRAIL_KEY_BYTES = 32


def _long_hex(key: SecretStr) -> SecretStr:
    try:
        length = len(bytes.fromhex(key.get_secret_value()))
    except ValueError:
        length = 0
    if length < TRAIL_KEY_BYTES:
        message = f"a hexadecimal key of at least {TRAIL_KEY_BYTES} bytes is needed"
        raise ValueError(message)
    return key


TrailKey = Annotated[SecretStr, AfterValidator(_long_hex)]

# The variable of every field. Temporal's own connection is read by its SDK from TEMPORAL_*; here
# the address only decides whether the embedded server is started.
VARIABLES: Mapping[str, str] = {
    "database_url": "DATABASE_URL",
    "temporal_address": "TEMPORAL_ADDRESS",
    "home": "DUBAN_HOME",
    "lang": "DUBAN_LANG",
    "actor": "DUBAN_ACTOR",
    "trail_key": "DUBAN_TRAIL_KEY",
    "payload_keys": "DUBAN_PAYLOAD_KEYS",
    "log_key": "DUBAN_LOG_KEY",
    "log_policy": "DUBAN_LOG_POLICY",
    "checkpoint_interval_ms": "DUBAN_CHECKPOINT_INTERVAL_MS",
    "evidence_url": "DUBAN_EVIDENCE_URL",
    "evidence_endpoint": "DUBAN_EVIDENCE_ENDPOINT",
    "evidence_region": "DUBAN_EVIDENCE_REGION",
    "evidence_access_key": "DUBAN_EVIDENCE_ACCESS_KEY",
    "evidence_secret_key": "DUBAN_EVIDENCE_SECRET_KEY",
    "task_queue": "DUBAN_TASK_QUEUE",
    "deployment": "DUBAN_DEPLOYMENT",
    "build_id": "DUBAN_BUILD_ID",
    "log_format": "DUBAN_LOG_FORMAT",
    "temporal_port": "DUBAN_TEMPORAL_PORT",
    "ui_port": "DUBAN_UI_PORT",
    "codec_port": "DUBAN_CODEC_PORT",
    "postgres_port": "DUBAN_POSTGRES_PORT",
}


class Settings(BaseModel):
    """What the environment says. Secrets never show in a repr or a log line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: SecretStr | None = None
    temporal_address: Name | None = None
    home: Path = Path(".duban")
    lang: Literal["zh", "en"] = "zh"
    actor: Name | None = None
    trail_key: TrailKey | None = None
    payload_keys: Path | None = None
    log_key: SecretStr | None = None
    log_policy: Path | None = None
    checkpoint_interval_ms: Interval = 500
    evidence_url: Name | None = None
    evidence_endpoint: Name | None = None
    evidence_region: Name | None = None
    evidence_access_key: SecretStr | None = None
    evidence_secret_key: SecretStr | None = None
    task_queue: Name = "duban"
    deployment: Name = "duban"
    build_id: Name | None = None
    log_format: Literal["console", "json"] = "console"
    temporal_port: Port = 7233
    ui_port: Port = 8233
    codec_port: Port = 8234
    postgres_port: Port = 54329

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the variables of `VARIABLES`; an empty one counts as not set.

        Raises:
            DubanError: `settings.invalid`, naming the first wrong variable and what is wrong.
        """
        source = os.environ if environ is None else environ
        found = {field: source[name] for field, name in VARIABLES.items() if source.get(name)}
        try:
            settings = cls.model_validate(found)
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            variable = VARIABLES[str(first["loc"][0])]
            raise DubanError("settings.invalid", variable=variable, reason=first["msg"]) from None
        return settings.model_copy(update={"home": settings.home.expanduser().absolute()})
