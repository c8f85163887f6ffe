"""Who may know what of an inspection in which state: all roles over all states, written out."""

from typing import Any

import pytest

from duban.domain.inspection.records import InspectionRecord
from duban.domain.inspection.sight import FIELDS, FieldGroup, item_seen, seen, sight_of
from duban.domain.inspection.tables import ISSUED
from duban.domain.inspection.words import Choice, InspectionState
from duban.domain.model import Document
from duban.domain.reading import Post
from duban.domain.roles import Person, Role
from tests.support.inspections import EVERYBODY, TARGET, InspectionDesk, actor_of

LETTERS = dict(zip("EODFRTNPUCV", FieldGroup, strict=True))
"""A letter for each group: existence, order, draw, flags, readings, target, notes, persons, unit's
opinion, conclusion, review."""

STATES = tuple(InspectionState)
# planned authorised drawn released | on_site recorded draft | issued asked decided closed |
# aborted voided
ROWS: dict[str, str] = {
    "IN-1": "EOD EOD EOD EODT EODTNPUC EODTNPUC EODTNPUC "
    "EODTNPUCV EODTNPUCV EODTNPUCV EODTNPUCV EOD EODTNPUCV",
    "IN-2": "- - - - EODTNPUC EODTNPUC EODTNPUC "
    "EODTNPUCV EODTNPUCV EODTNPUCV EODTNPUCV - EODTNPUCV",
    "IN-4": "- - - - - - - - - - - - -",
    "SU-2": "EODFR EODFR EODFR EODFRT EODFRTNPUCV EODFRTNPUCV EODFRTNPUCV "
    "EODFRTNPUCV EODFRTNPUCV EODFRTNPUCV EODFRTNPUCV EODFR EODFRTNPUCV",
    "SU-1": "EODF EODF EODF EODF EODFRTNPUCV EODFRTNPUCV EODFRTNPUCV "
    "EODFRTNPUCV EODFRTNPUCV EODFRTNPUCV EODFRTNPUCV EODFR EODFRTNPUCV",
    "OF-1": "EODF EODF EODF EODF EODFT EODFT EODFT "
    "EODFTNUCV EODFTNUCV EODFTNUCV EODFTNUCV EODF EODFTNUCV",
    "LG-1": "EO EO EO EO EO EO EO EOF EOFTNUCV EOFTNUCV EOF EOF EOFTNUCV",
    "CG-1": "- - - - - - - EOTC EOTCV EOTCV EOTC - EOTCV",
    "U03-L1": "- - - - EO EO EO EOTNUCV EOTNUCV EOTNUCV EOTNUCV - EOTNUCV",
    "U03-H1": "- - - - EO EO EO EOTNUCV EOTNUCV EOTNUCV EOTNUCV - EOTNUCV",
    **dict.fromkeys(("U01-L1", "U01-H1", "CO-1", "PU-1", "DX-1"), "- - - - - - - - - - - - -"),
}
"""What each person sees of a spot check of U03, led by IN-1, signed by SU-2, with IN-2 and IN-3."""

POSTS = tuple(Post(campaign="BE-2019", person=each) for each in EVERYBODY)


def groups(word: str) -> frozenset[FieldGroup]:
    """Return the groups that a word of the table stands for."""
    return frozenset(LETTERS[each] for each in word if each != "-")


def document(state: InspectionState, **changes: Any) -> Document:
    """Return an inspection in a state, as the ledger has it, its target there from check-in on."""
    sealed = STATES.index(state) < STATES.index(InspectionState.ON_SITE)
    desk = (
        InspectionDesk(signer="SU-2", by="SU-1") if sealed else InspectionDesk(by="SU-1").on_site()
    )
    if state is InspectionState.ABORTED:
        desk = InspectionDesk(by="SU-1").released()
    plain: Document = desk.record.plain()
    # Who ordered it is nobody of the table but for what a body sees anyway.
    return {**plain, "state": state.value, "ordered_by": "SU-9", **changes}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("person", ROWS)
def test_rows_28_to_30_all_roles_over_all_states(person: str, state: InspectionState) -> None:
    word = ROWS[person].split()[STATES.index(state)]

    assert sight_of(document(state), person, POSTS) == groups(word)


def test_every_role_that_people_hold_is_looked_at() -> None:
    assert {actor_of(person).role for person in ROWS} == set(Role) - {Role.SYSTEM}
    assert all(len(row.split()) == len(STATES) for row in ROWS.values())


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("person", ["system", "admin", "X-1"])
def test_b3_who_holds_no_post_sees_nothing(person: str, state: InspectionState) -> None:
    assert sight_of(document(state), person, POSTS) == frozenset()


@pytest.mark.parametrize("state", STATES)
def test_sod6_who_belongs_to_the_inspected_unit_sees_no_more_than_it(
    state: InspectionState,
) -> None:
    own = Post(campaign="BE-2019", person=Person(id="OF-9", name="-", role=Role.OFFICE, unit="U03"))
    sealed = state in STATES[:4] or state is InspectionState.ABORTED

    # Where the target is not known to the inspection, nobody can know that it is his unit.
    assert sight_of(document(state), "OF-9", (own,)) == (groups("EODF") if sealed else frozenset())


@pytest.mark.parametrize(("noticed", "word"), [(None, "-"), ({"doc_no": "通知1号"}, "EO")])
def test_f1_a_unit_knows_beforehand_by_a_notice_alone(noticed: Any, word: str) -> None:
    desk = InspectionDesk(by="OF-1", choice=Choice.NAMED).authorised()
    told: Document = {**desk.record.plain(), "notice": noticed}

    assert sight_of(told, "U03-L1", POSTS) == groups(word)
    assert sight_of(told, "U01-L1", POSTS) == frozenset()
    # Who planned it sees the order.
    assert sight_of({**told, "ordered_by": "CG-2"}, "CG-2", POSTS) == groups("EOD")


def test_row_29_a_group_sees_what_is_issued_in_its_own_campaign() -> None:
    other = Post(campaign="FM-2019", person=next(e for e in EVERYBODY if e.id == "CG-1"))

    assert all(sight_of(document(each), "CG-1", (other,)) == frozenset() for each in ISSUED)


def test_who_has_left_sees_nothing() -> None:
    left = next(e for e in EVERYBODY if e.id == "SU-1").model_copy(update={"left": True})

    assert sight_of(document(STATES[0]), "SU-1", (Post(campaign="BE-2019", person=left),)) == (
        frozenset()
    )


# What a group holds -----------------------------------------------------------------------------


def test_every_field_stands_in_one_group() -> None:
    named = [name for names in FIELDS.values() for name in names]

    assert sorted(named) == sorted(InspectionRecord.model_fields)


def test_what_is_not_seen_is_not_there() -> None:
    whole = document(InspectionState.ON_SITE)

    assert seen(whole, groups("E")).keys() == set(FIELDS[FieldGroup.EXISTENCE]) & whole.keys()
    assert TARGET.name in str(seen(whole, groups("T")))
    assert TARGET.name not in str(seen(whole, groups("EODF")))


@pytest.mark.parametrize(("word", "person"), [("NP", "WK-7"), ("N", None)])
def test_l13_who_a_person_is_stands_apart_from_the_post(word: str, person: str | None) -> None:
    [item] = InspectionDesk().noted(person="WK-7").inspection.state.inspection_item.values()

    known = item_seen(item.plain(), groups(word))

    assert known is not None
    fact: Any = known["fact"]
    assert (fact["post"], fact.get("person")) == ("窗口工作人员", person)
    assert item_seen(item.plain(), groups("EOT")) is None
