"""Questions 32 and 34: what was found on site and did not reach the conclusion, and what held."""

from collections.abc import Iterator
from typing import NamedTuple

from duban.domain.inspection.field import Item
from duban.domain.inspection.outcome import Finding
from duban.domain.inspection.words import FindingKind
from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.closings import SIGNED_OFF
from duban.questions.columns import AT, REASON, UNIT, WHO, items, parts, percent
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of
from duban.questions.inspections import INSPECTION, KIND, Seen, inspections
from duban.questions.look_backs import returns
from duban.questions.question import Asked, Reply

_DRAFTED, _ISSUED = "inspection:conclusion:drafted", "inspection:conclusion:issued"
_WITHDRAWN, _DECIDED = "inspection:item:withdrawn", "inspection:review:decided"


class Removal(NamedTuple):
    """A finding that the conclusion does not have: what it was, how it went, and where that is."""

    key: str
    what: str
    how: str
    entry: Entry
    reason: str | None
    upheld_before: bool = False


def _removed(_: History, asked: Asked) -> Iterator[Row]:
    """32: what the record or the issued conclusion held and does not hold any more, who and why."""
    for seen in inspections(asked):
        issued = next(seen.history.said(_ISSUED), None)
        if issued is not None:
            for each in (*_withdrawn(seen), *_left_out(seen), *_dropped(seen)):
                yield _removal(seen, each, issued)


def _withdrawn(seen: Seen) -> Iterator[Removal]:
    for entry in seen.history.said(_WITHDRAWN):
        key = str(entry.event.detail["item"])
        yield Removal(key, _what(seen, key), "withdrawn", entry, entry.event.reason)


def _what(seen: Seen, key: str) -> str:
    return Item.model_validate(seen.history.get("inspection_item", key)).fact.what


def _left_out(seen: Seen) -> Iterator[Removal]:
    """Yield the items that the last draft leaves out; an earlier one may have upheld them."""
    drafts = list(seen.history.said(_DRAFTED))
    conclusion = seen.record.conclusion
    assert conclusion is not None
    earlier = {item for each in drafts[:-1] for item in _upheld(each)}
    for out in conclusion.left_out:
        yield Removal(
            out.item,
            _what(seen, out.item),
            "left_out",
            drafts[-1],
            out.reason,
            upheld_before=out.item in earlier,
        )


def _upheld(draft: Entry) -> Iterator[str]:
    for change in changes_of(draft, "inspection", draft.event.object_id):
        conclusion = change.after.get("conclusion")
        if isinstance(conclusion, dict):
            for each in parts(conclusion.get("upheld")):
                yield from (str(item) for item in items(each["items"]))


def _dropped(seen: Seen) -> Iterator[Removal]:
    """Yield the findings of the issued conclusion that its review took back."""
    for entry in seen.history.said(_DECIDED):
        why = entry.event.reason
        for each in _findings(seen):
            if each.dropped:
                yield Removal(each.id, each.title, "review", entry, why, upheld_before=True)


def _findings(seen: Seen) -> list[Finding]:
    return [Finding.model_validate(each) for each in seen.history.table("finding").values()]


def _removal(seen: Seen, gone: Removal, issued: Entry) -> Row:
    said = seen.history.first("inspection_item", gone.key) or (issued,)
    return Row(
        {
            "inspection": seen.record.no,
            "unit": seen.unit,
            "finding": gone.key,
            "what": gone.what,
            "removed": gone.how,
            "at": gone.entry.at,
            "actor": gone.entry.event.actor.id,
            "role": gone.entry.event.actor.role.value,
            "reason": gone.reason,
            "upheld_before": gone.upheld_before,
        },
        (*said, gone.entry, issued),
        units=seen.units,
        objects=(seen.record.no, gone.key, gone.entry.event.actor.id),
    )


REMOVED = Reply(
    (
        INSPECTION,
        UNIT,
        Column("finding"),
        Column("what"),
        Column("removed", Shape.WORD, "removed"),
        AT,
        *WHO,
        REASON,
        Column("upheld_before", Shape.YES_NO),
    ),
    _removed,
)


def _held(history: History, asked: Asked) -> Iterator[Row]:
    """34: per kind how many findings there were, and how many led to a sign-off that held (f.5).

    Of a unit or an inspection that was asked for, only its findings are counted.
    """
    came_back = {signed.no for signed, _ in returns(history)}
    found: dict[str, list[Seen]] = {}
    for seen in inspections(asked):
        wanted = asked.unit in (None, *seen.units) and asked.obj in (None, seen.record.no)
        if wanted and next(seen.history.said(_ISSUED), None) is not None:
            found.setdefault(seen.kind.value, []).append(seen)
    for kind, made in found.items():
        yield _of_kind(history, kind, made, came_back)


def _of_kind(history: History, kind: str, made: list[Seen], came_back: set[str]) -> Row:
    findings = [(seen, each) for seen in made for each in _findings(seen) if not each.dropped]
    wrong = {each.id for _, each in findings if each.kind is FindingKind.PROBLEM}
    problems = _from(history, wrong)
    signed = [no for no in problems if history.about(SIGNED_OFF, no)]
    held = [no for no in signed if no not in came_back]
    cells: Document = {
        "inspection_kind": kind,
        "checks": len(made),
        "findings": len(wrong),
        "exemplars": len(findings) - len(wrong),
        "orphans": sum(each.is_orphan for _, each in findings),
        "problems": [*problems],
        "signed_off": len(signed),
        "held": len(held),
        "held_percent": percent(len(held), len(wrong)) if wrong else None,
    }
    told = [entry for seen in made for entry in seen.history.said(_ISSUED)]
    about = [entry for no in problems for entry in history.first("problem", no)]
    ends = [entry for no in signed for entry in history.about(SIGNED_OFF, no)]
    return Row(
        cells,
        (*told, *about, *ends),
        units=tuple(unit for seen in made for unit in seen.units),
        objects=tuple(seen.record.no for seen in made),
    )


def _from(history: History, findings: set[str]) -> list[str]:
    """Return the problems that say themselves that they came from one of some findings (K54)."""
    return [
        no
        for no, problem in history.table("problem").items()
        if problem["source"] == "inspection" and problem.get("source_ref") in findings
    ]


THAT_HELD = Reply(
    (
        KIND,
        Column("checks", Shape.NUMBER),
        Column("findings", Shape.NUMBER),
        Column("exemplars", Shape.NUMBER),
        Column("orphans", Shape.NUMBER),
        Column("problems", Shape.LIST),
        Column("signed_off", Shape.NUMBER),
        Column("held", Shape.NUMBER),
        Column("held_percent", Shape.NUMBER),
    ),
    _held,
)
