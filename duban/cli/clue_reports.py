"""`duban clue report` and `write-up`: the number first, the account then, the identity sealed."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from duban.cli.actors import Asking, asking_of, register_of, resolve
from duban.cli.clues import CLUE, asked_with, campaign_of, clue_noun, clue_of, lookup_of
from duban.cli.custody_commands import recipient_of, text_of, who_acts
from duban.cli.deciding import Answer, show_receipt
from duban.cli.errors import UsageFault
from duban.cli.output import destination
from duban.cli.parsing import unfit
from duban.cli.question_commands import moment_of
from duban.cli.session import Session
from duban.cli.signatures import choices_of
from duban.cli.typed import NO, OUTPUT, WHO
from duban.cli.verbs import Given, option, required, verb, yes_or_no
from duban.contracts import Receipt
from duban.domain.campaign.commands import ReportClue
from duban.domain.clue.commands import WriteUpClue
from duban.domain.clue.records import ClueReport
from duban.domain.clue.words import ClueAccess
from duban.domain.custody import Deed, Wish
from duban.domain.roles import UNIT_ROLES, Actor, Person, Role

_CLASSES = choices_of(WriteUpClue.model_fields["reporter_class"])
_LEVELS = choices_of(WriteUpClue.model_fields["access_level"])
_SOURCES = choices_of(ClueReport.model_fields["source"])
_ACCOUNT = (
    option("access_level", _LEVELS, flag="--access"),
    option("matter", "TEXT"),
    option("object_unit", "CODE"),
    option("object_person", "TEXT"),
    option("identity", "FILE"),
    option("recipient", "FILE"),
    option("custodian", "PERSON"),
)
_TOLD = ("reporter_class", "access_level", "matter", "object_unit", "object_person", "custodian")
# Stands in while the shape of an account is checked, before any server is asked who acts.
_ANYBODY = Actor(id="0", role=Role.OFFICE)
_HIDDEN = ("matter", "object_unit", "object_person")


class _Who(NamedTuple):
    """Who acts, the register he is on, and the request id."""

    actor: Actor
    people: list[Person]
    request_id: str


class _Account(NamedTuple):
    """What was typed of the account: what may stand in the clear, and what is to be sealed."""

    clear: dict[str, Any]
    hidden: dict[str, Any]
    is_sealed: bool


@verb(
    clue_noun,
    "report",
    NO,
    required("source", _SOURCES),
    required("known_on", "YYYY-MM-DD"),
    option("known_to", "BODY|UNIT"),
    yes_or_no("urgent", "--urgent/--ordinary", False),
    option("phoned_at", "YYYY-MM-DDTHH:MM"),
    option("court_case", "CASE"),
    option("reporter_class", _CLASSES, flag="--reporter"),
    *_ACCOUNT,
    *WHO,
    OUTPUT,
)
def report(session: Session, given: Given) -> None:
    """Report a clue: it gets its number, and its account if that is told at once."""
    to, asking = destination(given.output), asking_of(given)
    asking.person(session)
    told = given.reporter_class is not None
    if given.matter and not told:
        raise UsageFault("usage.reporter_class")
    # What is wrong with the words is said before a number is given or anything sealed.
    account = _account(session, given) if told else None
    receipt, request_id = session.run(_reported(session, given, asking))
    no = receipt.object_id
    if account is not None:
        receipt = session.run(_written(session, no, given, account, just_reported=True))
    show_receipt(session, Answer(no, receipt, request_id), to.format)


@verb(
    clue_noun,
    "write-up",
    CLUE,
    required("reporter_class", _CLASSES, flag="--reporter"),
    *_ACCOUNT,
    *WHO,
    OUTPUT,
)
def write_up(session: Session, given: Given) -> None:
    """Hand the written account of a clue in."""
    to, asking = destination(given.output), asking_of(given)
    asking.person(session)
    receipt = session.run(_written(session, given.clue, given, _account(session, given)))
    show_receipt(session, Answer(given.clue, receipt, asking.request(session)), to.format)


async def _reported(session: Session, given: Given, asking: Asking) -> tuple[Receipt, str]:
    who = await _who(session, given.no, asking)
    unit = who.actor.unit if who.actor.role in UNIT_ROLES else None
    said: dict[str, Any] = {
        "source": given.source,
        "known_on": given.known_on,
        "known_to": given.known_to or unit or who.actor.role.value,
        "urgent": given.urgent,
        "phoned_at": _phoned(session, given),
    }
    command = ReportClue(
        report=_valid(session, ClueReport, said),
        court_case=given.court_case or "",
        actor=who.actor,
        request_id=who.request_id,
    )
    async with session.services.gateway(session.settings) as gateway:
        return await gateway.execute(given.no, command), who.request_id


def _phoned(session: Session, given: Given) -> datetime | None:
    """Return when an urgent clue was told by telephone: as typed, else now (DL15)."""
    return moment_of(session, given.phoned_at) if given.urgent else None


async def _who(session: Session, campaign: str, asking: Asking) -> _Who:
    async with session.services.reader(session.settings) as reader:
        people = await register_of(reader, campaign)
    return _Who(resolve(session, asking, people), people, asking.request(session))


def _account(session: Session, given: Given) -> _Account:
    """Read the account. Raises `UsageFault` for a value that cannot be one."""
    told = {name: getattr(given, name) for name in _TOLD if getattr(given, name) is not None}
    is_sealed = told.get("access_level") == ClueAccess.SEALED
    hidden = {name: told[name] for name in _HIDDEN if is_sealed and name in told}
    clear = {name: value for name, value in told.items() if name not in hidden}
    blank = {"actor": _ANYBODY, "request_id": "not-sent-yet", "lookup": lookup_of("")}
    _valid(session, WriteUpClue, {**clear, **blank})
    if (given.identity or is_sealed) and not given.recipient:
        raise UsageFault("usage.recipient")
    return _Account(clear, hidden, is_sealed)


async def _written(
    session: Session, no: str, given: Given, account: _Account, *, just_reported: bool = False
) -> Receipt:
    """Seal who reported it, then hand the account in; say the look-up number at the end."""
    who = await _who(session, campaign_of(no), asking_of(given))
    number = secrets.token_hex(8)
    command = WriteUpClue(
        **account.clear, actor=who.actor, request_id=who.request_id, lookup=lookup_of(number)
    )
    if given.identity or account.is_sealed:
        sealed = await _sealed(session, no, given, account.hidden)
        command = command.model_copy(update={"sealed": sealed})
    async with session.services.reader(session.settings) as reader:
        if not just_reported:
            await clue_of(reader, no)
        asked = await asked_with(reader, no, command, who.people)
    async with session.services.gateway(session.settings) as gateway:
        receipt = await gateway.execute_clue(no, asked, just_reported=just_reported)
    session.err.print(session.say("clue.lookup", no=no, number=number))
    return receipt


async def _sealed(session: Session, no: str, given: Given, hidden: Mapping[str, Any]) -> str:
    """Seal the identity, and of a sealed clue all it says, for the custodian's key alone."""
    recipient = recipient_of(given.recipient)
    identity = text_of(given.identity) if given.identity else ""
    body = json.dumps({"clue": no, "reporter": identity, **hidden}, ensure_ascii=False)
    wish = Wish(deed=Deed.SEAL_IDENTITY, request_id=session.services.new_request_id())
    async with session.services.custody(session.settings) as custody:
        return await custody.seal(wish, await who_acts(session, given, custody), body, recipient)


def _valid(session: Session, model: Any, said: Mapping[str, Any]) -> Any:
    try:
        return model.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = {"reporter_class": "reporter", "access_level": "access"}.get(
            str(first["loc"][0]), str(first["loc"][0]).replace("_", "-")
        )
        raise unfit(session, f"--{name}", first) from None
