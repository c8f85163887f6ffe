"""What a year came to, in figures and with a verdict."""

from typing import NamedTuple

from duban.rehearsal.theatre import Theatre
from duban.store.checks import TrailReport, TrailRules, check_trail
from tests.rehearsal.year.evidence import Told, told_of
from tests.rehearsal.year.judge import Case, beyond_budget, judge, seen_by_cycle, share
from tests.rehearsal.year.plan import UNITS
from tests.rehearsal.year.playing import Played

SIZE_LIMIT = 512
"""KiB of state with which a campaign may travel (tests/domain/test_budget.py)."""


class Verdict(NamedTuple):
    """What was found wrong by the name of the check, the trail's own findings, and the figures."""

    wrong: dict[str, list[str]]
    trail: TrailReport
    figures: dict[str, str]
    told: Told
    approved: int

    @property
    def held(self) -> bool:
        """Whether everything holds."""
        return self.trail.ok and not any(self.wrong.values())


async def verdict_on(stage: Theatre, played: Played) -> Verdict:
    """Judge a year that was played, by its trail alone."""
    rehearsal = played.rehearsal
    told = await told_of(stage, rehearsal.plan.no)
    case = Case(told, rehearsal.calendar, rehearsal.policy, rehearsal.plan.no, UNITS)
    trail = await check_trail(stage.verifier, TrailRules(key=stage.key))
    wrong = judge(case)
    wrong["size"] = [] if played.state <= SIZE_LIMIT else [f"{played.state:.0f} KiB of state"]
    approved = len(beyond_budget(case))
    return Verdict(wrong, trail, _figures(case, played, trail), told, approved)


def _figures(case: Case, played: Played, trail: TrailReport) -> dict[str, str]:
    told = case.told
    cycles = seen_by_cycle(case)
    void = sum(each.state == "voided" for each in told.draws)
    return {
        "inspections": f"{len(told.numbers)}, {len(told.contacts)} of them made",
        "draws": f"{len(told.draws)}, {void} void for want of budget",
        "beyond the budget, all approved": str(len(beyond_budget(case))),
        "refused": ", ".join(f"{code} {n}" for code, n in sorted(told.refused.items())),
        "units seen by cycle": ", ".join(f"{no}: {len(units)}" for no, units in cycles.items()),
        "picks that asked for a unit not yet drawn": f"{share(case):.1f} %",
        "largest state of the campaign": f"{played.state:.0f} KiB, {played.runs} runs",
        "Temporal servers, each begun from the trail alone": (
            f"{played.servers}, {played.lost} before lost at work"
        ),
        "trail": f"{trail.entries} entries of {trail.streams} streams",
        "played in": f"{played.seconds:.0f} s, {len(told.contacts) / played.seconds:.2f} a second",
    }
