"""Who may do this here and now: the register, the matrix, and the separation of duties (b.4)."""

from datetime import date

from duban.domain.entity.work import Work
from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import (
    UNIT_ROLES,
    Action,
    Actor,
    Delegation,
    Person,
    Right,
    Role,
    not_permitted,
    require,
)


def person_of(work: Work, person_id: str, role: Role) -> Person:
    """Return a person of the register in a role.

    Raises `RuleViolation` ACTOR_UNKNOWN or ACTOR_ROLE_NOT_HELD.
    """
    held = [each for each in work.all(Person) if each.id == person_id and not each.left]
    if not held:
        raise RuleViolation(Code.ACTOR_UNKNOWN, actor=person_id)
    for each in held:
        if each.role is role:
            return each
    raise RuleViolation(
        Code.ACTOR_ROLE_NOT_HELD,
        actor=person_id,
        role=role.value,
        held=[each.role.value for each in held],
    )


def check_register(work: Work) -> None:
    """Refuse an actor who is not on the register as claimed (SOD10 for deputies)."""
    actor = work.actor
    if actor.role is Role.SYSTEM:
        raise RuleViolation(Code.SYSTEM_MAY_NOT_DECIDE, action="-")
    if actor.on_behalf_of is None:
        person = person_of(work, actor.id, actor.role)
    else:
        if not delegations(work):
            raise invalid_delegation(actor)
        person = person_of(work, actor.on_behalf_of, actor.role)
    if actor.unit != person.unit:
        raise RuleViolation(Code.ROLE_OUT_OF_SCOPE, actor=actor.id, unit=actor.unit or "-")


def delegations(work: Work, action: Action | None = None) -> list[Delegation]:
    """Return what the acting deputy was given for today, for `action` where that is named."""
    actor = work.actor
    here = any(each.id == actor.id and not each.left for each in work.all(Person))
    return [
        each
        for each in work.all(Delegation)
        if here
        and (each.deputy, each.principal, each.role) == (actor.id, actor.on_behalf_of, actor.role)
        and actor.delegation_id in (None, each.id)
        and each.from_on <= work.today <= each.until_on
        and (action is None or not each.scope or action.value in each.scope)
    ]


def authorise(work: Work, action: Action, *rights: Right, unit: str | None = None) -> None:
    """Refuse unless the actor holds one of `rights` for `action` (b.3), within his own unit."""
    check_register(work)
    require(work.actor, action, *rights)
    check_scope(work, action)
    if unit is not None and work.actor.role in UNIT_ROLES and work.actor.unit != unit:
        raise RuleViolation(Code.ROLE_OUT_OF_SCOPE, actor=work.actor.id, unit=unit)


def check_scope(work: Work, action: Action) -> None:
    """Refuse a deputy whose delegation does not reach as far as `action` (SOD10)."""
    if work.actor.on_behalf_of is not None and not delegations(work, action):
        raise invalid_delegation(work.actor)


def invalid_delegation(actor: Actor) -> RuleViolation:
    """Return the refusal of a deputy without a delegation that covers the act (SOD10)."""
    return RuleViolation(
        Code.DELEGATION_INVALID, actor=actor.id, principal=actor.on_behalf_of or "-"
    )


def only(work: Work, *roles: Role) -> None:
    """Refuse anybody who does not act in one of `roles`, for acts outside the matrix.

    A deputy needs a delegation without limits for them: no scope can name such an act.
    """
    check_register(work)
    if work.actor.on_behalf_of and all(each.scope for each in delegations(work)):
        raise invalid_delegation(work.actor)
    if work.actor.role not in roles:
        raise not_permitted(work.actor, "-", roles)


def leading_group_only(work: Work, action: Action) -> None:
    """Refuse anybody but the leading group, where `action` is its alone beyond the matrix."""
    if work.actor.role is not Role.LEADING_GROUP:
        raise not_permitted(work.actor, action.value, [Role.LEADING_GROUP])


def not_separated(rule: str, work: Work) -> RuleViolation:
    """Return the refusal for a breach of the separation rule `rule`."""
    return RuleViolation(Code.DUTY_NOT_SEPARATED, rule=rule, actor=work.actor.id)


def sod1_not_the_claimant(work: Work, by: str | None, unit: str | None) -> None:
    """SOD1: who submitted (person or unit) may neither verify nor sign off.

    A person of the submitting unit stays one whatever other role is acted in, deputies included.
    """
    if by in acting_ids(work) or (unit is not None and unit in own_units(work)):
        raise not_separated("SOD1", work)


def sod3_not_own_unit(work: Work, unit: str) -> None:
    """SOD3: nobody decides an extension for a unit they belong to or left within the window.

    It binds the person, whichever role is acted in; a deputy and the one deputised for alike.
    """
    window = years_before(work.today, work.policy.former_unit_years)
    for person in acting(work):
        former = {each.unit for each in person.former_units if each.left_on >= window}
        if unit in former or (unit == person.unit and not person.left):
            raise not_separated("SOD3", work)


def sod6_not_of_the_unit(work: Work, unit: str | None) -> None:
    """SOD6: nobody of the unit that a matter is about has a hand in it, in whatever role."""
    if unit is not None and unit in own_units(work):
        raise not_separated("SOD6", work)


def own_units(work: Work) -> set[str | None]:
    """Return the units of those who act, in whatever role they belong there."""
    return {each.unit for each in acting(work) if not each.left}


def acting_ids(work: Work) -> set[str | None]:
    """Return who acts: the actor and, for a deputy, the one deputised for."""
    return {work.actor.id, work.actor.on_behalf_of} - {None}


def acting(work: Work) -> list[Person]:
    """Return every entry of the register, in whatever role, of those who act."""
    ids = acting_ids(work)
    return [each for each in work.all(Person) if each.id in ids]


def years_before(day: date, years: int) -> date:
    """Return the day as many years earlier."""
    # 29 February has no counterpart in most years; its eve keeps the window from shrinking.
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap else day.day)
