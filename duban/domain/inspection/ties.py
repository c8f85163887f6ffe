"""Ties of people to a unit, as far as the register tells them (SOD6)."""

from collections.abc import Iterable

from duban.domain.entity.permits import years_before
from duban.domain.entity.work import Work
from duban.domain.roles import Person


def tied(work: Work, people: Iterable[str], unit: str) -> tuple[str, ...]:
    """Return those of `people` who belong to a unit or left it within the policy's years.

    Relatives and interests are declared for the pool of a draw (`duban.domain.draw.places`).
    """
    wanted = set(people)
    window = years_before(work.today, work.policy.former_unit_years)
    found = {
        each.id
        for each in work.all(Person)
        if each.id in wanted
        and (
            (each.unit == unit and not each.left)
            or any(f.unit == unit and f.left_on >= window for f in each.former_units)
        )
    }
    return tuple(sorted(found))
