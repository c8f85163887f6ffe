"""Whoever alters a bundle and makes its manifest fit again is found by what he cannot make."""

import json
from pathlib import Path
from typing import Any

import pytest

from duban.bundle.writer import canonical
from duban.proof.notes import ED25519, SignedNote, SignerKey
from duban.proof.tiles import decode_bundle, encode_bundle
from tests.bundle.boxes import box, checked, edit, reseal
from tests.bundle.log import (
    BARE,
    LOG,
    ORIGIN,
    POLICY,
    SOMEBODY,
    WITNESSES,
    MemoryLog,
    a_stream,
    leaf_of,
    sample,
    story,
)
from tests.support.entries import an_event

NO = "BE-2019"
PART, ENTRIES = "entries/000.jsonl", "tile/entries/000.p/14"


def lines_of(folder: Path) -> list[Any]:
    return [json.loads(each) for each in (folder / PART).read_bytes().splitlines()]


def put(folder: Path, lines: list[Any]) -> None:
    edit(folder, PART, lambda _: b"".join([canonical(each) for each in lines]))
    reseal(folder, entries=len(lines))


def put_whole(folder: Path, leaves: list[bytes]) -> None:
    edit(folder, ENTRIES, lambda _: encode_bundle(leaves))
    reseal(folder)


def renoted(folder: Path, **fields: Any) -> None:
    """Sign the checkpoint anew, as it is in a log with other fields."""
    log = sample(**fields)
    edit(folder, "checkpoint", lambda _: log.note(14).format().encode())
    reseal(folder, origin=log.origin)


def test_a_resealed_bundle_that_was_not_altered_holds(tmp_path: Path) -> None:
    folder = box(tmp_path, NO)
    reseal(folder)

    assert checked(folder).codes == set()


@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_deleted_entry(tmp_path: Path, place: int) -> None:
    folder = box(tmp_path, NO)
    lines = lines_of(folder)
    put(folder, lines[:place] + lines[place + 1 :])

    verdict = checked(folder)

    # Without its closing entry a stream is open, and nothing says that more belongs to it.
    assert verdict.codes == ({"ORDINAL_GAP", "CLOSED_COUNT"} if place < 6 else set())


def test_a_duplicated_entry(tmp_path: Path) -> None:
    folder = box(tmp_path, NO)
    lines = lines_of(folder)
    put(folder, [*lines[:3], lines[2], *lines[3:]])

    verdict = checked(folder)

    assert verdict.status == 1
    assert verdict.codes == {"DUP_LEAF", "DUP_ORDINAL"}
    assert verdict.at("DUP_LEAF")["entry"] == f"campaign-{NO}#2"


def test_reordered_entries(tmp_path: Path) -> None:
    folder = box(tmp_path, NO)
    lines = lines_of(folder)
    put(folder, [lines[1], lines[0], *lines[2:]])

    assert checked(folder).codes == {"ORDER"}


def test_an_entry_under_another_index(tmp_path: Path) -> None:
    folder = box(tmp_path, NO)
    lines = lines_of(folder)
    put(folder, [{**lines[0], "index": 0}, *lines[1:]])

    assert checked(folder).codes == {"INCLUSION"}


def test_an_entry_with_its_own_hash_but_not_of_the_tree(tmp_path: Path) -> None:
    folder = box(tmp_path, NO)
    lines, other = lines_of(folder), box(tmp_path / "other", "EX-2020", _other_log(tmp_path))
    forged = {**lines_of(other)[2], "index": lines[2]["index"], "proof": lines[2]["proof"]}
    put(folder, [*lines[:2], forged, *lines[3:]])

    assert "INCLUSION" in checked(folder).codes
    assert "LEAF_HASH" not in checked(folder).codes


def _other_log(tmp_path: Path) -> MemoryLog:
    (tmp_path / "other").mkdir()
    return MemoryLog(a_stream("EX-2020", 9), [9])


@pytest.mark.parametrize("how", ["deleted", "duplicated", "reordered", "edited"])
def test_the_whole_log_altered(tmp_path: Path, how: str) -> None:
    folder = box(tmp_path, None)
    old = decode_bundle((folder / ENTRIES).read_bytes())
    new = {
        "deleted": [*old[:5], *old[6:]],
        "duplicated": [*old[:5], old[4], *old[5:]],
        "reordered": [*old[:4], old[5], old[4], *old[6:]],
        "edited": [*old[:4], old[4].replace(b"P-office", b"P-nobody"), *old[5:]],
    }[how]
    put_whole(folder, new)

    verdict = checked(folder)

    assert verdict.status == 1
    assert "CKPT_ROOT" in verdict.codes
    assert verdict.at("LEAF_HASH")["index"] == (4 if how in ("reordered", "edited") else 5)


