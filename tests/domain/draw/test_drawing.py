"""f.3, steps 6 and 7: sites by tickets and coin, inspectors by recusal, targets committed to."""

from collections import Counter
from functools import cache
from hashlib import sha256
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain import sampling
from duban.domain.draw.basis import UnitFacts
from duban.domain.draw.drawing import Pick, Target, coin, commitment, picks
from duban.domain.draw.freezing import Frozen, freeze
from duban.domain.draw.places import Lists
from duban.domain.errors import Code, RuleViolation
from tests.support.inspection_draws import (
    DAY,
    POLICY,
    frozen,
    made_up,
    person,
    place,
    salt,
    terms,
    tie,
)

SEEDS = 20_000
POOL = tuple(person(n) for n in range(1, 6))
VECTOR = {"U01-S1": 1, "U01-S2": 1, "U02-S1": 2, "U03-S1": 1, "U04-S1": 3, "U05-S1": 1}
"""Sites and tickets of the vector of f.3."""

seeds = st.binary(min_size=32, max_size=32)
numbers = st.integers(0, 10**6)


def seed_of(number: int) -> bytes:
    """Return the seed of a run: the same every time."""
    return number.to_bytes(32, "big")


def near(count: int, part: float) -> bool:
    """Say whether a count is within five standard deviations of its part of all seeds."""
    return abs(count - SEEDS * part) < 5 * sqrt(SEEDS * part * (1 - part))


@cache
def weighted() -> Frozen:
    """Return the population of the vector, its tickets earned by facts; all units were drawn."""
    places = tuple(place(name[:3], int(name[-1])) for name in VECTOR)
    facts: dict[str, dict[str, Any]] = {
        "U02": {"red_on": DAY},
        "U04": {"red_on": DAY, "false_rectification": True},
    }
    known = {
        unit: UnitFacts(unit=unit, drawn_this_cycle=True, **facts.get(unit, {}))
        for unit in {name[:3] for name in VECTOR}
    }
    lists = Lists(places=places, pool=POOL)
    return freeze(lists, terms(inspections=("BE-2019-I0001",)), known, POLICY)


@cache
def half_drawn() -> Frozen:
    """Return ten sites of ten units, half of which were drawn already, all of equal weight."""
    units = [f"U{n:02d}" for n in range(10)]
    known = {u: UnitFacts(unit=u, drawn_this_cycle=n < 5) for n, u in enumerate(units)}
    policy = POLICY.model_copy(
        update={"drawing": POLICY.drawing.model_copy(update={"ticket_cap": 1})}
    )
    lists = Lists(places=tuple(map(place, units)), pool=POOL)
    return freeze(lists, terms(inspections=("I1",), scope=tuple(units)), known, policy)


def test_f3_of_20000_seeds_each_site_is_drawn_as_often_as_its_tickets_say() -> None:
    made = weighted()
    assert {each.site: each.tickets for each in made.population} == VECTOR

    found = Counter(picks(seed_of(number), made)[0].site for number in range(SEEDS))

    # One, two and three of nine tickets; the seeds are fixed, so this never fails by chance.
    for name, tickets in VECTOR.items():
        assert near(found[name], tickets / 9), (name, found[name])


def test_f3_of_20000_seeds_seventy_in_a_hundred_go_to_units_not_yet_drawn() -> None:
    found = Counter(
        (pick.covered, pick.unit >= "U05")
        for number in range(SEEDS)
        for pick in picks(seed_of(number), half_drawn())
    )

    assert near(found[True, True], 0.7)
    assert found[True, False] == 0
    # Without the coin all ten are alike: a checked unit is never safe.
    assert near(found[False, False], 0.15)
    assert near(found[False, True], 0.15)


def test_f3_the_coin_falls_evenly_and_another_for_each_place() -> None:
    thrown = [(coin(seed_of(number), 1), coin(seed_of(number), 2)) for number in range(SEEDS)]

    assert {one for one, _ in thrown} == set(range(100))
    assert near(sum(one < 70 for one, _ in thrown), 0.7)
    assert near(sum(one < 70 and other < 70 for one, other in thrown), 0.49)


@given(number=numbers, seed=seeds)
def test_no_site_comes_twice_and_every_inspection_has_one(number: int, seed: bytes) -> None:
    made = made_up(number)
    found = picks(seed, made)

    assert tuple(each.inspection for each in found) == made.basis.terms.inspections
    assert len({each.site for each in found}) == len(found)
    units = {each.site: each.unit for each in made.population}
    assert all(units[each.site] == each.unit for each in found)


