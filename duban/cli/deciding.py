"""Every row of the table of decisions as a command: its values, its actor, its receipt."""

from collections.abc import Callable, Coroutine, Mapping
from operator import attrgetter
from typing import Any, NamedTuple, cast

import typer
from pydantic import ValidationError

from duban.cli.actors import Asking, asking_of, register_of, resolve
from duban.cli.decisions import ALWAYS, DECISIONS, Decision, option_of
from duban.cli.errors import UsageFault
from duban.cli.output import Format, destination, show_json
from duban.cli.parsing import role as read_role
from duban.cli.parsing import unfit
from duban.cli.session import Session
from duban.cli.signatures import params_of
from duban.cli.verbs import Given, Verb, verb
from duban.contracts import Receipt
from duban.domain.campaign import commands as c
from duban.domain.campaign.commands import AnyCommand
from duban.domain.roles import Actor, Person, Role

Send = Callable[[Session, str, Asking, c.Command], Coroutine[Any, Any, tuple[Receipt | None, str]]]
"""Finds out who acts and carries a command out; returns its receipt and its request id."""

# Stands in while the shape of a command is checked, before any server is asked who acts.
_ANYBODY = Actor(id="0", role=Role.OFFICE)


def add_decisions(nouns: Mapping[str, typer.Typer]) -> None:
    """Give every noun the verbs of its rows."""
    for decision in DECISIONS:
        done = doing(decision, attrgetter("no"), sent)
        verb(nouns[decision.noun], decision.verb, *params_of(decision))(done)


def doing(decision: Decision, no_of: Callable[[Given], str], send: Send) -> Verb:
    """Return the verb of a row: what was typed is a command about `no_of` it, `send` carries it."""

    def decide(session: Session, given: Given) -> None:
        to, asking = destination(given.output), asking_of(given)
        command = shaped(session, decision, vars(given), asking)
        no = no_of(given)
        receipt, request_id = session.run(send(session, no, asking, command))
        show_receipt(session, Answer(no, receipt, request_id), to.format)

    return decide


def shaped(
    session: Session, decision: Decision, typed: Mapping[str, Any], asking: Asking
) -> c.Command:
    """Return the command that was typed, its actor still open.

    Raises:
        UsageFault: a value cannot be read; it names the option.
    """
    asking.person(session)
    values = {
        field: read(typed[option]) if (read := decision.read_as(field)) else typed[option]
        for field in decision.command.model_fields
        if field not in ALWAYS and typed.get(option := option_of(decision, field)) is not None
    }
    if "role" in values:
        values["role"] = read_role(values["role"])
    if decision.command is c.ReplacePerson:
        values["successor"] = _successor(typed, values["role"])
    try:
        return decision.command.model_validate(
            {**values, "actor": _ANYBODY, "request_id": asking.request(session)}
        )
    except ValidationError as error:
        raise _fault(session, decision, error) from None


def _successor(typed: Mapping[str, Any], role: Role) -> dict[str, Any]:
    return {
        "id": typed["successor"],
        "name": typed["successor_name"],
        "title": typed["successor_title"] or "",
        "role": role,
    }


def _fault(session: Session, decision: Decision, error: ValidationError) -> UsageFault:
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0])
    option = f"--{option_of(decision, field).replace('_', '-')}"
    param = field.upper() if field in decision.positional else option
    return unfit(session, param, first)


async def sent(
    session: Session, no: str, asking: Asking, command: c.Command
) -> tuple[Receipt | None, str]:
    """Find out who acts, and carry a campaign's command out; a signal has no receipt."""
    async with session.services.reader(session.settings) as reader:
        people = await register_of(reader, no)
    signed = command.model_copy(update={"actor": resolve(session, asking, people)})
    if isinstance(signed, c.ReplacePerson):
        signed = in_the_unit_left(signed, people)
    async with session.services.gateway(session.settings) as gateway:
        if isinstance(signed, c.SpotCheckOrder):
            await gateway.order_spot_check(no, signed.plain())
            return None, signed.request_id
        return await gateway.execute(no, cast(AnyCommand, signed)), signed.request_id


def in_the_unit_left(command: c.ReplacePerson, people: list[Person]) -> c.ReplacePerson:
    """Return the command with the successor in the unit of the post taken over."""
    posts = [each for each in people if (each.id, each.role) == (command.leaving, command.role)]
    unit = posts[0].unit if posts else None
    successor = command.successor.model_copy(update={"unit": unit})
    return command.model_copy(update={"successor": successor})


class Answer(NamedTuple):
    """What came of a command; a signal has no receipt."""

    no: str
    receipt: Receipt | None
    request_id: str


def show_receipt(session: Session, answer: Answer, fmt: Format) -> None:
    """Say what stands on the trail now."""
    receipt = answer.receipt
    if fmt is Format.JSON:
        told = receipt.plain() if receipt else {"campaign": answer.no, "signal": "sent"}
        show_json(session, {**told, "request_id": answer.request_id})
    elif receipt is None:
        session.print("receipt.signal", no=answer.no)
    else:
        session.print(
            "receipt.done",
            kind=session.term("kind", receipt.object_type),
            id=receipt.object_id,
            stream=receipt.stream,
            first=receipt.first_seq,
            last=receipt.last_seq,
        )
        for note in receipt.notes:
            session.print("receipt.note", note=_note(session, note))


def _note(session: Session, note: str) -> str:
    """Return a note in words: a like case of another unit (EXT6), an earlier draw (f.3)."""
    kind, *parts = note.split(":")
    if kind == "similar" and len(parts) == 3:  # noqa: PLR2004 -- the form is three parts
        state = session.term("extension_state", parts[2])
        return session.say("receipt.similar", id=parts[0], unit=parts[1], state=state)
    if kind == "drawn_before":
        return session.say("receipt.drawn_before", no=note.partition(":")[2])
    return note
