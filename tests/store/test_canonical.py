"""The bytes of an entry: one encoding, that of RFC 8785, and back to the same event."""

import hmac
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from duban.contracts import Mode, Record
from duban.domain.events import Change, Event, Outcome
from duban.domain.roles import Actor, Role
from duban.store.canonical import (
    ENTRY_MAX,
    LEAF_MAX,
    StoredEntry,
    encode,
    entry,
    event_of,
    is_canonical,
    microseconds,
    parse,
)
from duban.store.drafts import Draft
from duban.store.errors import ProfileViolation, TrailUnreadable
from duban.store.identity import event_id, request_mac
from tests.support.entries import KEY, START, a_change, a_closing, a_record, an_event

# No U+0000 and no half surrogate pairs: those are refused, see below.
WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0", max_codepoint=0x10FFFF)
)
KEYS = st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WORDS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=5)
NAMES = st.none() | WORDS
MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 2),  # noqa: DTZ001 - the zone is drawn beside it
    max_value=datetime(2254, 12, 31),  # noqa: DTZ001 - 2^53 microseconds end in 2255
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)
CHANGES = st.lists(
    st.builds(
        lambda kind, key, before, after: {
            "kind": kind,
            "id": key,
            "before": before,
            "after": after,
        },
        WORDS,
        WORDS,
        DOCUMENTS,
        DOCUMENTS,
    ),
    max_size=3,
)
EVENT_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "seq": st.integers(0, 2**53 - 1),
    "tag": WORDS,
    "occurred_at": MOMENTS,
    "actor": st.builds(
        Actor,
        id=st.just("P-1"),
        role=st.sampled_from(Role),
        unit=st.none() | st.just("U03"),
        on_behalf_of=st.none() | st.just("P-2"),
        delegation_id=st.none() | st.just("DG-1"),
    ),
    "object_type": WORDS,
    "object_id": WORDS,
    "unit": NAMES,
    "reason": NAMES,
    "basis_doc": NAMES,
    "outcome": st.sampled_from(Outcome),
    "code": NAMES,
    "request_id": NAMES,
    "policy_version": WORDS,
    "calendar_version": st.integers(0, 1000),
    "detail": DOCUMENTS,
    "changes": CHANGES,
}
EVENTS = st.fixed_dictionaries(EVENT_FIELDS).map(Event.model_validate)


def leaf_of(text: str) -> str:
    return f'{{"at":1763800000123456,"by":"duban_worker","e":{text}}}'


@given(VALUES)
def test_the_encoding_is_that_of_rfc_8785(value: Any) -> None:
    assert encode(value) == rfc8785.dumps(value)


def test_every_field_of_an_event_is_tried() -> None:
    assert set(EVENT_FIELDS) == set(Event.model_fields)
    assert set(Actor.model_fields) == {"id", "role", "unit", "on_behalf_of", "delegation_id"}
    assert set(Change.model_fields) == {"kind", "id", "before", "after"}


@given(EVENTS, NAMES)
def test_an_event_comes_back_from_its_entry(event: Event, campaign: str | None) -> None:
    record = Record(stream="campaign-A", campaign=campaign, mode=Mode.LIVE, events=(event,))
    encoded = entry(record, event)
    assert event_of(encoded) == event
    stored = parse(leaf_of(encoded.decode()))
    assert stored.event == event
    assert (stored.stream, stored.seq, stored.campaign) == ("campaign-A", event.seq, campaign)
    assert is_canonical(stored)


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "\0",
        "\ud800",
        {"\0": 1},
        {"键": 1},
        {1: 1},
        (1,),
        [[{"a": 0.5}]],
        datetime(2026, 1, 1, tzinfo=UTC),
    ],
)
def test_what_has_no_place_in_the_profile_is_refused(value: object) -> None:
    with pytest.raises(ProfileViolation):
        encode({"v": value})


@pytest.mark.parametrize("words", ["\\u0000", "\\\\u0000", '"\\u0000', "\\\\\\u0000"])
def test_words_that_only_look_like_an_escape_are_kept(words: str) -> None:
    assert orjson.loads(encode([words])) == [words]
    with pytest.raises(ProfileViolation, match="nul_character"):
        encode([words + "\\" + "\0"])


@pytest.mark.parametrize("fields", [{"reason": "\0"}, {"tag": "\ud800"}, {"seq": 2**53}])
def test_the_fields_of_an_event_are_judged_too(fields: dict[str, Any]) -> None:
    event = an_event(0).model_copy(update=fields)
    with pytest.raises(ProfileViolation):
        entry(a_record("campaign-A", event), event)


def test_depth_has_an_end() -> None:
    value: list[Any] = []
    for _ in range(100):
        value = [value]
    with pytest.raises(ProfileViolation):
        encode(value)


def test_the_keys_are_those_of_the_design() -> None:
    event = an_event(0, a_change("task", "B-04", state="accepted"), reason="理由")
    fields = orjson.loads(entry(a_record("campaign-A", event), event))
    assert fields == {
        "v": 1,
        "stream": "campaign-A",
        "seq": 0,
        "mode": "rehearsal",
        "tag": "campaign:note:made",
        "camp": "BE-2019",
        "unit": "U03",
        "occ": microseconds(START),
        "actor": {"id": "P-office", "role": "office"},
        "obj": {"type": "task", "id": "B-04"},
        "reason": "理由",
        "outcome": "accepted",
        "policy": "2019-1",
        "cal": 1,
        "detail": {"words": "督办"},
        "changes": [{"k": "task", "id": "B-04", "a": {"state": "accepted"}}],
    }


