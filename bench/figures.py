"""What a measurement says: values per round, their median and spread, and the goal beside them."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Goal:
    """A limit that the median must keep, and where it was set."""

    sign: Literal["<=", ">=", "<", "=="]
    limit: float
    source: str = ""

    def is_met(self, value: float) -> bool:
        """Whether a value keeps the limit."""
        match self.sign:
            case "<=":
                return value <= self.limit
            case ">=":
                return value >= self.limit
            case "<":
                return value < self.limit
        return value == self.limit

    def __str__(self) -> str:
        return f"{self.sign} {self.limit:g}"


@dataclass(frozen=True)
class Figure:
    """One line of the table: a value per round in `unit` ("x" is a ratio to the floor).

    `beside` holds the medians of what the ratio was made of, for people; it is never judged.
    """

    text: str
    unit: str
    values: Sequence[float]
    goal: Goal | None = None
    beside: dict[str, float] = field(default_factory=dict)

    @property
    def median(self) -> float:
        """The median over the rounds."""
        return statistics.median(self.values)

    @property
    def is_met(self) -> bool | None:
        """Whether the median keeps the goal; None without one."""
        return None if self.goal is None else self.goal.is_met(self.median)

    def document(self) -> dict[str, Any]:
        """Return the figure as it stands in results.json."""
        return {
            "text": self.text,
            "unit": self.unit,
            "median": _rounded(self.median),
            "min": _rounded(min(self.values)),
            "max": _rounded(max(self.values)),
            "rounds": len(self.values),
            "goal": str(self.goal) if self.goal else None,
            "goal_source": self.goal.source if self.goal else None,
            "met": self.is_met,
            "beside": {name: _rounded(value) for name, value in self.beside.items()},
        }


def ratio(
    text: str, product: Sequence[float], floor: Sequence[float], goal: Goal | None, *, unit: str
) -> Figure:
    """Return product / floor round by round; `unit` is that of what was measured."""
    values = [ours / bare for ours, bare in zip(product, floor, strict=True)]
    beside = {
        f"product_{unit}": statistics.median(product),
        f"floor_{unit}": statistics.median(floor),
    }
    return Figure(text, "x", values, goal, beside)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile; `share` is between 0 and 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
