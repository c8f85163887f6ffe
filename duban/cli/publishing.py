"""`duban calendar publish`: the version on the trail, then every running campaign adopts it."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from duban.cli import calendar_books as books
from duban.cli.actors import Asking, asking_of, everybody, register_of, resolve
from duban.cli.calendar_commands import calendar_noun
from duban.cli.errors import Status, UsageFault
from duban.cli.output import Column, destination, show_rows
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.typed import OUTPUT, WHO
from duban.cli.verbs import Given, required, verb
from duban.domain.calendars import Calendar
from duban.domain.campaign.commands import AdoptCalendar
from duban.domain.campaign.records import CampaignStage
from duban.domain.errors import Code, RuleViolation
from duban.errors import NotFound
from duban.texts import explain

_OVER = frozenset({CampaignStage.ARCHIVED.value, CampaignStage.TERMINATED.value})
_ANSWERS = (Column("campaign"), Column("answer", "answer"), Column("code"), Column("detail"))


@verb(calendar_noun, "publish", required("doc", "DOC"), *WHO, OUTPUT)
def publish(session: Session, given: Given) -> int:
    """Publish the imported calendar and let every campaign under way recompute its clocks."""
    to, asking = destination(given.output), asking_of(given)
    asking.person(session)
    if not given.doc.strip():
        raise UsageFault("usage.MissingParameter", param="--doc")
    calendar = books.attributed(books.draft(session), given.doc.strip())
    answers = session.run(_publish(session, calendar, asking))
    if answers:
        show_rows(session, answers, _ANSWERS, to)
    else:
        session.err.print(session.say("calendar.nothing_running"))
    refused = any(each["answer"] == "refused" for each in answers)
    return Status.REFUSED if refused else Status.DONE


async def _publish(session: Session, draft: Calendar, asking: Asking) -> list[Row]:
    async with session.services.reader(session.settings) as reader:
        running = [
            each for each in await reader.objects("campaign") if each.get("stage") not in _OVER
        ]
        calendar = await _next_version(session, reader, draft)
        people = await everybody(reader, running)
    signed = resolve(session, asking, people)
    # Before anything is published: a request id that cannot be one is to lose nothing.
    requests = {str(each["no"]): _request(session, asking, str(each["no"])) for each in running}
    async with session.services.keeper(session.settings) as keeper:
        await keeper.publish(calendar, signed, session.services.now())
    books.drop_draft(session)
    return [each async for each in _adopted(session, requests, calendar, asking)]


async def _next_version(session: Session, reader: Reader, draft: Calendar) -> Calendar:
    """Return the whole new table: the one in force with the draft's days over it."""
    versions = await reader.calendars()
    reach = [day for each in (*versions[-1:], draft) for day in (each.first_on, each.last_on)]
    first, last = books.years_around(session, *reach)
    base = books.seeded(first, last)
    if versions:
        base = books.merged(base, versions[-1])
    number = (versions[-1].version if versions else base.version) + 1
    return books.merged(base, draft.model_copy(update={"version": number}))


def _request(session: Session, asking: Asking, no: str) -> str:
    """Return the request id under which a campaign adopts the version."""
    return asking._replace(request_id=f"{asking.request(session)}:{no}").request(session)


async def _adopted(
    session: Session, requests: Mapping[str, str], calendar: Calendar, asking: Asking
) -> AsyncIterator[dict[str, Any]]:
    """Let each campaign adopt the version; a refusal by one does not hold up the others.

    `requests` is the request id by campaign.
    """
    async with (
        session.services.reader(session.settings) as reader,
        session.services.gateway(session.settings) as gateway,
    ):
        for no, request in requests.items():
            try:
                command = AdoptCalendar(
                    actor=resolve(session, asking, await register_of(reader, no)),
                    request_id=request,
                    calendar=books.merged(await _in_use(reader, no), calendar),
                    basis_doc=calendar.source_doc,
                )
                receipt = await gateway.execute(no, command)
            except (RuleViolation, NotFound) as why:
                said = explain(str(why.code), why.params, session.lang)
                yield {"campaign": no, "answer": "refused", "code": str(why.code), "detail": said}
            else:
                yield {"campaign": no, "answer": "adopted", "detail": f"#{receipt.last_seq}"}


async def _in_use(reader: Reader, no: str) -> Calendar:
    """Return the calendar a campaign runs by."""
    rows = await reader.objects("calendar", no)
    tables = [
        Calendar.model_validate({name: row[name] for name in Calendar.model_fields if name in row})
        for row in rows
    ]
    if not tables:
        raise RuleViolation(Code.OBJECT_NOT_FOUND, kind="calendar", id=no)
    return max(tables, key=lambda table: table.version)
