"""`duban draw new` and `template`: the lists of a draw are read, sealed, and only then drawn from.

Nothing of the lists leaves this process in the clear: they go into one sealed box, and the campaign
hears the random name of that box and its digest (SEC1). A wrong row seals and sends nothing.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from duban.cli.actors import Asking, asking_of, register_of, resolve
from duban.cli.awaiting import awaited
from duban.cli.deciding import Answer, show_receipt
from duban.cli.draws import draw_noun
from duban.cli.errors import Status
from duban.cli.inspections import INSPECTION, campaign_of, inspection_of
from duban.cli.output import Format, destination, show_json
from duban.cli.parsing import exclusions
from duban.cli.plan_files import problem_lines, problem_rows
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.taking_over import given_back
from duban.cli.typed import OUTPUT, WHO
from duban.cli.verbs import Given, argument, repeated, required, verb
from duban.contracts import Receipt, campaign_stream
from duban.domain.campaign.commands import OpenInspectionDraw
from duban.domain.campaign.draw_records import DrawState
from duban.domain.draw.places import Lists
from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import Actor
from duban.domain.sampling import Exclusion
from duban.errors import NotFound, Unavailable
from duban.store.trail import TrailFilter
from duban.workbook.draw_lists import TITLES, read_places, read_pool
from duban.workbook.returned import write_forms
from duban.workbook.rows import ReadTable

_FAILED: Final = "campaign:draw:failed"


@verb(draw_noun, "template", argument("out"))
def template(session: Session, given: Given) -> None:
    """Write an empty form of both lists, a sheet each."""
    write_forms(Path(given.out), TITLES)
    session.print("written", path=given.out)


@verb(
    draw_noun,
    "new",
    INSPECTION,
    required("sites", "FILE"),
    required("pool", "FILE"),
    repeated("exclude", "SITE=REASON", must=False),
    *WHO,
    OUTPUT,
)
def new(session: Session, given: Given) -> int:
    """Seal the lists, open the draw of an order, and wait until it is committed to or failed."""
    to, asking, no = destination(given.output), asking_of(given), given.inspection
    asking.person(session)
    excluded = tuple(Exclusion(**each) for each in exclusions(given.exclude or ()))
    who, units = session.run(_before(session, no, asking))
    paths = _file(given.sites), _file(given.pool)
    places, pool = read_places(paths[0], units), read_pool(paths[1], units)
    tables = places.table, pool.table
    if any(row.problems for table in tables for row in table.rows):
        return _given_back(session, paths, tables, to.format)
    lists = Lists(places=places.places, pool=pool.pool, excluded=excluded).in_order()
    receipt, draw = session.run(_opened(session, no, lists, who))
    show_receipt(session, Answer(no, receipt, who.request_id), to.format)
    if to.format is not Format.JSON:
        session.print("draw.committed", no=draw["no"], sites=draw["size"], commit=draw["commit"])
    return Status.DONE


class _Who(NamedTuple):
    """Who opens a draw, and under which request id."""

    actor: Actor
    request_id: str


async def _before(session: Session, no: str, asking: Asking) -> tuple[_Who, list[Row]]:
    """Return who acts, and the units of the campaign by which the lists are read."""
    async with session.services.reader(session.settings) as reader:
        await inspection_of(reader, no)
        people = await register_of(reader, campaign_of(no))
        units = await reader.objects("unit", campaign_of(no))
    return _Who(resolve(session, asking, people), asking.request(session)), units


def _file(named: str) -> Path:
    path = Path(named)
    if not path.is_file():
        raise NotFound("file.not_found", file=path.name)
    return path


def _given_back(
    session: Session, paths: Sequence[Path], tables: Sequence[ReadTable], fmt: Format
) -> int:
    """Say what is wrong, and write the wrong rows beside each list; nothing was sealed or sent."""
    problems, written = [], []
    for kind, path, table in zip(("sites", "pool"), paths, tables, strict=True):
        wrong = [row for row in table.rows if row.problems]
        problems += [each for row in wrong for each in row.problems]
        if wrong:
            beside = path.with_name(f"{path.stem}-{kind}-errors{path.suffix.lower()}")
            written.append(str(given_back(session, table, wrong, (path, beside))))
    if fmt is Format.JSON:
        show_json(session, {"problems": problem_rows(problems, session.lang), "errors": written})
    for line in problem_lines(problems, session.lang):
        session.err.print(line)
    session.err.print(session.say("draw.lists_wrong", count=len(problems), paths=written))
    return Status.REFUSED


async def _opened(session: Session, no: str, lists: Lists, who: _Who) -> tuple[Receipt, Row]:
    """Return the receipt of a draw and the draw once it is committed to.

    Raises:
        RuleViolation: it may not be opened, or the lists cannot be drawn from.
        Unavailable: `draw.no_answer`, there is no commitment yet.
    """
    campaign = campaign_of(no)
    async with session.services.lists(session.settings) as keeper:
        sealed = await keeper.hand_in(campaign_stream(campaign), lists)
    command = OpenInspectionDraw(
        inspection=no, package=sealed.package, digest=sealed.digest, **who._asdict()
    )
    async with session.services.gateway(session.settings) as gateway:
        receipt = await gateway.execute(campaign, command)
    async with session.services.reader(session.settings) as reader:
        draw = await awaited(session, partial(_answered, reader, campaign, receipt.object_id))
        if draw is None:
            raise Unavailable("draw.no_answer", no=receipt.object_id)
        if draw["state"] == DrawState.VOIDED:
            raise await _why(reader, campaign, draw)
    return receipt, draw


async def _answered(reader: Reader, campaign: str, no: str) -> Row | None:
    found = await reader.objects("draw", campaign, {"no": no})
    return next((row for row in found if row["state"] != DrawState.ASKED), None)


async def _why(reader: Reader, campaign: str, draw: Row) -> RuleViolation:
    """Return the refusal of the lists, with what the entry says of it."""
    wanted = TrailFilter(campaign=campaign, tag=_FAILED, object_type="draw", object_id=draw["no"])
    said = next(iter(await reader.search(wanted)), None)
    params = said.event.detail.get("params") if said else None
    return RuleViolation(Code(str(draw["void_reason"])), **cast(dict[str, Any], params or {}))
