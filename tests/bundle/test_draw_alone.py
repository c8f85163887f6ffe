"""The single file that computes a draw again: alone, on a thousand draws, and what it says."""

import ast
import io
import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from duban.bundle import draw_verify
from duban.domain.draw.basis import Terms, UnitFacts
from duban.domain.draw.freezing import DrawnSite, ExclusionCode, Frozen
from duban.domain.draw.places import Candidate, Place, Tie, TieKind
from duban.domain.draw.record import DrawDoubt, DrawRecord, RecordFault, Sibling, doubts, faults
from duban.domain.draw.trail import STEPS, TrailFault
from duban.domain.model import Model
from tests.bundle.boxes import run
from tests.support.inspection_draws import frozen, made_up, revealed

SELF = Path(draw_verify.__file__)
PYTHONS = [each for each in (sys.executable, "/usr/bin/python3") if Path(each).exists()]
CHUNKS = pytest.mark.parametrize("chunk", range(10))


def written(path: Path, record: DrawRecord) -> Path:
    """Write a record as it is exported."""
    path.write_text(record.model_dump_json(), encoding="utf-8")
    return path


def command(*words: object) -> tuple[int, str]:
    """Run the command in this process; return its status and what it said."""
    said = io.StringIO()
    with redirect_stdout(said):
        status = draw_verify.main([str(each) for each in words])
    return status, said.getvalue()


def burned(record: DrawRecord) -> DrawRecord:
    """Return the record of the same draw with its last target burned."""
    last = record.targets[-1].model_copy(update={"pick": None, "salt": None})
    told = {"targets": (*record.targets[:-1], last), "secret": None, "seed": None}
    return record.model_copy(update=told)


@CHUNKS
def test_f3_8_of_a_thousand_draws_both_say_that_they_hold(chunk: int) -> None:
    for number in range(chunk * 100, chunk * 100 + 100):
        record = revealed(made_up(number), sha256(b"%d" % number).digest(), f"数-{number}")

        report = draw_verify.check(record.model_dump_json())

        assert (report.faults, report.doubts, report.status) == ([], [], 0), number
        assert (faults(record), doubts(record)) == ([], []), number


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("number", [3, 4])
def test_it_runs_in_an_empty_environment(tmp_path: Path, python: str, number: int) -> None:
    own = tmp_path / "draw_verify.py"
    own.write_bytes(SELF.read_bytes())

    told = run(own, written(tmp_path / "draw.json", revealed(made_up(number))), python=python)

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines()[0] == "督办抽取核验 / Duban draw check"
    assert told.stdout.splitlines()[-1] == "结论：成立 / Verdict: IT HOLDS"


def test_its_language_is_that_of_python_3_8_and_its_imports_the_standard_library() -> None:
    tree = ast.parse(SELF.read_text(encoding="utf-8"), feature_version=(3, 8))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import)]
    names = {
        name.partition(".")[0]
        for node in found
        for name in (
            [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
        )
    }
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}

    assert names <= sys.stdlib_module_names
    assert not {"removeprefix", "removesuffix", "pairwise", "slots", "strict"} & (used | keywords)


def test_its_codes_are_those_of_the_domain_each_in_both_languages() -> None:
    assert list(draw_verify.FAULTS) == [each.value for each in (*RecordFault, *TrailFault)]
    assert list(draw_verify.ON_THE_TRAIL) == [each.value for each in TrailFault]
    assert tuple(f"campaign:draw:{step}" for step in draw_verify.STEPS) == STEPS
    assert list(draw_verify.DOUBTS) == [each.value for each in DrawDoubt]
    assert list(draw_verify.CODES) == [each.value for each in ExclusionCode]
    assert list(draw_verify.TIES) == [each.value for each in TieKind]
    assert [code for _, codes in draw_verify.GROUPS for code in codes] == [*RecordFault]
    keys = [*draw_verify.FAULTS, *draw_verify.DOUBTS, *draw_verify.WORDS]
    assert len(set(keys)) == len(keys)
    tables = (draw_verify.FAULTS, draw_verify.DOUBTS, draw_verify.WORDS)
    for chinese, english in (words for table in tables for words in table.values()):
        assert not chinese.isascii()
        assert english.isascii()


@pytest.mark.parametrize(
    ("form", "model"),
    [
        (draw_verify.RECORD, DrawRecord),
        (draw_verify.RECORD["frozen"], Frozen),
        (draw_verify.SITE, DrawnSite),
        (draw_verify.TERMS, Terms),
        (draw_verify.UNIT, UnitFacts),
        (draw_verify.LISTS["places"][0], Place),
        (draw_verify.LISTS["pool"][0], Candidate),
        (draw_verify.LISTS["pool"][0]["ties"][0], Tie),
        (draw_verify.RECORD["siblings"][0], Sibling),
    ],
)
def test_it_reads_the_fields_that_are_written(form: dict[str, Any], model: type[Model]) -> None:
    assert set(form) == set(model.model_fields)


