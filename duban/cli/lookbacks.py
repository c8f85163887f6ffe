"""`duban lookback`: draws of look-backs, what came of them, and computing a draw again."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from duban.cli.actors import asking_of
from duban.cli.deciding import Answer, shaped, show_receipt
from duban.cli.decisions import Decision
from duban.cli.errors import Status
from duban.cli.objects import cut, objects
from duban.cli.output import Column, Format, destination, show_fields, show_json, show_rows
from duban.cli.problem_parsing import READ_PROBLEM_AS
from duban.cli.problems import PROBLEM, send_about, signed
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.services import Row
from duban.cli.session import Session
from duban.cli.signatures import params_of
from duban.cli.typed import CAMPAIGN, LIMIT, NO, OUTPUT, STATE
from duban.cli.verbs import Given, argument, noun, number, verb
from duban.contracts import campaign_stream
from duban.domain.campaign import draw_proof
from duban.domain.campaign.draw_records import DrawState
from duban.domain.events import Event
from duban.domain.problem.commands import RecordLookBack
from duban.errors import DubanError, NotFound
from duban.store.problems import campaign_of

lookback_noun = noun()

RECORD: Final = Decision(
    "lookback",
    "record",
    RecordLookBack,
    ("batch", "method"),
    {"passed": "--passed/--failed", "deliberate": "--deliberate/--not-deliberate"},
    reads=READ_PROBLEM_AS,
)
"""A result of a problem that was drawn; the batch is not left out here."""

_DRAW: Final = argument("draw", "DRAW")
_PURPOSE: Final = "look_back"
"""Draws of inspections stand in the same row of numbers; `duban draw` shows what may be shown."""
_DRAWS: Final = (
    Column("no"),
    Column("frozen_on"),
    Column("phase", right=True),
    Column("sites", right=True),
    Column("k", right=True),
    Column("state", "draw_state"),
    Column("run_by"),
    Column("witnesses"),
    Column("done", right=True),
    Column("failed", right=True),
    Column("repeats"),
    Column("void_reason"),
)
_SECRETS: Final = (
    *_DRAWS,
    Column("witness_number"),
    Column("commit"),
    Column("pop_hash"),
    Column("params_hash"),
    Column("secret"),
    Column("seed"),
)
_PICKS: Final = (
    Column("batch"),
    Column("no"),
    Column("unit"),
    Column("signers"),
    Column("verifier"),
    Column("checker"),
    Column("method", "look_back"),
    Column("called", right=True),
    Column("denied", right=True),
    Column("passed"),
    Column("state", "problem_state"),
    Column("false_rectification"),
)
"""回头看台账 (domain.md d.6), a row for every problem that was drawn."""


@verb(lookback_noun, "list", CAMPAIGN, number("phase", "K"), STATE, LIMIT, OUTPUT)
def list_draws(session: Session, given: Given) -> None:
    """List draws with their numbers, void ones too, and say what share of them is void."""
    to = destination(given.output)
    where = {"purpose": _PURPOSE, "phase": given.phase, "state": given.state}
    drawn = session.run(objects(session, "draw", given.campaign, **where))
    rows = sorted(map(_counted, drawn), key=lambda row: str(row["no"]))
    show_rows(session, cut(session, rows, given.limit), _DRAWS, to)
    void = sum(row["state"] == DrawState.VOIDED for row in rows)
    if to.format is Format.TABLE and rows:
        session.print("draw.void_share", void=void, all=len(rows), share=100 * void // len(rows))


def _counted(row: Row) -> dict[str, Any]:
    results = row.get("results") or {}
    return {
        **row,
        "sites": sum(map(len, row["population"].values())),
        "k": sum(row["quotas"].values()),
        "witness_number": row["number"],
        "done": len(results),
        "failed": sum(not each["passed"] for each in results.values()),
    }


@verb(lookback_noun, "show", NO, _DRAW, OUTPUT)
def show(session: Session, given: Given) -> None:
    """Show a draw, and of every problem drawn who closed it and what was found."""
    to = destination(given.output)
    draw, picks = session.run(_shown(session, given.no, given.draw))
    if to.format is Format.JSON:
        show_json(session, {**draw, "picks": picks})
        return
    if to.format is Format.TABLE:
        show_fields(session, _counted(draw), _SECRETS, to)
    show_rows(session, picks, _PICKS, to)


async def _shown(session: Session, no: str, draw_no: str) -> tuple[Row, list[Row]]:
    draw = await _draw(session, no, draw_no)
    problems = {str(row["no"]): row for row in await objects(session, "problem", no)}
    return draw, [_pick(draw, each, problems.get(each["site"], {})) for each in draw["picks"]]


def _pick(draw: Row, pick: Mapping[str, str], problem: Row) -> Row:
    """Return a row of the ledger of look-backs; before one was done it names who closed it."""
    done: Sequence[Row] = problem.get("look_backs") or ()
    found = next((each for each in done if each["batch"] == draw["no"]), None)
    closed = [each["person"] for each in problem.get("signatures") or ()]
    verified = (problem.get("verification") or {}).get("verifier")
    return {
        "batch": draw["no"],
        "no": pick["site"],
        "unit": pick["stratum"],
        "signers": found["signers"] if found else closed,
        "verifier": found["verifier"] if found else verified,
        "checker": found["by"] if found else None,
        "method": found["method"] if found else None,
        "called": found["called"] if found else None,
        "denied": found["denied"] if found else None,
        "passed": found["passed"] if found else None,
        "state": problem.get("state"),
        "false_rectification": problem.get("false_rectification") or None,
    }


async def _draw(session: Session, no: str, draw_no: str) -> Row:
    """Return a draw of the ledger. Raises `NotFound`."""
    found = await objects(session, "draw", no, no=draw_no, purpose=_PURPOSE)
    if not found:
        raise NotFound("draw.not_found", no=draw_no)
    return found[0]


@verb(lookback_noun, "record", *params_of(RECORD, PROBLEM))
def record(session: Session, given: Given) -> None:
    """Record what a look-back of a drawn problem found."""
    to, asking = destination(given.output), asking_of(given)
    command = shaped(session, RECORD, vars(given), asking)
    session.run(_check_drawn(session, given.problem, given.batch))
    sent = send_about(session, given.problem, asking, partial(signed, command))
    receipt, request_id = session.run(sent)
    show_receipt(session, Answer(given.problem, receipt, request_id), to.format)


async def _check_drawn(session: Session, problem: str, batch: str) -> None:
    """Refuse a batch that did not draw the problem: such a result would count nowhere."""
    draw = await _draw(session, campaign_of(problem), batch)
    drawn = {each["site"] for each in draw["picks"]}
    if problem not in drawn or draw["state"] != DrawState.DRAWN:
        raise NotFound("draw.not_in_batch", no=batch, problem=problem)


@verb(lookback_noun, "verify", NO, _DRAW, *WHO_READS, OUTPUT)
def verify(session: Session, given: Given) -> int:
    """Compute a draw again from what the trail reveals; status 7 when it is not as it says."""
    destination(given.output)
    return verdict(session, given, session.run(_entries(session, given)))


def verdict(session: Session, given: Given, events: Sequence[Event]) -> int:
    """Say whether the draw `given.draw` comes out again of entries; return the status."""
    to, found = destination(given.output), _judged(events, given.draw)
    if to.format is Format.JSON:
        show_json(session, found)
    else:
        for fault in found["faults"]:
            session.print("draw.fault", fault=session.term("draw_fault", fault))
    if found["faults"]:
        session.err.print(session.say("draw.broken", no=given.draw))
        return Status.AUDIT_BROKEN
    if found["secret"] is None:
        raise DubanError("draw.not_made", no=given.draw, state=found["state"])
    if to.format is not Format.JSON:
        session.print("draw.holds", no=given.draw, picks=found["picks"], seed=found["seed"])
    return Status.DONE


async def _entries(session: Session, given: Given) -> list[Event]:
    async with session.services.reader(session.settings) as reader:
        asked = asked_of(given, "lookback verify", scope=(given.no, None))
        await permitted(session, reader, asked, given.actor)
        return await reader.events(campaign_stream(given.no))


def _judged(events: Sequence[Event], no: str) -> dict[str, Any]:
    """Return the draw as the entries reveal it, and what is wrong with it.

    Raises `NotFound` when the campaign's entries know no such draw.
    """
    said = draw_proof.of_draw(events, no)
    if not said:
        raise NotFound("draw.not_found", no=no)
    faults = [each.value for each in draw_proof.faults(events, no)]
    draw = draw_proof.revealed(said, no)
    told: dict[str, Any] = draw.plain() if draw else {}
    picks = [each.site for each in draw.picks] if draw else []
    return {**told, "picks": picks, "faults": faults}
