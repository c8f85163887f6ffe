"""The way of a problem so far, drawn: where it stands, what counted, what did not, what is next."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from duban.cli.problem_way import drawn_way
from duban.cli.services import Row
from duban.cli.session import Session

_WAY = (
    "registered",
    "triaged",
    "assigned",
    "accepted",
    "plan_review",
    "rectifying",
    "close_requested",
    "verifying",
    "public_notice",
    "signed_off",
    "watched",
    "archived",
)
"""The straight way of d.1; other states are shown beside it."""


class ProblemPicture(NamedTuple):
    """A problem with everything that was said and shown about it."""

    problem: Row
    reply: Sequence[Row]
    evidence: Sequence[Row]
    card: Sequence[Row]
    petition: Sequence[Row]
    extension: Sequence[Row]
    deadlines: Sequence[Row]
    way: Sequence[Row]


LISTS = ("reply", "evidence", "card", "petition", "extension", "deadlines", "way")
"""What a picture holds beside the problem itself."""


def drawn(session: Session, picture: ProblemPicture) -> Iterator[str]:
    """Yield the lines of the picture."""
    problem = picture.problem
    yield f"{problem['no']}  {problem['title']}"
    yield _way(session, str(problem["state"]))
    yield from drawn_way(session, picture.way)
    yield from _facts(session, problem)
    yield from _plan(session, problem)
    yield from _replies(session, picture)
    for row in picture.evidence:
        yield f"  {row['id']}  {session.term('evidence', row['kind'])}  {_flags(session, row)}"
    for row in picture.card:
        words = (session.term("card", row["colour"]), session.term("card_state", row["state"]))
        yield f"  {row['id']}  {' '.join(words)}  {session.term('card_ground', row['ground'])}"
    if picture.deadlines:
        yield session.say("problem.next")
    for row in picture.deadlines:
        name = session.term("deadline", row["code"])
        yield f"  {row['current_due_on']}  {name}  {row['holder']}"


def _way(session: Session, state: str) -> str:
    if state not in _WAY:
        return f"  [{session.term('problem_state', state)}]"
    here = _WAY.index(state)
    marks = ("●" if at < here else "◉" if at == here else "○" for at in range(len(_WAY)))
    return f"  {' '.join(marks)}  [{session.term('problem_state', state)}]"


def _facts(session: Session, problem: Row) -> Iterator[str]:
    told = [
        ("unit", problem.get("unit")),
        ("problem_type", session.term("problem_type", problem.get("problem_type"))),
        ("rectify_class", session.term("rectify_class", problem.get("rectify_class"))),
        ("severity", session.term("severity", problem.get("severity"))),
        ("handler", problem.get("handler")),
        ("recurs", session.say("joined").join(problem.get("recurs") or ())),
        ("recurrence_no", problem.get("recurrence_no") or None),
        ("yellow_count", problem.get("yellow_count") or None),
        ("red_count", problem.get("red_count") or None),
    ]
    for name, value in told:
        if value:
            yield f"  {session.say(f'col.{name}')}：{value}"
    if problem.get("false_rectification"):
        yield f"  {session.say('problem.false')}"


def _plan(session: Session, problem: Row) -> Iterator[str]:
    for each in problem.get("plan") or ():
        mark = "✓" if each.get("done_on") else "·"
        yield f"  {mark} {each['no']}. {each['text']}  {each.get('result') or ''}".rstrip()
    for number, defect in enumerate(problem.get("defects") or (), 1):
        yield f"  ✗ {session.say('problem.defect', no=number)} {defect}"


def _replies(session: Session, picture: ProblemPicture) -> Iterator[str]:
    """Say of each reply whether it counted (EXP2, EXP7)."""
    if picture.reply:
        problem = picture.problem
        yield session.say(
            "problem.replies", all=problem["replies"], explained=problem["explanations"]
        )
    for row in picture.reply:
        counts = row.get("counts") or row["proposed"]
        mark = "✗" if counts == "explanation_only" else "✓"
        sure = "" if row.get("counts") else session.say("problem.proposed")
        yield f"  {mark} {row['id']}  {session.term('reply_class', counts)}{sure}"


def _flags(session: Session, row: Row) -> str:
    flags: list[Any] = [row["title"]]
    if row.get("older"):
        flags.append(session.say("evidence.older"))
    if row.get("elsewhere"):
        flags.append(session.say("evidence.elsewhere", where=", ".join(row["elsewhere"])))
    if row.get("superseded_by"):
        flags.append(session.say("evidence.superseded", by=row["superseded_by"]))
    return "  ".join(map(str, flags))
