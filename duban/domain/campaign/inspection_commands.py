"""What is asked of a campaign about inspections: the order, the plan, the draw, its revealing."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from duban.domain.entity.command import MAX_SCOPE, Command
from duban.domain.inspection.words import Choice, InspectionKind
from duban.domain.model import Ident, Text

MAX_SITES = 20
"""Inspections of one order; what an order opens fits into one decision."""

_Leaders = Annotated[tuple[Ident, ...], Field(max_length=MAX_SITES)]
_Sites = Annotated[int, Field(ge=1, le=MAX_SITES)]
_Inspectors = Annotated[int, Field(ge=1, le=MAX_SITES)]
_Quotas = Annotated[dict[str, Annotated[int, Field(ge=1)]], Field(max_length=MAX_SITES)]


class SpotCheckOrder(Command):
    """The signal `order_spot_check` (f.1, f.2): who orders, what theme, where, by what paper.

    With `leaders` it opens an inspection for each of its `sites`, all of one draw: one leader for
    all, or one for each. Without any it is put on record alone. `inspectors` go with each leader.
    """

    theme: Text
    scope: tuple[Ident, ...] = Field(min_length=1, max_length=MAX_SCOPE)
    authorising_doc: Text
    ordering_body: Ident
    designation_doc: Text | None = None
    repeat_reason: Text | None = None
    leaders: _Leaders = ()
    sites: _Sites = 1
    inspectors: _Inspectors = 2
    quotas: _Quotas = Field(default_factory=dict)
    matter: str = Field(default="", max_length=4000)
    budget_doc: Text | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class PlanInspection(Command):
    """列入督查计划: an inspection of a planned kind; it waits for its authorisation (f.1, f.2).

    `unit` is the target of one that is not drawn.
    """

    type: Literal["plan_inspection"] = "plan_inspection"
    kind: InspectionKind
    choice: Choice
    theme: Text
    matter: str = Field(default="", max_length=4000)
    scope: tuple[Ident, ...] = Field(min_length=1, max_length=MAX_SCOPE)
    object_class: str = Field(default="", max_length=400)
    plan_ref: str = Field(default="", max_length=400)
    criteria: str = Field(default="", max_length=4000)
    phase: int | None = None
    unit: Ident | None = None
    ordering_body: Ident
    designation_doc: Text | None = None
    leaders: Annotated[_Leaders, Field(min_length=1)]
    sites: _Sites = 1
    inspectors: _Inspectors = 2
    quotas: _Quotas = Field(default_factory=dict)
    starts_on: date
    ends_on: date
    repeat_reason: Text | None = None
    budget_doc: Text | None = None


class OpenInspectionDraw(Command):
    """抽取检查对象: the lists were handed in sealed; all inspections of the order are drawn.

    `package` names the sealed lists, `digest` is the SHA-256 (hex) of their box.
    """

    type: Literal["open_inspection_draw"] = "open_inspection_draw"
    inspection: Ident
    package: Ident
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class RevealDraw(Command):
    """公开抽取: every inspection of a draw was made or has ended; anybody may recompute it."""

    type: Literal["reveal_draw"] = "reveal_draw"
    draw: Ident
