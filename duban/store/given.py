"""What a decision about a problem is given with it: what the ledger knows of others.

A problem sees only itself. People and delegations (b.3, SOD10), requests for later dates on other
problems (EXT6), problems closed before (d.7) and where else a file is on record (d.5) are read
here.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from duban.contracts import ProblemAsked
from duban.domain.entity.command import Command
from duban.domain.entity.records import Extension
from duban.domain.model import Document
from duban.domain.problem.commands import AssignProblem, DecideExtension
from duban.domain.problem.state import Earlier, Register
from duban.domain.roles import UNIT_ROLES, Delegation, Person
from duban.store.ledger import Row


class Look(Protocol):
    """How the ledger is looked into: objects of a kind as plain JSON, oldest first."""

    async def __call__(
        self, kind: str, scope: str | None = None, where: Document | None = None
    ) -> Sequence[Row]:
        """Return the objects whose documents hold every field of `where`."""


async def asked_about(
    look: Look, problem: Row, command: Command, people: Sequence[Person]
) -> ProblemAsked:
    """Return a command about a problem of the ledger with everything that it is given."""
    actor, campaign = command.actor, str(problem["no"]).rpartition("-")[0]
    units = {actor.unit, *_units_in(problem), *_units_in(command.plain())}
    given = Register(
        people=tuple(p for p in people if p.role not in UNIT_ROLES or p.unit in units),
        delegations=tuple(known(Delegation, row) for row in await look("delegation", campaign)),
        alike=tuple(await _alike(look, problem, command, campaign)),
        earlier=tuple(await _earlier(look, problem, command, campaign)),
    )
    return ProblemAsked.model_validate({"command": command.plain(), "given": given.plain()})


async def on_other_problems(look: Look, digest: str, no: str) -> tuple[str, ...]:
    """Return the other problems on which the ledger knows a file (d.5)."""
    same = await look("evidence", None, {"digest": digest})
    return tuple(sorted({str(row["id"]).partition("/")[0] for row in same} - {no}))


def known(model: Any, row: Row) -> Any:
    """Return a value of the domain from a row of the ledger, which may hold more."""
    return model.model_validate({k: v for k, v in row.items() if k in model.model_fields})


def _units_in(said: Mapping[str, Any]) -> set[str | None]:
    helping = said.get("assisting") or ()
    named = (said.get(name) for name in ("unit", "new_unit", "successor"))
    return {*named, *(each["unit"] for each in helping)}


async def _alike(look: Look, problem: Row, command: Command, campaign: str) -> list[Extension]:
    if not isinstance(command, DecideExtension):
        return []
    own, rows = f"{problem['no']}/", await look("extension", campaign)
    return [known(Extension, row) for row in rows if not str(row["id"]).startswith(own)]


async def _earlier(look: Look, problem: Row, command: Command, campaign: str) -> list[Earlier]:
    if not isinstance(command, AssignProblem):
        return []
    same = {"unit": command.unit, "problem_type": problem["problem_type"]}
    return [
        Earlier(
            no=row["no"],
            signed_off_on=row["signed_off_on"],
            signers=tuple(each["person"] for each in row["signatures"]),
        )
        for row in await look("problem", campaign, same)
        if row.get("signed_off_on")
    ]
