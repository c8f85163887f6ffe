"""The judges of texts one by one, over entries that no honest program writes."""

import json
from typing import Any
from uuid import UUID

import pytest

from duban.domain.custody import Deed
from duban.proof.commitments import commitment
from duban.store.canonical import StoredEntry, parse
from duban.store.checks import Marked, TrailRules, judge_entry
from duban.verify.payloads import Texts, Told, unopened

ID = UUID(int=7)
SALT = bytes(32)


def an_entry(**fields: Any) -> StoredEntry:
    """An entry of any form, by the worker and at s#0 unless it says otherwise."""
    by = fields.pop("by", "duban_worker")
    place = {"stream": "s", "seq": 0, "occ": 1, "outcome": "accepted"}
    return parse(json.dumps({"at": 1, "by": by, "e": {**place, **fields}}), ID)


def a_row(body: bytes = b"x", slot: str = "name", kind: str = "personal") -> Any:
    """A text as its row tells it."""
    row = {"event_id": ID, "slot": slot, "class": kind, "embargo_until_us": None}
    return {**row, "salt": SALT, "body": body, "enc": "none"}


def judged(entry: StoredEntry, *rows: Any) -> tuple[list[str], Told]:
    texts = Texts()
    texts.entry(entry, "@0")
    for row in rows:
        texts.text(row)
    return [each.code for each in texts.findings], texts.finish()


@pytest.mark.parametrize("said", [None, [], "x", 7])
def test_commitments_that_are_no_list_of_slots(said: object) -> None:
    codes, told = judged(an_entry(c=said), a_row())

    assert codes == ["PAYLOAD", "PAYLOAD_ORPHAN"]
    assert told.missing == {}


@pytest.mark.parametrize("said", [None, 7, "xyz", "00", {"a": "b"}])
def test_a_commitment_that_is_none_is_opened_by_nothing(said: object) -> None:
    codes, _ = judged(an_entry(c={"name": said}, **{"class": {"name": "personal"}}), a_row())

    assert codes == ["PAYLOAD"]


@pytest.mark.parametrize(("classes", "found"), [({"name": "personal"}, []), (None, ["PAYLOAD"])])
def test_who_may_read_a_text_stands_in_its_entry(classes: object, found: list[str]) -> None:
    entry = an_entry(c={"name": commitment(SALT, b"x").hex()}, **{"class": classes})

    assert judged(entry, a_row())[0] == found


def test_a_text_that_stands_there_twice_is_there() -> None:
    entry = an_entry(c={"name": commitment(SALT, b"x").hex()}, **{"class": {"name": "personal"}})

    codes, told = judged(entry, a_row(), a_row())

    assert (codes, told.missing) == ([], {})


@pytest.mark.parametrize("detail", [None, {}, {"salt": "xyz"}, {"salt": "00", "body": "x"}])
def test_a_reveal_that_cannot_be_read_reveals_nothing(detail: object) -> None:
    entry = an_entry(stream="custody", tag=Deed.REVEAL.value, detail=detail)

    _, told = judged(entry)

    assert [each.committed for each in told.revealed] == [None]


@pytest.mark.parametrize(
    "changed",
    [
        {"by": "duban_worker"},
        {"basis": " "},
        {"actor": {"id": "OF-1"}},
    ],
)
def test_an_erasure_is_sound_only_by_two_people_with_a_basis(changed: dict[str, Any]) -> None:
    sound = {
        "by": "duban_eraser",
        "stream": "erasure",
        "tag": Deed.ERASE.value,
        "basis": "第一条",
        "actor": {"id": "SV-1"},
        "detail": {"target": "s#0", "slot": "name", "requester": "OF-1", "request": 0},
    }
    for fields, wanted in ((sound, True), ({**sound, **changed}, False)):
        _, told = judged(an_entry(**fields))
        assert [each.sound for each in told.erased] == [wanted]


def test_refused_attempts_and_other_streams_tell_nothing() -> None:
    for fields in (
        {"stream": "custody", "tag": Deed.REVEAL.value, "outcome": "rejected"},
        {"stream": "erasure", "tag": Deed.ERASE.value, "outcome": "rejected"},
        {"stream": "campaign-A", "tag": Deed.ERASE.value},
        {"stream": "custody", "tag": "campaign:note:made"},
    ):
        assert judged(an_entry(**fields)) == ([], Told())


def test_sealed_entries_that_nobody_revealed_are_counted() -> None:
    committed = {"body": "00", "box": commitment(SALT, b"x").hex()}
    entry = an_entry(stream="sealed", sealed=True, c=committed, **{"class": {"box": "embargo"}})
    row = {**a_row(slot="box", kind="embargo"), "enc": "hpke-x25519-sha256-chacha20poly1305/v1"}

    codes, told = judged(entry, row)

    assert (codes, told.missing, unopened(told)) == ([], {}, 1)


@pytest.mark.parametrize(
    ("by", "stream", "strays"),
    [
        ("duban_eraser", "erasure", False),
        ("duban_eraser", "campaign-A", True),
        ("duban_sequencer", "erasure", True),
        ("duban_worker", "erasure", False),
    ],
)
def test_the_eraser_writes_in_its_stream_alone(by: str, stream: str, *, strays: bool) -> None:
    entry = an_entry(by=by, stream=stream)
    columns = ("recorded_us", "occurred_us", "stream", "seq", "tag", "campaign", "unit", "actor")
    others = ("object_type", "object_id", "outcome", "sealed", "request_mac")
    row: Any = {**dict.fromkeys((*columns, *others)), "event_id": ID}

    found = judge_entry(entry, row, "s#0", TrailRules(), Marked())

    assert ("WRITER" in {each.code for each in found}) == strays