def test_a_closing_entry_carries_the_count_of_its_stream() -> None:
    event = a_closing(7)
    encoded = entry(a_record("campaign-A", event), event)
    assert parse(leaf_of(encoded.decode())).closing == 8
    assert event_of(encoded) == event


def test_a_wrong_count_is_never_written() -> None:
    event = an_event(7, tag="campaign:stream:closed", detail={"count": 7})
    with pytest.raises(ProfileViolation, match="closing_count"):
        entry(a_record("campaign-A", event), event)


@pytest.mark.parametrize("fields", [{"tag": "campaign:stream:opened"}, {"detail": {"count": True}}])
def test_only_a_closing_tag_with_a_number_closes(fields: dict[str, Any]) -> None:
    event = an_event(0, **{"tag": "campaign:stream:closed", "detail": {"count": 9}, **fields})
    encoded = entry(a_record("campaign-A", event), event)
    assert parse(leaf_of(encoded.decode())).closing is None


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 1, 1), datetime(1969, 12, 31, tzinfo=UTC)],  # noqa: DTZ001 - that is the point
)
def test_a_time_is_known_exactly_or_refused(moment: datetime) -> None:
    with pytest.raises(ProfileViolation):
        microseconds(moment)


def test_microseconds_are_exact() -> None:
    late = datetime(2999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert microseconds(late) == 32_503_679_999_999_999


def test_an_entry_that_would_not_fit_a_leaf_is_refused() -> None:
    def sized(count: int) -> bytes:
        event = an_event(0, detail={"words": "x" * count})
        return entry(a_record("campaign-A", event), event)

    spare = ENTRY_MAX - len(sized(1)) + 1
    assert len(sized(spare)) == ENTRY_MAX
    with pytest.raises(ProfileViolation, match="too_long"):
        sized(spare + 1)
    longest_login = "w" * 63
    leaf = f'{{"at":9999999999999999,"by":"{longest_login}","e":{"x" * ENTRY_MAX}}}'
    assert len(leaf) <= LEAF_MAX


@pytest.mark.parametrize(
    "leaf",
    [
        "",
        "[]",
        "{}",
        '{"at":1,"by":"w","e":{}}',
        '{"at":1,"by":"w","e":{"stream":"s","seq":"0","occ":1}}',
        '{"at":1,"by":2,"e":{"stream":"s","seq":0,"occ":1}}',
        '{"at":1,"by":"w","e":{"stream":"s","seq":0,"occ":1}}x',
    ],
)
def test_what_is_no_leaf_is_not_read_as_one(leaf: str) -> None:
    with pytest.raises(TrailUnreadable):
        parse(leaf)


def test_an_entry_without_an_event_says_where_it_is() -> None:
    stored = parse(leaf_of('{"occ":1,"seq":4,"stream":"campaign-A"}'))
    with pytest.raises(TrailUnreadable, match="campaign-A#4"):
        event_of(stored)


@pytest.mark.parametrize(
    "entry_text",
    [
        '{"occ":1,"seq":0,"stream":"s", "tag":"t"}',
        '{"seq":0,"occ":1,"stream":"s"}',
        '{"occ":1,"seq":0,"seq":0,"stream":"s"}',
        '{"detail":{"share":1.0},"occ":1,"seq":0,"stream":"s"}',
        '{"detail":{"w":"\\u7763"},"occ":1,"seq":0,"stream":"s"}',
    ],
)
def test_a_second_encoding_is_seen(entry_text: str) -> None:
    assert not is_canonical(parse(leaf_of(entry_text)))


def test_a_leaf_is_read_from_bytes_too() -> None:
    stored = parse(leaf_of('{"occ":5,"seq":0,"stream":"s"}').encode())
    assert stored == StoredEntry(
        leaf=stored.leaf,
        recorded_us=1763800000123456,
        by="duban_worker",
        fields={"occ": 5, "seq": 0, "stream": "s"},
    )
    assert stored.recorded_at.year == 2025


def test_an_event_id_is_a_uuid_of_version_8_sorted_by_time() -> None:
    early = event_id(KEY, "campaign-A", 0, 1_000_000)
    late = event_id(KEY, "campaign-A", 0, 2_000_000)
    assert early < late
    assert (early.version, early.variant) == (8, UUID(int=early.int).variant)
    assert early.variant == "specified in RFC 4122"
    assert early.int >> 80 == 1000


def test_an_event_id_depends_on_place_and_key_only() -> None:
    known = event_id(KEY, "campaign-A", 0, 1_000_000)
    assert known == event_id(KEY, "campaign-A", 0, 1_000_999)
    others = {
        event_id(KEY, "campaign-A", 1, 1_000_000),
        event_id(KEY, "campaign-B", 0, 1_000_000),
        event_id(bytes(32), "campaign-A", 0, 1_000_000),
    }
    assert len({known, *others}) == 4


def test_a_draft_holds_the_rows_of_its_record() -> None:
    event = an_event(3)
    record = a_record("campaign-A", event)
    draft = Draft.of(0, record, KEY)
    text = entry(record, event)
    assert draft.entries == [text.decode()]
    assert draft.ids == [event_id(KEY, "campaign-A", 3, microseconds(event.occurred_at))]
    assert draft.macs == [request_mac(KEY, text)] == [hmac.digest(KEY, text, "sha256")]


@pytest.mark.parametrize(
    "record",
    [a_record("", an_event(0)), a_record("campaign-A", an_event(-1))],
)
def test_a_record_has_a_place(record: Record) -> None:
    with pytest.raises(ProfileViolation):
        Draft.of(0, record, KEY)
