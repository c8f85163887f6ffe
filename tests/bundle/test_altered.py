"""One byte changed anywhere in a bundle is found, and located."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bundle.boxes import box, checked, command, edit, files_of, packed, policy_file
from tests.bundle.log import sample

WHOLE, PART = None, "BE-2019"
BOTH = pytest.mark.parametrize("campaign", [WHOLE, PART])


@cache
def kept(campaign: str | None) -> Path:
    """An unpacked bundle of this run; tests alter a copy."""
    return box(Path(tempfile.mkdtemp()), campaign)


@contextmanager
def copied(campaign: str | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(shutil.copytree(kept(campaign), Path(folder) / "bundle"))


def flipped(at: int, mask: int) -> object:
    def flip(data: bytes) -> bytes:
        return data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]

    return flip


@BOTH
def test_the_untouched_bundle_holds(campaign: str | None) -> None:
    verdict = checked(kept(campaign))

    assert (verdict.status, verdict.codes) == (0, set())
    assert "quorum" in {each["key"] for each in verdict.told["holds"]}


@BOTH
@settings(max_examples=150)
@given(data=st.data())
def test_one_byte_changed_anywhere_is_found_and_located(
    campaign: str | None, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(files_of(kept(campaign))))
    size = (kept(campaign) / name).stat().st_size
    at, mask = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, 255))
    with copied(campaign) as folder:
        edit(folder, name, flipped(at, mask))  # type: ignore[arg-type]
        verdict = checked(folder)

    assert verdict.status == 1
    named = {each["file"] for each in verdict.told["findings"]}
    # A digest that was changed in the manifest shows at the file it is of.
    assert name in named or name == "manifest.json"


@given(st.integers(0, 13), st.data())
def test_a_byte_of_an_entry_shows_which_entry(index: int, data: st.DataObject) -> None:
    name = "tile/entries/000.p/14"
    leaves = sample().leaves
    start = sum(len(each) + 2 for each in leaves[:index]) + 2
    said = data.draw(st.sampled_from([b'"at":1', b'"occ":1']))
    place = start + leaves[index].index(said) + len(said) - 1
    with copied(WHOLE) as folder:
        edit(folder, name, lambda old: old[:place] + b"7" + old[place + 1 :])
        found = checked(folder).at("LEAF_HASH")

    fields = orjson.loads(leaves[index])["e"]
    assert (found["file"], found["index"], found["byte"]) == (name, index, start)
    assert found["entry"] == f"{fields['stream']}#{fields['seq']}"


def test_a_byte_of_a_campaign_entry_shows_which_entry() -> None:
    name = "entries/000.jsonl"
    lines = (kept(PART) / name).read_bytes().split(b"\n")
    for number in range(7):
        before, after = b"\n".join(lines[:number]), b"\n".join(lines[number + 1 :])
        line = lines[number].replace(b"P-office", b"P-0ffice")
        altered = before + b"\n" * bool(number) + line + b"\n" + after
        with copied(PART) as folder:
            (folder / name).write_bytes(altered)
            found = checked(folder).at("LEAF_HASH")

        assert found["byte"] == len(before) + bool(number)
        assert (found["index"], found["entry"]) == (
            json.loads(line)["index"],
            f"campaign-BE-2019#{number}",
        )


@settings(max_examples=150)
@given(data=st.data())
def test_one_byte_changed_in_the_zip_is_found(data: st.DataObject) -> None:
    whole = zipped(PART).read_bytes()
    at, mask = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
    # What stands between the files counts too, and there is little of it.
    at = data.draw(st.sampled_from([at, at % 64, len(whole) - 1 - at % 700]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "altered.zip"
        path.write_bytes(flipped(at, mask)(whole))  # type: ignore[operator]
        status, said = command(path, "--policy", policy_file(Path(folder)))

    # Only a zip that does not begin as one cannot be read at all.
    assert status == 1 or (status == 2 and at < 30), said


@BOTH
def test_bytes_after_the_end_are_found(campaign: str | None, tmp_path: Path) -> None:
    for name in files_of(kept(campaign)):
        with copied(campaign) as folder:
            edit(folder, name, lambda old: old + b"\n")
            assert checked(folder).status == 1, name
    longer = tmp_path / "longer.zip"
    longer.write_bytes(zipped(campaign).read_bytes() + b"\0")
    assert command(longer, "--policy", policy_file(tmp_path))[0] == 1


@cache
def zipped(campaign: str | None) -> Path:
    """A packed bundle of this run."""
    return packed(Path(tempfile.mkdtemp()) / "bundle.zip", campaign)
