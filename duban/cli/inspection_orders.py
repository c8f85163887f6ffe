"""`duban inspection order`: the signal of a spot check is sent, and what became of it is told.

A signal has no answer, so the trail is asked: by the request id of the order, which is a fresh one
each time. Sent again with the same id, an order opens nothing twice.
"""

from typing import Any, Final, cast

from duban.cli.actors import Asking, asking_of, register_of, resolve
from duban.cli.awaiting import awaited, opened
from duban.cli.deciding import shaped
from duban.cli.decisions import Decision
from duban.cli.errors import UsageFault
from duban.cli.inspection_parsing import READ_ORDER_AS
from duban.cli.inspections import inspection_noun
from duban.cli.output import Format, destination, show_json
from duban.cli.session import Session
from duban.cli.signatures import params_of
from duban.cli.verbs import Given, verb
from duban.contracts import inspection_stream
from duban.domain.campaign.commands import SpotCheckOrder
from duban.domain.entity.answers import SIGNAL
from duban.domain.entity.command import Command
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event, Outcome
from duban.errors import Unavailable
from duban.store.trail import TrailFilter

ORDER: Final = Decision(
    "inspection",
    "order",
    SpotCheckOrder,
    names={"leaders": "leader", "quotas": "quota"},
    reads=READ_ORDER_AS,
)
_ORDERED: Final = "campaign:spot_check:ordered"
_NEWEST: Final = 50
"""Entries of who ordered that are looked through; the order is among the newest of them."""


@verb(inspection_noun, "order", *params_of(ORDER))
def order(session: Session, given: Given) -> None:
    """Order a spot check, and wait for its numbers or for the refusal."""
    to, asking = destination(given.output), asking_of(given)
    if not given.leader:
        raise UsageFault("usage.leaders")
    command = shaped(session, ORDER, vars(given), asking)
    signed, event = session.run(_ordered(session, given.no, command, asking))
    if event is None:
        raise Unavailable("inspection.no_answer", no=given.no, id=signed.request_id)
    if event.outcome is Outcome.REJECTED:
        raise RuleViolation(Code(str(event.code)), **cast(dict[str, Any], event.detail["params"]))
    numbers = [no for change in event.changes for no in _numbers(change.after)]
    session.run(opened(session, "inspection", {each: inspection_stream(each) for each in numbers}))
    if to.format is Format.JSON:
        told = {"campaign": given.no, "seq": event.seq, "inspections": numbers}
        show_json(session, {**told, "request_id": signed.request_id})
    else:
        session.print("inspection.ordered", numbers=numbers, no=given.no, seq=event.seq)


def _numbers(after: Any) -> list[str]:
    return cast(list[str], after.get("inspections") or []) if isinstance(after, dict) else []


async def _ordered(
    session: Session, no: str, command: Command, asking: Asking
) -> tuple[Command, Event | None]:
    """Send the order, and return it with the entry that says what became of it, if one does."""
    async with session.services.reader(session.settings) as reader:
        actor = resolve(session, asking, await register_of(reader, no))
        signed = command.model_copy(update={"actor": actor})
        async with session.services.gateway(session.settings) as gateway:
            await gateway.order_spot_check(no, signed.plain())

        async def look() -> Event | None:
            wanted = TrailFilter(campaign=no, actor=actor.id, limit=_NEWEST)
            said = (each.event for each in await reader.search(wanted))
            return next((each for each in said if _answers(each, signed)), None)

        return signed, await awaited(session, look)


def _answers(event: Event, order: Command) -> bool:
    if event.request_id != order.request_id:
        return False
    return event.tag == _ORDERED or event.detail.get("command") == SIGNAL
