"""One sequencer from the environment, until told to stop: `python -m duban.stack.sequencer`."""

import asyncio
import signal
import sys
from datetime import UTC, datetime

import structlog

from duban import logs
from duban.errors import DubanError
from duban.sequencer.errors import LogError
from duban.sequencer.keys import Keys, read_keys
from duban.sequencer.service import Plan, run, witnesses
from duban.settings import VARIABLES, Settings
from duban.stack import keys
from duban.stack.addresses import address_for
from duban.store.pool import SEQUENCER
from duban.texts import Language, explain

log = structlog.get_logger(__name__)


async def sequence(settings: Settings, stop: asyncio.Event) -> None:
    """Run a sequencer until told to stop.

    Raises:
        DubanError: there is no key, no database is named and none runs, or a person must look.
    """
    signing = log_keys(settings)
    trail_key = keys.trail_key(settings)
    async with witnesses(settings.log_policy, signing.origin) as publishers:
        plan = Plan(
            dsn=address_for(settings, SEQUENCER),
            keys=signing,
            trail_key=trail_key,
            every=settings.checkpoint_interval_ms / 1000,
            publishers=publishers,
        )
        await run(plan, lambda: datetime.now(UTC), stop)


def log_keys(settings: Settings) -> Keys:
    """Return the keys of the log: from the environment, or those of the embedded stack.

    Raises:
        LogError: `log.key_missing`, `log.key_invalid`, `log.key_name`.
    """
    if settings.log_key is not None:
        return read_keys(settings.log_key.get_secret_value())
    if settings.database_url is not None:
        raise LogError("log.key_missing", variable=VARIABLES["log_key"])
    return read_keys(str(keys.log_key_file(settings.home)))


async def _until_signalled(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    await sequence(settings, stop)


def main() -> None:
    """Run a sequencer; exit status 1 when it may not sign, with one line that says why."""
    settings = Settings.from_env()
    logs.configure(settings)
    try:
        asyncio.run(_until_signalled(settings))
    except DubanError as error:
        why = explain(error.code, error.params, Language(settings.lang))
        log.error("sequencer_refuses", code=error.code, why=why, **error.params)
        sys.exit(1)


if __name__ == "__main__":
    main()
