"""State diagrams (Mermaid) drawn from the transition tables of all entities."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from duban.domain.campaign.records import CampaignStage, GoalState, TaskState
from duban.domain.campaign.tables import GOAL_MOVES, STAGE_MOVES, TASK_MOVES
from duban.domain.clue.tables import MOVES as CLUE_MOVES
from duban.domain.clue.words import ClueState
from duban.domain.inspection.tables import MOVES as INSPECTION_MOVES
from duban.domain.inspection.words import InspectionState
from duban.domain.problem.tables import MOVES
from duban.domain.problem.words import ProblemState

Moves = Mapping[StrEnum, frozenset[StrEnum]]


class Machine(NamedTuple):
    """A state machine to draw.

    `aside` states are told in words below, since nearly every state leads there.
    """

    states: type[StrEnum]
    moves: Moves
    aside: frozenset[StrEnum] = frozenset()

    @property
    def together(self) -> frozenset[StrEnum]:
        """The states that share one box: each may follow any other, and all lead the same way."""
        for state in self.states:
            alike = frozenset(s for s in self.states if self.moves[s] == self.moves[state])
            if len(alike) > 1 and alike <= self.moves[state]:
                return alike
        return frozenset()


MACHINES: Mapping[str, Machine] = {
    "stages": Machine(
        CampaignStage,
        STAGE_MOVES,  # type: ignore[arg-type]
        aside=frozenset({CampaignStage.SUSPENDED, CampaignStage.TERMINATED}),
    ),
    "tasks": Machine(
        TaskState,
        TASK_MOVES,  # type: ignore[arg-type]
        aside=frozenset({TaskState.SUSPENDED, TaskState.CANCELLED}),
    ),
    "goals": Machine(GoalState, GOAL_MOVES),  # type: ignore[arg-type]
    "problems": Machine(
        ProblemState,
        MOVES,  # type: ignore[arg-type]
        aside=frozenset({ProblemState.MERGED, ProblemState.TRANSFERRED}),
    ),
    "clues": Machine(ClueState, CLUE_MOVES),  # type: ignore[arg-type]
    "inspections": Machine(
        InspectionState,
        INSPECTION_MOVES,  # type: ignore[arg-type]
        aside=frozenset({InspectionState.ABORTED}),
    ),
}
"""The machines of domain.md c.1, c.4, c.5, d.1, f.5, and that of clues (g.7)."""

BOX = "running"
"""The name of the box of states that belong together."""


def diagram(machine: Machine) -> str:
    """Return the machine as a Mermaid block, and what it leaves out as a list."""
    lines = ["```mermaid", "stateDiagram-v2", *(f"    {each}" for each in _drawn(machine)), "```"]
    return "\n".join([*lines, "", *_told(machine)]).rstrip()


def _drawn(machine: Machine) -> Iterator[str]:
    first, *_ = machine.states
    yield f"[*] --> {first.value}"
    if machine.together:
        yield f"state {BOX} {{"
        yield from (f"    {each.value}" for each in _ordered(machine, machine.together))
        yield "}"
        member, *_ = _ordered(machine, machine.together)
        beyond = machine.moves[member] - machine.together
        yield from (f"{BOX} --> {each.value}" for each in _ordered(machine, beyond))
    for state in machine.states:
        if state in machine.aside or state in machine.together:
            continue
        to = machine.moves[state] - machine.aside
        yield from (f"{state.value} --> {each.value}" for each in _ordered(machine, to))
        if not machine.moves[state]:
            yield f"{state.value} --> [*]"


def _told(machine: Machine) -> Iterator[str]:
    if machine.together:
        yield f"- within `{BOX}` each may follow any other"
    for aside in _ordered(machine, machine.aside):
        sources = frozenset(each for each in machine.states if aside in machine.moves[each])
        yield f"- to `{aside.value}` from {_named(machine, sources)}"
        back = machine.moves[aside]
        ends = "it ends there" if not back else f"on to {_named(machine, back)}"
        yield f"- from `{aside.value}` {ends}"


def _named(machine: Machine, states: frozenset[StrEnum]) -> str:
    return ", ".join(f"`{each.value}`" for each in _ordered(machine, states))


def _ordered(machine: Machine, states: frozenset[StrEnum]) -> list[StrEnum]:
    return [each for each in machine.states if each in states]
