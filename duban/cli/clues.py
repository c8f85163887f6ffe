"""`duban clue`: every decision about a clue, and the status that its reporter asks for."""

import hashlib
from collections.abc import Sequence
from operator import attrgetter

from duban.cli.actors import Asking, register_of, resolve
from duban.cli.clue_decisions import CLUE_DECISIONS
from duban.cli.deciding import doing
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.signatures import params_of
from duban.cli.verbs import Given, argument, noun, verb
from duban.contracts import ClueAsked, Receipt, clue_stream
from duban.domain.entity.command import Command
from duban.domain.roles import Person
from duban.errors import NotFound
from duban.store.given_clues import asked_about_clue

clue_noun = noun()

CLUE = argument("clue", "CLUE")


def campaign_of(no: str) -> str:
    """Return the campaign of a clue by its number; the serial stands behind the last `-C`."""
    return no.rpartition("-C")[0]


async def clue_of(reader: Reader, no: str) -> Row:
    """Return a clue of the ledger. Raises `NotFound`."""
    found = await reader.objects("clue", clue_stream(no))
    if not found:
        raise NotFound("clue.not_found", no=no)
    return found[0]


def lookup_of(number: str) -> str:
    """Return the SHA-256 (hex) by which the ledger knows a reporter's look-up number."""
    return hashlib.sha256(f"duban-clue/v1\n{number.strip()}".encode()).hexdigest()


@verb(clue_noun, "status", argument("lookup", "NUMBER"))
def status(session: Session, given: Given) -> None:
    """Tell a reporter how it stands, by the look-up number: no secrets of the case, no names."""

    async def read() -> list[Row]:
        async with session.services.reader(session.settings) as reader:
            return await reader.objects("clue", None, {"lookup": lookup_of(given.lookup)})

    found = session.run(read())
    if not found:
        raise NotFound("clue.no_such_number")
    session.out.print(session.term("clue_status", found[0]["state"]))
    told = found[0].get("told")
    if told:
        session.out.print(f"{told['on']}  {told['words']}")


def add_clue_decisions() -> None:
    """Give the noun the verbs of the rows about clues."""
    for decision in CLUE_DECISIONS:
        done = doing(decision, attrgetter("clue"), _sent)
        verb(clue_noun, decision.verb, *params_of(decision, CLUE))(done)


async def _sent(session: Session, no: str, asking: Asking, command: Command) -> tuple[Receipt, str]:
    """Find out who acts and what the clue is given with it, and carry the command out."""
    async with session.services.reader(session.settings) as reader:
        await clue_of(reader, no)
        people = await register_of(reader, campaign_of(no))
        actor = resolve(session, asking, people)
        who = {"actor": actor, "request_id": asking.request(session)}
        command = command.model_copy(update=who)
        asked = await asked_with(reader, no, command, people)
    async with session.services.gateway(session.settings) as gateway:
        return await gateway.execute_clue(no, asked), command.request_id


async def asked_with(
    reader: Reader, no: str, command: Command, people: Sequence[Person]
) -> ClueAsked:
    """Return a command with what the ledger knows that the decision needs."""
    return await asked_about_clue(reader.objects, campaign_of(no), command, people)
