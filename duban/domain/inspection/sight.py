"""Who may know what of an inspection in which state (rows 28 to 30, SEC1, SEC3, SEC4, O7).

One table: who looks, by what ties him to the inspection or else by his role, and how far the
inspection has come. An administrator holds no post and sees nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import cast

from duban.domain.inspection.words import InspectionState as S
from duban.domain.model import Document
from duban.domain.reading import Post
from duban.domain.roles import UNIT_ROLES, Person, Role


class FieldGroup(StrEnum):
    """What of an inspection is seen or not seen together."""

    EXISTENCE = "existence"
    ORDER = "order"
    DRAW = "draw"
    FLAGS = "flags"
    READINGS = "readings"
    TARGET = "target"
    RECORD = "record"
    PERSONS = "persons"
    OPINION = "opinion"
    CONCLUSION = "conclusion"
    REVIEW = "review"


G = FieldGroup

FIELDS: Mapping[FieldGroup, tuple[str, ...]] = {
    G.EXISTENCE: ("no", "campaign", "state", "ended", "is_over", "heard", "deadlines_opened"),
    G.ORDER: (
        *("order", "ordered_by", "ordered_role", "ordered_at", "authorised_by"),
        *("authorised_role", "team", "amendments", "notice", "abort_asked_by"),
        *("policy_version", "policy_digest", "calendar_version"),
    ),
    G.DRAW: ("draw", "old_draws"),
    G.FLAGS: (
        *("mismatch", "broken", "tied", "forms_asked", "findings_late", "leak", "burned"),
        "breach_level",
    ),
    G.READINGS: ("readers",),
    G.TARGET: ("arrival", "target"),
    G.RECORD: ("items_said", "signatures"),
    # The ids of persons stand in the items of the record.
    G.PERSONS: (),
    G.OPINION: ("opinion",),
    G.CONCLUSION: ("conclusion",),
    G.REVIEW: ("review",),
}
"""The fields of an inspection by group: each field stands in one."""


class Looker(StrEnum):
    """Who looks: somebody with a part in this inspection, or a body by its role."""

    LEADER = "leader"
    INSPECTOR = "inspector"
    SIGNER = "signer"
    ORDERER = "orderer"
    SUPERVISION = "supervision"
    OFFICE = "office"
    LEADING = "leading"
    CAMPAIGN = "campaign"
    UNIT = "unit"
    NOTICED_UNIT = "noticed_unit"


class Reach(StrEnum):
    """How far an inspection has come, as far as sight goes by it."""

    BEFORE = "before"
    RELEASED = "released"
    THERE = "there"
    ISSUED = "issued"
    REVIEWED = "reviewed"
    ENDED = "ended"


REACH: Mapping[S, Reach] = {
    **dict.fromkeys((S.PLANNED, S.AUTHORISED, S.DRAWN), Reach.BEFORE),
    S.RELEASED: Reach.RELEASED,
    **dict.fromkeys((S.ON_SITE, S.RECORDED, S.CONCLUSION_DRAFT), Reach.THERE),
    **dict.fromkeys((S.CONCLUSION_ISSUED, S.CLOSED), Reach.ISSUED),
    **dict.fromkeys((S.REVIEW_REQUESTED, S.REVIEW_DECIDED, S.VOIDED), Reach.REVIEWED),
    S.ABORTED: Reach.ENDED,
}

_NOTHING: frozenset[FieldGroup] = frozenset()
_KNOWN = frozenset({G.EXISTENCE, G.ORDER})
_ORDERED = _KNOWN | {G.DRAW}
_WATCHED = _ORDERED | {G.FLAGS}
_FOUND = frozenset({G.TARGET, G.RECORD, G.OPINION, G.CONCLUSION})
_OUTCOME = _FOUND | {G.REVIEW}
_ALL = frozenset(FieldGroup)
_TEAM = _ORDERED | _FOUND | {G.PERSONS}


def _row(*groups: frozenset[FieldGroup]) -> Mapping[Reach, frozenset[FieldGroup]]:
    return dict(zip(Reach, groups, strict=True))


_K, _N = _KNOWN, _NOTHING
SEES: Mapping[Looker, Mapping[Reach, frozenset[FieldGroup]]] = {
    # In the order of `Reach`: before, released, there, issued, reviewed, ended.
    Looker.LEADER: _row(
        *(_ORDERED, _ORDERED | {G.TARGET}, _TEAM, _TEAM | {G.REVIEW}, _TEAM | {G.REVIEW}, _ORDERED)
    ),
    Looker.INSPECTOR: _row(_N, _N, _TEAM, _TEAM | {G.REVIEW}, _TEAM | {G.REVIEW}, _N),
    Looker.SIGNER: _row(
        *(_WATCHED | {G.READINGS}, _WATCHED | {G.READINGS, G.TARGET}, _ALL, _ALL, _ALL),
        _WATCHED | {G.READINGS},
    ),
    Looker.ORDERER: _row(*[_ORDERED] * 6),
    Looker.SUPERVISION: _row(_WATCHED, _WATCHED, _ALL, _ALL, _ALL, _WATCHED | {G.READINGS}),
    # SEC4: from check-in on it knows where; row 29: of the record only after the issue.
    Looker.OFFICE: _row(
        *(_WATCHED, _WATCHED, _WATCHED | {G.TARGET}, _WATCHED | _OUTCOME, _WATCHED | _OUTCOME),
        _WATCHED,
    ),
    # Row 29 has nothing for it; what it decides on review it has to see (row 30).
    Looker.LEADING: _row(_K, _K, _K, _K | {G.FLAGS}, _K | {G.FLAGS} | _OUTCOME, _K | {G.FLAGS}),
    Looker.CAMPAIGN: _row(
        *(_N, _N, _N, _K | {G.TARGET, G.CONCLUSION}, _K | {G.TARGET, G.CONCLUSION, G.REVIEW}),
        _N,
    ),
    Looker.UNIT: _row(_N, _N, _K, _K | _OUTCOME, _K | _OUTCOME, _N),
    Looker.NOTICED_UNIT: _row(_K, _K, _K, _K | _OUTCOME, _K | _OUTCOME, _K),
}
"""Who sees what. The system and its administrators, other bodies and other units see nothing."""

_BY_ROLE: Mapping[Role, Looker] = {
    Role.LEADING_GROUP: Looker.LEADING,
    Role.OFFICE: Looker.OFFICE,
    Role.SUPERVISION_GROUP: Looker.SUPERVISION,
}


def sight_of(inspection: Document, person: str, posts: Iterable[Post]) -> frozenset[FieldGroup]:
    """Return what a person sees of an inspection, in all posts held.

    Who belongs to the inspected unit sees what the unit sees, in whatever other role; it is told
    that it is inspected when the team is there, or by a notice that its kind allows.
    """
    held = [each for each in posts if each.person.id == person and not each.person.left]
    reach = REACH[S(str(inspection["state"]))]
    unit, noticed = _inspected(inspection)
    own = [each.person for each in held if unit is not None and each.person.unit == unit]
    if own:
        looker = Looker.NOTICED_UNIT if noticed else Looker.UNIT
        return SEES[looker][reach] if _speaks_for_unit(own) else _NOTHING
    lookers = [*_parts(inspection, person), *_roles(inspection, held)] if held else []
    return _NOTHING.union(*(SEES[each][reach] for each in lookers))


def _speaks_for_unit(own: Iterable[Person]) -> bool:
    return any(each.role in UNIT_ROLES for each in own)


def _inspected(inspection: Document) -> tuple[str | None, bool]:
    """Return the unit that knows it is inspected, and whether it does so by a notice."""
    target = cast(Document, inspection.get("target") or {})
    order = cast(Document, inspection["order"])
    noticed = bool(inspection.get("notice"))
    unit = target.get("unit") or order.get("unit")
    return (str(unit) if unit else None), noticed


def _parts(inspection: Document, person: str) -> Iterator[Looker]:
    """Yield the parts a person has in this inspection."""
    order = cast(Document, inspection["order"])
    target = cast(Document, inspection.get("target") or {})
    if person == order["leader"]:
        yield Looker.LEADER
    if person in cast(list[str], target.get("inspectors", [])):
        yield Looker.INSPECTOR
    if person == order["signer"]:
        yield Looker.SIGNER
    if person == inspection["ordered_by"]:
        yield Looker.ORDERER


def _roles(inspection: Document, held: Iterable[Post]) -> Iterator[Looker]:
    """Yield what a person is by role; a campaign's group is one in its own campaign alone."""
    for each in held:
        if each.person.role is Role.CAMPAIGN_GROUP and each.campaign == inspection["campaign"]:
            yield Looker.CAMPAIGN
        elif each.person.role in _BY_ROLE:
            yield _BY_ROLE[each.person.role]


def seen(inspection: Document, sight: frozenset[FieldGroup]) -> Document:
    """Return the fields of an inspection that belong to what is seen."""
    names = {name for group in sight for name in FIELDS[group]}
    return {name: value for name, value in inspection.items() if name in names}


def item_seen(item: Document, sight: frozenset[FieldGroup]) -> Document | None:
    """Return what is seen of an item of the record; who a person is, the team and few others see.

    None where the record is not seen at all (l.13).
    """
    if G.RECORD not in sight:
        return None
    if G.PERSONS in sight:
        return item
    fact = cast(Document, item["fact"])
    return {**item, "fact": {name: fact[name] for name in fact if name != "person"}}
