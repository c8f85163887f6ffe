"""What a changed ledger asks for as ordinary commands, under the same rules, on the trail."""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from duban.cli.actors import Asking, register_of, resolve
from duban.cli.problems import asked_with
from duban.cli.services import Gateway, Reader
from duban.cli.session import Session
from duban.domain.campaign.commands import RegisterProblem
from duban.domain.entity.command import Command
from duban.domain.errors import RuleViolation
from duban.domain.problem.columns import By
from duban.domain.problem.commands import AssignProblem, TriageProblem
from duban.domain.problem.registration import FROM_PERSON, Registration
from duban.domain.problem.words import ProblemSource
from duban.domain.roles import Actor, Person
from duban.errors import NotFound
from duban.workbook import CellProblem
from duban.workbook.ledger_changes import Asked
from duban.workbook.ledger_reader import LedgerFile

_TITLE = 60
_SENTENCE = re.compile(r"[。；;\n]")
_FIELDS = {
    By.TRIAGE: "problem_type",
    By.ASSIGN: "responsible_unit",
    By.REGISTER: "description",
}
"""Where a refusal of each command is told in an error file."""


class Wish(NamedTuple):
    """Whose changes are carried out: a file by its digest, and the paper of its assignments."""

    file: LedgerFile
    campaign: str
    digest: str
    basis_doc: str


class _Doors(NamedTuple):
    reader: Reader
    gateway: Gateway
    people: Sequence[Person]
    actor: Actor


async def carried_out(
    session: Session, wish: Wish, asked: Sequence[Asked], asking: Asking
) -> tuple[int, list[CellProblem]]:
    """Carry commands out one by one; return how many were, and what was refused.

    What follows a refused command in the same row is left. A command has the same request id
    whenever the same file asks for it, so a second time it gets the first answer.
    """
    done, refused = 0, dict[int, CellProblem]()
    async with (
        session.services.reader(session.settings) as reader,
        session.services.gateway(session.settings) as gateway,
    ):
        people = await register_of(reader, wish.campaign)
        doors = _Doors(reader, gateway, people, resolve(session, asking, people))
        for each in asked:
            if each.row.row in refused:
                continue
            try:
                await _carry_out(doors, wish, each)
            except (RuleViolation, NotFound) as no:
                refused[each.row.row] = _refusal(wish, each, no)
            else:
                done += 1
    return done, list(refused.values())


async def _carry_out(doors: _Doors, wish: Wish, asked: Asked) -> None:
    fields = _fields(wish, asked)
    said = json.dumps(fields, sort_keys=True, ensure_ascii=False, default=str)
    key = "\n".join((wish.digest, str(asked.row.row), asked.by, said))
    who: dict[str, Any] = {
        "actor": doors.actor,
        "request_id": f"ledger-{hashlib.sha256(key.encode()).hexdigest()[:40]}",
    }
    if asked.by is By.REGISTER:
        command = RegisterProblem(registration=Registration(**fields), **who)
        await doors.gateway.execute(wish.campaign, command)
        return
    kind: type[Command] = TriageProblem if asked.by is By.TRIAGE else AssignProblem
    made = kind.model_validate({**fields, **who})
    given = await asked_with(doors.reader, asked.no, made, doors.people)
    await doors.gateway.execute_problem(asked.no, given)


def _fields(wish: Wish, asked: Asked) -> dict[str, Any]:
    """Return what a command is given, by its own names."""
    said = {name: value for name, value in asked.values.items() if value is not None}
    renamed = {"responsible_unit": "unit", "found_at": "found_on", "due_at": "limit"}
    renamed |= {"assisting_units": "assisting"}
    fields: dict[str, Any] = {renamed.get(name, name): value for name, value in said.items()}
    if asked.by is By.ASSIGN:
        return {**fields, "basis_doc": wish.basis_doc}
    if asked.by is By.REGISTER:
        title = _SENTENCE.split(fields["description"], maxsplit=1)[0][:_TITLE]
        from_person = ProblemSource(fields["source"]) in FROM_PERSON
        return {**fields, "title": title, "from_person": from_person}
    return fields


def _refusal(wish: Wish, asked: Asked, no: RuleViolation | NotFound) -> CellProblem:
    params = {name: _plain(value) for name, value in no.params.items()}
    return wish.file.problem(asked.row, _FIELDS[asked.by], str(no.code), **params)


def _plain(value: object) -> str | int:
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    return value if isinstance(value, int) else str(value)
