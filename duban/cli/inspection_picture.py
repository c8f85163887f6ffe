"""An inspection drawn for people: its way, who knew its target, what was found, what came of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from duban.cli.output import Column, words_of
from duban.cli.problem_way import drawn_way
from duban.cli.services import Row
from duban.cli.session import Session
from duban.domain.model import Document
from duban.domain.roles import Role

FIELDS: Final = (
    Column("campaign"),
    Column("inspection_kind", "inspection_kind"),
    Column("choice", "target_choice"),
    Column("theme"),
    Column("matter"),
    Column("scope"),
    Column("unit"),
    Column("object_class"),
    Column("plan_ref"),
    Column("criteria"),
    Column("authorising_doc"),
    Column("designation_doc"),
    Column("ordering_body"),
    Column("ordered_by"),
    Column("authorised_by"),
    Column("leader"),
    Column("signer"),
    Column("starts_on"),
    Column("ends_on"),
    Column("notice"),
    Column("amended"),
    Column("draw"),
    Column("release_at"),
    Column("old_draws"),
    Column("target_readers"),
    Column("site_name"),
    Column("site"),
    Column("address"),
    Column("inspectors"),
    Column("arrived_at"),
    Column("place"),
    Column("first_location", "location"),
    Column("broken", "invariant"),
    Column("tied"),
    Column("forms_asked", right=True),
    Column("leak"),
    Column("burned"),
    Column("mismatch"),
    Column("ended", "inspection_end"),
    Column("signatures"),
    Column("opinion"),
)
"""What is told of an inspection, as far as the reader may know it."""
_ORDER: Final = (
    *("choice", "theme", "matter", "scope", "object_class", "plan_ref", "criteria"),
    *("authorising_doc", "designation_doc", "ordering_body", "leader", "signer"),
    *("starts_on", "ends_on"),
)
_OWN: Final = (
    *("no", "campaign", "state", "ordered_by", "authorised_by", "broken", "tied"),
    *("forms_asked", "burned", "mismatch", "ended"),
)
_BODIES: Final = frozenset(Role)


class InspectionPicture(NamedTuple):
    """What a reader may know of an inspection: its fields, and what stands beside it."""

    doc: Document
    way: Sequence[Row]
    items: Sequence[Document]
    findings: Sequence[Document]
    deadlines: Sequence[Row]

    @property
    def document(self) -> dict[str, Any]:
        """All of it as one JSON value."""
        beside = {name: [dict(row) for row in getattr(self, name)] for name in self._fields[1:]}
        return {**self.doc, **beside}


def part(doc: Document, name: str) -> Mapping[str, Any]:
    """Return a part of an inspection; nothing where it is not there, or not seen."""
    return cast(Mapping[str, Any], doc.get(name) or {})


def flat(session: Session, doc: Document) -> dict[str, Any]:
    """Return what is seen of an inspection in the columns of `FIELDS`; the rest is empty."""
    order, draw, target, arrival = (part(doc, n) for n in ("order", "draw", "target", "arrival"))
    old = cast(Sequence[Mapping[str, Any]], doc.get("old_draws") or ())
    return {
        **{name: doc.get(name) or None for name in _OWN},
        **{name: order.get(name) or None for name in _ORDER},
        "inspection_kind": order.get("kind"),
        # Of an order that names its unit, the unit is part of the order.
        "unit": target.get("unit") or order.get("unit"),
        "notice": part(doc, "notice").get("doc_no"),
        "amended": [each["doc_no"] for each in _many(doc, "amendments")] or None,
        "draw": draw.get("no"),
        "release_at": draw.get("release_at"),
        "old_draws": [each["no"] for each in old] or None,
        "target_readers": [_read(session, each) for each in _many(doc, "readers")] or None,
        "site": target.get("site"),
        "site_name": target.get("name"),
        "address": target.get("address") or None,
        "inspectors": target.get("inspectors") or doc.get("team") or None,
        "arrived_at": arrival.get("at"),
        "place": arrival.get("place"),
        "first_location": arrival.get("first_location"),
        "leak": part(doc, "leak").get("fact"),
        "signatures": [each["person"] for each in _many(doc, "signatures")] or None,
        "opinion": _opinion(session, part(doc, "opinion")),
    }


def _many(doc: Document, name: str) -> Sequence[Mapping[str, Any]]:
    return cast(Sequence[Mapping[str, Any]], doc.get(name) or ())


def _read(session: Session, reader: Mapping[str, Any]) -> str:
    """Say who was handed the sealed target, since when and how often (SEC3)."""
    first = words_of(session, reader["first_at"])
    return session.say("inspection.reader", person=reader["person"], at=first, n=reader["times"])


def _opinion(session: Session, opinion: Mapping[str, Any]) -> str | None:
    if not opinion:
        return None
    return session.say("inspection.refused") if opinion["refused"] else str(opinion["words"])


def way_of(session: Session, picture: InspectionPicture) -> Iterator[str]:
    """Yield the number, the state, and the way so far."""
    doc = picture.doc
    yield f"{doc['no']}  [{session.term('inspection_state', doc['state'])}]"
    yield from drawn_way(session, picture.way, "inspection_state")


def outcome_of(session: Session, picture: InspectionPicture) -> Iterator[str]:
    """Yield the record, the conclusion with what it leaves out, the findings, review and clocks."""
    for item in picture.items:
        fact, mark = part(item, "fact"), "✗" if item.get("withdrawn") else "·"
        at = words_of(session, fact["at"])
        yield f"  {mark} {item['id']}  {at}  {fact['post']}  {fact['what']}  {item['by']}"
    yield from _conclusion(session, part(picture.doc, "conclusion"))
    for finding in picture.findings:
        kind = session.term("finding_kind", finding["kind"])
        yield f"  {finding['id']}  {kind}  {finding['title']}  → {_became(session, finding)}"
    yield from _review(session, part(picture.doc, "review"))
    if picture.deadlines:
        yield session.say("problem.next")
    for row in picture.deadlines:
        holder = str(row["holder"])
        held = session.term("role", holder) if holder in _BODIES else holder
        yield f"  {row['current_due_on']}  {session.term('deadline', row['code'])}  {held}"


def _conclusion(session: Session, made: Mapping[str, Any]) -> Iterator[str]:
    """Say what is concluded and, item by item, what is left out, why and by whom (i.2, 32)."""
    if not made:
        return
    yield session.say("inspection.conclusion", doc=made["doc_no"] or None, summary=made["summary"])
    for each in made["left_out"]:
        yield "  " + session.say("inspection.left_out", **each)


def _became(session: Session, finding: Document) -> str:
    """Say what a finding became (K54)."""
    if finding.get("dropped"):
        return session.say("inspection.dropped")
    return str(
        finding.get("problem") or finding.get("exemplar") or session.say("inspection.orphan")
    )


def _review(session: Session, review: Mapping[str, Any]) -> Iterator[str]:
    if review:
        outcome = session.term("review_outcome", review.get("outcome"))
        yield session.say("inspection.review", by=review["requested_by"], outcome=outcome)
