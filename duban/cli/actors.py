"""Who acts: the person named by `--as` or DUBAN_ACTOR, found in the campaign's register."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from duban.cli.errors import UsageFault
from duban.cli.parsing import role as read_role
from duban.cli.parsing import unfit
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.verbs import Given
from duban.domain.campaign.commands import RequestId
from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import Actor, Person, Role
from duban.errors import NotFound

_REQUEST: Final = TypeAdapter[str](RequestId)
_OPTIONS: Final = {
    "id": "--as",
    "on_behalf_of": "--on-behalf-of",
    "delegation_id": "--delegation",
}
"""What an actor's fields are typed as."""


class Asking(NamedTuple):
    """What was said about the one who acts; all of it as typed."""

    actor: str | None = None
    role: str | None = None
    on_behalf_of: str | None = None
    delegation: str | None = None
    request_id: str | None = None

    def person(self, session: Session) -> str:
        """Return the person's id. Raises `UsageFault` usage.no_actor."""
        named = self.actor or session.settings.actor
        if named is None:
            raise UsageFault("usage.no_actor")
        return named

    def request(self, session: Session) -> str:
        """Return the request id, a fresh one when none was given.

        Raises:
            UsageFault: the one given is too short or too long, or cannot be written down.
        """
        try:
            return _REQUEST.validate_python(self.request_id or session.services.new_request_id())
        except ValidationError as error:
            raise unfit(session, "--request-id", error.errors(include_url=False)[0]) from None


def asking_of(given: Given) -> Asking:
    """Return what was said with the options of `duban.cli.typed.WHO`."""
    return Asking(*(getattr(given, name) for name in Asking._fields))


def resolve(session: Session, asking: Asking, people: Sequence[Person]) -> Actor:
    """Return the actor as the register knows him: role and unit of the post he acts in.

    With a role that the register does not confirm the actor is returned as claimed: the campaign
    refuses him, and that stands on the trail.

    Raises:
        UsageFault: nobody is named, a name cannot be one, or one of several roles must be chosen.
        RuleViolation: ACTOR_UNKNOWN when neither register nor option tells a role.
    """
    named = asking.person(session)
    holder = asking.on_behalf_of or named
    posts = [each for each in people if each.id == holder and not each.left]
    wanted = read_role(asking.role) if asking.role else _only_role(posts, holder)
    unit = next((each.unit for each in posts if each.role is wanted), None)
    try:
        return Actor(
            id=named,
            role=wanted,
            unit=unit,
            on_behalf_of=asking.on_behalf_of,
            delegation_id=asking.delegation,
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise unfit(session, _OPTIONS[str(first["loc"][0])], first) from None


def _only_role(posts: Sequence[Person], person: str) -> Role:
    if not posts:
        raise RuleViolation(Code.ACTOR_UNKNOWN, actor=person)
    if len(posts) > 1:
        held = ", ".join(each.role.value for each in posts)
        raise UsageFault("usage.choose_role", actor=person, held=held)
    return posts[0].role


async def register_of(reader: Reader, no: str) -> list[Person]:
    """Return the register of a campaign. Raises `NotFound` when there is no such campaign."""
    rows = await reader.objects("person", no)
    if not rows:
        raise NotFound("campaign.not_found", no=no)
    known = set(Person.model_fields)
    return [Person.model_validate({k: v for k, v in row.items() if k in known}) for row in rows]


async def everybody(reader: Reader, campaigns: Sequence[Row]) -> list[Person]:
    """Return the registers of campaigns together, each post once."""
    posts: dict[str, Person] = {}
    for each in campaigns:
        for person in await register_of(reader, str(each["no"])):
            posts.setdefault(person.key, person)
    return list(posts.values())
