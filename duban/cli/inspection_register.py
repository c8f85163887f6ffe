"""`duban inspection list` and `show`: each reader is told what may be known at this moment.

Who says with `--as` who he is sees what the table of `duban.domain.inspection.sight` gives him, and
that he looked is on the trail. Everybody else learns that there is an inspection, and its state.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from duban.cli.clue_register import posts_of
from duban.cli.inspection_picture import FIELDS, InspectionPicture, flat, outcome_of, way_of
from duban.cli.inspections import INSPECTION, campaign_of, inspection_noun, inspection_of
from duban.cli.objects import cut, lit
from duban.cli.output import Column, Format, destination, show_fields, show_json, show_rows
from duban.cli.problem_way import stays_of
from duban.cli.question_commands import entry_of
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.typed import CAMPAIGN, LIMIT, OUTPUT, STATE
from duban.cli.verbs import Given, option, verb
from duban.contracts import inspection_stream
from duban.domain.inspection.sight import FieldGroup, item_seen, seen, sight_of
from duban.domain.reading import Post, Reading
from duban.domain.roles import Role
from duban.errors import NotFound
from duban.store.ledger import DeadlineFilter

NAMELESS: Final = frozenset({FieldGroup.EXISTENCE})
"""What nobody needs a role for."""

Sight = frozenset[FieldGroup]

COLUMNS: Final = (
    Column("no"),
    Column("inspection_kind", "inspection_kind"),
    Column("theme"),
    Column("state", "inspection_state"),
    Column("leader"),
    Column("starts_on"),
    Column("ends_on"),
    Column("draw"),
    Column("unit"),
    Column("arrived_at"),
    Column("broken", "invariant"),
)


class _Who(NamedTuple):
    """Who reads, in all posts; nobody where `--as` names no one."""

    person: str | None
    posts: Sequence[Post]

    def sight(self, row: Row) -> Sight:
        """Return what is seen of an inspection."""
        if self.person is None:
            return NAMELESS
        return sight_of(dict(row), self.person, self.posts)


@verb(
    inspection_noun,
    "list",
    CAMPAIGN,
    option("kind", "KIND"),
    STATE,
    option("after", "INSPECTION"),
    LIMIT,
    *WHO_READS,
    OUTPUT,
)
def list_inspections(session: Session, given: Given) -> None:
    """List the inspections that the reader may know of, page by page by their numbers."""
    to = destination(given.output)
    rows = session.run(_listed(session, given))
    show_rows(session, cut(session, rows, given.limit), COLUMNS, to)


async def _listed(session: Session, given: Given) -> list[Row]:
    where = {"campaign": given.campaign} if given.campaign else {}
    async with session.services.reader(session.settings) as reader:
        who = await _reading(session, reader, given, ("inspection list", given.campaign))
        rows = await reader.objects("inspection", None, {**where})
    found = ((row, who.sight(row)) for row in rows)
    told = (flat(session, seen(dict(row), sight)) for row, sight in found if sight)
    wanted = {"state": given.state, "inspection_kind": given.kind}
    return [
        each
        for each in sorted(told, key=lambda row: str(row["no"]))
        if str(each["no"]) > (given.after or "")
        and all(value in (None, each.get(name)) for name, value in wanted.items())
    ]


@verb(inspection_noun, "show", INSPECTION, *WHO_READS, OUTPUT)
def show(session: Session, given: Given) -> None:
    """Draw the way of an inspection, its record and its findings, as far as the reader may know."""
    to = destination(given.output)
    picture = session.run(_picture(session, given))
    if to.format is Format.JSON:
        show_json(session, picture.document)
    elif to.format is Format.CSV:
        show_fields(session, flat(session, picture.doc), FIELDS, to)
    else:
        for line in way_of(session, picture):
            session.out.print(line)
        show_fields(session, flat(session, picture.doc), FIELDS, to)
        for line in outcome_of(session, picture):
            session.out.print(line)


async def _picture(session: Session, given: Given) -> InspectionPicture:
    no, stream = given.inspection, inspection_stream(given.inspection)
    asked = ("inspection show", campaign_of(no))
    async with session.services.reader(session.settings) as reader:
        who = await _reading(session, reader, given, asked)
        row = await inspection_of(reader, no)
        sight = who.sight(row)
        if not sight:
            # Who may not know of it learns no more than that there is no such number for him.
            raise NotFound("inspection.not_found", no=no)
        items = await reader.objects("inspection_item", stream)
        findings = await reader.objects("finding", stream)
        open_ones = await reader.deadlines(DeadlineFilter(campaign=stream, status="open"))
        way = await _way(session, reader, row)
    return InspectionPicture(
        doc=seen(dict(row), sight),
        way=way,
        items=[each for each in (item_seen(dict(i), sight) for i in items) if each is not None],
        findings=[dict(each) for each in findings] if FieldGroup.CONCLUSION in sight else [],
        deadlines=await lit(session, list(_clocks(open_ones, sight))),
    )


def _clocks(rows: Sequence[Row], sight: Sight) -> Iterator[Row]:
    """Yield the clocks that may be seen: that of a unit would tell which unit it is."""
    for row in rows:
        if FieldGroup.TARGET in sight or (
            FieldGroup.DRAW in sight and str(row["holder"]) in set(Role)
        ):
            yield row


async def _way(session: Session, reader: Reader, row: Row) -> list[Row]:
    said = await reader.entries(inspection_stream(str(row["no"])))
    calendars = {each.version: each for each in await reader.calendars()}
    calendar = calendars.get(row["calendar_version"])
    return stays_of(map(entry_of, said), "inspection", calendar, session.today)


async def _reading(
    session: Session, reader: Reader, given: Given, of: tuple[str, str | None]
) -> _Who:
    """Put the reading on the trail where somebody is named; `of` is its surface and campaign."""
    if given.actor is None:
        return _Who(None, ())
    surface, campaign = of
    asked = asked_of(given, surface, scope=(campaign, None))
    asked = asked.model_copy(update={"kind": Reading.INSPECTIONS})
    await permitted(session, reader, asked, given.actor)
    return _Who(given.actor, await posts_of(reader, given.actor))
