"""What counts as proof (domain.md d.5, EXP8, K04): outcomes do, activity and words do not."""

from decimal import Decimal

from duban.domain.errors import Code, RuleViolation
from duban.domain.plan import Direction, PlannedGoal

_NO_PAPER = "-—无 "
"""What people write where there is no paper (f.2)."""


def is_paper(said: str | None) -> bool:
    """Say whether a document is named; nothing, a dash and 无 name none (f.2)."""
    return bool((said or "").strip(_NO_PAPER))


_LARGEST = Decimal(10) ** 15
_PLACES = 60


def require_number(value: Decimal) -> None:
    """Refuse what is no finite number, or one beyond anything that a campaign measures."""
    digits = value.as_tuple().exponent
    if not isinstance(digits, int) or abs(value) > _LARGEST or digits < -_PLACES:
        raise RuleViolation(Code.VALUE_NOT_A_NUMBER, value=str(value))


def reaches(goal: PlannedGoal, value: Decimal) -> bool:
    """Say whether a value reaches the goal's target in the goal's direction."""
    if goal.direction is Direction.UP:
        return value >= goal.target
    return value <= goal.target


def share_done(goal: PlannedGoal, value: Decimal) -> Decimal:
    """Return how much of the way from baseline to target is covered; 1 is the target."""
    way = goal.target - goal.baseline
    if way == 0:
        return Decimal(1) if reaches(goal, value) else Decimal(0)
    return (value - goal.baseline) / way
