"""The course of one clue on a stage, from its report to the receipt, a step each."""

from typing import Any

from duban.contracts import ClueAsked, Receipt, clue_stream
from duban.domain.campaign import commands as c
from duban.domain.clue import commands as k
from duban.domain.entity.given import LinkedRegister
from tests.support.builders import people
from tests.support.clock import NO, Stage, until
from tests.support.clues import a_package, a_report, judgement

FIRST = f"{NO}-C0001"
GIVEN = LinkedRegister(people=people())


async def ask(stage: Stage, command: type[Any], by: str, no: str = FIRST, **fields: Any) -> Receipt:
    """Have a command about a clue carried out by a person of the register."""
    asked = stage.command(command, by, **fields)
    message = ClueAsked(command=asked, given=GIVEN)  # type: ignore[arg-type]
    return await stage.gateway.execute_clue(no, message, just_reported=True)


async def reported(stage: Stage, **report: Any) -> Receipt:
    """Report a clue; its campaign gives it its number and opens it."""
    said = a_report(**{"known_on": "2019-03-04", "known_to": "supervision_group", **report})
    return await stage.do(c.ReportClue, "SU-1", report=said)


async def written(stage: Stage, no: str = FIRST) -> Receipt:
    """Hand the account in as soon as the clue is open."""
    account = {"reporter_class": "anonymous", "matter": "收受购物卡", "lookup": "c" * 64}
    return await ask(stage, k.WriteUpClue, "SU-1", no, **account)


async def transferred(stage: Stage) -> Receipt:
    """Have three levels judge it and the package sent."""
    await ask(stage, k.TriageClue, "SU-1", **judgement())
    await ask(stage, k.TriageClue, "SU-2", **judgement())
    decided = {"nature": "duty_crime", "handling": "transfer", "reason": "同意"}
    await ask(stage, k.DecideClue, "OF-1", **decided, doc_no="审批单1号")
    return await ask(stage, k.TransferClue, "OF-1", **a_package())


def tags(stage: Stage, no: str = FIRST) -> list[str]:
    """The tags of what a clue has on the trail."""
    return [each.tag for each in stage.trail.events(clue_stream(no))]


async def opened(stage: Stage, no: str = FIRST) -> None:
    """Wait until a clue has begun to speak."""
    await until(lambda: tags(stage, no))
