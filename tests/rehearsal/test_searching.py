"""A search through all that a rehearsal keeps: what is said is found, nothing is overlooked."""

import base64
from pathlib import Path
from typing import Any

import pytest

from duban.rehearsal import RehearsalReport, Script, ScriptInvalid, rehearse
from duban.rehearsal.demo import rehearsal_of
from duban.rehearsal.searching import Search, forms, found_beside, found_in

FILED = "松林坊2号文"
FIRST = {"at": "2019-03-05 10:00", "by": "LG-1", "do": "establish", "with": {"doc_no": FILED}}


async def play(home: Path, *found: dict[str, Any]) -> RehearsalReport:
    """Establish the campaign under a document's number, and search an hour later."""
    search = {"at": "2019-03-05 11:00", "by": "SU-1", "do": "search_everything"}
    steps = [FIRST, *({**search, "says": "搜过", "with": each} for each in found)]
    script = Script.model_validate({"title": "搜查", "base": "none", "steps": steps})
    [report] = await rehearse(
        [rehearsal_of("business.xlsx", script)], home=home, on_progress=lambda _: None
    )
    return report


def place(name: str) -> dict[str, str]:
    return {"site": "ZX-90417", "name": name, "unit": "U01"}


async def test_what_is_found_but_not_foreseen_or_foreseen_but_not_found_is_seen(
    tmp_path: Path,
) -> None:
    nowhere = {"places": [place("紫薇坡七弄")], "openly": [FILED]}
    somewhere = {"places": [place(FILED)], "openly": ["LG-1"]}
    blind = {"places": [place("紫薇坡七弄")], "openly": ["谁也没说过的词"]}

    report = await play(tmp_path, nowhere, somewhere, blind, {**somewhere, "found": [FILED]})

    assert [(each.met, each.seen) for each in report.verdicts] == [
        (True, 0),
        (False, 1),
        (False, 0),
        (True, 1),
    ]
    assert [(each.expected, each.answer) for each in report.surprises] == [
        ("LG-1", f"LG-1 {FILED}"),
        ("谁也没说过的词", ""),
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"places": [place("紫薇坡七弄")]}, "openly"),
        ({"places": [place("紫薇坡七弄")], "openly": []}, "openly"),
        ({"places": [], "openly": [FILED]}, "places"),
    ],
)
async def test_a_search_that_could_prove_nothing_is_refused(
    tmp_path: Path, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(ScriptInvalid, match=r"script.invalid") as raised:
        await play(tmp_path, given)

    assert f"search_everything {field}" in str(raised.value.params["reason"])


def test_every_name_of_a_place_is_looked_for() -> None:
    told = {**place("紫薇坡七弄"), "address": "紫薇坡7号"}
    search = Search.model_validate({"places": [told, place("紫薇坡八弄")], "openly": ["词"]})

    assert search.names == {"ZX-90417", "紫薇坡七弄", "紫薇坡7号", "紫薇坡八弄"}


def test_files_beside_the_cluster_are_looked_through(tmp_path: Path) -> None:
    cluster, evidence = tmp_path / "postgres", tmp_path / "evidence-1" / "ab"
    for folder, word in ((cluster / "pg_wal", "早先说过的"), (evidence, FILED)):
        folder.mkdir(parents=True)
        (folder / "0001").write_text(word)

    assert found_beside(cluster, {"早先说过的", FILED, "没有的"}) == {FILED}


@pytest.mark.parametrize("name", ["紫薇坡第1便民厅", "ZWP-8801"])
def test_every_form_of_a_name_is_found(name: str) -> None:
    every = forms(name)

    assert all(found_in(b"\x00..." + form + ends[:1] + b"\xff", [name]) for form, ends in every)
    assert len(every) > 5
    assert found_in(b"nothing of the kind", [name]) == set()


@pytest.mark.parametrize("before", ["", "1", "12", "123"])
@pytest.mark.parametrize("after", ["", "x", "~~"])
def test_names_that_begin_alike_are_told_apart_in_base64(before: str, after: str) -> None:
    names = [f"ZWP-880{n}" for n in range(10)]

    for name in names:
        data = (before + name + after).encode()
        assert found_in(base64.b64encode(data), names) == {name}
        assert found_in(base64.urlsafe_b64encode(data), names) == {name}
