"""What a draw of inspections is made from, and by which numbers of the ruler (f.3, steps 1, 2)."""

from datetime import date
from typing import Annotated

from pydantic import Field

from duban.domain.draw.places import Lists
from duban.domain.model import Ident, Model, Text
from duban.domain.policy import PolicyVersion

Count = Annotated[int, Field(ge=0, le=9999)]
"""A number of a policy; larger ones would only keep those busy who compute a draw again."""


class UnitFacts(Model):
    """What is known of a unit on the day of a draw.

    `contacts` are those of the month, of all kinds (f.2); `red_on` is its newest red card.
    """

    unit: Ident
    contacts: int = 0
    same_theme_on: date | None = None
    drawn_this_cycle: bool = False
    red_on: date | None = None
    complaints: int = 0
    false_rectification: bool = False


class Terms(Model):
    """What is drawn for: each inspection gets one site and `inspectors` people besides its leader.

    `scope` are units. `budget_doc` is the leading group's approval of more contacts than the
    budget has, `repeat_reason` why a theme comes back so soon (f.2). Strata without a quota are
    not drawn from; without any quota there are no strata.
    """

    draw: Ident
    inspections: Annotated[tuple[Ident, ...], Field(min_length=1)]
    leaders: Annotated[tuple[Ident, ...], Field(min_length=1)]
    theme: Text
    scope: tuple[Ident, ...]
    inspectors: int
    quotas: dict[str, Annotated[int, Field(ge=1, le=9999)]] = Field(default_factory=dict)
    budget_doc: str = ""
    repeat_reason: str = ""
    on: Annotated[date, Field(ge=date(1949, 10, 1))]


class Rules(Model):
    """The numbers of a policy that a draw of inspections goes by, flat, as a record tells them."""

    policy: str
    contacts_per_month: Count
    repeat_theme_days: Count
    former_unit_years: Annotated[int, Field(ge=0, le=100)]
    coverage_percent: Count
    fewest_inspectors: Count
    complaint_percent: Count
    ticket_cap: Count
    red_card: Count
    red_card_days: Count
    complaint: Count
    unseen: Count
    false_rectification: Count

    @classmethod
    def of(cls, policy: PolicyVersion) -> "Rules":
        """Return the numbers of a policy."""
        told = {**policy.plain(), **policy.drawing.plain(), **policy.inspection.plain()}
        named = {name: told[name] for name in cls.model_fields if name != "policy"}
        return cls.model_validate({**named, "policy": policy.version})


class Basis(Model):
    """Everything that decides, before chance does, who may be drawn and with what weight.

    Its JSON is hashed: a field that comes later must stay out of it while it says nothing.
    """

    lists: Lists
    terms: Terms
    facts: tuple[UnitFacts, ...]
    rules: Rules

    def of_unit(self, unit: str) -> UnitFacts:
        """Return the facts of a unit; where none are told there is nothing to say of it."""
        return next((each for each in self.facts if each.unit == unit), UnitFacts(unit=unit))
