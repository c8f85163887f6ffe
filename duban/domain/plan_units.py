"""What can be wrong with the unit tree of a plan."""

from duban.domain.plan import CampaignPlan
from duban.domain.plan_faults import Findings, Kind, Place, PlanFault
from duban.domain.roles import Role


def unit_problems(plan: CampaignPlan) -> Findings:
    """Every parent exists, nobody is their own ancestor, whoever owes a plan has a signer (DL02).

    A unit plan is signed by the unit's principal leader (domain.md b.3 row 6).
    """
    parents = {unit.code: unit.parent for unit in plan.units}
    led = {person.unit for person in plan.people if person.role is Role.PRINCIPAL_LEADER}
    for index, unit in enumerate(plan.units):
        place = Place(Kind.UNIT, unit.code, index)
        if unit.parent is not None and unit.parent not in parents:
            yield place.fault("parent", PlanFault.UNKNOWN_UNIT, "unit.code", unit=unit.parent)
        elif _is_own_ancestor(unit.code, parents):
            yield place.fault("parent", PlanFault.PARENT_CYCLE, "code", unit=unit.code)
        if unit.must_plan and unit.code not in led:
            yield place.fault(
                "must_plan", PlanFault.UNIT_WITHOUT_LEADER, "code", "person.unit*", "person.role*",
                unit=unit.code,
            )  # fmt: skip


def _is_own_ancestor(code: str, parents: dict[str, str | None]) -> bool:
    """Say whether going up from `code` comes back to it."""
    above = parents[code]
    for _ in parents:
        if above == code:
            return True
        above = parents.get(above) if above is not None else None
    return False
