"""What a decision about a problem is given of the whole installation: like cases, and history.

A unit is the same one in two campaigns when it has the same name; its code may differ. Of either
kind the newest are given, as many as a message can carry.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol

from duban.domain.entity.records import Extension
from duban.domain.model import Document
from duban.domain.problem.state import Earlier
from duban.store.ledger import Row
from duban.workbook.raw import squeezed

MOST: Final = 100
"""Like cases and matters from before, each; both travel with the problem."""


class Look(Protocol):
    """How the ledger is looked into: objects of a kind as plain JSON, oldest first."""

    async def __call__(
        self, kind: str, scope: str | None = None, where: Document | None = None
    ) -> Sequence[Row]:
        """Return the objects whose documents hold every field of `where`."""


async def alike(look: Look, no: str, campaign: str, extension: str) -> tuple[Extension, ...]:
    """Return the requests for a later date of the same class of reason, of all campaigns (EXT6)."""
    own = await look("extension", campaign, {"id": extension})
    if not own:
        return ()
    rows = await look("extension", None, {"reason_class": own[0]["reason_class"]})
    others = [_numbered(row, campaign) for row in rows if not str(row["id"]).startswith(f"{no}/")]
    newest = sorted(others, key=lambda row: str(row["requested_on"]))[-MOST:]
    return tuple(known(Extension, row) for row in newest)


def _numbered(row: Row, campaign: str) -> Row:
    """Return a request under an id that no other campaign has given away."""
    there, key = str(row["campaign"]), str(row["id"])
    is_clear = there == campaign or key.startswith(there)
    return row if is_clear else {**row, "id": f"{there}/{key}"}


async def earlier(
    look: Look, campaign: str, unit: str, problem_type: str | None
) -> tuple[Earlier, ...]:
    """Return what was signed off and circulated of the same unit and type (d.7, K87)."""
    if problem_type is None:
        return ()
    units = await look("unit")
    name = _name(units, campaign, unit)
    same = [each for each in units if name and squeezed(str(each["name"])) == name]
    places = {(str(each["campaign"]), str(each["code"])) for each in same} | {(campaign, unit)}
    found: list[Earlier] = []
    for there, code in sorted(places):
        wanted: Document = {"unit": code, "problem_type": problem_type}
        rows = await look("problem", there, wanted)
        found += [_signed_off(row) for row in rows if row.get("signed_off_on")]
    rows = await look("circular", None, {"problem_type": problem_type})
    found += [_circulated(row) for row in rows if name and squeezed(str(row["unit"])) == name]
    return tuple(sorted(found, key=lambda each: each.signed_off_on)[-MOST:])


def _name(units: Iterable[Row], campaign: str, code: str) -> str:
    named = (u for u in units if (u["campaign"], u["code"]) == (campaign, code))
    return squeezed(str(next(named, {"name": ""})["name"]))


def _signed_off(row: Row) -> Earlier:
    signers = tuple(each["person"] for each in row["signatures"])
    return Earlier(no=row["no"], signed_off_on=row["signed_off_on"], signers=signers)


def _circulated(row: Row) -> Earlier:
    return Earlier(no=f"{row['circular']}#{row['item']}", signed_off_on=row["issued_on"])


def known(model: Any, row: Row) -> Any:
    """Return a row of the ledger as a value of the domain, without what stands beside it."""
    return model.model_validate({k: v for k, v in row.items() if k in model.model_fields})
