"""Draws of inspections (domain.md f.3, f.4): asked for, committed, drawn in secret, revealed.

Population, secret and targets stand outside, sealed (ADR 0025). A campaign counts the numbers, sees
that three people have a hand in it, and puts every hash on the trail before the next step.
"""

from duban.domain.campaign import inspection_commands as c
from duban.domain.campaign.draw_answers import DrawAnswer, DrawDone, DrawFrozen, DrawRevealed
from duban.domain.campaign.draw_permits import may_run
from duban.domain.campaign.draw_records import Draw, DrawState, SealedLists
from duban.domain.campaign.drawing import ASKED, REVEALING, get_draw, let_go, next_no
from duban.domain.campaign.inspection_records import InspectionLine
from duban.domain.campaign.state import CampaignState
from duban.domain.campaign.work import Work
from duban.domain.draw.basis import Terms
from duban.domain.draw.record import Sibling, SiblingState, doubts, faults
from duban.domain.draw.sheets import sheets
from duban.domain.entity.permits import acting_ids, not_separated
from duban.domain.entity.refusals import out_of_order
from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection.words import InspectionState


def open_inspection_draw(work: Work, command: c.OpenInspectionDraw) -> None:
    """Give the draw of an order its number (steps 1 to 3); its lists were handed in sealed."""
    may_run(work)
    lines = _of_one_order(work, command.inspection)
    if acting_ids(work) & {each.leader for each in lines}:
        raise not_separated("SOD5", work)
    no = next_no(work)
    draw = Draw(
        no=no,
        purpose="inspection",
        phase=work.campaign.current_phase,
        state=DrawState.ASKED,
        policy_version=work.policy.version,
        run_by=tuple(sorted(filter(None, acting_ids(work)))),
        frozen_on=work.today,
        repeats=tuple(sorted({each.lost for each in lines if each.lost})),
        lists=SealedLists(package=command.package, digest=command.digest),
        terms=_terms(work, no, lines),
    )
    work.put(draw.no, draw)
    for line in lines:
        work.set(line.no, line, draw=draw.no)
    work.emit(ASKED, ("draw", draw.no), k=len(lines), repeats=list(draw.repeats) or None)
    work.notes += [f"drawn_before:{each}" for each in draw.repeats]


def _of_one_order(work: Work, no: str) -> list[InspectionLine]:
    """Return the inspections that are drawn with one: those of its order that wait for a draw."""
    asked = work.get(InspectionLine, no)
    if asked.terms is None or not _waits(asked):
        raise out_of_order(no, asked.state if asked.draw is None else asked.draw, "drawn")
    return [each for each in work.all(InspectionLine) if each.first == asked.first and _waits(each)]


def _waits(line: InspectionLine) -> bool:
    return line.state is InspectionState.AUTHORISED and line.draw is None


def _terms(work: Work, no: str, lines: list[InspectionLine]) -> Terms:
    terms = lines[0].terms
    assert terms is not None
    return Terms(
        draw=no,
        inspections=tuple(each.no for each in lines),
        leaders=tuple(sorted({each.leader for each in lines})),
        theme=lines[0].theme,
        on=work.today,
        **terms.model_dump(),
    )


def take_answer(work: Work, told: DrawAnswer) -> bool:
    """Take in what came back from outside; what comes twice, late or otherwise changes nothing.

    Return whether something came of it.
    """
    draw = work.find(Draw, told.draw)
    if draw is None:
        return False
    if isinstance(told, DrawFrozen):
        return draw.state is DrawState.ASKED and _frozen(work, draw, told)
    if isinstance(told, DrawDone):
        return draw.state is DrawState.WITNESSED and _drawn(work, draw, told)
    return draw.state is DrawState.DRAWN and _revealed(work, draw, told)


def _frozen(work: Work, draw: Draw, told: DrawFrozen) -> bool:
    on = ("draw", draw.no)
    if told.fault is not None:
        # The number stays and counts among the void ones; the order waits for another draw.
        work.set(draw.no, draw, state=DrawState.VOIDED, void_reason=told.fault)
        let_go(work, draw)
        work.emit("campaign:draw:failed", on, code=told.fault, params=told.params or None)
        return True
    fields = told.model_dump(include={"pop_hash", "params_hash", "commit", "size"})
    work.set(draw.no, draw, state=DrawState.COMMITTED, **fields)
    work.emit("campaign:draw:committed", on, commit=told.commit, sites=told.size)
    return True


def _drawn(work: Work, draw: Draw, told: DrawDone) -> bool:
    assert draw.terms is not None
    if told.commitments.keys() != set(draw.terms.inspections):
        return False
    work.set(draw.no, draw, state=DrawState.DRAWN, commitments=told.commitments)
    work.emit("campaign:draw:drawn", ("draw", draw.no), k=len(told.commitments))
    return True


def reveal_draw(work: Work, command: c.RevealDraw) -> None:
    """Step 8, asked for by who may run draws: every inspection was made, or nobody goes there."""
    may_run(work)
    draw = get_draw(work, command.draw, "revealed")
    if draw.purpose != "inspection" or draw.state is not DrawState.DRAWN:
        raise out_of_order(draw.no, draw.state, "revealed")
    waiting = [each.no for each in work.all(InspectionLine) if _is_secret(each, draw)]
    if waiting:
        raise RuleViolation(Code.DRAW_UNFINISHED, draw=draw.no, waiting=waiting)
    work.set(draw.no, draw, is_revealing=True)
    work.emit(REVEALING, ("draw", draw.no))


def _is_secret(line: InspectionLine, draw: Draw) -> bool:
    gone = line.on is not None or line.state is InspectionState.ABORTED
    return line.draw == draw.no and not gone


def _revealed(work: Work, draw: Draw, told: DrawRevealed) -> bool:
    record = told.record
    bound = {each.inspection: each.commitment for each in record.targets}
    hashes = (record.commit, record.frozen.pop_hash, record.frozen.params_hash)
    if bound != draw.commitments or hashes != (draw.commit, draw.pop_hash, draw.params_hash):
        return False
    # Another draw may have been opened since this one was asked for: the record tells those of now.
    around = siblings(work.state, draw.no.partition("-")[0])
    record = record.model_copy(update={"siblings": around})
    work.set(draw.no, draw, state=DrawState.REVEALED, secret=record.secret, seed=record.seed)
    for sheet in sheets(record):
        work.say_only("draw_record", sheet.key, sheet.plain())
    found = [each.value for each in (*doubts(record), *faults(record))]
    work.emit("campaign:draw:revealed", ("draw", draw.no), found=found or None)
    return True


def siblings(state: CampaignState, year: str) -> tuple[Sibling, ...]:
    """Return all draws of a campaign in a year, for whatever purpose, as a record names them.

    Numbers have no gap, and of all draws only those are let go that were revealed, of inspections.
    """
    return tuple(
        Sibling.of(state.draw[no])
        if no in state.draw
        else Sibling(no=no, purpose="inspection", state=SiblingState.DRAWN)
        for no in state.draw_numbers(year)
    )
