"""Who answers for what in a plan: bodies, unit leaders, and the people of each task."""

from duban.domain.plan import CampaignPlan, PlannedTask
from duban.domain.plan_faults import Findings, Kind, Place, PlanFault, PlanProblem
from duban.domain.roles import UNIT_ROLES, Action, Person, Right, Role, may

_MAY_LEAD = frozenset(
    {
        Role.OFFICE,
        Role.COORDINATION_GROUP,
        Role.SUPERVISION_GROUP,
        Role.PUBLICITY_GROUP,
        Role.CAMPAIGN_GROUP,
    }
)
_NEEDED = (Role.LEADING_GROUP, Role.OFFICE, Role.COORDINATION_GROUP)


def people_problems(plan: CampaignPlan) -> Findings:
    """Unit roles name a unit that exists; one number is one person; nobody is the system."""
    units = {unit.code for unit in plan.units}
    names: dict[str, str] = {}
    for index, person in enumerate(plan.people):
        place = Place(Kind.PERSON, person.id, index)
        if person.unit is None and person.role in UNIT_ROLES:
            yield place.fault(
                "unit", PlanFault.UNIT_MISSING_FOR_ROLE, "role",
                person=person.id, role=person.role.value,
            )  # fmt: skip
        if person.unit is not None and person.unit not in units:
            yield place.fault("unit", PlanFault.UNKNOWN_UNIT, "unit.code", unit=person.unit)
        if person.role is Role.SYSTEM:
            yield place.fault("role", PlanFault.ROLE_NOT_FOR_PEOPLE, role=person.role.value)
        if names.setdefault(person.id, person.name) != person.name:
            yield place.fault(
                "name", PlanFault.NAME_DIFFERS, "id",
                person=person.id, name=person.name, other=names[person.id],
            )  # fmt: skip


def body_problems(plan: CampaignPlan) -> Findings:
    """Bodies that must decide have somebody; a body may lead, and sign off what others did.

    Any group may lead (K27). Where the supervision group leads, the office or the coordination
    group signs off (SOD4).
    """
    place = Place(Kind.CAMPAIGN, plan.no)
    held = {person.role for person in plan.people}
    lead_ok = plan.lead_body in _MAY_LEAD
    if not lead_ok:
        yield place.fault("lead_body", PlanFault.LEAD_BODY_UNFIT, role=plan.lead_body.value)
    if not _may_sign_off(plan.lead_body, plan.sign_off_body):
        yield place.fault(
            "sign_off_body", PlanFault.SIGN_OFF_NOT_SEPARATE, "lead_body",
            role=plan.sign_off_body.value, lead=plan.lead_body.value,
        )  # fmt: skip
    for role in _NEEDED:
        if role not in held:
            yield place.fault(
                "people", PlanFault.BODY_WITHOUT_PERSON, "person.role*", role=role.value
            )
    if lead_ok and plan.lead_body not in {*held, *_NEEDED}:
        yield place.fault(
            "people", PlanFault.BODY_WITHOUT_PERSON, "lead_body", "person.role*",
            role=plan.lead_body.value,
        )  # fmt: skip


def _may_sign_off(lead: Role, signer: Role) -> bool:
    if lead is Role.SUPERVISION_GROUP:
        return signer in {Role.OFFICE, Role.COORDINATION_GROUP}
    return may(signer, Action.SIGN_OFF, Right.APPROVE)


def task_people_problems(plan: CampaignPlan) -> Findings:
    """One lead unit that exists (K28), its own principal leader, its own people (b.3 rows 8-14)."""
    units = {unit.code for unit in plan.units}
    register: dict[str, list[Person]] = {}
    for person in plan.people:
        register.setdefault(person.id, []).append(person)
    for index, task in enumerate(plan.tasks):
        place = Place(Kind.TASK, task.no, index)
        yield from _task_units(task, place, units)
        yield from _leader(task, place, register)
        yield from _members(task, place, register)


def _task_units(task: PlannedTask, place: Place, units: set[str]) -> Findings:
    if task.lead_unit not in units:
        yield place.fault("lead_unit", PlanFault.UNKNOWN_UNIT, "unit.code", unit=task.lead_unit)
    for position, unit in enumerate(task.assisting_units):
        if unit not in units:
            yield place.fault("assisting_units", PlanFault.UNKNOWN_UNIT, "unit.code", unit=unit)
        elif unit == task.lead_unit:
            yield place.fault(
                "assisting_units", PlanFault.LEAD_ALSO_ASSISTS, "lead_unit", unit=unit
            )
        elif unit in task.assisting_units[:position]:
            yield place.fault("assisting_units", PlanFault.DUPLICATE_CODE, code=unit)


def _leader(task: PlannedTask, place: Place, register: dict[str, list[Person]]) -> Findings:
    entries = register.get(task.principal_leader)
    if entries is None:
        yield _unknown(place, "principal_leader", task.principal_leader)
        return
    led = {entry.unit for entry in entries if entry.role is Role.PRINCIPAL_LEADER}
    if not led:
        yield place.fault(
            "principal_leader", PlanFault.LEADER_WRONG_ROLE, "person.role*",
            person=task.principal_leader,
        )  # fmt: skip
    elif task.lead_unit not in led:
        yield place.fault(
            "principal_leader", PlanFault.LEADER_OF_OTHER_UNIT, "lead_unit", "person.unit*",
            person=task.principal_leader, unit=task.lead_unit,
        )  # fmt: skip


def _members(task: PlannedTask, place: Place, register: dict[str, list[Person]]) -> Findings:
    for field, id_ in (("leader_in_charge", task.leader_in_charge), ("handler", task.handler)):
        if id_ is None:
            continue
        entries = register.get(id_)
        if entries is None:
            yield _unknown(place, field, id_)
        elif not any(
            entry.role in UNIT_ROLES and entry.unit == task.lead_unit for entry in entries
        ):
            yield place.fault(
                field, PlanFault.MEMBER_OF_OTHER_UNIT, "lead_unit", "person.unit*", "person.role*",
                person=id_, unit=task.lead_unit,
            )  # fmt: skip


def _unknown(place: Place, field: str, id_: str) -> PlanProblem:
    return place.fault(field, PlanFault.UNKNOWN_PERSON, "person.id", person=id_)
