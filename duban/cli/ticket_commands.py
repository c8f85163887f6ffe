"""`duban ticket`: an empty list of 12345 tickets, taking a list over, and what became of them."""

from pathlib import Path
from typing import Any

from duban.cli.actors import asking_of, register_of
from duban.cli.bars import bar
from duban.cli.intake_columns import TICKETS
from duban.cli.objects import cut, objects
from duban.cli.output import destination, show_rows
from duban.cli.services import Row
from duban.cli.session import Session
from duban.cli.taking_over import Report, asked_of, meaning_of, refused_row, report
from duban.cli.ticket_import import Outcome, register_tickets
from duban.cli.typed import CAMPAIGN, LIMIT, NO, OUTPUT, WHO
from duban.cli.verbs import Given, argument, noun, option, repeated, verb
from duban.domain.campaign.commands import RegisterProblem
from duban.domain.campaign.records import CampaignStage
from duban.domain.campaign.tables import require_stage
from duban.domain.outside import Import
from duban.domain.problem.registration import Registration
from duban.domain.roles import Person
from duban.domain.tickets import misfit
from duban.workbook.returned import write_form
from duban.workbook.tickets import COLUMNS, PERSONAL, TITLE, TicketFile, column_of, read_tickets

ticket_noun = noun()

MEANING = repeated("column", "OWN=HEADER", must=False)
ERRORS = option("errors", "FILE")


@verb(ticket_noun, "template", argument("out"))
def template(session: Session, given: Given) -> None:
    """Write an empty list of tickets with its choices and explanations."""
    write_form(Path(given.out), TITLE, COLUMNS)
    session.print("written", path=given.out)


@verb(ticket_noun, "list", CAMPAIGN, LIMIT, OUTPUT)
def list_tickets(session: Session, given: Given) -> None:
    """List the tickets that were taken over, with their problems."""
    rows = session.run(objects(session, "ticket", None, campaign=given.campaign))
    ordered = sorted(rows, key=lambda row: str(row["no"]))
    shown = cut(session, ordered, given.limit)
    show_rows(session, shown, TICKETS, destination(given.output))


@verb(ticket_noun, "import", NO, argument("file"), MEANING, ERRORS, *WHO, OUTPUT)
def import_tickets(session: Session, given: Given) -> int:
    """Make every new ticket of a list a problem; wrong rows go back, the rest is taken over."""
    to, asking, path = destination(given.output), asking_of(given), Path(given.file)
    asking.person(session)
    meaning = meaning_of(given.column, (*COLUMNS, *PERSONAL))
    people, units = session.run(_campaign(session, given.no))
    asked = asked_of(session, path, asking, people, given.no)
    file = read_tickets(path, units, meaning)
    wanted = _wanted(session, asked, file)
    with bar(session, session.say("import.running"), len(wanted)) as tell:
        outcome = session.run(register_tickets(session, asked, wanted, people, tell))
    paths = path, Path(given.errors) if given.errors else None
    return report(session, file.table, _report(file, outcome), paths, to.format)


async def _campaign(session: Session, no: str) -> tuple[list[Person], list[Row]]:
    """Return the register and the units of a campaign that takes problems now."""
    async with session.services.reader(session.settings) as reader:
        people = await register_of(reader, no)
        [campaign] = await reader.objects("campaign", no)
        units = await reader.objects("unit", no)
    require_stage(RegisterProblem, CampaignStage(campaign["stage"]))
    return people, units


def _wanted(session: Session, asked: Import, file: TicketFile) -> dict[str, Registration]:
    """Return what is to be registered; what the campaign would refuse goes back at once."""
    wanted = {}
    for row, ticket in file.rows:
        if ticket is None:
            continue
        why = misfit(ticket, asked.actor, session.today)
        if why is None:
            wanted[ticket.no] = ticket.registration
        else:
            refused_row(file.table, row, column_of("no"), why)
    return wanted


def _report(file: TicketFile, outcome: Outcome) -> Report:
    for row, ticket in file.rows:
        if ticket is not None and ticket.no in outcome.refused:
            refused_row(file.table, row, column_of("no"), outcome.refused[ticket.no])
    wrong = [each.row for each in file.rows if each.row.problems]
    counts = {"new": len(outcome.new), "known": len(outcome.known), "wrong": len(wrong)}
    notes: dict[str, Any] = {
        "personal": list(file.personal),
        "hidden": file.hidden,
        "ignored": list(file.table.ignored),
    }
    return Report(counts, wrong, notes)
