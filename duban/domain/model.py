"""The base of every value in the domain: frozen, closed to unknown fields, JSON in and out."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, JsonValue, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""Words a person wrote: trimmed, never empty."""

Ident = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]
"""A number read aloud on the telephone: `BE-2019`, `U03`, `B-04`, `B-04/P1`."""

Document = dict[str, JsonValue]
"""One value as plain JSON, the form in which it stands on the trail and in the ledger."""


class Model(BaseModel):
    """A frozen value; unknown fields are refused so that a misspelt one cannot be lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def plain(self) -> Document:
        """Return the value as plain JSON (dates as ISO text, decimals as text)."""
        return self.model_dump(mode="json")
