"""Texts become words so that every part of a text is found by the words of that part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.roles import Actor, Role
from duban.store.canonical import StoredEntry, entry, parse
from duban.store.grams import (
    entry_grams,
    fold,
    grams,
    matches,
    may_match,
    principal,
    query,
    signs,
    triples,
)
from tests.support.entries import a_change, a_record, an_event


def stored(**fields: object) -> StoredEntry:
    event = an_event(0, **fields)  # type: ignore[arg-type]
    written = entry(a_record("A", event), event).decode()
    return parse(f'{{"at":1,"by":"w","e":{written}}}')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("消防通道", {"消防", "防通", "通道", "道"}),
        ("消", {"消"}),
        ("", set()),
        ("，。 !", set()),
        ("BE-2019 Rev3", {"be", "2019", "rev3"}),
        ("第3号", {"第", "3", "号"}),
        ("ＢＥ－２０１９", {"be", "2019"}),
        ("U03单位", {"u03", "单位", "位"}),
        ("㍿", {"株式", "式会", "会社", "社"}),
        ("𠮷野家", {"𠮷野", "野家", "家"}),
        ("snake_case", {"snake", "case"}),
        ("a" * 300, {"a" * 64}),
    ],
)
def test_words_of_a_text(text: str, expected: set[str]) -> None:
    assert grams(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("整改", "'整改'"),
        ("长江大桥", "'长江' & '江大' & '大桥'"),
        ("桥", "'桥':*"),
        ("第3号", "'第':* & '3' & '号':*"),
        ("整改 整改", "'整改'"),
        ("！", ""),
        ("", ""),
    ],
)
def test_what_is_asked_of_the_index(text: str, expected: str) -> None:
    assert query(text) == expected


def test_a_deputy_is_asked_for_by_whom_he_stands_in_for() -> None:
    assert query(None, "P-1") == "'for:P-1'"
    assert query("整改", "it's\\") == "'整改' & 'for:it''s\\\\'"
    assert query("！", "P-1") == ""


def satisfied(asked: str, words: frozenset[str]) -> bool:
    """Evaluate a tsquery of `query` as PostgreSQL does."""
    terms = [each.rpartition("'") for each in asked.split(" & ")]
    return all(
        any(word.startswith(quoted[1:]) for word in words) if prefix else quoted[1:] in words
        for quoted, _, prefix in terms
    )


EAST = st.text("消防通道堵塞整改长江大桥々〇", min_size=1, max_size=12)


@given(EAST, EAST, EAST)
def test_every_part_of_a_chinese_text_is_found(before: str, part: str, behind: str) -> None:
    assert satisfied(query(part), grams(before + part + behind))


@given(st.text("消防ab1２Ｂ -，。", max_size=20), st.data())
def test_whole_words_of_a_mixed_text_are_found(text: str, data: st.DataObject) -> None:
    words = [word for word in text.split() if query(word)]
    if words:
        assert satisfied(query(data.draw(st.sampled_from(words))), grams(text))


@given(st.text(max_size=40))
def test_no_text_breaks_the_index(text: str) -> None:
    for word in grams(text):
        assert 0 < len(word.encode()) < 2046
        assert not set(word) & set(" \t\n\0':")
    assert grams(fold(text)) == grams(text)


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("消防通道", ["消防通", "防通道"]),
        ("第3季度", ["第3季", "3季度"]),
        ("ＢＥ整", ["be整"]),
        ("消防", []),
        ("消 防 通道", []),
        ("BE-2019", []),
    ],
)
def test_triples_of_a_text(text: str, alike: list[str]) -> None:
    assert triples([text]) == set().union(*(triples([each]) for each in alike))
    assert len(triples([text])) == len(alike)
    assert all(-(2**31) <= each < 2**31 for each in triples([text]))


@given(
    st.lists(st.text(max_size=12), max_size=3), st.text("消防通道3a。 Ａ", max_size=12), st.data()
)
def test_where_a_text_is_found_its_triples_are(
    others: list[str], text: str, data: st.DataObject
) -> None:
    part = text[data.draw(st.integers(0, 6)) : data.draw(st.integers(0, 12))]
    texts = [each.replace("\0", "") for each in others] + [f"前{text}后"]
    found = stored(reason=None, detail={"words": texts})
    if matches(found, part):
        assert triples([part]) <= triples(found.texts)


def test_the_texts_of_an_entry() -> None:
    found = stored(
        reason="防汛",
        basis_doc="决定1号",
        detail={"words": ["督办", {"inner": "清单"}], "count": 3},
        changes=(a_change("task", "B-04", state="已改", level=2),),
    )
    assert sorted(found.texts) == sorted(["防汛", "决定1号", "督办", "清单", "B-04", "已改"])
    assert {"防汛", "1", "督办", "清单", "b", "04", "已改"} <= entry_grams(found)


def test_an_entry_made_for_somebody_says_so() -> None:
    deputy = Actor(id="P-2", role=Role.OFFICE, on_behalf_of="P-1", delegation_id="D-1")
    made = stored(actor=deputy)
    assert principal(made) == "P-1"
    assert "for:P-1" in entry_grams(made)
    assert matches(made, None, "P-1")
    assert not matches(made, None, "P-2")
    assert principal(stored()) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("西湖区整改", True),
        ("整改 西湖", True),
        ("西湖整改", False),
        ("BE－2019", True),
        ("2019be", False),
        (None, True),
    ],
)
def test_parts_stand_as_they_are_written(text: str | None, found: bool) -> None:
    assert matches(stored(reason="西湖区整改（be-2019）"), text) is found


BORDERING = st.text(st.sampled_from("eEÅσΣ각ㄱ가が ａ，\n\u0301\u030a\u3099\u11a8\u0323\u0345İ办"))
"""Characters that change beside others: marks that join them, and a sigma that ends a word."""


@given(st.lists(st.text() | BORDERING, max_size=4))
def test_folding_texts_together_is_folding_each(texts: list[str]) -> None:
    assert fold("\n".join(texts)) == "\n".join(map(fold, texts))


@given(st.lists(st.text("消防办 3aéσ\u0301", max_size=6), max_size=3), st.integers(0, 9))
def test_a_part_stands_in_one_text_and_never_across_two(texts: list[str], first: int) -> None:
    found = stored(reason=None, detail={"words": texts})
    asked, folded = "".join(texts)[first : first + 3], [fold(each) for each in found.texts]
    alone = all(any(part in each for each in folded) for part in fold(asked).split())
    assert matches(found, asked) is alone


@given(st.text(min_size=1, max_size=30), st.data())
def test_no_entry_that_matches_is_left_unread(text: str, data: st.DataObject) -> None:
    found = stored(reason=text.replace("\0", ""), detail={"words": "服务员服务周到"})
    first = data.draw(st.integers(0, len(text) - 1))
    for part in (text, text[first : first + data.draw(st.integers(1, 5))]):
        assert may_match(found.leaf.decode(), signs(part)) or not matches(found, part)
    assert not may_match(found.leaf.decode(), signs("服务服"))


def test_an_entry_of_a_strange_form_has_no_words() -> None:
    fields: dict[str, object] = {"stream": "s", "seq": 0, "occ": 0, "obj": 1, "changes": [7, {}]}
    strange = StoredEntry(b"", 0, "w", {**fields, "actor": {"for": 7}, "reason": None})  # type: ignore[dict-item]
    assert entry_grams(strange) == set()
