"""Questions 8 and 37: cards that were voided, and triggers that were raised."""

from collections.abc import Iterator

from duban.domain.problem.records import CardState
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, PROBLEM, REASON, UNIT, WHO, about
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of
from duban.questions.question import Asked, Reply


def _voided(history: History, _: Asked) -> Iterator[Row]:
    """8: every card that was taken back, who had given it, who took it back and why (SOD9)."""
    for entry in history.said("problem:card:voided"):
        card = history.get("card", entry.event.object_id)
        [given] = (e for e in history.touched("card", card["id"]) if _issues(e, str(card["id"])))
        yield Row(
            {
                "card": card["id"],
                "colour": card["colour"],
                "ground": card["ground"],
                "unit": card["unit"],
                "given_by": given.event.actor.id,
                "given_at": given.at,
                "at": entry.at,
                "actor": entry.event.actor.id,
                "role": entry.event.actor.role.value,
                "reason": entry.event.reason,
            },
            (given, entry),
            units=(str(card["unit"]),),
            objects=(str(card["id"]), entry.no),
        )


def _issues(entry: Entry, card: str) -> bool:
    """Say whether a card came to hold with an entry: given at once, or signed."""
    return any(
        each.after.get("state") == CardState.ISSUED for each in changes_of(entry, "card", card)
    )


VOIDED = Reply(
    (
        Column("card"),
        Column("colour", Shape.WORD, "card"),
        Column("ground", Shape.WORD, "card_ground"),
        UNIT,
        Column("given_by"),
        Column("given_at", Shape.MOMENT),
        AT,
        *WHO,
        REASON,
    ),
    _voided,
)


def _triggers(history: History, _: Asked) -> Iterator[Row]:
    """37: every trigger of a unit, what raised it, who had verified and signed (g.1)."""
    for entry in history.said("problem:trigger:raised"):
        problem, told = history.get("problem", entry.no), entry.event.detail
        yield Row(
            {
                **about(problem),
                "unit": entry.event.unit,
                "trigger": told["trigger"],
                "at": entry.at,
                "actor": entry.event.actor.id,
                "role": entry.event.actor.role.value,
                "reason": entry.event.reason,
                "signers": told["signers"],
                "verifiers": told["verifiers"],
                "at_least": told["at_least"],
            },
            (entry,),
            units=(str(entry.event.unit),),
            objects=(entry.no,),
        )


TRIGGERS = Reply(
    (
        *PROBLEM,
        Column("trigger", Shape.WORD, "trigger"),
        AT,
        *WHO,
        REASON,
        Column("signers", Shape.LIST),
        Column("verifiers", Shape.LIST),
        Column("at_least", Shape.WORD, "at_least"),
    ),
    _triggers,
)
