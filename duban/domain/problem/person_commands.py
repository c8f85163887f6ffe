"""Commands about the persons a problem concerns (具体人): by post and number, never by name."""

from typing import Literal

from duban.domain.entity.command import Command
from duban.domain.model import Ident, Text


class NamePerson(Command):
    """Say whom the matter is about: the post, and the register's number of the person if known."""

    type: Literal["name_person"] = "name_person"
    post: Text
    person: Ident | None = None
    duty: str = ""


class WithdrawPerson(Command):
    """The matter is not about that person after all, with a reason."""

    type: Literal["withdraw_person"] = "withdraw_person"
    concerned: Ident
    reason: Text
