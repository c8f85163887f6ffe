"""What comes back from outside about a draw of inspections: hashes, until it is revealed (f.3)."""

from pydantic import Field

from duban.domain.draw.record import DrawRecord
from duban.domain.model import Ident, Model


class DrawFrozen(Model):
    """A draw's lists were frozen and a secret was made; or they were refused, by `fault`'s code."""

    draw: Ident
    pop_hash: str = ""
    params_hash: str = ""
    commit: str = ""
    size: int = 0
    fault: str | None = None
    params: dict[str, str | int | list[str]] = Field(default_factory=dict)


class DrawDone(Model):
    """Targets were drawn and sealed: what each inspection was given is committed to by a hash."""

    draw: Ident
    commitments: dict[str, str]


class DrawRevealed(Model):
    """All of a draw; what was burned stays so."""

    draw: Ident
    record: DrawRecord


DrawAnswer = DrawFrozen | DrawDone | DrawRevealed
