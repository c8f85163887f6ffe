"""The problem list and the ledger over the desks of a test, as the store has them."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from duban.store.problems import RECTIFYING, Counts, ListedProblem, ProblemFilter
from tests.support.problems import ProblemDesk

_EQUAL = ("unit", "problem_type", "severity", "rectify_class", "source", "hard_bone", "stagnant")


def listed(desk: ProblemDesk) -> ListedProblem:
    """Return a desk's problem as the store lists it, with what stands beside it."""
    state, record = desk.problem.state, desk.record
    beside: dict[str, Any] = {}
    for clock in _clocks(desk).values():
        if clock["object_type"] == "problem":
            told = {"due_on": clock["current_due_on"], "status": clock["status"]}
            name = "clock" if clock["code"] in RECTIFYING else clock["code"]
            beside[name] = {**told, "extensions": clock["extensions"]}
    for reply in state.reply.values():
        beside["reply"] = reply.plain()
    files = [each for each in state.evidence.values() if each.superseded_by is None]
    if files:
        beside["evidence"] = [f"{each.id.rpartition('/')[2]} {each.title}" for each in files]
    return ListedProblem(record.campaign, record.no, record.plain(), desk.events[-1].seq, beside)


def _clocks(desk: ProblemDesk) -> dict[str, dict[str, Any]]:
    """Return every clock there was: what is met is let go by the problem, not by the ledger."""
    found: dict[str, dict[str, Any]] = {}
    for change in (change for event in desk.events for change in event.changes):
        if change.kind == "deadline":
            found.setdefault(change.id, {}).update(change.after)
    return found


def chosen(desks: Iterable[ProblemDesk], wanted: ProblemFilter) -> list[ListedProblem]:
    """Return the problems that a filter lets through, in their order, without its limit."""
    found = sorted(map(listed, desks), key=lambda each: (each.campaign, each.no))
    return [each for each in found if _fits(each.doc, wanted) and each.no > (wanted.after or "")]


def _fits(doc: dict[str, Any], wanted: ProblemFilter) -> bool:
    words = f"{doc['no']} {doc['title']} {doc['description']} {doc['source_ref']}"
    asked = {name: getattr(wanted, name) for name in _EQUAL}
    return (
        wanted.campaign in (None, doc["campaign"])
        and (wanted.states is None or doc["state"] in wanted.states)
        and (wanted.levels is None or doc["access_level"] in wanted.levels)
        and all(value is None or doc[name] == value for name, value in asked.items())
        and (wanted.breached is None or (doc["breach_level"] > 0) == wanted.breached)
        and (wanted.recurred is None or (doc["recurrence_no"] > 0) == wanted.recurred)
        and doc["explanation_streak"] >= (wanted.streak or 0)
        and all(part in words for part in (wanted.text or "").split())
    )


def counted(desks: Iterable[ProblemDesk], wanted: ProblemFilter, most: int | None = None) -> Counts:
    """Return how many problems a filter lets through, by state and level, of `most` with a text."""
    holding = [each.no for each in chosen(desks, ProblemFilter(text=wanted.text))]
    more = wanted.text is not None and most is not None and len(holding) > most
    within = set(holding[:most] if more else holding)
    found = [each for each in chosen(desks, wanted) if each.no in within]
    told = Counter((str(e.doc["state"]), str(e.doc["access_level"])) for e in found)
    return Counts(told, at_least=more)
