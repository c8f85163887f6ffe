"""The doors that import cryptography or Temporal's library, opened only when they are used."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

import typer

from duban.settings import Settings

if TYPE_CHECKING:
    from duban.bundle import Archive
    from duban.cli.services import Intake, ListKeeper
    from duban.proof.policy import Policy
    from duban.remembered import Memory
    from duban.store.custody import Custody
    from duban.verify.report import Report
    from duban.verify.run import Rules
    from duban.verify.standing import Standing


def archive(settings: Settings) -> "AbstractAsyncContextManager[Archive]":
    """Open the log for people who take something out of it."""
    from duban.cli.archives import opened  # noqa: PLC0415 -- it imports cryptography

    return opened(settings)


def custody(settings: Settings) -> "AbstractAsyncContextManager[Custody]":
    """Open what is sealed and what can be erased."""
    from duban.cli.custodians import opened  # noqa: PLC0415 -- it imports cryptography

    return opened(settings)


def intake(settings: Settings) -> "AbstractAsyncContextManager[Intake]":
    """Open the door to what is taken over from outside."""
    from duban.cli.intake_door import opened  # noqa: PLC0415 -- it imports cryptography

    return opened(settings)


def lists(settings: Settings) -> "AbstractAsyncContextManager[ListKeeper]":
    """Open the door to the sealed lists of draws."""
    from duban.cli.list_door import opened  # noqa: PLC0415 -- it imports cryptography

    return opened(settings)


@asynccontextmanager
async def memory(settings: Settings) -> "AsyncIterator[Memory]":
    """Open what people asked before."""
    from duban.remembered import Memory  # noqa: PLC0415 -- it imports Temporal's library
    from duban.stack.home import fill_in  # noqa: PLC0415

    found = settings if settings.temporal_address is not None else fill_in(settings)
    yield await Memory.connect(found)


async def verify(
    settings: Settings, rules: "Rules", on_progress: Callable[[int, int], None]
) -> "Report":
    """Check the trail as `duban audit verify` does."""
    from duban.stack.addresses import address_for  # noqa: PLC0415
    from duban.store.pool import VERIFIER  # noqa: PLC0415
    from duban.verify.run import verify  # noqa: PLC0415

    return await verify(address_for(settings, VERIFIER), rules, on_progress)


async def verify_then(settings: Settings, rules: "Rules") -> "Report":
    """Check what stood at moments in the past."""
    from duban.stack.addresses import address_for  # noqa: PLC0415
    from duban.store.pool import VERIFIER  # noqa: PLC0415
    from duban.verify.moments import verify_then  # noqa: PLC0415

    return await verify_then(address_for(settings, VERIFIER), rules)


async def standing(settings: Settings, policy: "Policy") -> "Standing":
    """Ask the witnesses how they stand."""
    from duban.cli.archives import standing_of  # noqa: PLC0415 -- it imports cryptography

    return await standing_of(settings, policy)


def confirmed(question: str) -> bool:
    """Ask at the terminal; where nobody sits at one, nothing is agreed to."""
    return sys.stdin.isatty() and typer.confirm(question, err=True)
