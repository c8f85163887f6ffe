"""The register of people: successors and deputies (domain.md c.3, SOD10)."""

from duban.domain.campaign import commands as c
from duban.domain.campaign.records import Task
from duban.domain.campaign.tables import TASK_OVER
from duban.domain.campaign.work import Work
from duban.domain.entity.permits import only, person_of
from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import Delegation, FormerUnit, Person, Role


def replace_person(work: Work, command: c.ReplacePerson) -> None:
    """A successor takes a post over with its open tasks.

    What was done before stays attributed to who did it (终身问责): entries on the trail name the
    person at the time of the fact, and the one who left stays on the register with the unit left.
    """
    only(work, Role.OFFICE, Role.LEADING_GROUP)
    leaving = person_of(work, command.leaving, command.role)
    successor = _successor(work, leaving, command.successor)
    former = leaving.former_units
    if leaving.unit is not None:
        former = (*former, FormerUnit(unit=leaving.unit, left_on=work.today))
    work.put(leaving.key, leaving.model_copy(update={"former_units": former, "left": True}))
    work.put(successor.key, successor)
    for task in list(work.all(Task)):
        if task.state not in TASK_OVER and task.lead_unit == leaving.unit:
            _hand_over(work, task, leaving.id, successor.id)
    work.emit(
        "campaign:person:replaced",
        ("person", successor.id),
        unit=leaving.unit,
        basis_doc=command.basis_doc,
        leaving=leaving.id,
    )


def _successor(work: Work, leaving: Person, wanted: Person) -> Person:
    """Return who takes over, as the register is to hold them. Raises COMMAND_MALFORMED."""
    if (wanted.role, wanted.unit) != (leaving.role, leaving.unit):
        raise RuleViolation(Code.COMMAND_MALFORMED, missing=["successor.role", "successor.unit"])
    taken = {each.key: each for each in work.all(Person)}.get(wanted.key)
    if wanted.id == leaving.id or (taken is not None and not taken.left):
        raise RuleViolation(Code.COMMAND_MALFORMED, missing=["successor.id"])
    if taken is None:
        return wanted
    # Who comes back keeps the units once left: SOD3 looks at them.
    known = (*taken.former_units, *wanted.former_units)
    return wanted.model_copy(update={"former_units": tuple(dict.fromkeys(known))})


def _hand_over(work: Work, task: Task, leaving: str, successor: str) -> None:
    posts = ("principal_leader", "leader_in_charge", "handler")
    held = {post: successor for post in posts if getattr(task, post) == leaving}
    if held:
        work.set(task.no, task, **held)


def record_delegation(work: Work, command: c.RecordDelegation) -> None:
    """Record a deputising with its scope, days and basis document (SOD10)."""
    only(work, Role.OFFICE, Role.LEADING_GROUP)
    principal = person_of(work, command.principal, command.role)
    if not any(each.id == command.deputy and not each.left for each in work.all(Person)):
        raise RuleViolation(Code.ACTOR_UNKNOWN, actor=command.deputy)
    if command.until_on < command.from_on or command.deputy == command.principal:
        raise RuleViolation(Code.COMMAND_MALFORMED, missing=["until_on"])
    number = sum(1 for _ in work.all(Delegation)) + 1
    delegation = Delegation(
        id=f"G{number:04d}",
        deputy=command.deputy,
        principal=command.principal,
        role=command.role,
        scope=command.scope,
        from_on=command.from_on,
        until_on=command.until_on,
        basis_doc=command.basis_doc,
    )
    work.put(delegation.id, delegation)
    work.emit(
        "campaign:delegation:recorded",
        ("delegation", delegation.id),
        unit=principal.unit,
        basis_doc=command.basis_doc,
    )
