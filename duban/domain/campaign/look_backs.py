"""Drawn look-backs (domain.md d.7, f.1): from which problems, by which share, and whether done.

The problem itself keeps what a look-back found; here stands what was drawn and what came of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from duban.domain import sampling
from duban.domain.campaign import draw_commands as c
from duban.domain.campaign.draw_records import Draw, DrawState, SignedOff
from duban.domain.campaign.drawing import Frozen, open_draw
from duban.domain.campaign.records import PhaseRecord
from duban.domain.campaign.work import Work
from duban.domain.errors import Code, RuleViolation
from duban.domain.problem.standing import ProblemNews
from duban.domain.problem.words import DrawMark
from duban.domain.thresholds import DrawRule


def open_look_back_draw(work: Work, command: c.OpenLookBackDraw) -> None:
    """Freeze the problems of a phase that are signed off; what is left out stands beside why."""
    phase = command.phase or work.campaign.current_phase
    there = _of_phase(work, phase)
    left_out = {each.site for each in command.excluded}
    strange = sorted(left_out - there.keys())
    if strange:
        raise RuleViolation(Code.OBJECT_NOT_FOUND, kind="problem", id=strange[0])
    population: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for no, signed in sorted(there.items()):
        if no not in left_out:
            population[signed.unit][no] = tickets(signed, work.today, work.policy.drawing)
    quotas = {unit: _quota(work, len(sites)) for unit, sites in sorted(population.items())}
    open_draw(work, Frozen(phase, dict(population), quotas, command.excluded))


def _quota(work: Work, size: int) -> int:
    return sampling.quota(size, work.policy.lookback_percent, work.policy.drawing.per_stratum)


def _of_phase(work: Work, phase: int) -> dict[str, SignedOff]:
    return {no: each for no, each in work.signed.items() if phase_of(work, each.on) == phase}


def phase_of(work: Work, on: date) -> int:
    """Return the phase that a day of signing off belongs to: the first that is not over by then.

    What is signed off after the last phase belongs to the last. So a review that runs does not see
    its own population grow.
    """
    phases = sorted(work.all(PhaseRecord), key=lambda each: each.no)
    return next((each.no for each in phases if on <= each.ends_on), phases[-1].no)


def tickets(signed: SignedOff, today: date, rule: DrawRule) -> int:
    """Return a problem's weight: one, and more where there is more to doubt (f.3)."""
    extra = {
        DrawMark.COMPLAINT: rule.complaint,
        DrawMark.UNSEEN: rule.unseen,
        DrawMark.FALSE_RECTIFICATION: rule.false_rectification,
    }
    since = today - timedelta(days=rule.red_card_days)
    red = rule.red_card if signed.red_on is not None and signed.red_on >= since else 0
    return min(rule.ticket_cap, 1 + red + sum(extra[mark] for mark in signed.marks))


def note_result(work: Work, news: ProblemNews) -> None:
    """Note what a look-back found on a problem that was drawn; the first result of a draw stays."""
    found = news.look_back
    draw = {each.no: each for each in work.all(Draw)}.get(found.batch or "") if found else None
    if found is None or draw is None or draw.state is not DrawState.DRAWN:
        return
    if news.no in {each.site for each in draw.picks} - draw.results.keys():
        work.set(draw.no, draw, results={**draw.results, news.no: found})


def looked_back_enough(work: Work) -> Iterator[str]:
    """G2.4: everything drawn was looked back on, the share and each unit's least number are there.

    A problem that came back otherwise before anybody looked is no longer signed off and counts
    neither way; one that was left out of a draw counts as not looked back on.
    """
    phase = work.campaign.current_phase
    units = {no: each.unit for no, each in _of_phase(work, phase).items()}
    done: dict[str, str] = {}
    for draw in work.all(Draw):
        if draw.phase != phase or draw.state is not DrawState.DRAWN:
            continue
        for pick in draw.picks:
            if pick.site in draw.results:
                done[pick.site] = pick.stratum
            elif pick.site in units:
                yield pick.site
    yield from _lacking(work, {**units, **done}, done)


def _lacking(work: Work, units: dict[str, str], done: dict[str, str]) -> Iterator[str]:
    """Yield the units with too few looked back on, and the share while it is not reached."""
    sizes, seen = Counter(units.values()), Counter(done.values())
    for unit in sorted(sizes):
        if seen[unit] < min(sizes[unit], work.policy.drawing.per_stratum):
            yield unit
    if len(done) * 100 < len(units) * work.policy.lookback_percent:
        yield f"{len(done)}/{len(units)}"
