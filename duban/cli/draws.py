"""`duban draw`: a revealed draw of inspections shown, computed again, and handed to a stranger."""

from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from duban.cli.errors import AuditBroken, Status, UsageFault
from duban.cli.lookbacks import verdict
from duban.cli.output import Column, Format, destination, show_fields, show_json, show_rows
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.session import Session
from duban.cli.typed import CAMPAIGN, OUTPUT
from duban.cli.verbs import Given, argument, noun, option, verb
from duban.contracts import campaign_stream
from duban.domain.campaign import draw_proof
from duban.domain.campaign.drawing import FROZEN
from duban.domain.draw.record import DrawRecord, RevealedTarget, doubts, faults
from duban.domain.draw.trail import record_of, revealed, trail_faults
from duban.domain.events import Event
from duban.domain.reading import Reading
from duban.domain.sampling import campaign_of
from duban.errors import DubanError, NotFound

draw_noun = noun()

_DRAW: Final = argument("draw", "DRAW")
_PROGRAM: Final = "draw_verify.py"
_FIELDS: Final = (
    Column("no"),
    Column("campaign"),
    Column("frozen_on"),
    Column("sites", right=True),
    Column("k", right=True),
    Column("run_by"),
    Column("witnesses"),
    Column("witness_number"),
    Column("commit"),
    Column("pop_hash"),
    Column("params_hash"),
    Column("secret"),
    Column("seed"),
)
_PICKS: Final = (
    Column("inspection"),
    Column("site"),
    Column("unit"),
    Column("team"),
    Column("covered"),
    Column("burned"),
    Column("commitment"),
)
_EXCLUDED: Final = (Column("site"), Column("why_excluded", "draw_exclusion"), Column("reason"))


@verb(draw_noun, "show", _DRAW, CAMPAIGN, *WHO_READS, OUTPUT)
def show(session: Session, given: Given) -> None:
    """Show what a revealed draw drew, from what, and what was left out and why."""
    to = destination(given.output)
    record = _record(given, session.run(_entries(session, given, "draw show")))
    if to.format is Format.JSON:
        show_json(session, record.plain())
        return
    if to.format is Format.TABLE:
        show_fields(session, _fields(record), _FIELDS, to)
    show_rows(session, [_pick(each) for each in record.targets], _PICKS, to)
    if to.format is Format.TABLE:
        left_out = [
            {**each.plain(), "why_excluded": each.code.value} for each in record.frozen.excluded
        ]
        show_rows(session, left_out, _EXCLUDED, to)


def _fields(record: DrawRecord) -> dict[str, Any]:
    frozen = record.frozen
    return {
        **record.plain(),
        "no": record.no,
        "frozen_on": frozen.basis.terms.on.isoformat(),
        "sites": len(frozen.population),
        "k": len(frozen.basis.terms.inspections),
        "witness_number": record.number,
        "pop_hash": frozen.pop_hash,
        "params_hash": frozen.params_hash,
    }


def _pick(target: RevealedTarget) -> dict[str, Any]:
    pick = target.pick
    return {
        **target.plain(),
        **(pick.plain() if pick else {}),
        "team": pick and pick.inspectors,
        "burned": pick is None or None,
    }


@verb(draw_noun, "verify", _DRAW, CAMPAIGN, *WHO_READS, OUTPUT)
def verify(session: Session, given: Given) -> int:
    """Compute a draw again by itself and by the trail; status 7 when it is not as it says.

    A draw of look-backs is judged as `duban lookback verify` does.
    """
    to = destination(given.output)
    events = session.run(_entries(session, given, "draw verify"))
    if _is_of_look_backs(events, given.draw):
        return verdict(session, given, events)
    record = _record(given, events)
    wrong = [each.value for each in (*faults(record), *trail_faults(events, record))]
    open_ = [each.value for each in doubts(record)]
    if to.format is Format.JSON:
        show_json(session, {"no": given.draw, "faults": wrong, "doubts": open_})
    else:
        for fault in wrong:
            session.print("draw.fault", fault=session.term("draw_fault", fault))
    if wrong:
        session.err.print(session.say("draw.broken", no=given.draw))
        return Status.AUDIT_BROKEN
    if open_:
        said = [session.term("draw_doubt", each) for each in open_]
        raise DubanError("draw.doubt", no=given.draw, doubts=said)
    if to.format is not Format.JSON:
        picks = [each.pick.site for each in record.targets if each.pick]
        session.print("draw.record_holds", no=given.draw, picks=picks, seed=record.seed)
    return Status.DONE


@verb(draw_noun, "export", _DRAW, CAMPAIGN, option("to", "DIR", default="."), *WHO_READS)
def export(session: Session, given: Given) -> None:
    """Write a revealed draw as a file, and beside it the program that computes it again.

    What is handed out, to whom and with which digest is on the trail before it is written.
    """
    record = _record(given, session.run(_entries(session, given, "draw export")))
    body = record.model_dump_json(indent=2).encode() + b"\n"
    session.run(_note(session, given, body))
    folder = Path(given.to)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{record.no}.json").write_bytes(body)
        (folder / _PROGRAM).write_bytes((files("duban.bundle") / _PROGRAM).read_bytes())
    except OSError as error:
        raise UsageFault("draw.folder", path=given.to, reason=str(error)) from error
    session.print("draw.exported", record=folder / f"{record.no}.json", program=folder / _PROGRAM)


async def _note(session: Session, given: Given, body: bytes) -> None:
    asked = asked_of(given, "draw export", scope=(_campaign(given), None))
    detail = {**asked.detail, "sha256": sha256(body).hexdigest()}
    asked = asked.model_copy(update={"kind": Reading.EXPORT, "detail": detail})
    async with session.services.reader(session.settings) as reader:
        await permitted(session, reader, asked, given.actor)


async def _entries(session: Session, given: Given, surface: str) -> list[Event]:
    """Return the entries of the campaign that a draw is of; the reading is on the trail."""
    campaign = _campaign(given)
    async with session.services.reader(session.settings) as reader:
        asked = asked_of(given, surface, scope=(campaign, None))
        await permitted(session, reader, asked, given.actor)
        return await reader.events(campaign_stream(campaign))


def _campaign(given: Given) -> str:
    return given.campaign or campaign_of(given.draw)


def _record(given: Given, events: Sequence[Event]) -> DrawRecord:
    """Return the record of a draw.

    Raises:
        NotFound: it is not revealed, or of look-backs.
        AuditBroken: what was revealed is no record.
    """
    if _is_of_look_backs(events, given.draw):
        raise NotFound("draw.of_look_backs", no=given.draw)
    if not revealed(events, given.draw):
        raise NotFound("draw.not_revealed", no=given.draw, campaign=_campaign(given))
    record = record_of(events, given.draw)
    if record is None:
        raise AuditBroken("draw.broken", no=given.draw)
    return record


def _is_of_look_backs(events: Sequence[Event], no: str) -> bool:
    said = draw_proof.of_draw(events, no)
    return any(each.tag == FROZEN for each in said)
