"""How far a phase has seen its units (K46, K51): shares and counts, and never who is next."""

from collections import Counter
from collections.abc import Mapping, Sequence

from duban.domain.campaign.inspection_records import UnitSeen
from duban.domain.model import Model


class Coverage(Model):
    """A phase in numbers: its units, how many were inspected, and of how many the effect was.

    `by_checks` says how many units were inspected how often. No unit is named: whoever read which
    ones were left would know where the next draw can go.
    """

    phase: int
    units: int
    checks: int
    checked: int
    effect_checked: int
    percent: int
    effect_percent: int
    by_checks: dict[int, int]


def coverage(seen: Mapping[str, UnitSeen], units: Sequence[str], phase: int) -> Coverage:
    """Return how far the units of a campaign were seen in a phase; shares are rounded down."""
    known = [seen.get(unit, UnitSeen()) for unit in units]
    counts = [each.phases.get(phase, 0) for each in known]
    checked = sum(count > 0 for count in counts)
    effect = sum(phase in each.effect for each in known)
    return Coverage(
        phase=phase,
        units=len(units),
        checks=sum(counts),
        checked=checked,
        effect_checked=effect,
        percent=_percent(checked, len(units)),
        effect_percent=_percent(effect, len(units)),
        by_checks=dict(sorted(Counter(counts).items())),
    )


def _percent(some: int, of: int) -> int:
    return 100 * some // of if of else 0