def test_a_burned_target_cannot_be_concluded_and_says_so(tmp_path: Path) -> None:
    record = burned(revealed(frozen()))
    status, said = command(written(tmp_path / "draw.json", record))

    assert (status, said.splitlines()[-1]) == (
        3,
        "结论：不能断定 / Verdict: IT CANNOT BE CONCLUDED",
    )
    assert "BE-2019-I0002：已销毁 / BE-2019-I0002: burned" in said
    assert "密值、种子、抽取结果重算相符" not in said
    assert "公开的对象与封存时的承诺相符" in said


def test_a_draw_that_is_not_revealed_cannot_be_concluded(tmp_path: Path) -> None:
    told = {"secret": None, "seed": None, "targets": ()}
    record = revealed(frozen()).model_copy(update=told)
    status, said = command(written(tmp_path / "draw.json", record), "--lang", "en")

    assert status == 3
    assert "not_revealed the secret is not revealed" in said


def test_it_tells_what_was_drawn_what_is_void_and_what_it_cannot_know(tmp_path: Path) -> None:
    record = revealed(frozen())
    status, said = command(written(tmp_path / "draw.json", record), "--lang", "en")

    assert status == 0
    assert "draw 2019-BE-002 of BE-2019: 2 of 5 sites, 5 left out" in said
    for target in record.targets:
        assert target.pick
        assert f"{target.inspection}: {target.pick.site} ({target.pick.inspectors[0]}" in said
    assert "2019-BE-001: void (有误)" in said
    assert "commitment before number: give a bundle with --bundle" in said
    assert "督办" not in said


def test_json_says_the_same(tmp_path: Path) -> None:
    record = revealed(frozen()).model_copy(update={"run_by": ("SU-2",)})
    status, said = command(written(tmp_path / "draw.json", record), "--json")
    told = json.loads(said)

    assert (status, told["status"], told["draw"]) == (1, 1, "2019-BE-002")
    assert told["findings"] == [
        {
            "code": "same_person",
            "zh": "抽取人、见证人、组长不是三个人",
            "en": "operator, witness and team leader are not three people",
        }
    ]
    assert "separated" not in told["holds"]
    assert told["unchecked"] == ["log", "ruler", "truth", "later"]


def put(*way: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    """Return a change of one value, deep inside a record."""

    def change(record: dict[str, Any]) -> None:
        found: Any = record
        for step in way[:-1]:
            found = found[step]
        found[way[-1]] = value

    return change


_TERMS = ("frozen", "basis", "terms")


@pytest.mark.parametrize(
    "change",
    [
        put("format", value="duban-draw/v2"),
        put("more", value=1),
        put("siblings", value=None),
        put("run_by", value=["a b"]),
        put("frozen", "population", 0, "tickets", value=0),
        put("frozen", "population", 0, "tickets", value=10**9),
        put("frozen", "population", 0, "site", value="\ud800"),
        put("frozen", "basis", "rules", "red_card_days", value=10**9),
        put("frozen", "basis", "rules", "former_unit_years", value=2020),
        put(*_TERMS, "on", value="0001-01-01"),
        put(*_TERMS, "on", value="2019-6-3"),
        put(*_TERMS, "inspections", value=[]),
        put(*_TERMS, "leaders", value=[]),
        put(*_TERMS, "theme", value=""),
        put(*_TERMS, "quotas", value={"A": 0}),
    ],
)
def test_what_is_no_record_is_unreadable_to_both(
    tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    document = json.loads(revealed(frozen()).model_dump_json())
    change(document)
    text = json.dumps(document)
    (tmp_path / "draw.json").write_text(text, encoding="utf-8")

    status, said = command(tmp_path / "draw.json")

    assert (status, said.startswith("结论：无法读取：")) == (2, True)
    with pytest.raises(ValueError, match="DrawRecord"):
        DrawRecord.model_validate_json(text)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a record")
    (tmp_path / "bytes").write_bytes(b"\xff")
    (tmp_path / "deep").write_text("[" * 100_000)

    for name in ("nowhere", "text", "bytes", "deep"):
        assert command(tmp_path / name)[0] == 2, name
    assert json.loads(command(tmp_path / "text", "--json")[1])["status"] == 2
    assert run(SELF, "--wrong").returncode == 2


def test_a_text_cannot_steer_the_terminal() -> None:
    assert draw_verify.plain("a\x1b[2J\n\u202e") == "a\\u001b[2J\\u000a\\u202e"
