"""Draw sites and inspectors from what is frozen, and commit to each target (f.3, steps 6 and 7)."""

import hmac
from collections.abc import Iterator

from pydantic import Field

from duban.domain import sampling
from duban.domain.draw.freezing import DrawnSite, Frozen, digest, eligible, in_stratum, quotas_of
from duban.domain.model import Ident, Model, Text

COVERAGE = "coverage|"
"""What stands before the place of a pick where its coin is thrown."""


class Target(Model):
    """Where one inspection goes and who inspects; the salt keeps its commitment from guessing."""

    inspection: Ident
    site: Ident
    name: Text
    unit: Ident
    address: str = ""
    inspectors: tuple[Ident, ...]
    salt: str = Field(pattern=r"^[0-9a-f]{64}$")


class Pick(Model):
    """What is drawn for one inspection; `covered`: its coin asked for a unit not yet drawn."""

    inspection: Ident
    site: Ident
    unit: Ident
    inspectors: tuple[Ident, ...]
    covered: bool


def commitment(target: Target) -> str:
    """Return the SHA-256 (hex) by which a target is committed to."""
    return committed(target, target.salt)


def committed(told: Target | Pick, salt: str) -> str:
    """Return the commitment to where an inspection goes and who inspects, with a salt."""
    fields = told.model_dump(mode="json", include={"inspection", "site", "unit", "inspectors"})
    return digest({**fields, "salt": salt})


def coin(seed: bytes, place: int) -> int:
    """Return a number from 0 to 99 for the `place`-th pick, counted from 1.

    Of 2**256 values a hundred do not divide evenly; the difference is less than 10**-75.
    """
    return int(hmac.digest(seed, f"{COVERAGE}{place}".encode(), "sha256").hex(), 16) % 100


def picks(seed: bytes, frozen: Frozen) -> tuple[Pick, ...]:
    """Return what a seed draws: a site and a team for each inspection, in their order.

    Raises:
        RuleViolation: DRAW_TOO_FEW when there are not enough sites or inspectors, DRAW_QUOTAS;
            neither comes of what `freeze` returned.
    """
    taken: set[str] = set()
    found = []
    inspections = frozen.basis.terms.inspections
    for inspection, (site, covered) in zip(inspections, _sites(seed, frozen), strict=True):
        team = _team(seed, frozen, site.unit, taken)
        taken |= set(team)
        found.append(
            Pick(
                inspection=inspection,
                site=site.site,
                unit=site.unit,
                inspectors=team,
                covered=covered,
            )
        )
    return tuple(found)


def _sites(seed: bytes, frozen: Frozen) -> Iterator[tuple[DrawnSite, bool]]:
    """Yield the sites drawn, strata in the order of their names, with what each coin said."""
    drawn: list[DrawnSite] = []
    for stratum, quota in quotas_of(frozen.basis.terms).items():
        sites = {each.site: each for each in in_stratum(frozen, stratum)}
        ranking = sampling.ranked(seed, sites.values())
        sampling.first(ranking, quota)
        left = [sites[name] for name in ranking]
        for _ in range(quota):
            covered = coin(seed, len(drawn) + 1) < frozen.basis.rules.coverage_percent
            site = _next(left, {each.unit for each in drawn}, covered=covered)
            left.remove(site)
            drawn.append(site)
            yield site, covered


def _next(ranking: list[DrawnSite], units: set[str], *, covered: bool) -> DrawnSite:
    """Return the first of a ranking, of a unit not yet drawn where the coin asks for one.

    A draw goes to a unit twice only once it went to all others: each time is a contact (f.2).
    """
    others = [each for each in ranking if each.unit not in units]
    fresh = [each for each in others if each.unseen]
    return (fresh if covered and fresh else others or ranking)[0]


def _team(seed: bytes, frozen: Frozen, unit: str, taken: set[str]) -> tuple[str, ...]:
    """Return who inspects a unit; those that an earlier pick took come last."""
    people = [sampling.Site(site=each.person, tickets=1) for each in eligible(frozen, unit)]
    rested = [each for each in people if each.site not in taken]
    busy = [each for each in people if each.site in taken]
    wanted = frozen.team_size
    ranking = [
        name for half in (rested, busy) for name in sampling.ranked(seed, half, sampling.INSPECTOR)
    ]
    return sampling.first(tuple(ranking), wanted)
