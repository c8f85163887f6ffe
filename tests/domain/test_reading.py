"""Who may read the trail (domain.md b.3 row 43), and that every attempt becomes an entry."""

from datetime import UTC, datetime

import pytest

from duban.domain.errors import Code
from duban.domain.events import Event, Outcome
from duban.domain.reading import Asked, Post, Reading, reading, refusal_of
from duban.domain.roles import SYSTEM, Person, Role

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def post(role: Role, unit: str | None = None, campaign: str = "A", **fields: object) -> Post:
    person = Person.model_validate(
        {"id": "P-1", "name": "甲", "role": role, "unit": unit, **fields}
    )
    return Post(campaign=campaign, person=person)


def asked(campaign: str | None = None, unit: str | None = None, role: Role | None = None) -> Asked:
    return Asked(
        kind=Reading.QUERY,
        surface="audit search",
        campaign=campaign,
        unit=unit,
        role=role,
        detail={"text": "整改"},
    )


def judged(wanted: Asked, *posts: Post) -> Event:
    return reading(wanted, "P-1", posts, seq=3, now=NOW)


OWN_CAMPAIGN = {Role.CAMPAIGN_GROUP}
OWN_UNIT = {Role.PRINCIPAL_LEADER}
ALL = {Role.LEADING_GROUP, Role.OFFICE, Role.SUPERVISION_GROUP, Role.EXTERNAL_DECIDER}


@pytest.mark.parametrize("role", Role)
def test_row_43_of_the_matrix(role: Role) -> None:
    """Who reads everything, the own campaign, the own unit there, another campaign."""
    unit = "U03" if role in (Role.PRINCIPAL_LEADER, Role.LIAISON) else None
    wanted = (asked(), asked("A"), asked("A", "U03"), asked("A", "U04"), asked("B", "U03"))
    allowed = [judged(each, post(role, unit)).outcome is Outcome.ACCEPTED for each in wanted]
    if role in ALL:
        assert allowed == [True] * 5
    elif role in OWN_CAMPAIGN:
        assert allowed == [False, True, True, True, False]
    elif role in OWN_UNIT:
        assert allowed == [False, False, True, False, False]
    else:
        assert allowed == [False] * 5


def test_a_reading_says_who_read_what() -> None:
    event = judged(asked("A"), post(Role.OFFICE))
    assert (event.seq, event.tag, event.occurred_at) == (3, "trail:query:executed", NOW)
    assert (event.object_type, event.object_id) == ("campaign", "A")
    assert (event.actor.id, event.actor.role) == ("P-1", Role.OFFICE)
    assert event.detail == {"surface": "audit search", "asked": {"text": "整改"}}
    assert refusal_of(event) is None
    whole = judged(asked(), post(Role.OFFICE))
    assert (whole.object_type, whole.object_id) == ("trail", "all")


def test_the_post_that_allows_it_is_the_one_read_in() -> None:
    posts = (post(Role.LIAISON, "U03"), post(Role.OFFICE))
    assert judged(asked(), *posts).actor.role is Role.OFFICE
    said = judged(asked(role=Role.LIAISON), *posts)
    assert (said.actor.role, said.actor.unit) == (Role.LIAISON, "U03")
    assert said.code == Code.ROLE_NOT_PERMITTED


def test_refusals_are_entries_that_say_why() -> None:
    not_allowed = judged(asked("A"), post(Role.LIAISON, "U03"))
    refusal = refusal_of(not_allowed)
    assert not_allowed.outcome is Outcome.REJECTED
    assert refusal is not None
    assert refusal.code is Code.ROLE_NOT_PERMITTED
    assert set(refusal.params["held"]) == {each.value for each in ALL}  # type: ignore[arg-type]
    elsewhere = refusal_of(judged(asked("A", "U04"), post(Role.PRINCIPAL_LEADER, "U03")))
    assert elsewhere is not None
    assert elsewhere.code is Code.READING_OUT_OF_SCOPE
    assert elsewhere.params == {"actor": "P-1", "own": ["A U03"]}


def test_a_role_that_is_not_held_is_refused_as_claimed() -> None:
    event = judged(asked(role=Role.OFFICE), post(Role.LIAISON, "U03"))
    assert (event.code, event.actor.role) == (Code.ACTOR_ROLE_NOT_HELD, Role.OFFICE)
    assert event.detail["params"] == {"actor": "P-1", "role": "office", "held": ["liaison"]}


@pytest.mark.parametrize(
    "posts", [(), (post(Role.OFFICE, left=True),), (post(Role.OFFICE, id="P-2"),)]
)
def test_somebody_unknown_is_refused_by_the_system(posts: tuple[Post, ...]) -> None:
    event = judged(asked(), *posts)
    assert (event.code, event.actor) == (Code.ACTOR_UNKNOWN, SYSTEM)
    assert event.detail["asked_by"] == "P-1"


@pytest.mark.parametrize("role", Role)
def test_k52_whoever_asks_after_inspections_is_noted_and_sight_decides(role: Role) -> None:
    wanted = asked("B").model_copy(update={"kind": Reading.INSPECTIONS})

    event = judged(wanted, post(role))

    assert (event.tag, event.outcome) == ("trail:inspections:read", Outcome.ACCEPTED)
    assert judged(wanted).code == Code.ACTOR_UNKNOWN
