"""The profile by its one pass: how deep, which keys, and what a search looks through."""

from typing import Any

import orjson
import pytest

from duban.bundle import verify as alone
from duban.store.canonical import StoredEntry, encode, entry, is_canonical, parse
from duban.store.errors import ProfileViolation
from duban.store.grams import entry_grams
from duban.store.profile import CHANGE_DEPTH, DETAIL_DEPTH, texts
from tests.support.entries import a_change, a_record, an_event


def nested(levels: int) -> dict[str, Any]:
    """Objects in one another, so many in all."""
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"in": value}
    return value


def leaf_of(fields: dict[str, Any]) -> StoredEntry:
    """A leaf as the database makes it of an entry."""
    whole = {"at": 1, "by": "w", "e": {"occ": 0, "seq": 0, "stream": "s", **fields}}
    return parse(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS))


@pytest.mark.parametrize("place", ["detail", "change"])
def test_what_is_just_deep_enough_to_be_written_is_canonical_to_every_verifier(place: str) -> None:
    def written(deeper: int) -> bytes:
        if place == "detail":
            event = an_event(0, detail=nested(DETAIL_DEPTH + deeper))
        else:
            change = a_change("task", "B-04").model_copy(
                update={"after": nested(CHANGE_DEPTH + deeper)}
            )
            event = an_event(0, changes=(change,))
        return entry(a_record("campaign-A", event), event)

    leaf = parse(encode({"at": 1, "by": "w", "e": orjson.loads(written(0))}))
    assert is_canonical(leaf)
    assert alone.in_profile(orjson.loads(leaf.leaf))
    with pytest.raises(ProfileViolation, match="too_deep"):
        written(1)


@pytest.mark.parametrize("wrong", [0.5, {"键": 1}, [{"键": 1}], nested(64), 2**60])
@pytest.mark.parametrize(
    "around",
    [
        lambda wrong: {"detail": {"in": wrong}},
        lambda wrong: {"other": wrong},
        lambda wrong: {"changes": [{"k": "task", "a": {"in": wrong}}]},
        lambda wrong: {"changes": [{"k": "task", "b": {"in": wrong}}]},
        lambda wrong: {"changes": [wrong]},
    ],
)
def test_an_entry_with_something_that_has_no_place_is_not_canonical(
    around: Any, wrong: Any
) -> None:
    assert is_canonical(leaf_of(around({"a": 1})))
    stored = leaf_of({**around(wrong), "reason": "防汛"})
    assert not is_canonical(stored)
    assert wrong == 2**60 or entry_grams(stored) == set()


def test_keys_of_the_entry_itself_are_judged() -> None:
    assert not is_canonical(leaf_of({"键": 1}))


def test_a_search_looks_through_what_was_done_and_not_through_what_was_there_before() -> None:
    fields = {
        "reason": "理由",
        "basis": "依据",
        "code": "代码",
        "unit": "单位",
        "detail": {"z": ["细节", {"y": "内层"}], "n": 3, "t": True, "o": None},
        "obj": {"id": "B-04", "type": "task"},
        "changes": [{"k": "task", "id": "编号", "b": {"s": "从前"}, "a": {"s": ["如今"]}}],
    }
    assert sorted(texts(fields)) == sorted(["理由", "依据", "细节", "内层", "B-04", "如今"])
