"""Question 15: units that reply with explanations alone, how often in a row, what followed."""

from collections.abc import Iterable, Iterator

from duban.domain.model import Document
from duban.domain.problem.explaining import streak
from duban.domain.problem.records import ReplyClass
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import PROBLEM, about, percent
from duban.questions.entries import Entry
from duban.questions.history import History
from duban.questions.question import Asked, Reply

_GROUND = "explanation_streak"
_TOLD = ("problem:reply:received", "problem:reply:classified", "problem:reply:contest_decided")
_CARDS = (
    "problem:card:issued",
    "problem:card:proposed",
    "problem:card:decided",
    "problem:card:voided",
)


def _explained(history: History, _: Asked) -> Iterator[Row]:
    """15: per unit and problem the replies that count as explanations, and the cards (EXP4, EXP7).

    A reply counts as what a person called it (EXP3), or as what a contest made of it. The unit's
    ratio is over all its replies on the problems of the campaign.
    """
    by_unit: dict[str, list[Document]] = {}
    by_problem: dict[tuple[str, str], list[Document]] = {}
    for key, reply in history.table("reply").items():
        unit = str(reply["unit"])
        by_unit.setdefault(unit, []).append(reply)
        by_problem.setdefault((unit, history.first("reply", key)[0].no), []).append(reply)
    cards = list(history.said(*_CARDS))
    rows = [
        _unit_on_problem(history, no, replies, (by_unit[unit], cards))
        for (unit, no), replies in by_problem.items()
        if explanations(replies)
    ]
    yield from sorted(rows, key=_worst_first)


def explanations(replies: Iterable[Document]) -> int:
    """Return how many replies count as explanations alone."""
    return sum(each.get("counts") == ReplyClass.EXPLANATION_ONLY for each in replies)


def _worst_first(row: Row) -> tuple[int, int, str, str]:
    cells = row.cells
    ratio, length = cells["unit_percent"], cells["streak"]
    assert isinstance(ratio, int)
    assert isinstance(length, int)
    return -length, -ratio, str(cells["unit"]), str(cells["no"])


def _unit_on_problem(
    history: History,
    no: str,
    replies: list[Document],
    beside: tuple[list[Document], list[Entry]],
) -> Row:
    unit, (of_unit, cards) = str(replies[0]["unit"]), beside
    followed = [each for each in cards if each.no == no and _is_due_to_words(history, each, unit)]
    return Row(
        {
            **about(history.get("problem", no)),
            "unit": unit,
            "replies": len(replies),
            "unclassified": sum(each.get("counts") is None for each in replies),
            "explanations": explanations(replies),
            "streak": longest(replies),
            "cards": [*dict.fromkeys(each.event.object_id for each in followed)],
            "followed": [each.event.tag for each in followed],
            "state": history.get("problem", no)["state"],
            "unit_replies": len(of_unit),
            "unit_explanations": explanations(of_unit),
            "unit_percent": percent(explanations(of_unit), len(of_unit)),
        },
        (*_told(history, replies), *followed),
        units=(unit,),
        objects=(no,),
    )


def _is_due_to_words(history: History, entry: Entry, unit: str) -> bool:
    card = history.get("card", entry.event.object_id)
    return (card["ground"], card["unit"]) == (_GROUND, unit)


def longest(replies: Iterable[Document]) -> int:
    """Return how many explanations came in a row at most, by the replies that have a class."""
    classes = [ReplyClass(str(each["counts"])) for each in replies if each.get("counts")]
    return max((streak(classes[:n]) for n in range(1, len(classes) + 1)), default=0)


def _told(history: History, replies: Iterable[Document]) -> Iterator[Entry]:
    for reply in replies:
        yield from (each for tag in _TOLD for each in history.about(tag, reply["id"]))


EXPLAINED = Reply(
    (
        *PROBLEM,
        Column("replies", Shape.NUMBER),
        Column("unclassified", Shape.NUMBER),
        Column("explanations", Shape.NUMBER),
        Column("streak", Shape.NUMBER),
        Column("cards", Shape.LIST),
        Column("followed", Shape.WORD, "tag"),
        Column("state", Shape.WORD, "problem_state"),
        Column("unit_replies", Shape.NUMBER),
        Column("unit_explanations", Shape.NUMBER),
        Column("unit_percent", Shape.NUMBER),
    ),
    _explained,
)
