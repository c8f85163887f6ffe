"""Questions 23 and 24: goals accepted on another value than claimed, gates passed by override."""

from collections.abc import Iterator
from decimal import Decimal

from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, BASIS, REASON, UNIT, WHO, moment
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of
from duban.questions.question import Asked, Reply


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
    """24: gates signed by override, the goals each was passed over, what became of them (G2)."""
    for gate in history.said("campaign:gate:signed"):
        if not gate.event.detail.get("override"):
            continue
        # The override and what it carries over are one command, answered under one id.
        carried = [
            each
            for each in history.said("campaign:goal:carried_over")
            if each.event.request_id == gate.event.request_id
        ]
        yield from (_carried(history, gate, each) for each in carried)
        if not carried:
            none = dict.fromkeys(("goal", "unit", "target", "verified_value", "carried_to"))
            over = dict.fromkeys(("state", "met", "met_at"))
            yield Row({**_gate(gate), **none, **over}, (gate,), objects=(gate.event.object_id,))


def _gate(gate: Entry) -> Document:
    return {
        "gate": gate.event.detail["gate"],
        "phase": int(gate.event.object_id) if gate.event.object_type == "phase" else None,
        "actor": gate.event.actor.id,
        "role": gate.event.actor.role.value,
        "at": gate.at,
        "basis": gate.event.basis_doc,
        "reason": gate.event.reason,
    }


def _carried(history: History, gate: Entry, entry: Entry) -> Row:
    goal = history.get("goal", entry.event.object_id)
    # What is achieved can never be carried over, so an achievement is a later one.
    met = history.about("campaign:goal:achieved", goal["id"])
    return Row(
        {
            **_gate(gate),
            "phase": goal["carried_from_phase"],
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
