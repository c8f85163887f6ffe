"""Units seen more often than the budget of a month allows (f.2, K51), and who approved that."""

from collections.abc import Iterable, Iterator
from datetime import date

from duban.domain.model import Ident, Model


class Contact(Model):
    """A day on which a team was on site at a unit, and the document by which it went over."""

    unit: Ident
    on: date
    budget_doc: str = ""


class Burden(Model):
    """A unit and a month with more contacts than the budget has, and the approvals there are."""

    unit: Ident
    month: str
    contacts: int
    approved: tuple[str, ...]


def burdens(contacts: Iterable[Contact], budget: int) -> Iterator[Burden]:
    """Yield every unit and month that is over a budget, in their order."""
    of_month: dict[tuple[str, str], list[Contact]] = {}
    for each in contacts:
        of_month.setdefault((each.unit, each.on.isoformat()[:7]), []).append(each)
    for (unit, month), some in sorted(of_month.items()):
        if len(some) > budget:
            approved = tuple(sorted({each.budget_doc for each in some} - {""}))
            yield Burden(unit=unit, month=month, contacts=len(some), approved=approved)
