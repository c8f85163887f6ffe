"""Who is called what in a campaign: its units and people, for the rows of a ledger."""

from typing import NamedTuple

from duban.cli.services import Reader
from duban.errors import NotFound
from duban.texts import Language
from duban.workbook.ledger_rows import LedgerRows


class LedgerNames(NamedTuple):
    """Names by code; people who left are no more to be picked, but still have their names."""

    title: str
    units: dict[str, str]
    people: dict[str, str]
    left: frozenset[str]

    def rows(self, lang: Language) -> LedgerRows:
        """Return what makes rows with these names."""
        return LedgerRows(lang, self.units, self.people)

    @property
    def present(self) -> dict[str, str]:
        """The people who hold a post."""
        return {key: name for key, name in self.people.items() if key not in self.left}


async def names_of(reader: Reader, no: str) -> LedgerNames:
    """Return the names of a campaign. Raises `NotFound`."""
    found = await reader.objects("campaign", no)
    if not found:
        raise NotFound("campaign.not_found", no=no)
    units = await reader.objects("unit", no)
    people = await reader.objects("person", no)
    here = {str(row["id"]) for row in people if not row.get("left")}
    return LedgerNames(
        title=str(found[0]["title"]),
        units={str(row["code"]): str(row["name"]) for row in units},
        people={str(row["id"]): str(row["name"]) for row in people},
        left=frozenset(str(row["id"]) for row in people) - here,
    )
