"""A worker that commits and dies before it can tell the server: what it leaves on the trail."""

from duban.contracts import Mode, Record
from duban.domain.campaign import commands as c
from duban.domain.campaign.campaign import Campaign
from duban.domain.campaign.restore import restored
from duban.domain.errors import RuleViolation
from duban.domain.events import Event
from tests.support.builders import shanghai
from tests.support.clock import NO, STREAM, Stage

LATER = shanghai("2019-03-04", "09:07")
"""When the worker that died had decided: not the moment at which it is decided again."""


async def commit(stage: Stage, events: list[Event]) -> None:
    """Put events of the stage's campaign on its trail, past its workflow."""
    record = Record(stream=STREAM, campaign=NO, mode=Mode.REHEARSAL, events=tuple(events))
    await stage.trail.append(record)


async def outlive(stage: Stage, *commands: c.AnyCommand) -> list[Event]:
    """Decide commands as a worker that then dies, and leave them on the trail."""
    dead = Campaign(restored(stage.events))
    for command in commands:
        try:
            dead.handle(command, now=LATER)
        except RuleViolation as why:
            dead.refuse(command, why, now=LATER)
    await commit(stage, dead.state.unrecorded)
    return dead.state.unrecorded
