"""`duban campaign`: list, show, start from a file, export, the gate ahead."""

from pathlib import Path
from typing import Any

from duban import restoring
from duban.cli import columns
from duban.cli.actors import asking_of, resolve
from duban.cli.bars import counted
from duban.cli.deciding import Answer, show_receipt
from duban.cli.exporting import exported, progress_of
from duban.cli.objects import cut, lit, objects
from duban.cli.output import Format, destination, show_fields, show_json, show_rows
from duban.cli.picture import Picture, drawn
from duban.cli.plan_files import calendar_of, read
from duban.cli.session import Session
from duban.cli.typed import LIMIT, NO, OUTPUT, WHO
from duban.cli.verbs import Given, argument, noun, option, verb
from duban.contracts import Mode
from duban.domain.campaign.creation import CampaignStart
from duban.errors import NotFound
from duban.restoring import Restored
from duban.store.ledger import DeadlineFilter
from duban.workbook import write_plan, write_template

campaign_noun = noun()

_KINDS = ("campaign", "phase", "unit", "person", "task", "goal")


@verb(campaign_noun, "list", option("stage", "STAGE"), LIMIT, OUTPUT)
def list_campaigns(session: Session, given: Given) -> None:
    """List campaigns."""
    rows = session.run(objects(session, "campaign", None, stage=given.stage))
    ordered = sorted(rows, key=lambda row: (str(row["launch_on"]), str(row["no"])))
    shown = cut(session, ordered, given.limit)
    show_rows(session, shown, columns.CAMPAIGNS, destination(given.output))


@verb(campaign_noun, "show", NO, OUTPUT)
def show(session: Session, given: Given) -> None:
    """Draw a campaign: stage, phases with today's place, goals, what is next."""
    to = destination(given.output)
    picture = session.run(_picture(session, given.no))
    if to.format is Format.JSON:
        names = ("phases", "goals", "tasks", "deadlines")
        told = {name: [dict(row) for row in getattr(picture, name)] for name in names}
        show_json(session, {**picture.campaign, **told})
    elif to.format is Format.CSV:
        show_fields(session, picture.campaign, columns.CAMPAIGNS, to)
    else:
        for line in drawn(session, picture):
            session.out.print(line)


async def _picture(session: Session, no: str) -> Picture:
    async with session.services.reader(session.settings) as reader:
        found = await reader.objects("campaign", no)
        if not found:
            raise NotFound("campaign.not_found", no=no)
        phases = await reader.objects("phase", no)
        goals = await reader.objects("goal", no)
        tasks = await reader.objects("task", no)
        deadlines = await reader.deadlines(DeadlineFilter(campaign=no, status="open"))
    ordered = sorted(phases, key=lambda row: int(row["no"]))
    return Picture(found[0], ordered, goals, tasks, await lit(session, deadlines))


@verb(campaign_noun, "start", argument("file"), *WHO, OUTPUT)
def start(session: Session, given: Given) -> None:
    """Start a campaign from a plan file; with a faulty file nothing is started."""
    to, asking = destination(given.output), asking_of(given)
    asking.person(session)
    plan = read(session, given.file)
    wanted = CampaignStart(
        plan=plan,
        calendar=session.run(calendar_of(session, plan)),
        mode=Mode.LIVE.value,
        actor=resolve(session, asking, plan.people),
        request_id=asking.request(session),
    )

    async def started() -> Answer:
        async with session.services.gateway(session.settings) as gateway:
            receipt = await gateway.start(wanted)
        return Answer(plan.no, receipt, wanted.request_id)

    show_receipt(session, session.run(started()), to.format)


@verb(campaign_noun, "template", argument("out"))
def template(session: Session, given: Given) -> None:
    """Write an empty plan workbook with its validation lists."""
    write_template(Path(given.out))
    session.print("written", path=given.out)


@verb(campaign_noun, "export", NO, argument("out"))
def export(session: Session, given: Given) -> None:
    """Write a running campaign as the workbook it came from, with what was reached so far."""

    async def gathered() -> dict[str, list[Any]]:
        async with session.services.reader(session.settings) as reader:
            return {kind: list(await reader.objects(kind, given.no)) for kind in _KINDS}

    found = session.run(gathered())
    if not found["campaign"]:
        raise NotFound("campaign.not_found", no=given.no)
    write_plan(exported(found), Path(given.out), progress_of(session, found))
    session.print("written", path=given.out)


@verb(campaign_noun, "gate", NO, option("gate", "G1|G2|G3|G4"), OUTPUT)
def gate(session: Session, given: Given) -> None:
    """Judge every condition of the gate ahead, or of the one named, as things stand."""
    to = destination(given.output)

    async def judged() -> list[dict[str, Any]]:
        async with session.services.gateway(session.settings) as gateway:
            return [dict(each.plain()) for each in await gateway.gate(given.no, given.gate)]

    rows = session.run(judged())
    show_rows(session, rows, columns.CONDITIONS, to)
    if rows and to.format is Format.TABLE:
        unmet = sum(1 for row in rows if row["blocks"] and not row["met"])
        session.err.print(session.say("gate.met" if not unmet else "gate.unmet_count", count=unmet))
        shown = sum(1 for row in rows if not (row["blocks"] or row["met"]))
        if shown:
            session.err.print(session.say("gate.shown", count=shown))


@verb(campaign_noun, "restore", NO)
def restore(session: Session, given: Given) -> None:
    """Go on with a campaign and all below it that is lost, from the trail alone (l.1)."""

    async def gone_on() -> Restored:
        async with (
            session.services.reader(session.settings) as reader,
            session.services.gateway(session.settings) as gateway,
        ):
            with counted(session, session.say("restoring")) as on_progress:
                return await restoring.restore(
                    given.no, reader.events, gateway, on_progress=on_progress
                )

    found = session.run(gone_on())
    counts = (found.problems, found.clues, found.inspections)
    if not (found.campaign or any(counts)):
        session.print("restored.nothing", no=given.no)
        return
    names = dict(zip(("problems", "clues", "inspections"), counts, strict=True))
    session.print("restored" if found.campaign else "restored.below", no=given.no, **names)
