"""Columns that many answers share, and the cells that fill them."""

from datetime import UTC, date, datetime, timedelta

from pydantic import JsonValue

from duban.domain.model import Document
from duban.questions.answer import Column, Shape
from duban.questions.entries import Entry

AT = Column("at", Shape.MOMENT)
UNIT = Column("unit")
REASON = Column("reason")
BASIS = Column("basis")
WHO = (Column("actor"), Column("role", Shape.WORD, "role"))
OBJECT = (Column("object_type", Shape.WORD, "kind"), Column("object_id"))
PROBLEM = (Column("no"), Column("title"), UNIT)
CLOCK = (Column("deadline"), Column("code", Shape.WORD, "deadline"), *OBJECT, Column("holder"))


def clock(deadline: Document) -> Document:
    """Return the cells of `CLOCK` for a deadline."""
    return {
        "deadline": deadline.get("id"),
        "code": deadline.get("code"),
        "object_type": deadline.get("object_type"),
        "object_id": deadline.get("object_id"),
        "holder": deadline.get("holder"),
    }


def named(deadline: Document) -> tuple[str, ...]:
    """Return the numbers by which somebody asks for a deadline.

    What belongs to a problem begins with the problem's number, as in `BE-2019-0042/D03`.
    """
    own = str(deadline.get("id"))
    return (own, str(deadline.get("object_id")), own.partition("/")[0])


def about(problem: Document) -> Document:
    """Return the cells of `PROBLEM` for a problem."""
    return {name: problem.get(name) for name in ("no", "title", "unit")}


def percent(some: int, every: int) -> int:
    """Return a share in whole percent, halves rounded up."""
    return (200 * some + every) // (2 * every)


def day(value: JsonValue) -> date:
    """Read a date of a document."""
    return date.fromisoformat(str(value))


def moment(value: JsonValue) -> datetime:
    """Read an instant of a document, in UTC."""
    return datetime.fromisoformat(str(value)).astimezone(UTC)


def minutes_between(earlier: Entry, later: Entry) -> int:
    """Return the whole minutes from one entry to another."""
    return (later.event.occurred_at - earlier.event.occurred_at) // timedelta(minutes=1)


def items(value: JsonValue) -> list[JsonValue]:
    """Return a document's list; an empty one where there is none."""
    return value if isinstance(value, list) else []


def whole(value: JsonValue) -> int:
    """Return a document's whole number; 0 where there is none."""
    return value if isinstance(value, int) else 0


def parts(value: JsonValue) -> list[Document]:
    """Return the objects of a document's list."""
    return [each for each in items(value) if isinstance(each, dict)]


def references(evidence: JsonValue) -> list[JsonValue]:
    """Return what pieces of evidence refer to."""
    return [each.get("reference") for each in parts(evidence)]
