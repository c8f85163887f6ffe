"""The random draw `draw-v1` (domain.md f.3) as small exact functions: anyone can recompute it.

Population and parameters are frozen first, then a secret is committed to by its hash, then somebody
else says a number. The seed is made of all of them, so neither who keeps the secret nor who says
the number chooses what is drawn. Chance is an argument: nothing here makes any.
"""

import hashlib
import hmac
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

from pydantic import Field, JsonValue

from duban.domain.errors import Code, RuleViolation
from duban.domain.model import Ident, Model, Text

PROTOCOL: Final = "draw-v1"
SECRET_BYTES: Final = 32
INSPECTOR: Final = "inspector|"
"""What stands before the name where people are drawn, so that sites and people never share keys."""
FEWEST_INSPECTORS: Final = 2
_YEAR: Final = re.compile(r"-\d{4}$")


class Site(Model):
    """One of a population, with its weight; `stratum` is left out where there are no strata."""

    site: Ident
    tickets: int = Field(ge=1)
    stratum: Ident | None = None


class Exclusion(Model):
    """A site that was left out of the population, and why (question 29)."""

    site: Ident
    reason: Text


def canonical(value: JsonValue) -> bytes:
    """Return the canonical form: UTF-8 JSON, sorted keys, separators "," and ":"."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def population_json(population: Iterable[Site]) -> bytes:
    """Return the canonical population: its sites, sorted by name.

    Raises:
        RuleViolation: DRAW_POPULATION when it is empty, or names a site twice.
    """
    sites = sorted(population, key=lambda each: each.site)
    names = [each.site for each in sites]
    twice = sorted({one for one, other in pairwise(names) if one == other})
    if not names or twice:
        raise RuleViolation(Code.DRAW_POPULATION, twice=twice)
    return canonical([each.model_dump(mode="json", exclude_none=True) for each in sites])


def pop_hash(population: Iterable[Site]) -> str:
    """Return the SHA-256 (hex) of the canonical population."""
    return hashlib.sha256(population_json(population)).hexdigest()


def params_hash(params: Mapping[str, JsonValue]) -> str:
    """Return the SHA-256 (hex) of the canonical parameters."""
    return hashlib.sha256(canonical(dict(params))).hexdigest()


def commit(secret: bytes) -> str:
    """Return the SHA-256 (hex) by which a secret is committed to."""
    return hashlib.sha256(secret).hexdigest()


def draw_no(campaign: str, year: int, serial: int) -> str:
    """Return a draw's number, such as `2019-BE-001`: year, campaign, and a serial without gaps.

    A campaign's own year is not said twice: `BE-2019` draws `2019-BE-001`, and `2020-BE-2019-001`
    in the year after.
    """
    return f"{year}-{campaign.removesuffix(f'-{year}')}-{serial:03d}"


def campaign_of(no: str) -> str:
    """Return the campaign of a draw by its number, which leaves out the campaign's own year.

    >>> [campaign_of(no) for no in ("2019-BE-001", "2020-BE-2019-001")]
    ['BE-2019', 'BE-2019']
    """
    year, _, rest = no.partition("-")
    campaign = rest.rpartition("-")[0]
    return campaign if _YEAR.search(campaign) else f"{campaign}-{year}"


def seed(secret: bytes, no: str, frozen: tuple[str, str], number: str) -> bytes:
    """Return the seed; `frozen` are the hashes of population and parameters, in this order."""
    said = "|".join((PROTOCOL, no, *frozen, number))
    return hmac.digest(secret, said.encode(), "sha256")


def key(seeded: bytes, site: Site, prefix: str = "") -> str:
    """Return a site's key (hex): the least of as many as it has tickets."""
    return min(
        hmac.digest(seeded, f"{prefix}{site.site}|{ticket}".encode(), "sha256").hex()
        for ticket in range(1, site.tickets + 1)
    )


def ranked(seeded: bytes, population: Iterable[Site], prefix: str = "") -> tuple[str, ...]:
    """Return the names of a population in the order of their keys."""
    return tuple(name for _, name in sorted((key(seeded, s, prefix), s.site) for s in population))


def drawn(seeded: bytes, population: Iterable[Site], k: int) -> tuple[str, ...]:
    """Return the `k` first of the ranking. Raises `RuleViolation` DRAW_TOO_FEW."""
    return first(ranked(seeded, population), k)


def drawn_by_stratum(
    seeded: bytes, population: Iterable[Site], quotas: Mapping[str, int]
) -> tuple[str, ...]:
    """Return as many of each stratum as its quota says, strata in the order of their names.

    Raises `RuleViolation` DRAW_TOO_FEW where a stratum has fewer.
    """
    strata: defaultdict[str, list[Site]] = defaultdict(list)
    for site in population:
        strata[site.stratum or ""].append(site)
    return tuple(
        name
        for stratum, quota in sorted(quotas.items())
        for name in drawn(seeded, strata[stratum], quota)
    )


def inspectors(seeded: bytes, pool: Iterable[Site], k: int) -> tuple[str, ...]:
    """Return `k` people of a pool from which those who recuse themselves are gone; at least two.

    Raises `RuleViolation` DRAW_TOO_FEW.
    """
    return first(ranked(seeded, pool, INSPECTOR), max(k, FEWEST_INSPECTORS))


def quota(size: int, percent: int, at_least: int) -> int:
    """Return how many of `size` are drawn: the share rounded up, a least number, never all twice.

    >>> [quota(n, 20, 1) for n in (1, 5, 6, 11)]
    [1, 1, 2, 3]
    """
    return min(size, max(at_least, -(-size * percent // 100)))


def first(names: tuple[str, ...], k: int) -> tuple[str, ...]:
    """Return the `k` first of a ranking. Raises `RuleViolation` DRAW_TOO_FEW."""
    if not 0 <= k <= len(names):
        raise RuleViolation(Code.DRAW_TOO_FEW, wanted=k, there=len(names))
    return names[:k]
