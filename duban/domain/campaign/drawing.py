"""Random draws of a campaign by `draw-v1`: frozen, committed to, witnessed, drawn, voided (f.3).

The secret is made and kept outside (ADR 0019); a campaign knows its hash until somebody else has
said the number, and shows it then. Numbers have no gaps, and nothing is drawn again unseen.
"""

from typing import Final, NamedTuple

from duban.domain import sampling
from duban.domain.campaign import draw_commands as c
from duban.domain.campaign.draw_permits import (
    had_no_hand,
    may_run,
    may_say_number,
    may_void,
    second_approval,
)
from duban.domain.campaign.draw_records import (
    Draw,
    DrawSecret,
    DrawState,
    Pick,
    parameters,
)
from duban.domain.campaign.inspection_records import InspectionLine
from duban.domain.campaign.work import Work
from duban.domain.entity.permits import acting_ids
from duban.domain.entity.refusals import out_of_order
from duban.domain.errors import Code, RuleViolation
from duban.domain.sampling import Exclusion

FROZEN: Final = "campaign:draw:frozen"
WITNESSED: Final = "campaign:draw:witnessed"
ASKED: Final = "campaign:draw:asked"
REVEALING: Final = "campaign:draw:reveal_asked"
AWAITED: Final = frozenset({FROZEN, ASKED, WITNESSED, REVEALING})
"""After these a secret is to be made or opened, or lists and targets, outside the workflow."""


class Frozen(NamedTuple):
    """What a draw is made from: tickets by stratum and site, quotas, and what is left out."""

    phase: int
    population: dict[str, dict[str, int]]
    quotas: dict[str, int]
    excluded: tuple[Exclusion, ...]


def open_draw(work: Work, frozen: Frozen) -> Draw:
    """Freeze population and parameters under the next number (f.3, steps 1 to 3)."""
    may_run(work)
    size = sum(map(len, frozen.population.values()))
    if size > work.policy.drawing.max_population:
        raise RuleViolation(Code.DRAW_TOO_LARGE, size=size, max=work.policy.drawing.max_population)
    draw = _frozen(work, frozen)
    work.put(draw.no, draw)
    work.emit(
        FROZEN,
        ("draw", draw.no),
        sites=size,
        k=sum(frozen.quotas.values()),
        repeats=list(draw.repeats) or None,
    )
    work.notes += [f"drawn_before:{each}" for each in draw.repeats]
    return draw


def next_no(work: Work) -> str:
    """Return the number of the next draw, for whatever purpose: there are no gaps."""
    year = work.today.year
    serial = 1 + len(work.state.draw_numbers(str(year)))
    return sampling.draw_no(work.campaign.no, year, serial)


def get_draw(work: Work, no: str, act: str, stands: str = DrawState.REVEALED) -> Draw:
    """Return a draw that something is to be done to.

    One that was let go is past all of that, so it is refused as it `stands` and not as unknown.
    """
    if work.state.was_revealed(no):
        raise out_of_order(no, stands, act)
    return work.get(Draw, no)


def _frozen(work: Work, frozen: Frozen) -> Draw:
    known = [each for each in work.all(Draw) if each.purpose == "look_back"]
    draw = Draw(
        no=next_no(work),
        purpose="look_back",
        **frozen._asdict(),
        policy_version=work.policy.version,
        pop_hash="",
        params_hash=sampling.params_hash(parameters(frozen.quotas, work.policy.version)),
        repeats=tuple(each.no for each in known if each.phase == frozen.phase),
        run_by=tuple(sorted(filter(None, acting_ids(work)))),
        frozen_on=work.today,
    )
    return draw.model_copy(update={"pop_hash": sampling.pop_hash(draw.sites)})


