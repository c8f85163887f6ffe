"""Units over the budget of a month, with the approvals (f.2, K51)."""

from datetime import date

from duban.domain.inspection.burden import Burden, Contact, burdens


def contacts(unit: str, *days: int, month: int = 4, **fields: str) -> list[Contact]:
    return [Contact(unit=unit, on=date(2019, month, day), **fields) for day in days]


def test_k51_only_what_is_over_the_budget_is_told() -> None:
    made = [*contacts("U01", 1, 2), *contacts("U03", 1, 2, 3), *contacts("U03", 1, month=5)]

    assert list(burdens(made, 2)) == [Burden(unit="U03", month="2019-04", contacts=3, approved=())]
    assert list(burdens(made, 3)) == []


def test_k51_approvals_stand_beside_it_once_each() -> None:
    made = [*contacts("U01", 1, 2, budget_doc="批准2号"), *contacts("U01", 3, budget_doc="批准1号")]

    [found] = burdens(made, 1)

    assert found.approved == ("批准1号", "批准2号")
