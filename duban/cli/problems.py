"""`duban problem`: show, register, and every decision about a problem."""

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from pydantic import ValidationError

from duban.cli import columns
from duban.cli.actors import Asking, asking_of, register_of, resolve
from duban.cli.awaiting import opened
from duban.cli.deciding import Answer, doing, show_receipt
from duban.cli.errors import Confidential
from duban.cli.knowing import levels_known
from duban.cli.objects import lit
from duban.cli.output import Format, destination, show_fields, show_json
from duban.cli.parsing import unfit
from duban.cli.problem_decisions import PROBLEM_DECISIONS
from duban.cli.problem_picture import LISTS, ProblemPicture, drawn
from duban.cli.problem_way import stays
from duban.cli.question_commands import entry_of
from duban.cli.reading import WHO_READS
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.signatures import params_of
from duban.cli.ticket_import import register_tickets
from duban.cli.typed import NO, OUTPUT, UNIT, WHO
from duban.cli.verbs import Given, argument, noun, option, required, verb, yes_or_no
from duban.contracts import ProblemAsked, Receipt, problem_stream
from duban.domain.campaign.commands import RegisterProblem
from duban.domain.entity.command import Command
from duban.domain.outside import Import
from duban.domain.problem.registration import Registration
from duban.domain.problem.words import ProblemSource
from duban.domain.roles import Person
from duban.domain.tickets import request_of
from duban.errors import AlreadyExists, NotFound
from duban.store.given import asked_about
from duban.store.ledger import DeadlineFilter
from duban.store.problems import campaign_of

problem_noun = noun()

PROBLEM = argument("problem", "PROBLEM")

_REGISTER = (
    required("title", "TITLE"),
    required("description", "TEXT"),
    required("source", "SOURCE"),
    required("found_on", "YYYY-MM-DD"),
    option("source_ref", "REF"),
    UNIT,
    yes_or_no("from_person", "--from-person/--not-from-person", False),
)


@verb(problem_noun, "show", PROBLEM, *WHO_READS, OUTPUT)
def show(session: Session, given: Given) -> None:
    """Draw the way of a problem: who held it, how long, what counted and what did not."""
    to = destination(given.output)
    picture = session.run(_picture(session, given))
    if to.format is Format.JSON:
        told = {name: [dict(row) for row in getattr(picture, name)] for name in LISTS}
        show_json(session, {**picture.problem, **told})
    elif to.format is Format.CSV:
        show_fields(session, picture.problem, columns.PROBLEM, to)
    else:
        for line in drawn(session, picture):
            session.out.print(line)


async def _picture(session: Session, given: Given) -> ProblemPicture:
    no, campaign = given.problem, campaign_of(given.problem)
    async with session.services.reader(session.settings) as reader:
        problem = await problem_of(reader, no)
        levels = await levels_known(session, reader, given, (campaign, problem.get("unit")))
        if problem["access_level"] not in levels:
            raise Confidential(no=no)
        kinds = ("reply", "evidence", "card", "petition", "extension")
        own = {kind: _own(await reader.objects(kind, campaign), no) for kind in kinds}
        open_ones = await reader.deadlines(DeadlineFilter(campaign=campaign, status="open"))
        clocks = [row for row in open_ones if str(row["id"]).startswith(f"{no}/")]
        way = await _way(session, reader, problem)
    return ProblemPicture(problem, deadlines=await lit(session, clocks), way=way, **own)


async def _way(session: Session, reader: Reader, problem: Row) -> list[Row]:
    said = await reader.entries(problem_stream(str(problem["no"])))
    calendars = {each.version: each for each in await reader.calendars()}
    calendar = calendars.get(problem["calendar_version"])
    return stays(map(entry_of, said), str(problem["no"]), calendar, session.today)


def _own(rows: Sequence[Row], no: str) -> list[Row]:
    return [row for row in rows if str(row["id"]).startswith(f"{no}/")]


