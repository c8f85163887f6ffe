"""Records of draws that somebody altered: the domain and the single file find the same."""

import json
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

from duban.bundle import draw_verify
from duban.domain import sampling
from duban.domain.draw.drawing import committed, picks
from duban.domain.draw.freezing import Frozen
from duban.domain.draw.places import TieKind
from duban.domain.draw.record import DrawRecord, faults
from tests.support.inspection_draws import frozen, made_up, revealed

Change = Callable[[dict[str, Any]], None]
ONLY_ON_THE_TRAIL = {"run_by", "witnesses", "siblings"}
"""Who it was, and other draws: no hash of the draw holds them, the trail does."""


@cache
def honest() -> str:
    """Return an honest record as it is exported."""
    return revealed(frozen()).model_dump_json()


def altered(change: Change) -> set[str]:
    """Return what both find of a record that somebody altered; they find the same, and reject."""
    record = json.loads(honest())
    change(record)
    text = json.dumps(record, ensure_ascii=False)
    assert text != json.dumps(json.loads(honest()), ensure_ascii=False)
    found = [each.value for each in faults(DrawRecord.model_validate_json(text))]
    report = draw_verify.check(text)
    assert (report.faults, report.status) == (found, 1)
    return set(found)


def rehashed(record: dict[str, Any]) -> None:
    """Compute everything of a record anew, as an operator would who knows the secret."""
    made = Frozen.model_validate(record["frozen"])
    hashes = (sampling.pop_hash(made.population), sampling.params_hash(made.params))
    record["frozen"].update(pop_hash=hashes[0], params_hash=hashes[1])
    secret = bytes.fromhex(record["secret"])
    seed = sampling.seed(secret, made.basis.terms.draw, hashes, record["number"])
    record["seed"] = seed.hex()
    for target, pick in zip(record["targets"], picks(seed, made), strict=True):
        target["pick"] = pick.plain()
        target["commitment"] = committed(pick, target["salt"])


