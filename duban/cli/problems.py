"""`duban problem`: list, show, register, and every decision about a problem."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from pydantic import ValidationError

from duban.cli import columns
from duban.cli.actors import Asking, asking_of, register_of, resolve
from duban.cli.deciding import Answer, shaped, show_receipt
from duban.cli.decisions import Decision
from duban.cli.objects import cut, lit, objects
from duban.cli.output import Format, destination, show_fields, show_json, show_rows
from duban.cli.parsing import unfit
from duban.cli.problem_decisions import PROBLEM_DECISIONS
from duban.cli.problem_picture import LISTS, ProblemPicture, drawn
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.signatures import params_of
from duban.cli.typed import CAMPAIGN, LIMIT, NO, OUTPUT, STATE, UNIT, WHO
from duban.cli.verbs import Given, Verb, argument, noun, option, required, verb, yes_or_no
from duban.contracts import Receipt
from duban.domain.campaign.commands import RegisterProblem
from duban.domain.entity.command import Command
from duban.domain.problem.registration import Registration
from duban.errors import NotFound
from duban.store.given import asked_about
from duban.store.ledger import DeadlineFilter

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


@verb(problem_noun, "list", CAMPAIGN, UNIT, STATE, option("type", "TYPE"), LIMIT, OUTPUT)
def list_problems(session: Session, given: Given) -> None:
    """List problems."""
    where = {"unit": given.unit, "state": given.state, "problem_type": given.type}
    rows = session.run(objects(session, "problem", given.campaign, **where))
    ordered = sorted(rows, key=lambda row: str(row["no"]))
    shown = cut(session, ordered, given.limit)
    show_rows(session, shown, columns.PROBLEMS, destination(given.output))


@verb(problem_noun, "show", PROBLEM, OUTPUT)
def show(session: Session, given: Given) -> None:
    """Draw the way of a problem: who held it, how long, what counted and what did not."""
    to = destination(given.output)
    picture = session.run(_picture(session, given.problem))
    if to.format is Format.JSON:
        told = {name: [dict(row) for row in getattr(picture, name)] for name in LISTS}
        show_json(session, {**picture.problem, **told})
    elif to.format is Format.CSV:
        show_fields(session, picture.problem, columns.PROBLEM, to)
    else:
        for line in drawn(session, picture):
            session.out.print(line)


async def _picture(session: Session, no: str) -> ProblemPicture:
    campaign = campaign_of(no)
    async with session.services.reader(session.settings) as reader:
        problem = await problem_of(reader, no)
        kinds = ("reply", "evidence", "card", "petition", "extension")
        own = {kind: _own(await reader.objects(kind, campaign), no) for kind in kinds}
        open_ones = await reader.deadlines(DeadlineFilter(campaign=campaign, status="open"))
        clocks = [row for row in open_ones if str(row["id"]).startswith(f"{no}/")]
    return ProblemPicture(problem, deadlines=await lit(session, clocks), **own)


def _own(rows: Sequence[Row], no: str) -> list[Row]:
    return [row for row in rows if str(row["id"]).startswith(f"{no}/")]


async def problem_of(reader: Reader, no: str) -> Row:
    """Return a problem of the ledger. Raises `NotFound`."""
    found = await reader.objects("problem", campaign_of(no), {"no": no})
    if not found:
        raise NotFound("problem.not_found", no=no)
    return found[0]


def campaign_of(no: str) -> str:
    """Return the campaign of a problem by its number; the serial stands behind the last dash."""
    return no.rpartition("-")[0]


@verb(problem_noun, "register", NO, *_REGISTER, *WHO, OUTPUT)
def register(session: Session, given: Given) -> None:
    """Put a problem into the ledger of a campaign; it gets its number."""
    to, asking = destination(given.output), asking_of(given)
    asking.person(session)
    typed = {name: getattr(given, name) for name in Registration.model_fields}
    try:
        said = Registration(**{k: v for k, v in typed.items() if v is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0]).replace("_", "-")
        raise unfit(session, f"--{name}", first) from None
    receipt, request_id = session.run(_registered(session, given.no, said, asking))
    show_receipt(session, Answer(given.no, receipt, request_id), to.format)


async def _registered(
    session: Session, no: str, said: Registration, asking: Asking
) -> tuple[Receipt, str]:
    async with session.services.reader(session.settings) as reader:
        people = await register_of(reader, no)
    command = RegisterProblem(
        registration=said,
        actor=resolve(session, asking, people),
        request_id=asking.request(session),
    )
    async with session.services.gateway(session.settings) as gateway:
        return await gateway.execute(no, command), command.request_id


def add_problem_decisions() -> None:
    """Give the noun the verbs of the rows about problems."""
    for decision in PROBLEM_DECISIONS:
        verb(problem_noun, decision.verb, *params_of(decision, PROBLEM))(_doing(decision))


def _doing(decision: Decision) -> Verb:
    def decide(session: Session, given: Given) -> None:
        to, asking = destination(given.output), asking_of(given)
        command = shaped(session, decision, vars(given), asking)
        made = partial(_signed, command)
        receipt, request_id = session.run(send_about(session, given.problem, asking, made))
        show_receipt(session, Answer(given.problem, receipt, request_id), to.format)

    return decide


def _signed(command: Command, who: dict[str, Any]) -> Command:
    return command.model_copy(update=who)


async def send_about(
    session: Session, no: str, asking: Asking, made: Callable[[dict[str, Any]], Command]
) -> tuple[Receipt, str]:
    """Find out who acts and what the problem is given with it, and carry the command out.

    `made` returns the command for its `actor` and `request_id`.
    """
    async with session.services.reader(session.settings) as reader:
        people = await register_of(reader, campaign_of(no))
        problem = await problem_of(reader, no)
        actor = resolve(session, asking, people)
        command = made({"actor": actor, "request_id": asking.request(session)})
        asked = await asked_about(reader.objects, problem, command, people)
    async with session.services.gateway(session.settings) as gateway:
        return await gateway.execute_problem(no, asked), command.request_id
