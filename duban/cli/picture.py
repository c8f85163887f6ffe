"""A campaign drawn in text: where it stands, its phases on a line, its goals, what comes next."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from rich.cells import cell_len, set_cell_size

from duban.cli.services import Row
from duban.cli.session import Session

_LINE = 60
_BAR = 10
_NEXT = 8
_TITLE = 24
_STRIP = ("draft", "plan", "implement", "review", "account", "closed", "watch", "archived")
_BETWEEN = " ─ "


class Picture(NamedTuple):
    """Everything `duban campaign show` draws; deadlines carry their lights."""

    campaign: Row
    phases: Sequence[Row]
    goals: Sequence[Row]
    tasks: Sequence[Row]
    deadlines: Sequence[Row]


def drawn(session: Session, picture: Picture) -> Iterator[str]:
    """Yield the lines of the picture."""
    yield from _head(session, picture)
    yield ""
    yield from _timeline(session, picture)
    yield ""
    yield from _goals(session, picture)
    yield ""
    yield from _next(session, picture)


def _head(session: Session, picture: Picture) -> Iterator[str]:
    campaign = picture.campaign
    yield f"{campaign['no']}  {campaign['title']}"
    lead = session.term("role", campaign["lead_body"])
    yield session.say("show.lead", title=campaign["lead_group_title"], body=lead)
    yield ""
    yield _strip(session, picture)
    tasks = len(picture.tasks)
    over = sum(1 for each in picture.tasks if each["state"] in {"closed", "cancelled"})
    won = sum(1 for each in picture.goals if each["state"] == "achieved")
    yield session.say("show.counts", tasks=tasks, over=over, goals=len(picture.goals), won=won)
    sources = campaign.get("survey_sources") or ()
    if sources or campaign["stage"] == "plan":
        what = [session.term("source", each) for each in sources]
        yield session.say("show.sources", count=len(sources), what=what)


def _strip(session: Session, picture: Picture) -> str:
    """Return the stages in a row, the present one in brackets; a pause or an end stands behind."""
    campaign = picture.campaign
    stage = campaign["stage"]
    stands = campaign.get("paused") or stage
    words = []
    for each in _STRIP:
        word = session.term("stage", each)
        if each in {"implement", "review"} and each == stands:
            word = f"{word} {campaign['current_phase']}/{len(picture.phases)}"
        words.append(f"【{word}】" if each == stands else word)
    strip = _BETWEEN.join(words)
    apart = stage in {"suspended", "terminated"}
    return f"{strip}   <{session.term('stage', stage)}>" if apart else strip


def _timeline(session: Session, picture: Picture) -> Iterator[str]:
    campaign = picture.campaign
    first, last = _day(campaign, "launch_on"), _day(campaign, "close_on")
    rows = [(session.term("stage", "plan"), first, _day(campaign, "plan_until"), "")]
    for phase in picture.phases:
        status = session.term("phase_status", phase["status"])
        label = f"{phase['no']} {phase['title']}"
        rows.append((label, _day(phase, "starts_on"), _day(phase, "ends_on"), status))
    settle = _day(campaign, "account_from"), _day(campaign, "account_until")
    rows.append((session.term("stage", "account"), *settle, ""))
    today = session.today
    for label, begins, ends, status in rows:
        bar = _bar(begins, ends, (first, max(last, first)), today)
        dates = f"{begins.isoformat()} → {ends.isoformat()}"
        yield f"{set_cell_size(label, _TITLE)} {bar} {dates}  {status}".rstrip()
    yield _today_line(session, first, last)


def _bar(begins: date, ends: date, whole: tuple[date, date], today: date) -> str:
    cells = [" "] * _LINE
    for place in range(_place(begins, whole), _place(ends, whole) + 1):
        cells[place] = "━"
    if whole[0] <= today <= whole[1]:
        cells[_place(today, whole)] = "│"
    return "".join(cells)


def _place(on: date, whole: tuple[date, date]) -> int:
    """Return where a day stands on the line; days outside stand at its ends."""
    length = max((whole[1] - whole[0]).days, 1)
    return min(max((on - whole[0]).days * (_LINE - 1) // length, 0), _LINE - 1)


def _today_line(session: Session, first: date, last: date) -> str:
    today = session.today
    words = session.say("show.today", on=today.isoformat())
    if today < first:
        return session.say("show.before", days=(first - today).days, today=words)
    if today > last:
        return session.say("show.after", days=(today - last).days, today=words)
    return " " * (_TITLE + 1 + _place(today, (first, last))) + f"▲ {words}"


def _goals(session: Session, picture: Picture) -> Iterator[str]:
    yield session.say("show.goals")
    lights = {
        each["object_id"]: each for each in picture.deadlines if each["object_type"] == "goal"
    }
    width = max((cell_len(str(each["id"])) for each in picture.goals), default=0)
    measure = max((cell_len(str(each["measure"])) for each in picture.goals), default=0)
    values = max((cell_len(_values(each)) for each in picture.goals), default=0)
    for goal in sorted(picture.goals, key=lambda each: (each["phase"], str(each["id"]))):
        clock = lights.get(goal["id"])
        parts = [
            set_cell_size(str(goal["id"]), width),
            set_cell_size(str(goal["measure"]), measure),
            f"{set_cell_size(_values(goal), values)}  {_filled(goal)}",
            session.term("goal_state", goal["state"]),
            str(goal["due_on"]),
            _marks(session, goal, clock),
        ]
        yield "  " + "  ".join(filter(None, parts))


def _values(goal: Row) -> str:
    now = _now(goal)
    shown = "—" if now is None else number(now)
    told = f"{number(goal['baseline'])} → {shown} → {number(goal['target'])}"
    return f"{told} {goal['unit_of_measure']}"


def _filled(goal: Row) -> str:
    share = _share(goal, _now(goal))
    return "■" * share + "□" * (_BAR - share)


def _now(goal: Row) -> object:
    verified = goal.get("verified_value")
    return goal.get("current_value") if verified is None else verified


def _share(goal: Row, now: object) -> int:
    if now is None:
        return 0
    base, target, value = (Decimal(str(each)) for each in (goal["baseline"], goal["target"], now))
    way = target - base
    done = (value - base) / way if way else Decimal(1)
    return int(min(max(done, Decimal(0)), Decimal(1)) * _BAR)


def _marks(session: Session, goal: Row, clock: Row | None) -> str:
    marks = []
    if clock is not None:
        marks.append(session.say(f"light.{clock['light']}"))
        if clock.get("provisional"):
            marks.append(session.say("provisional"))
    if goal.get("carried_from_phase"):
        marks.append(session.say("show.carried", phase=goal["carried_from_phase"]))
    return " ".join(marks)


def _next(session: Session, picture: Picture) -> Iterator[str]:
    yield session.say("show.next")
    waiting = sorted(picture.deadlines, key=lambda each: (str(each["due_at"]), str(each["id"])))
    for each in waiting[:_NEXT]:
        parts: list[Any] = [
            session.say(f"light.{each['light']}"),
            each["current_due_on"],
            session.say("show.left", days=each["days_left"]),
            each["id"],
            session.term("deadline", each["code"]),
            f"{session.term('kind', each['object_type'])} {each['object_id']}",
            session.term("role", each["holder"]),
            session.say("provisional") if each.get("provisional") else "",
        ]
        yield "  " + "  ".join(str(part) for part in parts if part)
    if not waiting:
        yield "  " + session.say("show.nothing_next")
    elif len(waiting) > _NEXT:
        yield "  " + session.say("show.more", count=len(waiting) - _NEXT)


def _day(row: Row, key: str) -> date:
    return date.fromisoformat(str(row[key]))


def number(value: object) -> str:
    """Return a decimal as people write it, without needless zeros."""
    return format(Decimal(str(value)).normalize(), "f")
