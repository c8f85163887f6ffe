"""The persons a problem concerns: optional, apart from the problem itself, shown to few (d.2).

They are objects of their own, so that no list, notice or export of problems can hold them; and
their entries name no unit, so that who may read the trail of one unit alone does not find them.
"""

from typing import Final

from duban.domain.entity.permits import authorise
from duban.domain.errors import Code, RuleViolation
from duban.domain.problem import person_commands as c
from duban.domain.problem.records import Concerned
from duban.domain.problem.work import Work
from duban.domain.roles import UNIT_ROLES, Action, Right

MOST: Final = 20
"""Persons of one problem; its state has to travel."""


def name_person(work: Work, command: c.NamePerson) -> None:
    """Put a person beside the problem; nothing waits for it and nothing moves by it."""
    _require_right(work)
    number = sum(1 for _ in work.all(Concerned)) + 1
    if number > MOST:
        raise RuleViolation(Code.OBJECT_TOO_MANY, kind="concerned", max=MOST)
    concerned = Concerned(
        id=f"{work.problem.no}/H{number:02d}",
        post=command.post,
        person=command.person,
        duty=command.duty,
        named_by=work.actor.id,
        named_on=work.today,
    )
    work.put(concerned.id, concerned)
    work.emit("problem:person:named", ("concerned", concerned.id))


def withdraw_person(work: Work, command: c.WithdrawPerson) -> None:
    """Take a person away from the problem; that he stood there stays on the trail."""
    _require_right(work)
    concerned = work.get(Concerned, command.concerned)
    work.set(concerned.id, concerned, is_withdrawn=True)
    work.emit("problem:person:withdrawn", ("concerned", concerned.id), reason=command.reason)


def _require_right(work: Work) -> None:
    """Whoever registers problems may say whom they are about, but nobody of a unit (b.3 row 10)."""
    authorise(work, Action.REGISTER_PROBLEM, Right.CREATE)
    if work.actor.role in UNIT_ROLES:
        raise RuleViolation(Code.ROLE_OUT_OF_SCOPE, actor=work.actor.id, unit=work.problem.no)
