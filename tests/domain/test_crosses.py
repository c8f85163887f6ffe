"""Every cross of the permission matrix (b.3) is tried, and found refused on the trail.

What is tried follows the matrix itself: a row belongs to the commands whose refusals name it. So
neither a new row nor a new cross nor a new command can be left out.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache

import pytest

from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event, Outcome
from duban.domain.problem.problem import HANDLERS
from duban.domain.roles import MATRIX, Action, Actor, Right, Role
from tests.support import cases, scenes
from tests.support.inspection_cases import INSPECTION_CASES, InspectionCase
from tests.support.problem_cases import PROBLEM_CASES, Case
from tests.support.refusing import refused
from tests.support.sources import ROOT, modules

CROSSES = [
    pytest.param(action, role, id=f"{action.value}-{role.value}")
    for action, cells in MATRIX.items()
    for role, rights in cells.items()
    if Right.FORBIDDEN in rights
]
UNIT = {
    Role.PRINCIPAL_LEADER: Actor(id="U03-L1", role=Role.PRINCIPAL_LEADER, unit="U03"),
    Role.LIAISON: Actor(id="U03-H1", role=Role.LIAISON, unit="U03"),
}
"""Who acts for the unit that has the problem: nobody is nearer to what is forbidden to him."""

Trial = Callable[[Actor], tuple[Event, RuleViolation]]
"""Asks for an act in its scene; returns what then stands on the trail, and the refusal."""


def _of_problems(case: Case) -> Trial:
    def ask(actor: Actor) -> tuple[Event, RuleViolation]:
        desk = case.desk()
        command = case.asked(desk, actor=UNIT.get(actor.role, actor))
        return refused(desk.problem, command, desk.now)

    return ask


def _of_inspections(case: InspectionCase) -> Trial:
    def ask(actor: Actor) -> tuple[Event, RuleViolation]:
        desk = case.scene()
        command = case.asked(desk, actor=UNIT.get(actor.role, actor))
        return refused(desk.inspection, command, desk.now)

    return ask


def _of_campaigns(case: cases.Case) -> Trial:
    def ask(actor: Actor) -> tuple[Event, RuleViolation]:
        desk = scenes.scene(case.scene)
        command = desk.command(case.command, "OF-1", **{**case.fields, "actor": actor})
        return refused(desk.campaign, command, desk.now)

    return ask


@cache
def trials() -> dict[str, list[Trial]]:
    """Return every act of campaigns, problems and inspections by the row that refuses it."""
    found: dict[str, list[Trial]] = defaultdict(list)
    nobody = scenes.ACTORS[Role.PUBLICITY_GROUP]
    for about in PROBLEM_CASES:
        _, why = _of_problems(about)(nobody)
        found[str(why.params["action"])].append(_of_problems(about))
    for each in INSPECTION_CASES:
        _, why = _of_inspections(each)(nobody)
        found[str(why.params["action"])].append(_of_inspections(each))
    for case in cases.CASES:
        anybody = (Role.PUBLICITY_GROUP, *scenes.ACTORS)
        stranger = next(role for role in anybody if role not in case.allowed)
        _, why = _of_campaigns(case)(scenes.ACTORS[stranger])
        found[str(why.params["action"])].append(_of_campaigns(case))
    return found


@cache
def rows_asked_for() -> set[str]:
    """Return the rows of the matrix that the rules of campaigns, problems and the like ask for."""
    folders = [each for each in sorted((ROOT / "duban/domain").iterdir()) if each.is_dir()]
    text = "\n".join(each.text for each in modules(*(f"duban/domain/{f.name}" for f in folders)))
    return {Action[name].value for name in re.findall(r"\bAction\.([A-Z_]+)\b", text)}


def test_every_command_about_a_problem_is_tried() -> None:
    assert {case.command for case in PROBLEM_CASES} == set(HANDLERS)


@pytest.mark.parametrize("case", PROBLEM_CASES, ids=str)
def test_a_command_is_accepted_from_who_may(case: Case) -> None:
    desk = case.desk()

    receipt = desk.problem.handle(case.asked(desk), now=desk.now)

    assert receipt.last_seq == desk.events[-1].seq
    assert desk.events[-1].outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(("action", "role"), CROSSES)
def test_b3_a_cross_is_refused_on_the_trail(action: Action, role: Role) -> None:
    """A row that nothing asks for yet has nothing to try; once something does, it must be tried."""
    asked = trials()[action.value]
    assert bool(asked) is (action.value in rows_asked_for()), "no case tries this row"

    for ask in asked:
        said, why = ask(scenes.ACTORS[role])

        expected = Code.ROLE_NOT_PERMITTED
        if role is Role.SYSTEM:
            expected = Code.SYSTEM_MAY_NOT_DECIDE
        assert (said.outcome, said.code, said.actor.role) == (Outcome.REJECTED, expected, role)
        assert why.code is expected
        assert said.changes == ()


@pytest.mark.parametrize("case", PROBLEM_CASES, ids=str)
def test_b3_whoever_holds_no_right_is_refused_on_the_trail(case: Case) -> None:
    ask = _of_problems(case)
    _, why = ask(scenes.ACTORS[Role.PUBLICITY_GROUP])
    others = set(Role) - set(why.params["held"])  # type: ignore[arg-type]
    assert len(others) >= 3

    for role in others:
        said, _ = ask(scenes.ACTORS[role])

        assert (said.outcome, said.actor.role) == (Outcome.REJECTED, role)
        assert said.detail["command"] == case.command.__name__
