"""Questions 20 to 24: measures without a task, changed goals, quick reviews, gates overridden."""

from collections.abc import Iterator
from decimal import Decimal

from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, BASIS, REASON, UNIT, WHO, items, moment, parts
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of
from duban.questions.question import Asked, Reply

_GONE = {"cancelled"}
_PROMISED = ("target", "baseline", "measure", "unit_of_measure", "direction")
_BORN = ("campaign:campaign:created", "campaign:register:recorded")
_MINUTE = 60


def _uncovered(history: History, _: Asked) -> Iterator[Row]:
    """20: measures that no task serves any more, or never did (G1.2, K23)."""
    tasks = history.table("task")
    for clause in parts(history.campaign["clauses"]):
        serving = [each for each in tasks.values() if clause["no"] in items(each["clauses"])]
        if any(each["state"] not in _GONE for each in serving):
            continue
        ends = [end for each in serving for end in history.setting("task", each["no"], "state")]
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
                yield from (_changed(history, entry, change.id, field) for field in fields)


def _changed(history: History, entry: Entry, goal: str, field: str) -> Row:
    task = history.get("task", history.get("goal", goal).get("task"))
    [change] = changes_of(entry, "goal", goal)
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
            "reason": entry.event.reason,
            "basis": entry.event.basis_doc,
        },
        (*history.first("goal", goal), entry),
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
    """22: unit plans passed at first sight within `asked.minutes`, the quickest first."""
    rows = []
    for entry in history.said("campaign:unit_plan:passed"):
        code = entry.event.object_id
        handed_in = [
            each
            for each in history.said("campaign:unit_plan:submitted")
            if each.event.object_id == code and each.event.seq < entry.event.seq
        ]
        # The first and only submission before the pass: a plan that was returned has more.
        if len(handed_in) != 1:
            continue
        waited = entry.event.occurred_at - handed_in[0].event.occurred_at
        minutes = int(waited.total_seconds()) // _MINUTE
        if minutes <= asked.minutes:
            rows.append(_quick(history, handed_in[0], entry, minutes))
    yield from sorted(rows, key=lambda row: (row.cells["minutes"], row.cells["unit"]))


def _quick(history: History, handed_in: Entry, passed: Entry, minutes: int) -> Row:
    code = passed.event.object_id
    return Row(
        {
            "unit": code,
            "name": history.get("unit", code).get("name"),
            "plan_doc": handed_in.event.basis_doc,
            "submitted_at": handed_in.at,
            "at": passed.at,
            "minutes": minutes,
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


def _differing(history: History, _: Asked) -> Iterator[Row]:
    """23: goals accepted as achieved although another value was claimed than measured (c.5)."""
    for entry in history.said("campaign:goal:achieved"):
        goal = history.get("goal", entry.event.object_id)
        claimed, verified = goal.get("claimed_value"), goal.get("verified_value")
        if claimed is None or Decimal(str(claimed)) == Decimal(str(verified)):
            continue
        yield Row(
            {
                "goal": goal["id"],
                "unit": entry.event.unit,
                "target": goal["target"],
                "claimed_value": claimed,
                "claimed_by": goal["claimed_by"],
                "verified_value": verified,
                "verified_by": goal["verified_by"],
                "at": entry.at,
                "on_site": entry.event.detail.get("on_site"),
                "reason": entry.event.reason,
            },
            (*history.setting("goal", goal["id"], "claimed_value"), entry),
            units=(str(entry.event.unit),),
            objects=(str(goal["id"]), str(goal["task"])),
        )


DIFFERING = Reply(
    (
        Column("goal"),
        UNIT,
        Column("target"),
        Column("claimed_value"),
        Column("claimed_by"),
        Column("verified_value"),
        Column("verified_by"),
        AT,
        Column("on_site", Shape.YES_NO),
        REASON,
    ),
    _differing,
)


def _overridden(history: History, _: Asked) -> Iterator[Row]:
    """24: goals that a gate was passed over, and what became of each (c.2, G2)."""
    for gate in history.said("campaign:gate:signed"):
        if not gate.event.detail.get("override"):
            continue
        for entry in history.said("campaign:goal:carried_over"):
            # The override and what it carries over are one command, answered under one id.
            if entry.event.request_id == gate.event.request_id:
                yield _carried(history, gate, entry)


def _carried(history: History, gate: Entry, entry: Entry) -> Row:
    goal = history.get("goal", entry.event.object_id)
    # What is achieved can never be carried over, so an achievement is a later one.
    met = [
        each
        for each in history.said("campaign:goal:achieved")
        if each.event.object_id == goal["id"]
    ]
    return Row(
        {
            "gate": gate.event.detail["gate"],
            "phase": goal["carried_from_phase"],
            "actor": gate.event.actor.id,
            "role": gate.event.actor.role.value,
            "at": gate.at,
            "basis": gate.event.basis_doc,
            "reason": gate.event.reason,
            "goal": goal["id"],
            "unit": entry.event.unit,
            "target": goal["target"],
            "verified_value": goal.get("verified_value"),
            "carried_to": _carried_to(entry),
            "state": goal["state"],
            "met": bool(met),
            "met_at": moment(met[0].at).isoformat() if met else None,
        },
        (gate, entry, *history.touched("goal", goal["id"])[-1:]),
        units=(str(entry.event.unit),),
        objects=(str(goal["id"]), str(goal["task"])),
    )


def _carried_to(entry: Entry) -> str | None:
    days: list[Document] = [each.after for each in changes_of(entry, "goal", entry.event.object_id)]
    return str(days[0]["due_on"]) if days else None


OVERRIDDEN = Reply(
    (
        Column("gate", Shape.WORD, "gate"),
        Column("phase", Shape.NUMBER),
        *WHO,
        AT,
        BASIS,
        REASON,
        Column("goal"),
        UNIT,
        Column("target"),
        Column("verified_value"),
        Column("carried_to", Shape.DAY),
        Column("state", Shape.WORD, "goal_state"),
        Column("met", Shape.YES_NO),
        Column("met_at", Shape.MOMENT),
    ),
    _overridden,
)
