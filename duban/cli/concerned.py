"""`duban problem persons`: whom a problem is about, shown to those who may read the trail (d.2)."""

from duban.cli.intake_columns import CONCERNED
from duban.cli.output import destination, show_rows
from duban.cli.problems import PROBLEM, problem_noun, problem_of
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.services import Row
from duban.cli.session import Session
from duban.cli.typed import OUTPUT
from duban.cli.verbs import Given, verb
from duban.store.problems import campaign_of


@verb(problem_noun, "persons", PROBLEM, *WHO_READS, OUTPUT)
def persons(session: Session, given: Given) -> None:
    """List the persons a problem concerns; that somebody looked is on the trail first."""
    to = destination(given.output)
    show_rows(session, session.run(_persons(session, given)), CONCERNED, to)


async def _persons(session: Session, given: Given) -> list[Row]:
    campaign = campaign_of(given.problem)
    async with session.services.reader(session.settings) as reader:
        await problem_of(reader, given.problem)
        # Asked of the whole campaign, so that who may read one unit alone may not read this.
        asked = asked_of(given, "problem.persons", scope=(campaign, None))
        await permitted(session, reader, asked, given.actor)
        rows = await reader.objects("concerned", campaign)
    return [row for row in rows if str(row["id"]).startswith(f"{given.problem}/")]
