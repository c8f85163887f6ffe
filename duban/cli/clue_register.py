"""`duban clue list`, `show` and `open-identity`: who reads a clue is on the trail first (K84)."""

from collections.abc import Iterator, Mapping
from typing import Any

from duban.cli import columns
from duban.cli.clues import CLUE, campaign_of, clue_noun, clue_of
from duban.cli.custody_commands import opening_key_of, who_acts
from duban.cli.objects import cut, lit
from duban.cli.output import Format, destination, show_fields, show_json, show_rows
from duban.cli.parsing import role
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.typed import CAMPAIGN, LIMIT, OUTPUT, STATE
from duban.cli.verbs import Given, option, required, verb
from duban.contracts import clue_stream
from duban.domain.clue.records import ClueRecord
from duban.domain.clue.sight import Sight, seen, sight_of
from duban.domain.custody import Deed, Wish
from duban.domain.reading import Post, Reading
from duban.domain.roles import Person
from duban.errors import NotFound
from duban.store.ledger import DeadlineFilter

_WAY = (
    "reported",
    "acknowledged",
    "screened",
    "reviewed",
    "transfer_due",
    "transferred",
    "received",
    "result_known",
    "answered",
    "closed",
)
"""The straight way of g.7; other states are shown beside it."""


@verb(
    clue_noun,
    "list",
    CAMPAIGN,
    STATE,
    option("source", "SOURCE"),
    option("after", "CLUE"),
    LIMIT,
    *WHO_READS,
    OUTPUT,
)
def list_clues(session: Session, given: Given) -> None:
    """List the clues that the reader may see, page by page by their numbers."""
    to = destination(given.output)
    rows = session.run(_listed(session, given))
    show_rows(session, cut(session, rows, given.limit), columns.CLUES, to)


async def _listed(session: Session, given: Given) -> list[Row]:
    where = {"campaign": given.campaign} if given.campaign else {}
    async with session.services.reader(session.settings) as reader:
        posts = await _reading(session, reader, given, "clue list", given.campaign)
        rows = await reader.objects("clue", None, {**where})
    found = [flat(each) for each in visible(rows, _person(session, given), posts)]
    wanted = {"state": given.state, "source": given.source}
    return [
        each
        for each in sorted(found, key=lambda row: str(row["no"]))
        if str(each["no"]) > (given.after or "")
        and all(value in (None, each.get(name)) for name, value in wanted.items())
    ]


@verb(clue_noun, "show", CLUE, *WHO_READS, OUTPUT)
def show(session: Session, given: Given) -> None:
    """Draw the way of a clue, as far as the reader may see it."""
    to = destination(given.output)
    row, clocks = session.run(_shown(session, given))
    if to.format is Format.JSON:
        show_json(session, {**row, "deadlines": [dict(each) for each in clocks]})
    elif to.format is Format.CSV:
        show_fields(session, flat(row), columns.CLUES, to)
    else:
        for line in _drawn(session, row):
            session.out.print(line)
        show_fields(session, flat(row), columns.CLUE, to)
        for each in clocks:
            name = session.term("deadline", each["code"])
            session.out.print(f"  {each['current_due_on']}  {name}  {_holder(session, each)}")


async def _shown(session: Session, given: Given) -> tuple[Row, list[Row]]:
    async with session.services.reader(session.settings) as reader:
        posts = await _reading(session, reader, given, "clue show", campaign_of(given.clue))
        clue = await clue_of(reader, given.clue)
        open_ones = DeadlineFilter(campaign=clue_stream(given.clue), status="open")
        clocks = await reader.deadlines(open_ones)
    seen_of_it = list(visible([clue], _person(session, given), posts))
    if not seen_of_it:
        # Who may not know of it learns no more than that there is no such number for him.
        raise NotFound("clue.not_found", no=given.clue)
    whole = "state" in seen_of_it[0]
    return seen_of_it[0], await lit(session, clocks) if whole else []


def _person(session: Session, given: Given) -> str:
    return str(given.actor or session.settings.actor)


