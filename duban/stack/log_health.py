"""Container health, `python -m duban.stack.log_health`: was the log signed lately?

That holds for one who stands by as well: some sequencer leads. What counts are the checkpoints.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

from duban.errors import DubanError
from duban.proof.policy import NO_QUORUM, Policy
from duban.settings import Settings
from duban.stack.addresses import address_for
from duban.store.canonical import microseconds
from duban.store.log import LogStore
from duban.store.pool import SEQUENCER, open_pool
from duban.witness.files import read_policy

_NOBODY: Final = Policy((), (), (), NO_QUORUM)


def policy_of(settings: Settings) -> Policy:
    """Return the policy by which the log is judged; without one, what holds if nothing is said.

    Raises:
        DubanError: the policy file that is named cannot be read.
    """
    return read_policy(settings.log_policy) if settings.log_policy else _NOBODY


async def is_log_signed(settings: Settings, now: datetime) -> bool:
    """Say whether the newest checkpoint is younger than the policy's `stale`."""
    if settings.database_url is None:
        return False
    try:
        stale = timedelta(seconds=policy_of(settings).stale)
        pool = await open_pool(address_for(settings, SEQUENCER), max_size=1)
        try:
            last = await LogStore(pool).latest()
        finally:
            await pool.close()
    except DubanError:
        return False
    return last is not None and last.created_us >= microseconds(now - stale)


def main() -> None:
    """Exit with 0 when the log is signed and with 1 when it is not."""
    signed = asyncio.run(is_log_signed(Settings.from_env(), datetime.now(UTC)))
    sys.exit(0 if signed else 1)


if __name__ == "__main__":
    main()
