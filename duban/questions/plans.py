"""Questions 20 to 22: measures without a task, changed goals, quick reviews of plans."""

from collections.abc import Iterator
from datetime import timedelta

from duban.domain.events import Change
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import (
    AT,
    BASIS,
    REASON,
    UNIT,
    WHO,
    items,
    minutes_between,
    parts,
)
from duban.questions.entries import Entry
from duban.questions.history import History
from duban.questions.question import Asked, Reply

_GONE = {"cancelled"}
_PROMISED = ("target", "baseline", "measure", "unit_of_measure", "direction")
_BORN = ("campaign:campaign:created", "campaign:register:recorded")


def _uncovered(history: History, _: Asked) -> Iterator[Row]:
    """20: measures that no task serves any more, or never did (G1.2, K23)."""
    tasks = history.table("task")
    for clause in parts(history.campaign["clauses"]):
        serving = [each for each in tasks.values() if clause["no"] in items(each["clauses"])]
        if any(each["state"] not in _GONE for each in serving):
            continue
        ends = [
            history.head(end)
            for each in serving
            for end in history.setting("task", each["no"], "state")
        ]
        last = max(ends, key=lambda each: each.event.seq, default=None)
        campaign = history.first("campaign", history.campaign["no"])
        yield Row(
            {
                "clause": clause["no"],
                "text": clause["text"],
                "tasks": [each["no"] for each in serving],
                "at": last.at if last else None,
                "actor": last.event.actor.id if last else None,
                "role": last.event.actor.role.value if last else None,
                "reason": last.event.reason if last else None,
                "basis": last.event.basis_doc if last else None,
            },
            (*campaign, *ends),
            units=tuple(str(each["lead_unit"]) for each in serving),
            objects=(str(clause["no"]), *(str(each["no"]) for each in serving)),
        )


UNCOVERED = Reply(
    (
        Column("clause"),
        Column("text"),
        Column("tasks", Shape.LIST),
        AT,
        *WHO,
        REASON,
        BASIS,
    ),
    _uncovered,
)


def _changed_goals(history: History, _: Asked) -> Iterator[Row]:
    """21: every change of what a goal promises after the campaign was created."""
    for entry in history.entries:
        if entry.event.tag in _BORN:
            continue
        for change in entry.event.changes:
            fields = [each for each in _PROMISED if each in change.after]
            if change.kind == "goal":
                yield from (_changed(history, entry, change, field) for field in fields)


def _changed(history: History, entry: Entry, change: Change, field: str) -> Row:
    head, goal = history.head(entry), change.id
    task = history.get("task", history.get("goal", goal).get("task"))
    return Row(
        {
            "goal": goal,
            "unit": task.get("lead_unit"),
            "field": field,
            "old": _text(change.before.get(field)),
            "new": _text(change.after[field]),
            "at": entry.at,
            "actor": entry.event.actor.id,
            "role": entry.event.actor.role.value,
            "reason": head.event.reason,
            "basis": head.event.basis_doc,
        },
        (*history.first("goal", goal), head, entry),
        units=(str(task.get("lead_unit")),),
        objects=(goal, str(task.get("no"))),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


CHANGED_GOALS = Reply(
    (
        Column("goal"),
        UNIT,
        Column("field", Shape.WORD, "promised"),
        Column("old"),
        Column("new"),
        AT,
        *WHO,
        REASON,
        BASIS,
    ),
    _changed_goals,
)


def _quick_reviews(history: History, asked: Asked) -> Iterator[Row]:
    """22: unit plans passed at first sight within the minutes asked for, the quickest first."""
    limit = asked.minutes or history.policy.quick_review_minutes
    rows = []
    for entry in history.said("campaign:unit_plan:passed"):
        code = entry.event.object_id
        handed_in = [
            each
            for each in history.about("campaign:unit_plan:submitted", code)
            if each.event.seq < entry.event.seq
        ]
        # The first and only submission before the pass: a plan that was returned has more.
        if len(handed_in) != 1:
            continue
        waited = entry.event.occurred_at - handed_in[0].event.occurred_at
        if waited <= timedelta(minutes=limit):
            rows.append(_quick(history, handed_in[0], entry))
    yield from sorted(rows, key=lambda row: (row.cells["minutes"], row.cells["unit"]))


def _quick(history: History, handed_in: Entry, passed: Entry) -> Row:
    code = passed.event.object_id
    return Row(
        {
            "unit": code,
            "name": history.get("unit", code).get("name"),
            "plan_doc": handed_in.event.basis_doc,
            "submitted_at": handed_in.at,
            "at": passed.at,
            "minutes": minutes_between(handed_in, passed),
            "actor": passed.event.actor.id,
            "role": passed.event.actor.role.value,
            "reason": passed.event.reason,
        },
        (handed_in, passed),
        units=(code,),
        objects=(code,),
    )


QUICK_REVIEWS = Reply(
    (
        UNIT,
        Column("name"),
        Column("plan_doc"),
        Column("submitted_at", Shape.MOMENT),
        AT,
        Column("minutes", Shape.NUMBER),
        *WHO,
        REASON,
    ),
    _quick_reviews,
)
