"""What a decision about an inspection is given with it: who acts, bodies, teams, a problem."""

from collections.abc import Mapping, Sequence
from typing import Any

from duban.domain.entity.command import Command
from duban.domain.entity.given import LinkedProblem, LinkedRegister
from duban.domain.inspection.commands import LinkFinding
from duban.domain.roles import UNIT_ROLES, Delegation, Person, Role
from duban.inspection_contracts import InspectionAsked
from duban.store.earlier import Look, known


async def asked_about_inspection(
    look: Look, inspection: Mapping[str, Any], command: Command, people: Sequence[Person]
) -> InspectionAsked:
    """Return a command about an inspection of the ledger with everything that it is given.

    All posts of who acts and of whoever inspects come along, since they tell ties (SOD6), and the
    people of a unit once it is known which one it is: never before check-in where it was drawn.
    """
    campaign = str(inspection["campaign"])
    given = LinkedRegister(
        people=tuple(_people(inspection, command, people)),
        delegations=tuple(known(Delegation, row) for row in await look("delegation", campaign)),
        problem=await _linked(look, command),
    )
    return InspectionAsked.model_validate({"command": command.plain(), "given": given.plain()})


def _people(
    inspection: Mapping[str, Any], command: Command, people: Sequence[Person]
) -> list[Person]:
    target: Mapping[str, Any] = inspection.get("target") or {}
    units = {inspection["order"].get("unit"), target.get("unit")} - {None}
    whose = {command.actor.id, command.actor.on_behalf_of}
    whose |= {each.id for each in people if each.role is Role.INSPECTION_TEAM}
    return [p for p in people if p.role not in UNIT_ROLES or p.id in whose or p.unit in units]


async def _linked(look: Look, command: Command) -> LinkedProblem | None:
    if not isinstance(command, LinkFinding):
        return None
    for row in await look("problem", None, {"no": command.problem}):
        return LinkedProblem(no=row["no"], source=row["source"], source_ref=row["source_ref"])
    return None
