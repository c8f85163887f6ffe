"""What a campaign keeps of its random draws (domain.md f.3), and what draws are made from."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from duban.domain.draw.basis import Terms
from duban.domain.model import Document, Ident, Model
from duban.domain.problem.registration import is_nothing
from duban.domain.problem.standing import LookedBack
from duban.domain.problem.words import DrawMark
from duban.domain.sampling import Exclusion, Site


class DrawState(StrEnum):
    """How far a draw has come; a voided one keeps its number (f.3, step 9).

    One of inspections is ASKED for until its sealed lists are frozen, and DRAWN in secret until it
    is REVEALED; one of look-backs is FROZEN at once, and what it drew is public.
    """

    ASKED = "asked"
    FROZEN = "frozen"
    COMMITTED = "committed"
    WITNESSED = "witnessed"
    DRAWN = "drawn"
    REVEALED = "revealed"
    VOIDED = "voided"


class Pick(Model):
    """A site that was drawn, and the stratum it was drawn for."""

    site: Ident
    stratum: str


class DrawSecret(Model):
    """What is known of a draw's secret: its hash, and once a number was said the 32 bytes (hex)."""

    draw: Ident
    commit: str
    secret: str | None = None


class SealedLists(Model):
    """What an operator handed in sealed: which package, and the SHA-256 (hex) of its box."""

    package: Ident
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class Draw(Model):
    """A random draw. `population` holds the tickets of every site by stratum.

    `number` is the witness's; `secret` and `seed` are there once it was drawn. `repeats` are the
    earlier draws for the same `purpose` and phase; `results` are what came of its picks.

    Of a draw of `inspections` the population stays sealed: `lists` names what its operator handed
    in, `size` counts its sites, and `commitments` bind it to what each inspection was given. It
    `is_used` once a team was on site, and `is_revealing` once that was asked for.
    """

    no: Ident
    purpose: Literal["look_back", "inspection"]
    phase: int
    state: DrawState = DrawState.FROZEN
    population: dict[str, dict[str, int]] = Field(default_factory=dict)
    excluded: tuple[Exclusion, ...] = ()
    quotas: dict[str, int] = Field(default_factory=dict)
    policy_version: str
    pop_hash: str = ""
    params_hash: str = ""
    repeats: tuple[Ident, ...] = ()
    run_by: tuple[Ident, ...]
    frozen_on: date
    commit: str | None = None
    number: str | None = None
    witnesses: tuple[Ident, ...] = ()
    secret: str | None = None
    seed: str | None = None
    picks: tuple[Pick, ...] = ()
    results: dict[str, LookedBack] = Field(default_factory=dict)
    void_reason: str | None = None
    void_asked_by: tuple[Ident, ...] = ()
    voided_by: str | None = None
    lists: SealedLists | None = Field(default=None, exclude_if=is_nothing)
    terms: Terms | None = Field(default=None, exclude_if=is_nothing)
    size: int = Field(default=0, exclude_if=is_nothing)
    commitments: dict[str, str] = Field(default_factory=dict, exclude_if=is_nothing)
    is_used: bool = Field(default=False, exclude_if=is_nothing)
    is_revealing: bool = Field(default=False, exclude_if=is_nothing)

    @property
    def sites(self) -> tuple[Site, ...]:
        """The population as what is drawn from."""
        return tuple(
            Site(site=name, tickets=tickets, stratum=stratum)
            for stratum, sites in self.population.items()
            for name, tickets in sites.items()
        )

    @property
    def params(self) -> Document:
        """The frozen parameters (f.3, step 2)."""
        return parameters(self.quotas, self.policy_version)

    @property
    def let_go(self) -> dict[str, object]:
        """What need not be carried once the draw is over: population and terms.

        Once it is revealed commitments bind nobody any more either. Of a void one nobody asks more
        than who wanted it so and why: a year that is short of budget has hundreds of them.
        """
        if self.state is DrawState.VOIDED:
            fields = type(self).model_fields.items()
            kept = {"state", "void_reason", "void_asked_by", "voided_by"}
            return {
                name: field.get_default(call_default_factory=True)
                for name, field in fields
                if not field.is_required() and name not in kept
            }
        gone: dict[str, object] = {"population": {}, "terms": None}
        return gone if self.state is DrawState.DRAWN else {**gone, "commitments": {}}

    @property
    def is_over(self) -> bool:
        """Whether nothing is to be drawn any more, so that the population need not be carried."""
        return self.state in (DrawState.DRAWN, DrawState.REVEALED, DrawState.VOIDED)

    @property
    def is_awaited(self) -> bool:
        """Whether something is to be done for it outside: lists, secret, targets, record (f.3)."""
        if self.state is DrawState.DRAWN:
            return self.is_revealing
        return self.state in (DrawState.ASKED, DrawState.FROZEN, DrawState.WITNESSED)

    @property
    def is_done_with(self) -> bool:
        """Whether its number says all that anybody asks of it: it was revealed, of inspections.

        One that somebody wanted void stays, since the records of later draws say why.
        """
        is_shown = self.purpose == "inspection" and self.state is DrawState.REVEALED
        return is_shown and self.void_reason is None


def parameters(quotas: dict[str, int], policy_version: str) -> Document:
    """Return the parameters of a draw by strata, as they are hashed."""
    return {"k": sum(quotas.values()), "policy": policy_version, "quotas": dict(quotas)}


class SignedOff(Model):
    """What a campaign keeps of a problem that is closed and watched over: what draws must know."""

    unit: Ident
    on: date
    red_on: date | None = None
    marks: tuple[DrawMark, ...] = ()