def test_an_altered_tile_is_told_from_an_altered_entry(tmp_path: Path) -> None:
    folder = box(tmp_path, None)
    edit(folder, "tile/0/000.p/14", lambda old: old[:70] + b"\0\0" + old[72:])
    reseal(folder)

    verdict = checked(folder)

    assert verdict.codes == {"TILE"}
    assert (verdict.at("TILE")["index"], verdict.at("TILE")["byte"]) == (2, 64)


def test_a_forged_signature(tmp_path: Path) -> None:
    folder = box(tmp_path, NO)
    renoted(folder, signers=(SOMEBODY,))

    assert checked(folder).codes == {"CKPT_SIG"}


def test_a_key_that_was_announced_signs_too(tmp_path: Path) -> None:
    later = SignerKey(ORIGIN, ED25519, b"later".ljust(32, b"."))
    folder = box(tmp_path, NO, sample(signers=(later, LOG)))

    assert checked(folder).codes == set()
    both = f"log {later.public.format()}\n{POLICY}"
    assert checked(folder, policy=both).codes == set()


def test_a_stripped_cosignature(tmp_path: Path) -> None:
    folder = box(tmp_path, NO)
    renoted(folder, witnesses=WITNESSES[:1])

    verdict = checked(folder)

    # The checkpoint before it still has both, and vouches for what it covers.
    assert (verdict.status, verdict.codes) == (3, {"QUORUM"})
    assert "9" in verdict.at("QUORUM")["en"]


def test_a_cosignature_of_another_checkpoint(tmp_path: Path) -> None:
    folder = box(tmp_path, NO)
    mine, other = sample().note(14), sample().note(9)
    moved = SignedNote(mine.text, (*mine.signatures[:2], other.signatures[2]))
    edit(folder, "checkpoint", lambda _: moved.format().encode())
    reseal(folder)

    assert checked(folder).codes == {"COSIG_BAD", "QUORUM"}


def test_a_witness_whose_time_runs_backwards(tmp_path: Path) -> None:
    folder = box(tmp_path, NO)
    note = sample().note(14)
    early = [each.cosign(note.text, 1) for each in WITNESSES]
    backwards = SignedNote(note.text, (note.signatures[0], *early))
    edit(folder, "checkpoint", lambda _: backwards.format().encode())
    reseal(folder)

    assert checked(folder).codes == {"COSIG_TIME"}


def test_another_origin(tmp_path: Path) -> None:
    folder = box(tmp_path, NO)
    renoted(folder, origin="duban.test/another")

    assert checked(folder).codes == {"CKPT_ORIGIN", "CKPT_SIG"}


def test_a_checkpoint_of_another_tree(tmp_path: Path) -> None:
    folder = box(tmp_path, NO)
    lines = [json.loads(each) for each in (folder / "checkpoints.jsonl").read_bytes().splitlines()]
    other = MemoryLog(a_stream("EX-2020", 9), [9]).note(9).format()
    edit(folder, "checkpoints.jsonl", lambda _: canonical({**lines[-1], "note": other}))
    reseal(folder, checkpoints=2)

    assert checked(folder).codes == {"CONSISTENCY"}


def test_counts_that_do_not_fit(tmp_path: Path) -> None:
    folder = box(tmp_path, NO)
    for name in ("entries", "checkpoints", "payloads", "size", "streams"):
        reseal(folder, **{name: 5})
        assert checked(folder).at("MANIFEST")["en"].find(name) > 0
        folder = _again(folder, tmp_path)
    reseal(folder, campaign="EX-2020")
    assert checked(folder).codes == {"MANIFEST"}


def _again(folder: Path, tmp_path: Path) -> Path:
    inner = tmp_path / f"{folder.parent.name}-{len(list(tmp_path.iterdir()))}"
    inner.mkdir()
    return box(inner, NO)


def test_files_added_and_taken_away(tmp_path: Path) -> None:
    folder = box(tmp_path, None)
    (folder / "more.txt").write_text("?")
    (folder / "tile/0/000.p/14").unlink()
    assert checked(folder).codes >= {"EXTRA_FILE", "MISSING_FILE"}
    reseal(folder)
    assert checked(folder).codes >= {"EXTRA_FILE", "MISSING_FILE"}
    (folder / "manifest.json").unlink()
    with pytest.raises(Exception, match="manifest"):
        checked(folder)