@given(number=numbers, seed=seeds)
def test_every_stratum_gives_its_quota(number: int, seed: bytes) -> None:
    made = made_up(number)
    stratum = {each.site: each.stratum for each in made.population}
    given_by = Counter(stratum[each.site] for each in picks(seed, made))

    assert not made.basis.terms.quotas or given_by == made.basis.terms.quotas


@given(number=numbers, seed=seeds)
def test_sod6_at_least_two_inspect_none_tied_and_never_the_leader(number: int, seed: bytes) -> None:
    made = made_up(number)
    people = {each.person: each for each in made.pool}
    for pick in picks(seed, made):
        ties = [bond for name in pick.inspectors for bond in people[name].ties]
        kept = {bond.unit for bond in ties if bond.left_on is None or bond.kind != "former_unit"}
        assert len(set(pick.inspectors)) == made.team_size >= 2
        assert pick.unit not in kept
        assert not set(pick.inspectors) & set(made.basis.terms.leaders)


@given(number=numbers, seed=seeds)
def test_f3_where_the_coin_says_so_a_unit_not_yet_drawn_is_taken_while_there_is_one(
    number: int, seed: bytes
) -> None:
    made = made_up(number)
    unseen = {each.site for each in made.population if each.unseen}
    before: set[str] = set()
    for serial, pick in enumerate(picks(seed, made), start=1):
        assert pick.covered is (coin(seed, serial) < 70)
        quotas = made.basis.terms.quotas
        left = {s.site for s in made.population if s.unit not in before} & unseen
        if pick.covered and left and not quotas:
            assert pick.site in left
        before.add(pick.unit)


def test_f3_a_unit_drawn_a_moment_ago_was_drawn_in_this_cycle() -> None:
    made = frozen()
    both = [
        found
        for found in (picks(seed_of(number), made) for number in range(200))
        if found[0].covered and found[1].covered
    ]

    assert len(both) > 50
    assert all({one.unit, other.unit} == {"U01", "U04"} for one, other in both)


def test_f3_7_those_whom_an_earlier_pick_took_come_last() -> None:
    for number in range(50):
        first, second = picks(seed_of(number), frozen())
        free = {"IN-2", "IN-3", "IN-4", "IN-5", "IN-6"} - set(first.inspectors)
        free -= {"IN-2"} if second.unit == "U01" else set()
        assert set(second.inspectors) <= free or len(free) < 2


def test_f3_7_a_small_pool_goes_more_than_once() -> None:
    lists = Lists(places=(place("U01"), place("U02")), pool=POOL[:3])
    first, second = picks(bytes(32), freeze(lists, terms(), {}, POLICY))

    assert set(first.inspectors) == set(second.inspectors) == {"IN-2", "IN-3"}


def test_f3_7_inspectors_are_ranked_by_keys_of_their_own() -> None:
    made = weighted()
    pool = [sampling.Site(site=each.person, tickets=1) for each in made.pool[1:]]

    for number in range(20):
        seed = seed_of(number)
        assert picks(seed, made)[0].inspectors == sampling.inspectors(seed, pool, 2)


def test_f3_7_too_few_after_recusals_is_refused() -> None:
    made = frozen()
    tied = [each.model_copy(update={"ties": (tie("U01"), tie("U04"))}) for each in made.pool]
    lists = made.basis.lists.model_copy(update={"pool": tuple(tied)})
    bad = made.model_copy(update={"basis": made.basis.model_copy(update={"lists": lists})})

    with pytest.raises(RuleViolation) as why:
        picks(bytes(32), bad)

    assert (why.value.code, why.value.params) == (Code.DRAW_TOO_FEW, {"wanted": 2, "there": 0})


def test_sec1_a_commitment_is_that_of_the_target_and_hides_it() -> None:
    pick = Pick(
        inspection="BE-2019-I0001", site="U01-S1", unit="U01", inspectors=("A", "B"), covered=True
    )
    whole = pick.model_dump(exclude={"covered"})
    target = Target(name="窗口", address="某路1号", salt=salt(pick), **whole)

    told = commitment(target)

    said = (
        '{"inspection":"BE-2019-I0001","inspectors":["A","B"],"salt":"'
        f'{salt(pick)}","site":"U01-S1","unit":"U01"}}'
    )
    assert told == sha256(said.encode()).hexdigest()
    for changed in ({"site": "U01-S2"}, {"inspectors": ("B", "A")}, {"salt": "0" * 64}):
        assert commitment(target.model_copy(update=changed)) != told
    assert commitment(target.model_copy(update={"name": "大厅"})) == told
