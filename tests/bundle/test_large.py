"""Logs of several tiles, spread over processes, and zips larger than plain ones."""

import json
import zipfile
from pathlib import Path

import pytest

from duban.bundle import verify
from duban.bundle.verify import work
from duban.proof.merkle import root_of
from duban.proof.tiles import bundle_path, tile_path
from tests.bundle.boxes import box, checked, edit, packed
from tests.bundle.log import MemoryLog, a_stream

SIZES = [1, 255, 256, 257, 511, 512, 600, 1000]


def log_of(size: int) -> MemoryLog:
    return MemoryLog(a_stream("BE-2019", size), sorted({size, *[s for s in SIZES if s < size]}))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("campaign", [None, "BE-2019"])
def test_every_size(tmp_path: Path, size: int, campaign: str | None) -> None:
    folder = box(tmp_path, campaign, log_of(size))

    assert checked(folder).codes == set()


def test_names_are_those_of_the_tile_logs() -> None:
    for index in (0, 1, 999, 1000, 1234067):
        for width in (1, 255, 256):
            assert verify.tile_name("3", index, width) == tile_path(3, index, width)
            assert verify.tile_name("entries", index, width) == bundle_path(index, width)


def test_any_tile_altered(tmp_path: Path) -> None:
    folder = box(tmp_path, None, log_of(600))
    for name in ("tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2"):
        before = (folder / name).read_bytes()
        edit(folder, name, lambda old: old[:-1] + bytes([old[-1] ^ 1]))
        assert checked(folder).at("TILE")["file"] == name
        (folder / name).write_bytes(before)


def test_a_broken_length_shows_where_it_begins(tmp_path: Path) -> None:
    folder = box(tmp_path, None, log_of(600))
    edit(folder, "tile/entries/001", lambda old: bytes([0, 1]) + old[2:])

    verdict = checked(folder)

    assert verdict.at("LEAF_HASH")["index"] == 256
    assert verdict.at("PARSE")["file"] == "tile/entries/001"


def test_the_work_is_spread_over_processes(tmp_path: Path) -> None:
    log = log_of(1000)
    bundle = verify.Bundle(str(packed(tmp_path / "out.zip", None, log)))
    tasks = [verify.Task(n, 1, 1000, (1000,) if n == 3 else (), False) for n in range(4)]

    units = list(verify.spread(bundle, tasks))
    alone = [work(task) for task in tasks]

    assert units == alone
    tree = verify.Tree(b"".join(each.roots for each in units), units[3].tails)
    assert tree.root(1000) == root_of(log.held)
    assert sum(len(each.said) for each in units) == 1000


def test_a_size_that_cannot_be(tmp_path: Path) -> None:
    log = log_of(10)
    folder = box(tmp_path, None, log)
    edit(folder, "checkpoint", lambda old: old.replace(b"\n10\n", b"\n9223372036854775807\n"))

    assert checked(folder).codes >= {"INDEX_GAP", "CKPT_ROOT", "CKPT_SIG", "MANIFEST"}


def test_more_findings_than_are_kept_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "KEPT", 3)
    folder = box(tmp_path, "BE-2019", log_of(50))
    edit(folder, "entries/000.jsonl", lambda old: old.replace(b"P-office", b"P-0ffice"))

    told = checked(folder).told

    assert (len(told["findings"]), told["count"]) == (3, 51)


def test_zips_beyond_the_limits_of_plain_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit, many in ((1000, 0xFFFF), (2**31 - 1, 3)):
        monkeypatch.setattr(zipfile, "ZIP64_LIMIT", limit)
        monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", many)
        monkeypatch.setattr(verify, "_BIG", limit)
        monkeypatch.setattr(verify, "_MANY", many)
        path = tmp_path / f"{limit}-{many}.zip"
        entries = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)
        with entries as archive:
            for number in range(5):
                info = zipfile.ZipInfo(f"file{number}", (1980, 1, 1, 0, 0, 0))
                info.create_system, info.external_attr = 3, 0o100644 << 16
                archive.writestr(info, b"x" * 700)

        assert verify.Bundle(str(path)).read("file4") == b"x" * 700


def test_a_bundle_packed_anew_is_to_be_unpacked(tmp_path: Path) -> None:
    folder = box(tmp_path, None)
    anew = tmp_path / "anew.zip"
    with zipfile.ZipFile(anew, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(folder.rglob("*")):
            archive.write(each, each.relative_to(folder))

    with pytest.raises(verify.Wrong, match="CONTAINER"):
        verify.Bundle(str(anew))
    assert checked(folder).codes == set()


def test_names_that_lead_out_of_the_bundle(tmp_path: Path) -> None:
    folder = box(tmp_path, None)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["../policy"] = {"bytes": 0, "sha256": ""}
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")

    assert checked(folder).codes == {"MANIFEST"}
