"""Freeze the population and the parameters of a draw of inspections (domain.md f.3, steps 1, 2)."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum

from pydantic import Field, JsonValue

from duban.domain import sampling
from duban.domain.draw.basis import Basis, Rules, Terms, UnitFacts
from duban.domain.draw.places import Candidate, Lists, Place, units_tied
from duban.domain.errors import Code, RuleViolation
from duban.domain.model import Document, Ident, Model
from duban.domain.policy import PolicyVersion


class ExclusionCode(StrEnum):
    """Why a site cannot be drawn, in the order in which it is asked (question 29)."""

    NOT_FRONT_LINE = "not_front_line"
    OUT_OF_SCOPE = "out_of_scope"
    LEADER_TIED = "leader_tied"
    OVER_BUDGET = "over_budget"
    SAME_THEME = "same_theme"
    NAMED = "named"


class DrawnSite(sampling.Site):
    """A site of the population; `unseen`: its unit was not drawn yet in this cycle."""

    tickets: int = Field(ge=1, le=9999)
    unit: Ident
    unseen: bool


class ExcludedSite(Model):
    """A site that is left out: by a rule, or by the operator, whose reason stands beside it."""

    site: Ident
    code: ExclusionCode
    reason: str = ""


class Frozen(Model):
    """What is drawn from, its hashes, and what it was made from."""

    population: tuple[DrawnSite, ...]
    excluded: tuple[ExcludedSite, ...]
    params: Document
    pop_hash: str
    params_hash: str
    basis: Basis

    @property
    def pool(self) -> tuple[Candidate, ...]:
        """Who may inspect, leaders among them; without names."""
        return self.basis.lists.pool

    @property
    def team_size(self) -> int:
        """How many inspect besides the leader (SOD6)."""
        return max(self.basis.terms.inspectors, self.basis.rules.fewest_inspectors)


def freeze(
    lists: Lists, terms: Terms, facts: Mapping[str, UnitFacts], policy: PolicyVersion
) -> Frozen:
    """Return what is drawn from: who is eligible, with what weight, and what else is fixed.

    Raises:
        RuleViolation: DRAW_TOO_LARGE; DRAW_POPULATION when a site is there twice or none is
            eligible; DRAW_POOL, DRAW_LEADER, DRAW_EXCLUSION and DRAW_QUOTAS for lists and terms
            that do not fit; DRAW_TOO_FEW when a stratum, or the pool after recusals, is too small.
    """
    if len(lists.places) > policy.drawing.max_population:
        most = policy.drawing.max_population
        raise RuleViolation(Code.DRAW_TOO_LARGE, size=len(lists.places), max=most)
    units = sorted({each.unit for each in lists.places})
    known = tuple(facts[unit] for unit in units if unit in facts)
    basis = Basis(lists=lists.in_order(), terms=terms, facts=known, rules=Rules.of(policy))
    return frozen(basis)


def frozen(basis: Basis) -> Frozen:
    """Return what comes of a basis. Raises `RuleViolation` as `freeze` does."""
    _check_lists(basis)
    excluded = excluded_of(basis)
    population = population_of(basis, {each.site for each in excluded})
    made = Frozen(
        population=population,
        excluded=excluded,
        params=params_of(basis, excluded),
        pop_hash=sampling.pop_hash(population),
        params_hash=sampling.params_hash(params_of(basis, excluded)),
        basis=basis,
    )
    _check_sizes(made)
    return made


def _check_lists(basis: Basis) -> None:
    lists, people = basis.lists, {each.person for each in basis.lists.pool}
    if twice := _twice(each.site for each in lists.places):
        raise RuleViolation(Code.DRAW_POPULATION, twice=twice)
    if twice := _twice(each.person for each in lists.pool):
        raise RuleViolation(Code.DRAW_POOL, twice=twice)
    if unknown := sorted(set(basis.terms.leaders) - people):
        raise RuleViolation(Code.DRAW_LEADER, leaders=unknown)
    named = {each.site for each in lists.excluded} - {each.site for each in lists.places}
    if named:
        raise RuleViolation(Code.DRAW_EXCLUSION, sites=sorted(named))


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _check_sizes(made: Frozen) -> None:
    """Refuse before anything is committed to what the draw itself could not fulfil."""
    for stratum, quota in quotas_of(made.basis.terms).items():
        there = len(in_stratum(made, stratum))
        if there < quota:
            raise RuleViolation(Code.DRAW_TOO_FEW, wanted=quota, there=there)
    fewest = min(len(eligible(made, site.unit)) for site in made.population)
    if fewest < made.team_size:
        raise RuleViolation(Code.DRAW_TOO_FEW, wanted=made.team_size, there=fewest)


def quotas_of(terms: Terms) -> dict[str, int]:
    """Return how many each stratum gives; all of them from the whole where there are none.

    Raises `RuleViolation` DRAW_QUOTAS where they do not add up to the inspections.
    """
    quotas = dict(sorted(terms.quotas.items())) or {"": len(terms.inspections)}
    wanted, said = len(terms.inspections), sum(quotas.values())
    if wanted != said:
        raise RuleViolation(Code.DRAW_QUOTAS, wanted=wanted, said=said)
    return quotas


def in_stratum(made: Frozen, stratum: str) -> tuple[DrawnSite, ...]:
    """Return the sites of a stratum; all where the draw has no quotas."""
    whole = not made.basis.terms.quotas
    return tuple(each for each in made.population if whole or each.stratum == stratum)


def eligible(made: Frozen, unit: str) -> tuple[Candidate, ...]:
    """Return who may inspect a unit: not tied to it, and not leading a team (SOD6)."""
    terms, years = made.basis.terms, made.basis.rules.former_unit_years
    return tuple(
        each
        for each in made.pool
        if each.person not in terms.leaders and unit not in units_tied(each, terms.on, years)
    )


def population_of(basis: Basis, left_out: set[str]) -> tuple[DrawnSite, ...]:
    """Return the eligible sites with their weights, sorted."""
    places = [each for each in basis.lists.places if each.site not in left_out]
    most = _complained_of(basis, sorted({each.unit for each in places}))
    return tuple(
        DrawnSite(
            site=each.site,
            tickets=tickets(basis, each.unit, complained_of=each.unit in most),
            stratum=each.stratum,
            unit=each.unit,
            unseen=not basis.of_unit(each.unit).drawn_this_cycle,
        )
        for each in places
    )


def _complained_of(basis: Basis, units: list[str]) -> frozenset[str]:
    """Return the units of the population that most is complained of; equal ones stay together."""
    complaints = {unit: basis.of_unit(unit).complaints for unit in units}
    top = basis.rules.complaint_percent * len(units)
    return frozenset(
        unit
        for unit, count in complaints.items()
        if count and 100 * sum(other > count for other in complaints.values()) < top
    )


def tickets(basis: Basis, unit: str, *, complained_of: bool) -> int:
    """Return the weight of a unit's sites: one, and more where there is more to doubt (f.3)."""
    rules, facts = basis.rules, basis.of_unit(unit)
    since = basis.terms.on - timedelta(days=rules.red_card_days)
    extra = (
        (facts.red_on is not None and facts.red_on >= since, rules.red_card),
        (complained_of, rules.complaint),
        (not facts.drawn_this_cycle, rules.unseen),
        (facts.false_rectification, rules.false_rectification),
    )
    return min(rules.ticket_cap, 1 + sum(weight for holds, weight in extra if holds))


