"""`duban inspection`: every decision about an inspection, and the sealed target for its leader."""

from collections.abc import Mapping
from typing import Any, Final

from duban.cli.actors import Asking, asking_of, register_of, resolve
from duban.cli.deciding import Answer, shaped, show_receipt
from duban.cli.decisions import Decision
from duban.cli.inspection_decisions import INSPECTION_DECISIONS, TypedItem
from duban.cli.inspection_parsing import read_as, whole_id
from duban.cli.output import Column, destination, show_fields
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.signatures import params_of
from duban.cli.typed import OUTPUT, WHO
from duban.cli.verbs import Given, Verb, argument, noun, verb
from duban.contracts import Receipt, inspection_stream
from duban.domain.entity.command import Command
from duban.domain.inspection.commands import ReleaseTarget
from duban.errors import DubanError, NotFound
from duban.inspection_contracts import LEADER, InspectionAsked
from duban.store.given_inspections import asked_about_inspection

inspection_noun = noun()

INSPECTION = argument("inspection", "INSPECTION")
_NAMED: Final = ("item", "finding")
_TARGET: Final = (
    Column("inspection"),
    Column("site"),
    Column("site_name"),
    Column("unit"),
    Column("unit_name"),
    Column("address"),
    Column("inspectors"),
)


def campaign_of(no: str) -> str:
    """Return the campaign of an inspection by its number; the serial stands behind the last `-I`.

    Raises `NotFound` for what is no such number.
    """
    campaign, mark, _ = no.rpartition("-I")
    if not (campaign and mark):
        raise NotFound("inspection.not_found", no=no)
    return campaign


async def inspection_of(reader: Reader, no: str) -> Row:
    """Return an inspection of the ledger. Raises `NotFound`."""
    campaign_of(no)
    found = await reader.objects("inspection", inspection_stream(no))
    if not found:
        raise NotFound("inspection.not_found", no=no)
    return found[0]


def add_inspection_decisions() -> None:
    """Give the noun the verbs of the rows about inspections."""
    for decision in INSPECTION_DECISIONS:
        verb(inspection_noun, decision.verb, *params_of(decision, INSPECTION))(_doing(decision))


def _doing(decision: Decision) -> Verb:
    def decide(session: Session, given: Given) -> None:
        to, asking, no = destination(given.output), asking_of(given), given.inspection
        row = decision._replace(reads=read_as(no))
        command = shaped(session, row, _in_full(no, vars(given)), asking)
        receipt, request_id = session.run(_sent(session, no, asking, command))
        show_receipt(session, Answer(no, receipt, request_id), to.format)

    return decide


def _in_full(no: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed, with the ids of items and findings in full."""
    return {
        name: whole_id(no, value) if name in _NAMED and value else value
        for name, value in typed.items()
    }


async def _sent(session: Session, no: str, asking: Asking, command: Command) -> tuple[Receipt, str]:
    asked = await asked_with(session, no, asking, command)
    async with session.services.gateway(session.settings) as gateway:
        return await gateway.execute_inspection(no, asked), asked.command.request_id


async def asked_with(
    session: Session, no: str, asking: Asking, command: Command
) -> InspectionAsked:
    """Find out who acts, and return a command with what the ledger knows that the decision needs.

    Raises `NotFound` when there is no such inspection.
    """
    async with session.services.reader(session.settings) as reader:
        inspection = await inspection_of(reader, no)
        people = await register_of(reader, campaign_of(no))
        who = {"actor": resolve(session, asking, people), "request_id": asking.request(session)}
        signed = command.model_copy(update=who)
        sent = signed.sent() if isinstance(signed, TypedItem) else signed
        return await asked_about_inspection(reader.objects, inspection, sent, people)


RELEASE: Final = Decision("inspection", "release", ReleaseTarget)


@verb(inspection_noun, "release", INSPECTION, *WHO, OUTPUT)
def release(session: Session, given: Given) -> None:
    """Hand the sealed target to its leader: shown once, kept nowhere; each asking is an entry.

    The key is made here and now and goes with this process, so that only this answer opens.
    """
    to, asking = destination(given.output), asking_of(given)
    told = session.run(_released(session, given, asking))
    show_fields(session, told, _TARGET, to)
    session.err.print(session.say("inspection.released", no=given.inspection))


async def _released(session: Session, given: Given, asking: Asking) -> Row:
    from duban.proof.errors import SealError  # noqa: PLC0415 -- they import cryptography
    from duban.proof.sealing import OpeningKey  # noqa: PLC0415

    no, key = given.inspection, OpeningKey.make(LEADER)
    public = key.public.public.hex()
    command = shaped(session, RELEASE, {"key": public}, asking)
    asked = await asked_with(session, no, asking, command)
    async with session.services.gateway(session.settings) as gateway:
        await gateway.execute_inspection(no, asked)
        handed = await gateway.hand(no, public)
    try:
        body = key.open(bytes.fromhex(handed.box)).body
    except SealError as error:
        raise DubanError("inspection.box", no=no) from error
    return await _told(session, no, body)


async def _told(session: Session, no: str, body: bytes) -> Row:
    """Return a target as its leader reads it; which unit it is, is asked of nobody."""
    from duban.domain.draw.drawing import Target  # noqa: PLC0415 -- beside what it is used with

    target = Target.model_validate_json(body)
    async with session.services.reader(session.settings) as reader:
        units = await reader.objects("unit", campaign_of(no))
    names = {str(row["code"]): row["name"] for row in units}
    told = {**target.plain(), "site_name": target.name, "unit_name": names.get(target.unit)}
    return {column.key: told[column.key] for column in _TARGET}
