"""What a campaign keeps of its random draws (domain.md f.3), and what draws are made from."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from duban.domain.model import Document, Ident, Model, Text
from duban.domain.problem.standing import LookedBack
from duban.domain.problem.words import DrawMark
from duban.domain.sampling import Site


class DrawState(StrEnum):
    """How far a draw has come; a voided one keeps its number (f.3, step 9)."""

    FROZEN = "frozen"
    COMMITTED = "committed"
    WITNESSED = "witnessed"
    DRAWN = "drawn"
    VOIDED = "voided"


class Exclusion(Model):
    """A site that was left out of the population, and why (question 29)."""

    site: Ident
    reason: Text


class Pick(Model):
    """A site that was drawn, and the stratum it was drawn for."""

    site: Ident
    stratum: str


class DrawSecret(Model):
    """What is known of a draw's secret: its hash, and once a number was said the 32 bytes (hex)."""

    draw: Ident
    commit: str
    secret: str | None = None


class Draw(Model):
    """A random draw. `population` holds the tickets of every site by stratum.

    `number` is the witness's; `secret` and `seed` are there once it was drawn. `repeats` are the
    earlier draws for the same `purpose` and phase; `results` are what came of its picks.
    """

    no: Ident
    purpose: Literal["look_back"]
    phase: int
    state: DrawState = DrawState.FROZEN
    population: dict[str, dict[str, int]]
    excluded: tuple[Exclusion, ...] = ()
    quotas: dict[str, int]
    policy_version: str
    pop_hash: str
    params_hash: str
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
    def is_over(self) -> bool:
        """Whether nothing is to be drawn any more, so that the population need not be carried."""
        return self.state in (DrawState.DRAWN, DrawState.VOIDED)


def parameters(quotas: dict[str, int], policy_version: str) -> Document:
    """Return the parameters of a draw by strata, as they are hashed."""
    return {"k": sum(quotas.values()), "policy": policy_version, "quotas": dict(quotas)}


class SignedOff(Model):
    """What a campaign keeps of a problem that is closed and watched over: what draws must know."""

    unit: Ident
    on: date
    red_on: date | None = None
    marks: tuple[DrawMark, ...] = ()
