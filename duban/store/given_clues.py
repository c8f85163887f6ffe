"""What a decision about a clue is given with it: who acts, the bodies, and a linked problem."""

from collections.abc import Sequence

from duban.contracts import ClueAsked
from duban.domain.clue.commands import LinkProblem
from duban.domain.entity.command import Command
from duban.domain.entity.given import LinkedProblem, LinkedRegister
from duban.domain.roles import UNIT_ROLES, Delegation, Person
from duban.store.earlier import Look, known


async def asked_about_clue(
    look: Look, campaign: str, command: Command, people: Sequence[Person]
) -> ClueAsked:
    """Return a command about a clue of a campaign with everything that it is given.

    The posts of who acts come along, those in units too: who belongs to the unit concerned is
    known by them (SOD6).
    """
    acting = {command.actor.id, command.actor.on_behalf_of}
    given = LinkedRegister(
        people=tuple(p for p in people if p.role not in UNIT_ROLES or p.id in acting),
        delegations=tuple(known(Delegation, row) for row in await look("delegation", campaign)),
        problem=await _linked(look, command),
    )
    return ClueAsked.model_validate({"command": command.plain(), "given": given.plain()})


async def _linked(look: Look, command: Command) -> LinkedProblem | None:
    if not isinstance(command, LinkProblem):
        return None
    for row in await look("problem", None, {"no": command.problem}):
        return LinkedProblem(no=row["no"], source=row["source"], source_ref=row["source_ref"])
    return None
