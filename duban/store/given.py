"""What a decision about a problem is given with it: what the ledger knows of others.

A problem sees only itself and whom it was told of. Who acts (b.3, SOD10), requests for later dates
on other problems (EXT6), what was closed before (d.7) and where else a file is on record (d.5) are
read here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from duban.contracts import ProblemAsked
from duban.domain.entity.command import Command
from duban.domain.entity.records import Extension
from duban.domain.problem.commands import AssignProblem, DecideExtension
from duban.domain.problem.state import Earlier, Register
from duban.domain.roles import Delegation, Person
from duban.store.earlier import Look, alike, earlier, known
from duban.store.ledger import Row


async def asked_about(
    look: Look, problem: Row, command: Command, people: Sequence[Person]
) -> ProblemAsked:
    """Return a command about a problem of the ledger with everything that it is given.

    The bodies and its units a problem knows, and what becomes of them its campaign's news tells; so
    only who acts, and the units that the command names, come with it (ADR 0017).
    """
    campaign = str(problem["no"]).rpartition("-")[0]
    like: tuple[Extension, ...] = ()
    before: tuple[Earlier, ...] = ()
    if isinstance(command, DecideExtension):
        like = await alike(look, str(problem["no"]), campaign, command.extension)
    if isinstance(command, AssignProblem):
        before = await earlier(look, campaign, command.unit, problem["problem_type"])
    given = Register(
        people=concerned(command, people),
        delegations=await _delegations(look, command, campaign),
        alike=like,
        earlier=before,
    )
    return ProblemAsked.model_validate({"command": command.plain(), "given": given.plain()})


def concerned(command: Command, people: Iterable[Person]) -> tuple[Person, ...]:
    """Return the entries of the register about who acts, and about units that a command names."""
    acting = {command.actor.id, command.actor.on_behalf_of}
    units = _units_in(command.plain()) - {None}
    return tuple(each for each in people if each.id in acting or each.unit in units)


async def _delegations(look: Look, command: Command, campaign: str) -> tuple[Delegation, ...]:
    if command.actor.delegation_id is None:
        return ()
    rows = await look("delegation", campaign, {"id": command.actor.delegation_id})
    return tuple(known(Delegation, row) for row in rows)


async def on_other_problems(look: Look, digest: str, no: str) -> tuple[str, ...]:
    """Return the other problems on which the ledger knows a file (d.5)."""
    same = await look("evidence", None, {"digest": digest})
    return tuple(sorted({str(row["id"]).partition("/")[0] for row in same} - {no}))


def _units_in(said: Mapping[str, Any]) -> set[str | None]:
    helping = said.get("assisting") or ()
    named = (said.get(name) for name in ("unit", "new_unit", "successor"))
    return {*named, *(each["unit"] for each in helping)}
