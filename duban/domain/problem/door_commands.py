"""Commands of the formal doors (EXP5): objection to fact, and final answer."""

from typing import Literal

from pydantic import Field

from duban.domain.entity.command import Command
from duban.domain.model import Ident, Text
from duban.domain.problem.words import FinalGround


class ObjectToFact(Command):
    """The unit says that the facts are not so, with evidence, over its leader's signature."""

    type: Literal["object_to_fact"] = "object_to_fact"
    reason: Text
    evidence: tuple[Ident, ...] = Field(min_length=1)
    signed_by: Ident


class DecideObjection(Command):
    """Uphold an objection (the problem is disproved) or not; not by who judged it first."""

    type: Literal["decide_objection"] = "decide_objection"
    petition: Ident
    upheld: bool
    reason: Text


class RequestFinalAnswer(Command):
    """最终答复: the demand cannot lawfully be met, or is met already (EXP6)."""

    type: Literal["request_final_answer"] = "request_final_answer"
    ground: FinalGround
    reason: Text
    evidence: tuple[Ident, ...] = Field(min_length=1)
    signed_by: Ident
    sealed: bool = False


class ReviewFinalAnswer(Command):
    """The campaign group reviews a final answer before the office decides (EXP6)."""

    type: Literal["review_final_answer"] = "review_final_answer"
    petition: Ident
    passed: bool
    opinion: Text


class DecideFinalAnswer(Command):
    """The office approves a reviewed final answer, or refuses it (EXP6)."""

    type: Literal["decide_final_answer"] = "decide_final_answer"
    petition: Ident
    approved: bool
    reason: Text
