"""Who may do this here and now: the register, the matrix, and the separation of duties (b.4)."""

from datetime import date

from duban.domain.campaign.state import CampaignRecord, Task
from duban.domain.campaign.work import Work
from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import (
    UNIT_ROLES,
    Action,
    Actor,
    Delegation,
    Person,
    Right,
    Role,
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
        _check_delegation(work, actor)
        person = person_of(work, actor.on_behalf_of, actor.role)
    if actor.unit != person.unit:
        raise RuleViolation(Code.ROLE_OUT_OF_SCOPE, actor=actor.id, unit=actor.unit or "-")


def _check_delegation(work: Work, actor: Actor) -> None:
    for each in work.all(Delegation):
        if (
            (each.deputy, each.principal, each.role) == (actor.id, actor.on_behalf_of, actor.role)
            and actor.delegation_id in (None, each.id)
            and each.from_on <= work.today <= each.until_on
        ):
            return
    raise RuleViolation(
        Code.DELEGATION_INVALID, actor=actor.id, principal=actor.on_behalf_of or "-"
    )


def authorise(work: Work, action: Action, *rights: Right, unit: str | None = None) -> None:
    """Refuse unless the actor holds one of `rights` for `action` (b.3), within his own unit."""
    check_register(work)
    require(work.actor, action, *rights)
    _check_scope(work, action)
    if unit is not None and work.actor.role in UNIT_ROLES and work.actor.unit != unit:
        raise RuleViolation(Code.ROLE_OUT_OF_SCOPE, actor=work.actor.id, unit=unit)


def _check_scope(work: Work, action: Action) -> None:
    actor = work.actor
    if actor.on_behalf_of is None:
        return
    scopes = [
        each.scope
        for each in work.all(Delegation)
        if (each.deputy, each.principal) == (actor.id, actor.on_behalf_of)
        and each.from_on <= work.today <= each.until_on
    ]
    if not any(not scope or action.value in scope for scope in scopes):
        raise RuleViolation(Code.DELEGATION_INVALID, actor=actor.id, principal=actor.on_behalf_of)


def only(work: Work, *roles: Role) -> None:
    """Refuse anybody who does not act in one of `roles`, for acts outside the matrix."""
    check_register(work)
    if work.actor.role not in roles:
        raise RuleViolation(
            Code.ROLE_NOT_PERMITTED,
            action="-",
            role=work.actor.role.value,
            held=[role.value for role in roles],
        )


def not_separated(rule: str, work: Work) -> RuleViolation:
    """Return the refusal for a breach of the separation rule `rule`."""
    return RuleViolation(Code.DUTY_NOT_SEPARATED, rule=rule, actor=work.actor.id)


def sod1_not_the_claimant(work: Work, by: str | None, unit: str | None) -> None:
    """SOD1: who submitted (person or unit) may neither verify nor sign off."""
    people = {work.actor.id, work.actor.on_behalf_of}
    if (by is not None and by in people) or (unit is not None and unit == work.actor.unit):
        raise not_separated("SOD1", work)


def sod3_not_own_unit(work: Work, unit: str) -> None:
    """SOD3: nobody decides an extension for a unit they belong to or left within the window."""
    actor = work.actor
    person = person_of(work, actor.on_behalf_of or actor.id, actor.role)
    window = _years_before(work.today, work.policy.former_unit_years)
    former = {each.unit for each in person.former_units if each.left_on >= window}
    if unit in former | {person.unit}:
        raise not_separated("SOD3", work)


def _years_before(day: date, years: int) -> date:
    # 29 February has no counterpart in most years; its eve keeps the window from shrinking.
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap else day.day)


def sod4_not_the_auditor(work: Work, campaign: CampaignRecord) -> None:
    """SOD4: where the supervision group leads, office or coordination group signs off."""
    if campaign.lead_body is not Role.SUPERVISION_GROUP:
        return
    if work.actor.role not in (Role.OFFICE, Role.COORDINATION_GROUP, Role.LEADING_GROUP):
        raise not_separated("SOD4", work)


def may_sign_off(work: Work, task: Task) -> None:
    """Refuse all but the signers of b.3 row 16, with SOD1 and SOD4."""
    campaign = work.campaign
    swapped = (
        campaign.lead_body is Role.SUPERVISION_GROUP and work.actor.role is Role.COORDINATION_GROUP
    )
    if swapped:
        check_register(work)
    else:
        authorise(work, Action.SIGN_OFF, Right.APPROVE)
    sod4_not_the_auditor(work, campaign)
    sod1_not_the_claimant(work, task.claimed_by, task.claimed_by_unit)
