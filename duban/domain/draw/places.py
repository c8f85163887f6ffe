"""What a draw of inspections is read from: sites, people with their ties, what is left out."""

from datetime import date
from enum import StrEnum

from duban.domain.entity.permits import years_before
from duban.domain.model import Ident, Model, Text
from duban.domain.sampling import Exclusion


class Place(Model):
    """A site where work is done. A unit's headquarters is no front line and never drawn (f.3)."""

    site: Ident
    name: Text
    unit: Ident
    address: str = ""
    stratum: Ident | None = None
    front_line: bool = True


class TieKind(StrEnum):
    """What binds somebody to a unit (SOD6)."""

    OWN_UNIT = "own_unit"
    FORMER_UNIT = "former_unit"
    RELATIVE = "relative"
    INTEREST = "interest"


class Tie(Model):
    """What binds somebody to a unit; a former unit counts for ever where no day is told."""

    unit: Ident
    kind: TieKind
    left_on: date | None = None


class Candidate(Model):
    """Somebody who may inspect, and what binds him; the trail knows him by his id alone (l.13)."""

    person: Ident
    name: str = ""
    ties: tuple[Tie, ...] = ()


class Lists(Model):
    """What the operator of a draw hands in; a team leader stands in the pool, with his ties."""

    places: tuple[Place, ...]
    pool: tuple[Candidate, ...]
    excluded: tuple[Exclusion, ...] = ()

    def in_order(self) -> "Lists":
        """Return the same lists as they are kept: sorted, and people by their ids alone."""
        people = (each.model_copy(update={"name": ""}) for each in self.pool)
        return Lists(
            places=tuple(sorted(self.places, key=lambda each: each.site)),
            pool=tuple(sorted(people, key=lambda each: each.person)),
            excluded=tuple(sorted(self.excluded, key=lambda each: each.site)),
        )


def units_tied(candidate: Candidate, on: date, years: int) -> frozenset[str]:
    """Return the units from which somebody recuses himself on a day (SOD6)."""
    window = years_before(on, years)
    return frozenset(
        tie.unit
        for tie in candidate.ties
        if tie.kind is not TieKind.FORMER_UNIT or tie.left_on is None or tie.left_on >= window
    )
