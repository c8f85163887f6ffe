"""draw-v1 (f.3): the test vector, every value of it; frequencies; what cannot matter does not."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from duban.domain import sampling
from duban.domain.errors import Code, RuleViolation
from duban.domain.sampling import Site

SECRET = bytes(range(32))
NUMBER = "见证人随机数-7351"
PARAMS: dict[str, JsonValue] = {"k": 2, "policy": "v1"}
TICKETS = {"U01-S1": 1, "U01-S2": 1, "U02-S1": 2, "U03-S1": 1, "U04-S1": 3, "U05-S1": 1}
POPULATION = [Site(site=name, tickets=tickets) for name, tickets in TICKETS.items()]
HASHES = (
    "6d0229ac4e21a289956e9d15cf7dc431de99ae03755e80c16bd45f164cc67b9b",
    "5dfef2c7e1fbba69bb5d72388de161414e4e7f8840e643db098b7ec3bfba183d",
)
SEED = "69d6a1ad4936c2e27415dea0cc4ead238c187f82e4a5e7a8918350f346750535"

names = st.from_regex(r"[A-Z][0-9]{2}-S[0-9]", fullmatch=True)
populations = st.dictionaries(names, st.integers(1, 5), min_size=1, max_size=12).map(
    lambda found: [Site(site=name, tickets=tickets) for name, tickets in found.items()]
)
seeds = st.binary(min_size=32, max_size=32)


def test_f3_vector_the_canonical_population() -> None:
    text = sampling.population_json(reversed(POPULATION)).decode()

    assert text == (
        '[{"site":"U01-S1","tickets":1},{"site":"U01-S2","tickets":1},'
        '{"site":"U02-S1","tickets":2},{"site":"U03-S1","tickets":1},'
        '{"site":"U04-S1","tickets":3},{"site":"U05-S1","tickets":1}]'
    )


def test_f3_vector_every_hash_of_what_is_frozen() -> None:
    assert (sampling.pop_hash(POPULATION), sampling.params_hash(PARAMS)) == HASHES
    assert sampling.canonical(PARAMS) == b'{"k":2,"policy":"v1"}'
    assert sampling.commit(SECRET) == (
        "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"
    )


def test_f3_vector_seed_order_and_what_is_drawn() -> None:
    seed = sampling.seed(SECRET, "2019-BE-001", HASHES, NUMBER)

    assert seed.hex() == SEED
    order = ("U04-S1", "U05-S1", "U02-S1", "U01-S1", "U03-S1", "U01-S2")
    assert sampling.ranked(seed, POPULATION) == order
    assert sampling.drawn(seed, POPULATION, 2) == ("U04-S1", "U05-S1")


@pytest.mark.parametrize("wrong", range(5))
def test_f3_a_seed_of_anything_else_is_another(wrong: int) -> None:
    said = [SECRET, "2019-BE-001", HASHES, NUMBER]
    changed = [bytes(32), "2019-BE-002", (HASHES[1], HASHES[0]), "7351", (HASHES[0], "")]
    said[min(wrong, 3) if wrong < 4 else 2] = changed[wrong]

    assert sampling.seed(*said).hex() != SEED  # type: ignore[arg-type]


def test_f3_step_7_inspectors_are_drawn_by_keys_of_their_own_and_never_one_alone() -> None:
    seed = bytes.fromhex(SEED)
    pool = [Site(site=f"IN-{n}", tickets=1) for n in range(1, 8)]

    team = sampling.inspectors(seed, pool, 1)

    assert len(team) == 2
    assert sampling.inspectors(seed, pool, 3)[:2] == team
    assert sampling.key(seed, pool[0], "inspector|") != sampling.key(seed, pool[0])
    ranking = sampling.ranked(seed, pool, "inspector|")
    assert team == ranking[:2] != sampling.ranked(seed, pool)[:2]
    with pytest.raises(RuleViolation) as why:
        sampling.inspectors(seed, pool[:1], 1)
    assert why.value.params == {"wanted": 2, "there": 1}


def test_f3_a_population_is_not_empty_and_names_nobody_twice() -> None:
    for wrong in ([], [*POPULATION, POPULATION[0]]):
        with pytest.raises(RuleViolation) as why:
            sampling.pop_hash(wrong)
        assert why.value.code is Code.DRAW_POPULATION
    assert why.value.params == {"twice": ["U01-S1"]}


def test_f3_more_than_there_is_cannot_be_drawn() -> None:
    with pytest.raises(RuleViolation) as why:
        sampling.drawn(bytes(32), POPULATION, 7)

    assert why.value.code is Code.DRAW_TOO_FEW


def test_f3_strata_give_their_quota_and_a_stratum_is_part_of_what_is_frozen() -> None:
    sites = [Site(site=f"P{n}", tickets=1, stratum=f"U{n % 3}") for n in range(9)]
    moved = [sites[0].model_copy(update={"stratum": "U2"}), *sites[1:]]

    found = sampling.drawn_by_stratum(bytes(32), sites, {"U2": 1, "U0": 2})

    assert [next(s.stratum for s in sites if s.site == name) for name in found] == [
        "U0", "U0", "U2",
    ]  # fmt: skip
    assert sampling.pop_hash(sites) != sampling.pop_hash(moved)


def test_f3_each_is_first_as_often_as_its_tickets_say() -> None:
    runs = 3000
    first = Counter(
        sampling.ranked(number.to_bytes(32, "big"), POPULATION)[0] for number in range(runs)
    )

    for name, tickets in TICKETS.items():
        share = tickets / sum(TICKETS.values())
        # Five standard deviations; the seeds are fixed, so this never fails by chance.
        assert abs(first[name] - runs * share) < 5 * (runs * share * (1 - share)) ** 0.5, name


@given(population=populations, seed=seeds, data=st.data())
def test_the_order_in_which_a_population_is_written_does_not_matter(
    population: Sequence[Site], seed: bytes, data: st.DataObject
) -> None:
    other = data.draw(st.permutations(population))

    assert sampling.pop_hash(other) == sampling.pop_hash(population)
    assert sampling.ranked(seed, other) == sampling.ranked(seed, population)


@given(population=populations, seed=seeds, more=st.integers(1, 5))
def test_more_tickets_never_put_a_site_further_back(
    population: list[Site], seed: bytes, more: int
) -> None:
    favoured = population[0].model_copy(update={"tickets": population[0].tickets + more})
    before = sampling.ranked(seed, population)
    after = sampling.ranked(seed, [favoured, *population[1:]])

    assert after.index(favoured.site) <= before.index(favoured.site)
    assert [n for n in after if n != favoured.site] == [n for n in before if n != favoured.site]


@given(population=populations, seed=seeds)
def test_a_larger_draw_begins_with_the_smaller(population: Sequence[Site], seed: bytes) -> None:
    whole = sampling.drawn(seed, population, len(population))

    assert sorted(whole) == sorted(each.site for each in population)
    assert all(sampling.drawn(seed, population, k) == whole[:k] for k in range(len(whole)))


@given(size=st.integers(1, 400), percent=st.integers(0, 100), least=st.integers(0, 3))
def test_a_quota_reaches_the_share_and_the_least_number_and_no_more_than_there_is(
    size: int, percent: int, least: int
) -> None:
    found = sampling.quota(size, percent, least)

    assert min(size, least) <= found <= size
    assert found * 100 >= size * percent
    assert found == min(size, least) or (found - 1) * 100 < size * percent
