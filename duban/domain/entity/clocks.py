"""Clocks that wait for a verification: held by a claim, released or met by its result."""

from duban.domain.entity.work import Work
from duban.domain.limits import DeadlineCode


def hold(work: Work, on: tuple[str, str], code: DeadlineCode) -> None:
    """Let the ladder wait while a claim is verified."""
    for deadline in work.open_deadlines(on, code):
        work.set(deadline.id, deadline, held_at=work.now)


def release(work: Work, on: tuple[str, str], code: DeadlineCode) -> None:
    """Let the ladder go on: the claim did not hold."""
    for deadline in work.open_deadlines(on, code):
        work.set(deadline.id, deadline, held_at=None)


def settle_held(work: Work, on: tuple[str, str], code: DeadlineCode) -> None:
    """Meet a clock at the instant of the claim that held."""
    for deadline in work.open_deadlines(on, code):
        work.set(
            deadline.id,
            deadline,
            status="met",
            met_at=deadline.held_at or work.now,
            next_rung=None,
            next_at=None,
        )
