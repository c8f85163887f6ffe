"""Yellow and red cards on a problem (e.5): the machine gives or proposes, a person signs red.

Cards are flags. They move neither the state nor a date of the problem.
"""

from duban.domain.entity.notices import people_in, tell
from duban.domain.entity.permits import acting_ids, authorise, not_separated
from duban.domain.entity.refusals import out_of_order
from duban.domain.policy import Rung
from duban.domain.problem import commands as c
from duban.domain.problem.records import Card, CardState
from duban.domain.problem.work import Work
from duban.domain.roles import Action, Right, Role

YELLOW = "yellow"
RED = "red"


def yellow(work: Work, *, ground: str, about: str | None = None) -> None:
    """Give a yellow card for a ground of the policy (e.5 L2, EXP4)."""
    card = _card(work, YELLOW, ground, CardState.ISSUED)
    problem = work.problem
    work.note(
        yellow_count=problem.yellow_count + 1,
        cards_score=problem.cards_score + work.policy.problem.yellow_score,
    )
    _tell(work, card, "YELLOW_CARD")
    work.emit("problem:card:issued", ("card", card.id), unit=card.unit, ground=ground, about=about)


def propose_red(work: Work, *, ground: str, about: str | None = None) -> None:
    """Propose a red card with a summons; the leading group signs or refuses (b.3 row 24)."""
    card = _card(work, RED, ground, CardState.PROPOSED)
    people = people_in(work, Role.LEADING_GROUP)
    tell(work, "RED_CARD_PROPOSED", f"{card.id}/PROPOSED", people, ("card", card.id))
    work.emit(
        "problem:card:proposed", ("card", card.id), unit=card.unit, ground=ground, about=about
    )


def _card(work: Work, colour: str, ground: str, state: CardState) -> Card:
    number = sum(1 for _ in work.all(Card)) + 1
    card = Card(
        id=f"{work.problem.no}/C{number:02d}",
        colour=colour,
        ground=ground,
        unit=str(work.problem.unit),
        state=state,
        proposed_by=work.actor.id,
        on=work.today,
    )
    work.put(card.id, card)
    return card


def _tell(work: Work, card: Card, news: str) -> None:
    people = people_in(work, Role.PRINCIPAL_LEADER, card.unit)
    tell(work, news, f"{card.id}/{news}", people, ("card", card.id))


def decide_card(work: Work, command: c.DecideCard) -> None:
    """Sign a red card, with which the principal leader is summoned, or refuse it (SOD8, SOD11)."""
    authorise(work, Action.RED_CARD, Right.APPROVE)
    card = work.card(command.card)
    if card.state is not CardState.PROPOSED:
        raise out_of_order(card.id, card.state, "decided")
    if card.proposed_by in acting_ids(work):
        raise not_separated("SOD8", work)
    state = CardState.ISSUED if command.approved else CardState.REFUSED
    work.set(card.id, card, state=state, decided_by=work.actor.id, reason=command.reason)
    if command.approved:
        problem = work.problem
        work.note(
            red_count=problem.red_count + 1,
            cards_score=problem.cards_score + work.policy.problem.red_score,
        )
        _tell(work, card, "RED_CARD")
    work.emit(
        "problem:card:decided",
        ("card", card.id),
        unit=card.unit,
        reason=command.reason,
        basis_doc=command.doc_no,
        approved=command.approved,
    )


def void_card(work: Work, command: c.VoidCard) -> None:
    """Void an issued card with a reason (b.3 row 23), never by who imposed it (SOD9)."""
    card = work.card(command.card)
    authorise(work, Action.RED_CARD if card.colour == RED else Action.YELLOW_CARD, Right.APPROVE)
    if card.state is not CardState.ISSUED:
        raise out_of_order(card.id, card.state, "voided")
    if {card.proposed_by, card.decided_by} & acting_ids(work):
        raise not_separated("SOD9", work)
    work.set(card.id, card, state=CardState.VOIDED, decided_by=work.actor.id)
    problem, rule = work.problem, work.policy.problem
    if card.colour == RED:
        count, score = {"red_count": problem.red_count - 1}, rule.red_score
    else:
        count, score = {"yellow_count": problem.yellow_count - 1}, rule.yellow_score
    work.note(cards_score=problem.cards_score - score, **count)
    work.emit("problem:card:voided", ("card", card.id), unit=card.unit, reason=command.reason)


def note_overdue(work: Work, rung: Rung) -> None:
    """Put the flag of a rung that was climbed on the problem; L2 gives a yellow card (e.5)."""
    problem = work.problem
    yellow_card = rung.document == "yellow_card_slip"
    work.note(
        breach_level=max(problem.breach_level, rung.level),
        yellow_count=problem.yellow_count + yellow_card,
        cards_score=problem.cards_score + rung.score,
    )
    if yellow_card:
        _card(work, YELLOW, "overdue", CardState.ISSUED)