async def problem_of(reader: Reader, no: str) -> Row:
    """Return a problem of the ledger. Raises `NotFound`."""
    found = await reader.objects("problem", campaign_of(no), {"no": no})
    if not found:
        raise NotFound("problem.not_found", no=no)
    return found[0]


@verb(problem_noun, "register", NO, *_REGISTER, *WHO, OUTPUT)
def register(session: Session, given: Given) -> None:
    """Put a problem into the ledger of a campaign; it gets its number."""
    to, asking = destination(given.output), asking_of(given)
    asking.person(session)
    typed = {name: getattr(given, name, None) for name in Registration.model_fields}
    try:
        said = Registration(**{k: v for k, v in typed.items() if v is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0]).replace("_", "-")
        raise unfit(session, f"--{name}", first) from None
    receipt, request_id = session.run(_opened(session, given.no, said, asking))
    show_receipt(session, Answer(given.no, receipt, request_id), to.format)


async def _opened(
    session: Session, no: str, said: Registration, asking: Asking
) -> tuple[Receipt, str]:
    receipt, request_id = await _registered(session, no, said, asking)
    await opened(session, "problem", {receipt.object_id: no})
    return receipt, request_id


async def _registered(
    session: Session, no: str, said: Registration, asking: Asking
) -> tuple[Receipt, str]:
    async with session.services.reader(session.settings) as reader:
        people = await register_of(reader, no)
    actor, request = resolve(session, asking, people), asking.request(session)
    if said.source is ProblemSource.HOTLINE and said.source_ref:
        asked = Import(actor=actor, request_id=request, campaign=no)
        return await _typed_ticket(session, asked, said, people), request_of(said.source_ref)
    command = RegisterProblem(registration=said, actor=actor, request_id=request)
    async with session.services.gateway(session.settings) as gateway:
        return await gateway.execute(no, command), command.request_id


async def _typed_ticket(
    session: Session, asked: Import, said: Registration, people: Sequence[Person]
) -> Receipt:
    """Register a ticket typed by hand: its number once, and from a person, as in an import (O11).

    Raises:
        AlreadyExists: `ticket.known`.
    """
    no = said.source_ref
    wanted = {no: said.model_copy(update={"from_person": True})}
    outcome = await register_tickets(session, asked, wanted, people)
    if no in outcome.refused:
        raise outcome.refused[no]
    if no in outcome.known:
        taken = outcome.known[no]
        where = taken.problem or "-"
        raise AlreadyExists("ticket.known", no=no, campaign=taken.campaign, problem=where)
    return outcome.new[no]


def add_problem_decisions() -> None:
    """Give the noun the verbs of the rows about problems."""
    for decision in PROBLEM_DECISIONS:
        done = doing(decision, attrgetter("problem"), _sent)
        verb(problem_noun, decision.verb, *params_of(decision, PROBLEM))(done)


async def _sent(session: Session, no: str, asking: Asking, command: Command) -> tuple[Receipt, str]:
    return await send_about(session, no, asking, partial(signed, command))


def signed(command: Command, who: dict[str, Any]) -> Command:
    """Return a command with its `actor` and `request_id`."""
    return command.model_copy(update=who)


async def send_about(
    session: Session, no: str, asking: Asking, made: Callable[[dict[str, Any]], Command]
) -> tuple[Receipt, str]:
    """Find out who acts and what the problem is given with it, and carry the command out.

    `made` returns the command for its `actor` and `request_id`.
    """
    async with session.services.reader(session.settings) as reader:
        people = await register_of(reader, campaign_of(no))
        actor = resolve(session, asking, people)
        command = made({"actor": actor, "request_id": asking.request(session)})
        asked = await asked_with(reader, no, command, people)
    async with session.services.gateway(session.settings) as gateway:
        return await gateway.execute_problem(no, asked), command.request_id


async def asked_with(
    reader: Reader, no: str, command: Command, people: Sequence[Person]
) -> ProblemAsked:
    """Return a command about a problem with what it is given: what the ledger knows now.

    Raises:
        NotFound: there is no such problem.
    """
    return await asked_about(reader.objects, await problem_of(reader, no), command, people)
