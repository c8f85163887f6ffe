"""A revealed draw in pieces that each fit an entry of the trail, and put together again."""

from collections.abc import Iterable

from pydantic import Field, ValidationError

from duban.domain.draw.record import DrawRecord
from duban.domain.model import Ident, Model

SHEET_CHARS = 8000
"""Characters of a sheet: 24,000 bytes in Chinese, so that each is one change of one entry."""


class Sheet(Model):
    """A piece of the JSON of a record; sheets count from one."""

    draw: Ident
    sheet: int = Field(ge=1)
    of: int = Field(ge=1)
    text: str

    @property
    def key(self) -> str:
        """The id by which the trail knows it."""
        return f"{self.draw}/{self.sheet:03d}"


def sheets(record: DrawRecord) -> tuple[Sheet, ...]:
    """Return a record in pieces, for changes of the kind `draw_record`."""
    text = record.model_dump_json()
    cuts = [text[at : at + SHEET_CHARS] for at in range(0, len(text), SHEET_CHARS)]
    return tuple(
        Sheet(draw=record.no, sheet=place, of=len(cuts), text=cut)
        for place, cut in enumerate(cuts, start=1)
    )


def joined(found: Iterable[Sheet]) -> DrawRecord | None:
    """Return the record that sheets make; None when one lacks, or it is no record."""
    pieces = sorted(found, key=lambda each: each.sheet)
    if not pieces or [each.sheet for each in pieces] != list(range(1, pieces[0].of + 1)):
        return None
    try:
        return DrawRecord.model_validate_json("".join(each.text for each in pieces))
    except ValidationError:
        return None