def population(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the population of a record."""
    found: list[dict[str, Any]] = record["frozen"]["population"]
    return found


def test_manipulation_01_a_weight_is_changed() -> None:
    def heavier(record: dict[str, Any]) -> None:
        population(record)[2]["tickets"] = 5

    def and_hashed(record: dict[str, Any]) -> None:
        heavier(record)
        rehashed(record)

    assert {"weights", "population"} <= altered(heavier)
    assert altered(and_hashed) == {"weights"}


def test_manipulation_02_a_site_is_dropped() -> None:
    def dropped(record: dict[str, Any]) -> None:
        del population(record)[2]

    def and_hashed(record: dict[str, Any]) -> None:
        dropped(record)
        rehashed(record)

    assert {"sites", "population"} <= altered(dropped)
    assert altered(and_hashed) == {"sites"}


def test_manipulation_03_a_site_is_added() -> None:
    def added(record: dict[str, Any]) -> None:
        population(record).append({**population(record)[2], "site": "U02-S9"})

    def and_hashed(record: dict[str, Any]) -> None:
        added(record)
        rehashed(record)

    assert {"sites", "population"} <= altered(added)
    assert altered(and_hashed) == {"sites"}


def test_manipulation_04_the_secret_is_swapped() -> None:
    def swapped(record: dict[str, Any]) -> None:
        record["secret"] = bytes(32).hex()

    def and_drawn(record: dict[str, Any]) -> None:
        swapped(record)
        rehashed(record)

    assert {"commitment", "seed"} <= altered(swapped)
    assert altered(and_drawn) == {"commitment"}


def test_manipulation_05_the_witnesss_number_is_edited() -> None:
    def edited(record: dict[str, Any]) -> None:
        record["number"] = "见证人随机数-7352"

    assert {"seed", "picks"} <= altered(edited)


def test_manipulation_06_a_pick_is_replaced() -> None:
    def replaced(record: dict[str, Any]) -> None:
        target = record["targets"][0]
        drawn = {each["pick"]["site"] for each in record["targets"]}
        other = next(each for each in population(record) if each["site"] not in drawn)
        target["pick"].update(site=other["site"], unit=other["unit"])

    def and_committed(record: dict[str, Any]) -> None:
        replaced(record)
        target = record["targets"][0]
        told = revealed(frozen()).targets[0].pick
        assert told
        pick = told.model_copy(update={n: target["pick"][n] for n in ("site", "unit")})
        target["commitment"] = committed(pick, target["salt"])

    assert altered(replaced) >= {"picks", "targets"}
    assert altered(and_committed) >= {"picks"}


def test_manipulation_07_another_draw_is_hidden() -> None:
    def hidden(record: dict[str, Any]) -> None:
        del record["siblings"][0]

    assert altered(hidden) == {"number"}


def test_manipulation_08_an_inspector_is_tied() -> None:
    def tied(record: dict[str, Any]) -> None:
        pick = record["targets"][0]["pick"]
        [person] = [
            each
            for each in record["frozen"]["basis"]["lists"]["pool"]
            if each["person"] == pick["inspectors"][0]
        ]
        bond = {"unit": pick["unit"], "kind": TieKind.RELATIVE.value, "left_on": None}
        person["ties"].append(bond)

    assert altered(tied) >= {"ties", "parameters"}


def test_manipulation_08_a_leader_inspects() -> None:
    def leads(record: dict[str, Any]) -> None:
        record["targets"][0]["pick"]["inspectors"][0] = "IN-1"

    assert altered(leads) == {"picks", "targets", "ties"}


def test_manipulation_09_one_inspects_alone() -> None:
    def alone(record: dict[str, Any]) -> None:
        record["targets"][0]["pick"]["inspectors"].pop()

    def twice(record: dict[str, Any]) -> None:
        team = record["targets"][0]["pick"]["inspectors"]
        team[1] = team[0]

    assert altered(alone) == altered(twice) == {"picks", "targets", "team"}


def test_manipulation_10_an_exclusion_is_removed() -> None:
    def removed(record: dict[str, Any]) -> None:
        del record["frozen"]["excluded"][0]

    assert altered(removed) == {"exclusions"}


def test_manipulation_10_the_reason_of_an_exclusion_is_changed() -> None:
    def reworded(record: dict[str, Any]) -> None:
        record["frozen"]["excluded"][0]["reason"] = "搬迁"

    def in_the_lists_too(record: dict[str, Any]) -> None:
        reworded(record)
        record["frozen"]["basis"]["lists"]["excluded"][0]["reason"] = "搬迁"

    assert altered(reworded) == {"exclusions"}
    assert altered(in_the_lists_too) == {"parameters"}


def test_manipulation_11_the_coverage_flag_is_changed() -> None:
    def covered(record: dict[str, Any]) -> None:
        record["targets"][0]["pick"]["covered"] ^= True

    def seen(record: dict[str, Any]) -> None:
        population(record)[0]["unseen"] = False

    assert altered(covered) == {"picks"}
    assert altered(seen) >= {"weights", "population"}


def test_manipulation_12_operator_witness_and_leader_are_not_three_people() -> None:
    def witnessed_by_operator(record: dict[str, Any]) -> None:
        record["witnesses"] = record["run_by"]

    def witnessed_by_leader(record: dict[str, Any]) -> None:
        record["witnesses"] = ["IN-1"]

    def run_by_leader(record: dict[str, Any]) -> None:
        record["run_by"] = ["SU-1", "IN-1"]

    for change in (witnessed_by_operator, witnessed_by_leader, run_by_leader):
        assert altered(change) == {"same_person"}


@pytest.mark.parametrize("chunk", range(5))
def test_whatever_is_altered_both_find_the_same(chunk: int) -> None:
    for number in range(chunk * 60, chunk * 60 + 60):
        chance = Random(number)  # noqa: S311 - what is made up must come out again
        record = json.loads(revealed(made_up(number)).model_dump_json())
        where = _alter(record, chance)
        text = json.dumps(record, ensure_ascii=False)
        try:
            found = [each.value for each in faults(DrawRecord.model_validate_json(text))]
        except ValidationError:
            with pytest.raises(draw_verify.Unreadable):
                draw_verify.check(text)
            continue
        assert draw_verify.check(text).faults == found, (number, text)
        assert found or where in ONLY_ON_THE_TRAIL, (number, text)


def _alter(record: dict[str, Any], chance: Random) -> str:
    """Change one value of a record, anywhere in it; return of what."""
    found: Any = record
    name = ""
    while True:
        step = chance.choice(list(found) if isinstance(found, dict) else range(len(found)))
        if not isinstance(found[step], dict | list) or not found[step]:
            found[step] = _other(found[step], chance)
            return name or str(step)
        found, name = found[step], name or str(step)


def _other(value: Any, chance: Random) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice((1, 2))
    if isinstance(value, str):
        return f"{value}9"
    return "2019-06-02" if value is None else {"A": 1} if value == {} else ["U01"]
