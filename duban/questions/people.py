"""Questions 40, 46 and 47: who held a post, who acted for whom, and whose commands were refused."""

from collections.abc import Iterator
from itertools import groupby

from duban.domain.counting import local_date
from duban.domain.model import Document
from duban.domain.roles import Role
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, BASIS, OBJECT, UNIT, WHO
from duban.questions.entries import Entry
from duban.questions.history import History, either
from duban.questions.question import Asked, Reply


def _leaders(history: History, _: Asked) -> Iterator[Row]:
    """40: the principal leader of each unit at the moment (c.3: old acts stay attributed)."""
    units = history.table("unit")
    for key, person in history.table("person").items():
        if person["role"] != Role.PRINCIPAL_LEADER or person.get("left"):
            continue
        entry = history.setting("person", key, "left") or history.first("person", key)
        unit = str(person["unit"])
        yield Row(
            {
                "unit": unit,
                "unit_name": units.get(unit, {}).get("name"),
                "person": person["id"],
                "name": person["name"],
                "title": person.get("title"),
                "since": entry[0].at,
                "predecessor": entry[0].event.detail.get("leaving"),
                "basis": entry[0].event.basis_doc,
            },
            entry,
            units=(unit,),
            objects=(str(person["id"]),),
        )


LEADERS = Reply(
    (
        UNIT,
        Column("unit_name"),
        Column("person"),
        Column("name"),
        Column("title"),
        Column("since", Shape.MOMENT),
        Column("predecessor"),
        BASIS,
    ),
    _leaders,
)


def _for_others(history: History, _: Asked) -> Iterator[Row]:
    """46: everything done, or tried, in another's place (SOD10)."""
    for entry in history.entries:
        event, actor = entry.event, entry.event.actor
        if actor.on_behalf_of is None:
            continue
        given, recorded = _delegation(history, entry)
        yield Row(
            {
                "at": entry.at,
                "actor": actor.id,
                "on_behalf_of": actor.on_behalf_of,
                "role": actor.role.value,
                "tag": event.tag,
                "object_type": event.object_type,
                "object_id": event.object_id,
                "outcome": event.outcome.value,
                "delegation": given.get("id"),
                "basis": given.get("basis_doc"),
            },
            (*recorded, entry),
            units=tuple(each for each in (actor.unit, event.unit) if each),
            objects=(event.object_id,),
        )


def _delegation(history: History, entry: Entry) -> tuple[Document, tuple[Entry, ...]]:
    """Return the recorded delegation that the act stands on, the one named if one is."""
    actor, on = entry.event.actor, local_date(entry.event.occurred_at).isoformat()
    for key, each in history.table("delegation").items():
        parties = (each["deputy"], each["principal"], each["role"])
        fits = parties == (actor.id, actor.on_behalf_of, actor.role.value)
        valid = str(each["from_on"]) <= on <= str(each["until_on"])
        if fits and valid and actor.delegation_id in (None, key):
            return each, history.first("delegation", key)
    return {}, ()


FOR_OTHERS = Reply(
    (
        AT,
        Column("actor"),
        Column("on_behalf_of"),
        Column("role", Shape.WORD, "role"),
        Column("tag", Shape.WORD, "tag"),
        *OBJECT,
        Column("outcome", Shape.WORD, "outcome"),
        Column("delegation"),
        BASIS,
    ),
    _for_others,
)


def _rejected(history: History, asked: Asked) -> Iterator[Row]:
    """47: commands refused in the month of the moment (Shanghai), by rule and person."""
    month = local_date(asked.moment).replace(day=1)
    refused = [
        each
        for each in history.said(*either("command:refused"))
        if local_date(each.event.occurred_at) >= month
    ]
    for (code, actor), group in groupby(sorted(refused, key=_rule), key=_rule):
        entries = tuple(group)
        last = entries[-1]
        yield Row(
            {
                "code": code,
                "actor": actor,
                "role": last.event.actor.role.value,
                "unit": last.event.actor.unit,
                "count": len(entries),
                "commands": [*sorted({str(each.event.detail.get("command")) for each in entries})],
                "at": last.at,
            },
            entries,
            units=tuple(each.event.actor.unit for each in entries if each.event.actor.unit),
            objects=(actor,),
        )


def _rule(entry: Entry) -> tuple[str, str]:
    return str(entry.event.code), entry.event.actor.id


REJECTED = Reply(
    (
        Column("code"),
        *WHO,
        UNIT,
        Column("count", Shape.NUMBER),
        Column("commands", Shape.LIST),
        Column("at", Shape.MOMENT),
    ),
    _rejected,
)
