"""How the inspections of a phase spread over the units (f.2, K46, K51), without who is next.

Only what has been made is counted, and units that were not seen are a number, never names: a list of
them would tell among which the next draw falls.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date

from duban.domain.inspection.words import InspectionKind
from duban.domain.model import Ident, Model
from duban.domain.thresholds import InspectionRule


class Check(Model):
    """An inspection whose team was on site: where, when, of what kind, in which phase.

    `phase` is None for one of another campaign; it counts for the budget of the unit alone.
    """

    inspection: Ident
    unit: Ident
    on: date
    kind: InspectionKind
    phase: int | None = None
    budget_doc: str = ""


class Burden(Model):
    """A unit that was seen more often in a month than the budget allows, and who approved it."""

    unit: Ident
    month: str
    contacts: int
    approved: tuple[str, ...]


class Coverage(Model):
    """How a phase covers the units; shares are in percent, None where there are no units.

    `density` is how often each unit is to be seen in a phase, `least` how often the one least
    seen was, and `below` how many are short of it; `effect` counts the units whose effect was
    checked, as each has to be (K46).
    """

    phase: int
    units: int
    seen: int
    seen_percent: int | None
    density: int
    least: int | None
    below: int
    effect: int
    effect_percent: int | None
    kinds: dict[str, int]
    over: tuple[Burden, ...]


def coverage(
    units: Collection[str], checks: Iterable[Check], phase: int, rule: InspectionRule
) -> Coverage:
    """Return how the checks of a phase cover the units that are worked with."""
    known = [each for each in checks if each.unit in units]
    own = [each for each in known if each.phase == phase]
    times = Counter(each.unit for each in own)
    per_unit = [times[unit] for unit in units]
    effect = {each.unit for each in own if each.kind is InspectionKind.PERIODIC_EFFECT_CHECK}
    return Coverage(
        phase=phase,
        units=len(units),
        seen=len(times),
        seen_percent=_percent(len(times), len(units)),
        density=rule.density_per_phase,
        least=min(per_unit, default=None),
        below=sum(count < rule.density_per_phase for count in per_unit),
        effect=len(effect),
        effect_percent=_percent(len(effect), len(units)),
        kinds=dict(Counter(each.kind.value for each in own)),
        over=tuple(_over(known, rule.contacts_per_month)),
    )


def _percent(part: int, whole: int) -> int | None:
    return 100 * part // whole if whole else None


def _over(checks: Iterable[Check], budget: int) -> Iterable[Burden]:
    """Yield each unit and month with more contacts than the budget, with the approvals (f.2)."""
    of_month: dict[tuple[str, str], list[Check]] = {}
    for each in checks:
        of_month.setdefault((each.unit, each.on.isoformat()[:7]), []).append(each)
    for (unit, month), some in sorted(of_month.items()):
        if len(some) > budget:
            approved = tuple(sorted({each.budget_doc for each in some} - {""}))
            yield Burden(unit=unit, month=month, contacts=len(some), approved=approved)