def excluded_of(basis: Basis) -> tuple[ExcludedSite, ...]:
    """Return the sites that are left out, each with the first reason that holds."""
    named = {each.site: each.reason for each in basis.lists.excluded}
    found = ((each, _why_not(each, basis, named)) for each in basis.lists.places)
    return tuple(
        ExcludedSite(
            site=each.site, code=why, reason=named[each.site] if why is ExclusionCode.NAMED else ""
        )
        for each, why in found
        if why is not None
    )


def _why_not(place: Place, basis: Basis, named: Mapping[str, str]) -> ExclusionCode | None:
    terms, rules, facts = basis.terms, basis.rules, basis.of_unit(place.unit)
    tied = {
        unit
        for leader in basis.lists.pool
        if leader.person in terms.leaders
        for unit in units_tied(leader, terms.on, rules.former_unit_years)
    }
    soon = terms.on - timedelta(days=rules.repeat_theme_days)
    again = facts.same_theme_on is not None and facts.same_theme_on >= soon
    asked = (
        (ExclusionCode.NOT_FRONT_LINE, not place.front_line),
        (ExclusionCode.OUT_OF_SCOPE, place.unit not in terms.scope),
        (ExclusionCode.LEADER_TIED, place.unit in tied),
        (
            ExclusionCode.OVER_BUDGET,
            facts.contacts >= rules.contacts_per_month and not terms.budget_doc,
        ),
        (ExclusionCode.SAME_THEME, again and not terms.repeat_reason),
        (ExclusionCode.NAMED, place.site in named),
    )
    return next((code for code, holds in asked if holds), None)


def params_of(basis: Basis, excluded: tuple[ExcludedSite, ...]) -> Document:
    """Return the parameters that are hashed (f.3, step 2); lists stand in them as digests."""
    terms, rules = basis.terms, basis.rules
    params: Document = {
        "k": len(terms.inspections),
        "policy": rules.policy,
        "coverage": rules.coverage_percent,
        "inspectors": max(terms.inspectors, rules.fewest_inspectors),
        "inspections": list(terms.inspections),
        "pool": digest([each.plain() for each in basis.lists.pool]),
        "excluded": digest([each.plain() for each in excluded]),
        "basis": digest(basis.plain()),
    }
    return {**params, "quotas": dict(terms.quotas)} if terms.quotas else params


def digest(value: JsonValue) -> str:
    """Return the SHA-256 (hex) of the canonical form of a value."""
    return hashlib.sha256(sampling.canonical(value)).hexdigest()
