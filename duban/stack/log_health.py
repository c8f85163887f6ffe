"""Container health, `python -m duban.stack.log_health`: was the log signed in the last minutes?

That holds for one who stands by as well: some sequencer leads. What counts are the checkpoints.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

from duban.errors import DubanError
from duban.settings import Settings
from duban.store.canonical import microseconds
from duban.store.log import LogStore
from duban.store.pool import open_pool

STALE: Final = timedelta(minutes=3)
"""Three heartbeats: without a checkpoint for so long, nobody signs."""


async def is_log_signed(settings: Settings, now: datetime) -> bool:
    """Say whether the newest checkpoint is younger than three minutes."""
    if settings.database_url is None:
        return False
    try:
        pool = await open_pool(settings.database_url.get_secret_value(), max_size=1)
        try:
            last = await LogStore(pool).latest()
        finally:
            await pool.close()
    except DubanError:
        return False
    return last is not None and last.created_us >= microseconds(now - STALE)


def main() -> None:
    """Exit with 0 when the log is signed and with 1 when it is not."""
    signed = asyncio.run(is_log_signed(Settings.from_env(), datetime.now(UTC)))
    sys.exit(0 if signed else 1)


if __name__ == "__main__":
    main()