def take_secret(work: Work, told: DrawSecret) -> bool:
    """Take in what is known of a secret; what comes twice, or late, or is not it changes nothing.

    Return whether something came of it.
    """
    draw = {each.no: each for each in work.all(Draw)}.get(told.draw)
    if draw is None:
        return False
    if draw.state is DrawState.FROZEN:
        work.set(draw.no, draw, state=DrawState.COMMITTED, commit=told.commit)
        work.emit("campaign:draw:committed", ("draw", draw.no), commit=told.commit)
        return True
    secret = bytes.fromhex(told.secret or "")
    if draw.state is DrawState.WITNESSED and sampling.commit(secret) == draw.commit:
        _draw(work, draw, secret)
        return True
    return False


def _draw(work: Work, draw: Draw, secret: bytes) -> None:
    """Steps 5, 6 and 8: everything that the draw was made of is on the trail now."""
    hashes = (draw.pop_hash, draw.params_hash)
    seed = sampling.seed(secret, draw.no, hashes, str(draw.number))
    picks = picked(draw, seed)
    work.set(
        draw.no,
        draw,
        state=DrawState.DRAWN,
        secret=secret.hex(),
        seed=seed.hex(),
        picks=picks,
    )
    work.emit("campaign:draw:drawn", ("draw", draw.no), picks=[each.site for each in picks])


def picked(draw: Draw, seed: bytes) -> tuple[Pick, ...]:
    """Return what a seed draws, each with its stratum. Raises `RuleViolation` DRAW_TOO_FEW."""
    stratum = {each.site: each.stratum or "" for each in draw.sites}
    names = sampling.drawn_by_stratum(seed, draw.sites, draw.quotas)
    return tuple(Pick(site=name, stratum=stratum[name]) for name in names)


def witness_draw(work: Work, command: c.WitnessDraw) -> None:
    """Step 4: a number after the commitment, by somebody who did not open the draw (SOD5)."""
    may_say_number(work)
    draw = get_draw(work, command.draw, "witnessed")
    had_no_hand(work, draw)
    _require(draw, {DrawState.COMMITTED}, "witnessed")
    work.set(
        draw.no,
        draw,
        state=DrawState.WITNESSED,
        number=command.number,
        witnesses=tuple(sorted(filter(None, acting_ids(work)))),
    )
    work.emit(WITNESSED, ("draw", draw.no), number=command.number)


def ask_to_void(work: Work, command: c.AskToVoidDraw) -> None:
    """Step 9: a reason first; once one of its results is there, a draw stands."""
    may_void(work)
    draw = get_draw(work, command.draw, "voided", "used")
    _require(draw, set(DrawState) - {DrawState.VOIDED}, "voided")
    _require_unused(draw)
    who = tuple(sorted(filter(None, acting_ids(work))))
    work.set(draw.no, draw, void_reason=command.reason, void_asked_by=who)
    work.emit("campaign:draw:void_asked", ("draw", draw.no), reason=command.reason)


def decide_void(work: Work, command: c.DecideVoidDraw) -> None:
    """Step 9: the second approval; the number stays, and the draw is counted among the void."""
    may_void(work)
    draw = get_draw(work, command.draw, "voided")
    if not draw.void_asked_by or draw.state is DrawState.VOIDED:
        raise out_of_order(draw.no, draw.state, "voided")
    _require_unused(draw)
    second_approval(work, draw)
    if command.approved:
        work.set(draw.no, draw, state=DrawState.VOIDED, voided_by=work.actor.id)
        let_go(work, draw)
    else:
        work.set(draw.no, draw, void_reason=None, void_asked_by=())
    verb = "voided" if command.approved else "void_refused"
    work.emit(f"campaign:draw:{verb}", ("draw", draw.no), reason=command.reason)


def let_go(work: Work, draw: Draw) -> None:
    """Let the inspections of a void draw wait for another one."""
    for line in list(work.all(InspectionLine)):
        if line.draw == draw.no:
            work.set(line.no, line, draw=None, lost=draw.no)


def _require_unused(draw: Draw) -> None:
    if draw.results or draw.is_used or draw.state is DrawState.REVEALED:
        raise out_of_order(draw.no, "looked_back" if draw.results else "used", "voided")


def _require(draw: Draw, wanted: set[DrawState], act: str) -> None:
    if draw.state not in wanted:
        raise out_of_order(draw.no, draw.state, act)