@pytest.mark.parametrize(
    ("leaf", "code"),
    [
        (b'{"at":1,"by":"duban_worker","e":{"seq":0,"stream":"s","x":1.5}}', "PARSE"),
        (b'{"at":1,"by":"duban_worker","e":{"seq":0,"seq":0,"stream":"s"}}', "NONCANONICAL"),
        (b'{"at":1,"by":"duban_worker","e":{"stream":"s","seq":0}}', "NONCANONICAL"),
        (b'{"at":1,"by":"duban_worker","e":{"seq":0,"stream":"s"}} ', "NONCANONICAL"),
        (b'{"at":1,"by":"duban_worker","e":{"seq":9007199254740992,"stream":"s"}}', "NONCANONICAL"),
        (b'{"at":1,"by":"duban_worker","e":{"seq":0,"stream":"\\u0000"}}', "NONCANONICAL"),
        (b'{"at":1,"by":"duban_worker","e":{"seq":0,"stream":"\\ud800"}}', "NONCANONICAL"),
        ('{"at":1,"by":"duban_worker","e":{"seq":0,"stream":"s","键":1}}'.encode(), "NONCANONICAL"),
        (b'{"at":1,"by":"duban_worker","e":' + b"[" * 70 + b"]" * 70 + b"}", "NONCANONICAL"),
        (b'{"at":1,"by":"duban_worker","e":' + b"[" * 20000 + b"]" * 20000 + b"}", "PARSE"),
        (b'{"at":1,"by":"duban_worker","e":{"seq":-1,"stream":"s"}}', "PARSE"),
        (b'{"at":true,"by":"duban_worker","e":{"seq":0,"stream":"s"}}', "PARSE"),
        (b"[]", "PARSE"),
        (b"\xff", "PARSE"),
        (b"", "PARSE"),
        (b'{"at":1,"by":"postgres","e":{"seq":0,"stream":"s"}}', "WRITER"),
    ],
)
def test_entries_that_were_honestly_logged_but_are_none(
    tmp_path: Path, leaf: bytes, code: str
) -> None:
    folder = box(tmp_path, None, MemoryLog([*story(), leaf], [15]))

    verdict = checked(folder)

    assert verdict.status == 1
    assert (verdict.codes, verdict.at(code)["index"]) == ({code}, 14)


def test_streams_with_gaps_doubles_and_false_counts(tmp_path: Path) -> None:
    one, two = a_stream("A", 5), a_stream("B", 4, closed=True)
    late = leaf_of(an_event(4), "campaign-B", "B")
    leaves = [*one[:2], *one[3:], one[0], *two, late]
    verdict = checked(box(tmp_path, None, MemoryLog(leaves, [len(leaves)])))

    assert verdict.codes == {"ORDINAL_GAP", "DUP_ORDINAL", "CLOSED_COUNT"}
    assert verdict.at("ORDINAL_GAP")["en"].endswith("2 .. 2")
    assert verdict.at("CLOSED_COUNT")["entry"] == "campaign-B"


def test_streams_may_stand_in_any_order(tmp_path: Path) -> None:
    leaves = a_stream("A", 300, closed=True)[::-1]
    folder = box(tmp_path, None, MemoryLog(leaves, [1, 255, 256, 257, 300]))

    assert checked(folder).codes == set()


def test_bodies(tmp_path: Path) -> None:
    folder = box(tmp_path, None)
    [line] = [json.loads(each) for each in (folder / "payloads.jsonl").read_bytes().splitlines()]
    for change, codes in (
        ({"body": "AAAA"}, {"PAYLOAD"}),
        ({"slot": "other"}, {"PAYLOAD_ORPHAN"}),
        ({"index": 3}, {"PAYLOAD_ORPHAN"}),
        ({"salt": "AAAA"}, {"PAYLOAD"}),
    ):
        (folder / "payloads.jsonl").write_bytes(canonical({**line, **change}))
        reseal(folder)
        assert checked(folder).codes == codes
    (folder / "payloads.jsonl").unlink()
    reseal(folder, payloads=0)
    verdict = checked(folder)
    assert verdict.status == 0
    assert "committed" in {each["key"] for each in verdict.told["unchecked"]}


def test_the_log_rewritten_and_signed_by_its_own_operator(tmp_path: Path) -> None:
    leaves = story()
    leaves[3] = leaves[3].replace(b"P-office", b"P-nobody")
    forged = MemoryLog(leaves, [4, 9, 14], witnesses=())
    folder = box(tmp_path, None, forged)
    held = tmp_path / "held"
    held.write_text(sample().note(9).format(), encoding="utf-8")

    assert checked(folder).codes == {"QUORUM"}
    assert checked(folder, policy=BARE).codes == {"UNANCHORED"}
    assert checked(folder, "--anchor", str(held), policy=BARE).codes == {"FORK", "UNANCHORED"}