async def _reading(
    session: Session, reader: Reader, given: Given, surface: str, campaign: str | None
) -> list[Post]:
    """Put the reading on the trail, and return the posts of who reads, in every register."""
    asked = asked_of(given, surface, scope=(campaign, None))
    asked = asked.model_copy(update={"kind": Reading.CLUES})
    await permitted(session, reader, asked, given.actor)
    return await posts_of(reader, _person(session, given))


async def posts_of(reader: Reader, person: str) -> list[Post]:
    """Return the posts that a person holds or held, in every register."""
    rows = await reader.objects("person", None, {"id": person})
    return [Post(campaign=str(row["campaign"]), person=_known(row)) for row in rows]


def _known(row: Row) -> Person:
    return Person.model_validate({k: v for k, v in row.items() if k in Person.model_fields})


def visible(rows: list[Row], person: str, posts: list[Post]) -> Iterator[Row]:
    """Yield the clues that a person sees something of, each as far as he sees it."""
    for row in rows:
        clue = dict(row)
        sight = sight_of(clue, person, posts)
        if sight is not Sight.NOTHING:
            yield seen(clue, sight)


def flat(clue: Row) -> dict[str, Any]:
    """Return a clue in the columns of the register (线索台账, d.6); what is not seen is empty."""
    said: Mapping[str, Any] = clue["report"]
    whom = [clue.get("object_unit"), clue.get("object_person")]
    return {
        "source": said.get("source"),
        "received_at": clue.get("reported_at") or said["known_on"],
        "object": " ".join(str(each) for each in whom if each),
        **{name: clue.get(name) or None for name in _OWN},
        **_of_the_transfer(clue),
    }


_OWN = (
    *("campaign", "no", "state", "matter", "nature", "handling", "decided_by", "access_level"),
    *("reporter_class", "major", "acknowledged_by", "chased", "returns", "retaliation"),
    *("withheld", "sealed", "custodian"),
)
"""Fields that stand in the register under their own names."""


def _of_the_transfer(clue: Row) -> dict[str, Any]:
    parts = ("package", "handover", "result", "told")
    package, handover, result, told = (clue.get(name) or {} for name in parts)
    return {
        "addressee": package.get("addressee") or clue.get("problem"),
        "sent_at": package.get("sent_at"),
        "received_by": handover.get("signed_by"),
        "feedback_on": package.get("feedback_on"),
        "clue_outcome": result.get("outcome"),
        "told_on": told.get("on"),
    }


def _drawn(session: Session, clue: Row) -> Iterator[str]:
    state = clue.get("state")
    if state is None:
        yield session.say("clue.existence", no=clue["no"])
        return
    if state not in _WAY:
        yield f"  [{session.term('clue_state', state)}]"
        return
    here = _WAY.index(state)
    marks = ("●" if at < here else "◉" if at == here else "○" for at in range(len(_WAY)))
    yield f"  {' '.join(marks)}  [{session.term('clue_state', state)}]"


def _holder(session: Session, row: Row) -> str:
    return session.term("role", row["holder"])


@verb(
    clue_noun,
    "open-identity",
    CLUE,
    required("key", "KEYFILE"),
    required("basis", "TEXT"),
    *WHO_READS,
)
def open_identity(session: Session, given: Given) -> None:
    """Open who reported a clue, for its custodian alone; that it was read is on the trail first."""
    key = opening_key_of(given.key)

    async def done() -> tuple[str, str]:
        async with session.services.reader(session.settings) as reader:
            row = await clue_of(reader, given.clue)
        clue = ClueRecord.model_validate(
            {name: value for name, value in row.items() if name in ClueRecord.model_fields}
        )
        wish = Wish(
            deed=Deed.OPEN_IDENTITY,
            subject=clue.sealed or "-",
            role=role(given.role) if given.role else None,
            basis=given.basis,
            openers=clue.openers,
            request_id=session.services.new_request_id(),
            detail={"clue": clue.no},
        )
        async with session.services.custody(session.settings) as custody:
            return await custody.open_identity(wish, await who_acts(session, given, custody), key)

    named, text = session.run(done())
    session.out.print(text)
    session.err.print(session.say("clue.opened", id=named))
