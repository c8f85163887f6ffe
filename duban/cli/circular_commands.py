"""`duban circular`: entries of earlier circulars, the history that repeated matters are seen by."""

from pathlib import Path

from duban.cli.actors import asking_of, everybody
from duban.cli.bars import bar
from duban.cli.intake_columns import CIRCULAR, CIRCULARS
from duban.cli.objects import cut, objects
from duban.cli.output import destination, show_fields, show_rows
from duban.cli.reading import WHO_READS, permitted
from duban.cli.reading import asked_of as reading_of
from duban.cli.session import Session
from duban.cli.taking_over import Report, asked_of, meaning_of, report
from duban.cli.ticket_commands import ERRORS, MEANING
from duban.cli.typed import LIMIT, OUTPUT, UNIT, WHO
from duban.cli.verbs import Given, argument, noun, option, verb, yes_or_no
from duban.domain.circulars import CircularEntry, batches
from duban.domain.outside import Import
from duban.domain.roles import Person
from duban.errors import NotFound
from duban.workbook.circulars import COLUMNS, TITLE, CircularRow, read_circulars
from duban.workbook.errors import CellFault
from duban.workbook.returned import write_form

circular_noun = noun()


@verb(circular_noun, "template", argument("out"))
def template(session: Session, given: Given) -> None:
    """Write an empty list of entries with its choices and explanations."""
    write_form(Path(given.out), TITLE, COLUMNS)
    session.print("written", path=given.out)


@verb(circular_noun, "list", UNIT, option("type", "TYPE"), option("year", "YYYY"), LIMIT, OUTPUT)
def list_circulars(session: Session, given: Given) -> None:
    """List the entries of earlier circulars; whom they name is not told here."""
    where = {"unit": given.unit, "problem_type": given.type}
    rows = session.run(objects(session, "circular", None, **where))
    wanted = [row for row in rows if str(row["issued_on"]).startswith(given.year or "")]
    ordered = sorted(wanted, key=lambda row: (str(row["issued_on"]), row["circular"], row["item"]))
    shown = cut(session, ordered, given.limit)
    show_rows(session, shown, CIRCULARS, destination(given.output))


@verb(
    circular_noun,
    "show",
    argument("circular"),
    argument("item"),
    yes_or_no("person", "--person/--no-person", False),
    *WHO_READS,
    OUTPUT,
)
def show(session: Session, given: Given) -> None:
    """Show an entry; whom it names only to those who may read the trail, and that is recorded."""
    to = destination(given.output)
    where = {"circular": given.circular, "item": int(given.item) if given.item.isdecimal() else 0}
    rows = session.run(objects(session, "circular", None, **where))
    if not rows:
        raise NotFound("circular.not_found", id=f"{given.circular}#{given.item}")
    named = session.say("circular.withheld") if rows[0]["named"] else None
    if given.person:
        named = session.run(_named(session, given))
    show_fields(session, {**rows[0], "named_person": named}, CIRCULAR, to)


async def _named(session: Session, given: Given) -> str | None:
    async with session.services.reader(session.settings) as reader:
        asked = reading_of(given, "circular.show", scope=(None, None))
        await permitted(session, reader, asked, given.actor)
    async with session.services.intake(session.settings) as intake:
        return await intake.named_in(f"{given.circular}#{given.item}")


@verb(circular_noun, "import", argument("file"), MEANING, ERRORS, *WHO, OUTPUT)
def import_circulars(session: Session, given: Given) -> int:
    """Take entries over as history; what is known stays as it is, wrong rows go back."""
    to, asking, path = destination(given.output), asking_of(given), Path(given.file)
    asking.person(session)
    meaning = meaning_of(given.column, COLUMNS)
    people = session.run(_people(session))
    asked = asked_of(session, path, asking, people, None)
    table, rows = read_circulars(path, meaning)
    known = session.run(_recorded(session, asked, rows, people))
    for each in rows:
        if each.entry and each.entry.key in known and not known[each.entry.key].tells(each.entry):
            table.wrong(each.row, COLUMNS[0], CellFault.DIFFERS, {"said": each.entry.key})
    wrong = [each.row for each in rows if each.row.problems]
    right = [each.entry.key for each in rows if each.entry and not each.row.problems]
    old = sum(1 for key in right if key in known)
    counts = {"new": len(right) - old, "known": old, "wrong": len(wrong)}
    paths = path, Path(given.errors) if given.errors else None
    found = Report(counts, wrong, {"ignored": list(table.ignored)})
    return report(session, table, found, paths, to.format)


async def _people(session: Session) -> list[Person]:
    async with session.services.reader(session.settings) as reader:
        return await everybody(reader, await reader.objects("campaign"))


async def _recorded(
    session: Session, asked: Import, rows: tuple[CircularRow, ...], people: list[Person]
) -> dict[str, CircularEntry]:
    """Record what is new; return what was known."""
    entries = [each.entry for each in rows if each.entry]
    named = {each.entry.key: each.person for each in rows if each.entry and each.person}
    known: dict[str, CircularEntry] = {}
    who = people, session.services.now()
    with bar(session, session.say("import.running"), len(entries)) as tell:
        async with session.services.intake(session.settings) as intake:
            for some in batches(entries):
                known |= await intake.record(asked, some, named, who)
                tell(len(some))
    return known
