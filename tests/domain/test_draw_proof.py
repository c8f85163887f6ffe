"""A draw judged by the entries of its campaign alone: an honest one holds, a changed one not."""

import runpy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.draw_proof import DrawFault, faults, of_draw, revealed
from duban.domain.errors import RuleViolation
from duban.domain.events import Event
from duban.domain.roles import Actor, Role
from tests.support.draws import DRAW, committed, drawn, looks_back, problem, with_signed_off
from tests.support.scenes import scene
from tests.support.sources import ROOT

F = DrawFault
SECOND = "2019-BE-002"


@cache
def honest() -> tuple[Event, ...]:
    """Return the entries of a campaign whose second draw was made, and looked back on."""
    desk = scene("void_asked")
    desk.do(c.DecideVoidDraw, "OF-1", draw=DRAW, approved=True, reason="属实")
    draw = drawn(desk)
    for pick in draw.picks:
        looks_back(desk, draw, pick.site)
    desk.refused(c.WitnessDraw, "SU-1", draw=SECOND, number="1")
    return tuple(desk.events)


def changed(tag: str, **fields: Any) -> tuple[Event, ...]:
    """Return the entries with other values in the second draw's entry of a tag."""
    return tuple(
        _with(each, fields) if each.tag == f"campaign:draw:{tag}" else each for each in honest()
    )


def _with(event: Event, fields: dict[str, Any]) -> Event:
    changes = tuple(
        each.model_copy(update={"after": {**each.after, **fields}})
        if (each.kind, each.id) == ("draw", SECOND)
        else each
        for each in event.changes
    )
    return event.model_copy(update={"changes": changes})


def without(tag: str) -> tuple[Event, ...]:
    """Return the entries without the second draw's one of a tag."""
    gone = ("draw", SECOND, f"campaign:draw:{tag}")
    return tuple(e for e in honest() if (e.object_type, e.object_id, e.tag) != gone)


def told(name: str) -> Any:
    """Return a field of the second draw as the trail tells it."""
    draw = revealed(of_draw(honest(), SECOND), SECOND)
    assert draw is not None
    return draw.plain()[name]


def other_pick() -> list[dict[str, str]]:
    """Return the picks with one of the first unit replaced by another of it."""
    picks = told("picks")
    free = next(s for s in told("population")["U01"] if s not in {each["site"] for each in picks})
    return [{"site": free, "stratum": "U01"}, *picks[1:]]


def kinder() -> dict[str, Any]:
    """Return the population with one problem gone."""
    population = told("population")
    return {**population, "U01": dict(list(population["U01"].items())[1:])}


def heavier() -> dict[str, Any]:
    """Return the population with one problem weighing more."""
    population = told("population")
    return {**population, "U01": {**population["U01"], problem(1): 5}}


def moved() -> dict[str, Any]:
    """Return the population with one problem in another stratum."""
    population = kinder()
    return {**population, "U02": {**population["U02"], problem(1): 1}}


def later() -> tuple[Event, ...]:
    """Return the entries with the commitment after the number."""
    at = {e.tag: i for i, e in enumerate(honest()) if e.object_id == SECOND}
    events = list(honest())
    one, other = at["campaign:draw:committed"], at["campaign:draw:witnessed"]
    events[one], events[other] = events[other], events[one]
    return tuple(events)


def twice() -> tuple[Event, ...]:
    """Return the entries with a result noted that says another number as well."""
    *before, last = honest()[:-1]
    return (*before, _with(last, {"number": "7352"}))


def by_another() -> tuple[Event, ...]:
    """Return the entries with the number said by who opened the draw, under another's name."""
    opener = Actor(id="SU-2", role=Role.SUPERVISION_GROUP)
    return tuple(
        e.model_copy(update={"actor": opener}) if e.tag == "campaign:draw:witnessed" else e
        for e in honest()
    )


def a_gap() -> tuple[Event, ...]:
    """Return the entries without the first draw."""
    return tuple(e for e in honest() if e.object_id != DRAW)


