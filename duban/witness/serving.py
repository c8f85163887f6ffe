"""A witness as a process: key, policy, state and service put together until it is told to stop."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import structlog

from duban.errors import DubanError
from duban.proof.notes import COSIGNATURE, VerifierKey
from duban.witness.files import read_key, read_policy
from duban.witness.judge import Judge
from duban.witness.service import Listening, build_app
from duban.witness.state import State

log = structlog.get_logger(__name__)


class Address(NamedTuple):
    """Where a witness listens; port 0 is any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class WitnessPlan:
    """What a witness is started with. `new` says that it has never seen some log of the policy."""

    policy: Path
    key: Path
    state: Path
    listen: Address
    new: bool = False


Ready = Callable[[VerifierKey, Address], None]
"""Told once, when the first request can be answered: the witness's key and where it listens."""


async def serve(plan: WitnessPlan, now: Callable[[], int], ready: Ready) -> None:
    """Be a witness until SIGINT or SIGTERM; see `attend`."""
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    await attend(plan, now, ready, stop)


async def attend(
    plan: WitnessPlan, now: Callable[[], int], ready: Ready, stop: asyncio.Event
) -> None:
    """Be a witness until `stop` is set; `now` gives the time in whole seconds since 1970.

    Raises:
        DubanError: a file cannot be used, the policy names no log (`witness.no_logs`), the state
            or the address is taken, or see `_take_up`.
    """
    policy, key = read_policy(plan.policy), read_key(plan.key, COSIGNATURE)
    if not policy.logs:
        raise DubanError("witness.no_logs", file=str(plan.policy))
    with State(plan.state) as state:
        _take_up({each.key.name for each in policy.logs}, state, new=plan.new)
        judge = Judge(policy, key, state, now)
        async with Listening(build_app(judge, key.public), *plan.listen) as listening:
            ready(key.public, Address(plan.listen.host, listening.port))
            await stop.wait()


def _take_up(origins: set[str], state: State, *, new: bool) -> None:
    """Make sure that the state knows every log, beginning those that are said to be new.

    Nobody can tell a new log from one whose state was lost, except who runs the witness; and one
    that forgot what it signed would sign another tree.

    Raises:
        DubanError: `witness.log_never_seen` for a log that the state does not know and that is not
            new, or `witness.nothing_new`.
    """
    unknown = sorted(origins - state.logs().keys())
    folder = str(state.folder)
    if unknown and not new:
        raise DubanError("witness.log_never_seen", origin=unknown[0], folder=folder)
    if new and not unknown:
        raise DubanError("witness.nothing_new", folder=folder)
    for origin in unknown:
        state.begin(origin)
        log.warning("log_begun", origin=origin, state=folder)
