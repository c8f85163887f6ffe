"""`duban unit profile`: what all groups share about a unit (信息共享, domain.md g.7, K84).

Open problems, cards, clues and circulars, each as far as the reader may know it; of a sealed clue
only that there is one. Every look is on the trail before anything is shown.
"""

from typing import NamedTuple

import typer

from duban.cli.clue_register import posts_of, visible
from duban.cli.output import Column, destination, show_rows
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.typed import MANY, OUTPUT
from duban.cli.verbs import Given, argument, number, verb
from duban.domain.problem.columns import known_to
from duban.domain.problem.tables import SETTLED
from duban.domain.problem.words import ProblemState
from duban.domain.reading import Reading
from duban.domain.roles import Role
from duban.store.problems import ProblemFilter

_WORDS = {"problem": "problem_state", "card": "card_state", "clue": "clue_state"}


def _state(session: Session, row: Row) -> str:
    return session.term(_WORDS[row["kind"]], row["state"]) if row["state"] else ""


def _matter(session: Session, row: Row) -> str:
    if row["kind"] == "card":
        colour, ground = row["matter"].split()
        return f"{session.term('card', colour)} {session.term('card_ground', ground)}"
    return str(row["matter"] or session.say("profile.existence"))


_COLUMNS = (
    Column("kind", "kind"),
    Column("no"),
    Column("dated"),
    Column("state", shown=_state),
    Column("matter", shown=_matter),
)
_OPEN = tuple(each.value for each in ProblemState if each not in SETTLED)


class _Look(NamedTuple):
    """Who looks at which unit: the person, the role, and how many problems at most."""

    unit: str
    person: str
    role: Role
    limit: int


def add_profile(noun: typer.Typer) -> None:
    """Give the noun its verb."""
    limit = number("limit", "N", default=MANY)
    verb(noun, "profile", argument("unit"), limit, *WHO_READS, OUTPUT)(show_profile)


def show_profile(session: Session, given: Given) -> None:
    """Show what the groups know of a unit: open problems, cards, clues, circulars."""
    to = destination(given.output)
    show_rows(session, session.run(_profile(session, given)), _COLUMNS, to)


async def _profile(session: Session, given: Given) -> list[Row]:
    asked = asked_of(given, "unit profile", scope=(None, given.unit))
    asked = asked.model_copy(update={"kind": Reading.PROFILE})
    async with session.services.reader(session.settings) as reader:
        actor = await permitted(session, reader, asked, given.actor)
        look = _Look(given.unit, actor.id, actor.role, given.limit)
        return [
            *await _problems(reader, look),
            *await _cards(reader, look),
            *await _clues(reader, look),
            *await _circulars(reader, look),
        ]


async def _problems(reader: Reader, look: _Look) -> list[Row]:
    levels = tuple(level.value for level in known_to(look.role))
    wanted = ProblemFilter(unit=look.unit, states=_OPEN, levels=levels, limit=look.limit)
    found = [each.doc for each in await reader.problems(wanted)]
    return [_row("problem", p["no"], p["found_on"], p["state"], p["title"]) for p in found]


async def _cards(reader: Reader, look: _Look) -> list[Row]:
    found = await reader.objects("card", None, {"unit": look.unit})
    return [
        _row("card", card["id"], card["on"], card["state"], f"{card['colour']} {card['ground']}")
        for card in found
    ]


async def _clues(reader: Reader, look: _Look) -> list[Row]:
    found = await reader.objects("clue", None, {"object_unit": look.unit})
    posts = await posts_of(reader, look.person)
    return [
        _row("clue", clue["no"], clue["report"]["known_on"], clue.get("state"), clue.get("matter"))
        for clue in visible(found, look.person, posts)
    ]


async def _circulars(reader: Reader, look: _Look) -> list[Row]:
    found = await reader.objects("circular", None, {"unit": look.unit})
    return [_row("circular", each["id"], each["issued_on"], None, each["matter"]) for each in found]


def _row(kind: str, no: object, dated: object, state: object, matter: object) -> Row:
    return {"kind": kind, "no": no, "dated": dated, "state": state, "matter": matter}