MANIPULATED: dict[str, tuple[Callable[[], tuple[Event, ...]], set[DrawFault]]] = {
    "another pick": (lambda: changed("drawn", picks=other_pick()), {F.PICKS}),
    "another secret": (
        lambda: changed("drawn", secret="ff" * 32),
        {F.COMMITMENT, F.SEED, F.PICKS},
    ),
    "another secret with its hash": (
        lambda: changed("committed", commit="ab" * 32),
        {F.COMMITMENT},
    ),
    "another number": (lambda: changed("witnessed", number="7352"), {F.SEED, F.PICKS}),
    "another seed": (lambda: changed("drawn", seed="00" * 32), {F.SEED}),
    "a problem gone": (
        lambda: changed("frozen", population=kinder()),
        {F.POPULATION, F.QUOTAS},
    ),
    "a problem twice": (
        lambda: changed("frozen", population={**told("population"), "U02": {problem(1): 1}}),
        {F.POPULATION, F.PICKS},
    ),
    "a weight changed": (
        lambda: changed("frozen", population=heavier()),
        {F.POPULATION, F.PICKS},
    ),
    "a stratum changed": (
        lambda: changed("frozen", population=moved()),
        {F.POPULATION, F.QUOTAS},
    ),
    "a stratum without a quota": (
        lambda: changed("frozen", population={**told("population"), "U02": {}}),
        {F.POPULATION, F.QUOTAS, F.PICKS},
    ),
    "quotas changed": (
        lambda: changed("frozen", quotas={"U01": 1, "U02": 1, "U03": 1}),
        {F.PARAMETERS, F.QUOTAS, F.PICKS},
    ),
    "another policy": (
        lambda: changed("frozen", policy_version="2019-2"),
        {F.PARAMETERS, F.QUOTAS},
    ),
    "the number before the commitment": (later, {F.ORDER}),
    "no commitment": (lambda: without("committed"), {F.ORDER, F.COMMITMENT}),
    "nothing revealed": (lambda: changed("drawn", secret=None), {F.COMMITMENT, F.SEED, F.PICKS}),
    "no secret at all": (
        lambda: changed("drawn", secret="not hex"),
        {F.COMMITMENT, F.SEED, F.PICKS},
    ),
    "the number said again": (twice, {F.CHANGED, F.SEED, F.PICKS}),
    "one person as operator and witness": (
        lambda: changed("witnessed", witnesses=["SU-2"]),
        {F.SAME_PERSON},
    ),
    "the operator beside the witness": (
        lambda: changed("witnessed", witnesses=["SU-1", "SU-2"]),
        {F.SAME_PERSON},
    ),
    "the number said by the operator": (by_another, {F.SAME_PERSON}),
    "an earlier draw gone": (a_gap, {F.NUMBER}),
    "no draw at all": (lambda: changed("frozen", phase="first"), {F.UNREADABLE}),
}
"""Records changed in one way each, and what is found wrong with them."""


def test_an_honest_draw_holds_and_so_does_a_void_one() -> None:
    assert faults(honest(), SECOND) == []
    assert faults(honest(), DRAW) == []
    assert told("state") == "drawn"


@pytest.mark.parametrize("name", MANIPULATED)
def test_a_changed_record_does_not_hold(name: str) -> None:
    record, expected = MANIPULATED[name]

    assert set(faults(record(), SECOND)) == expected


def test_a_draw_that_was_not_made_yet_has_nothing_more_to_hold() -> None:
    desk = scene("committed")

    assert faults(desk.events, DRAW) == []


def test_what_was_never_opened_cannot_be_read() -> None:
    assert faults(honest(), "2019-BE-009") == [F.UNREADABLE]
    with pytest.raises(RuleViolation):
        faults(honest()[1:], SECOND)


def test_a_later_number_out_of_its_turn_is_found() -> None:
    desk = committed(with_signed_off(scene("working"), U01=1))
    events = [
        each.model_copy(update={"object_id": "2019-BE-003"}) if each.object_id == DRAW else each
        for each in desk.events
    ]

    assert F.NUMBER in faults(events, DRAW)


def test_a_stranger_computes_a_draw_again_with_what_the_page_shows(tmp_path: Path) -> None:
    page = (ROOT / "docs/draws.md").read_text(encoding="utf-8")
    script = tmp_path / "stranger.py"
    script.write_text(page.partition("```python\n")[2].partition("```")[0], encoding="utf-8")
    recompute = runpy.run_path(str(script))["recompute"]
    draw = revealed(of_draw(honest(), SECOND), SECOND)
    assert draw is not None

    found = recompute(draw.plain())

    said = (draw.commit, draw.pop_hash, draw.params_hash, draw.seed)
    assert found == (*said, [each.site for each in draw.picks])
