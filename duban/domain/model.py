"""The base of every value in the domain: frozen, closed to unknown fields, JSON in and out."""

from functools import lru_cache
from typing import Annotated, Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, JsonValue, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""Words a person wrote: trimmed, never empty."""

Ident = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]
"""A number read aloud on the telephone: `BE-2019`, `U03`, `B-04`, `B-04/P1`."""

Document = dict[str, JsonValue]
"""One value as plain JSON, the form in which it stands on the trail and in the ledger."""

_UNNAMED: set[str] = set()
"""Stays empty: values are frozen, and a copy of a value has a set of its own."""


class Model(BaseModel):
    """A frozen value; unknown fields are refused so that a misspelt one cannot be lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, _: Any, /) -> None:
        """Forget which fields were named and which were left to their defaults.

        Nobody asks, and pydantic's set of the names weighs as much as the value itself.
        """
        object.__setattr__(self, "__pydantic_fields_set__", _UNNAMED)

    def plain(self) -> Document:
        """Return the value as plain JSON (dates as ISO text, decimals as text)."""
        return self.model_dump(mode="json")


M = TypeVar("M", bound=Model)


def shared(value: M) -> M:
    """Return the one copy that all campaigns of a process keep of a value common to them.

    Values are one when their JSON is: `Decimal(1)` and `Decimal("1.0")` are equal and stay apart.
    """
    return cast(M, _one_copy(type(value), value.model_dump_json()))


@lru_cache(maxsize=64)
def _one_copy(kind: type[Model], text: str) -> Model:
    return kind.model_validate_json(text)
