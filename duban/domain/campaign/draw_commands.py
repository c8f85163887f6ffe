"""Commands of random draws: open, witness, void (domain.md f.3)."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from duban.domain.entity.command import MAX_SCOPE, Command
from duban.domain.model import Ident, Text
from duban.domain.sampling import Exclusion

WitnessNumber = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]


class OpenLookBackDraw(Command):
    """抽取回头看: freeze the signed-off problems of a phase and have a secret committed to.

    Without `phase` it is the phase that runs, is under review, or was the last.
    """

    type: Literal["open_look_back_draw"] = "open_look_back_draw"
    phase: int | None = Field(default=None, ge=1)
    excluded: tuple[Exclusion, ...] = Field(default=(), max_length=MAX_SCOPE)


class WitnessDraw(Command):
    """Another person says a number after the commitment; with it the draw is made."""

    type: Literal["witness_draw"] = "witness_draw"
    draw: Ident
    number: WitnessNumber


class AskToVoidDraw(Command):
    """Ask that a draw be void; it stays one until another person agrees."""

    type: Literal["ask_to_void_draw"] = "ask_to_void_draw"
    draw: Ident
    reason: Text


class DecideVoidDraw(Command):
    """The second approval: a draw is void and keeps its number, or it stands."""

    type: Literal["decide_void_draw"] = "decide_void_draw"
    draw: Ident
    approved: bool
    reason: Text
