"""The single file on a machine that has never seen Duban, and when it must not say OK."""

import ast
import json
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from duban.bundle import verify
from duban.bundle.verify import anchor_line
from duban.proof.policy import Policy
from tests.bundle.boxes import SELF, box, checked, command, edit, packed, policy_file, run
from tests.bundle.log import BARE, LOG, ORIGIN, WITNESSES, MemoryLog, a_stream, sample

PYTHONS = [each for each in (sys.executable, "/usr/bin/python3") if Path(each).exists()]
BOTH = pytest.mark.parametrize("campaign", [None, "BE-2019"])


def held(path: Path, size: int, log: MemoryLog | None = None) -> Path:
    """Write what somebody else holds: a printed line."""
    root = (log or sample()).note(size).text.split("\n")[2]
    line = anchor_line(ORIGIN, size, verify.unbase64(root))
    path.write_text(line + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("python", PYTHONS)
@BOTH
def test_it_runs_in_an_empty_environment(tmp_path: Path, python: str, campaign: str | None) -> None:
    bundle = packed(tmp_path / "out.zip", campaign)
    with zipfile.ZipFile(bundle) as archive:
        archive.extract("verify.py", tmp_path)
    own = tmp_path / "verify.py"

    told = run(own, bundle, "--policy", policy_file(tmp_path), python=python)

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines()[0] == "督办留痕核验 / Duban bundle check"
    assert told.stdout.splitlines()[-1] == "结论：成立 / Verdict: IT HOLDS"
    assert own.read_bytes() == SELF.read_bytes()


def test_its_language_is_that_of_python_3_8_and_its_imports_the_standard_library() -> None:
    tree = ast.parse(SELF.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    newer = {"removeprefix", "removesuffix", "bit_count", "is_relative_to", "pairwise", "slots"}
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}

    assert imported <= sys.stdlib_module_names
    assert not newer & (used | {str(each) for each in keywords})
    assert "strict" not in keywords


@BOTH
def test_without_a_policy_it_does_not_say_ok(tmp_path: Path, campaign: str | None) -> None:
    bundle = packed(tmp_path / "out.zip", campaign)

    assert checked(bundle, policy=None).codes == {"UNANCHORED"}
    assert command(bundle)[0] == 3
    # The log's operator alone vouches for nothing either.
    assert checked(bundle, policy=BARE).codes == {"UNANCHORED"}


def test_the_policy_inside_a_bundle_is_none(tmp_path: Path) -> None:
    folder = box(tmp_path, None)

    status, said = command(folder, "--policy", folder / "policy.txt")

    assert status == 2
    assert "bring your own" in said


@BOTH
def test_over_nothing_it_does_not_say_ok(tmp_path: Path, campaign: str | None) -> None:
    empty = MemoryLog([], [])
    folder = box(tmp_path, campaign)
    for each in folder.rglob("*"):
        if each.is_file() and each.name not in ("manifest.json", "verify.py"):
            each.unlink()
    (folder / "checkpoint").write_text(empty.note(0).format(), encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    said = {"checkpoints": 1, "entries": 0, "payloads": 0, "root": verify.EMPTY_ROOT.hex()}
    kept = {"verify.py": manifest["files"]["verify.py"]}
    note = (folder / "checkpoint").read_bytes()
    kept["checkpoint"] = {"bytes": len(note), "sha256": sha256(note).hexdigest()}
    manifest.update(said, size=0, streams=0, files=kept)
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")

    verdict = checked(folder)

    assert (verdict.status, "EMPTY" in verdict.codes) == (3, True), verdict


@BOTH
def test_an_anchor_alone_vouches_for_what_it_covers(tmp_path: Path, campaign: str | None) -> None:
    bundle = packed(tmp_path / "out.zip", campaign)

    whole = checked(bundle, "--anchor", str(held(tmp_path / "now", 14)), policy=None)
    part = checked(bundle, "--anchor", str(held(tmp_path / "then", 9)), policy=None)

    assert whole.codes == set()
    assert "no_key" in {each["key"] for each in whole.told["unchecked"]}
    assert part.codes == {"UNANCHORED"}
    assert "from entry 9 on" in part.at("UNANCHORED")["en"]


def test_anchors_that_do_not_fit(tmp_path: Path) -> None:
    bundle = packed(tmp_path / "out.zip", "BE-2019")
    other = MemoryLog(a_stream("X", 40), [40])

    def with_anchor(size: int, log: MemoryLog | None = None) -> set[str]:
        return checked(bundle, "--anchor", str(held(tmp_path / "a", size, log))).codes

    assert with_anchor(9) == set()
    assert with_anchor(9, other) == {"FORK"}
    assert with_anchor(5) == {"NOT_AVAILABLE"}
    assert with_anchor(40, other) == {"TRUNCATED"}
    whole = packed(tmp_path / "all.zip", None)
    assert checked(whole, "--anchor", str(held(tmp_path / "b", 5))).codes == set()


def test_a_mistyped_anchor_is_no_anchor(tmp_path: Path) -> None:
    path = held(tmp_path / "anchor", 9)
    bundle = packed(tmp_path / "out.zip", None)
    for change in (lambda old: old.replace(b" 9 ", b" 8 "), lambda old: old[:-3] + b"00\n"):
        edit(tmp_path, "anchor", change)
        status, said = command(bundle, "--anchor", path)
        assert (status, "mistyped" in said) == (2, True)


@pytest.mark.parametrize("text", ["", "log x\n", f"log {LOG.public.format()}\n", "nonsense\n"])
def test_a_policy_that_is_none(tmp_path: Path, text: str) -> None:
    bundle = packed(tmp_path / "out.zip", None)

    assert command(bundle, "--policy", policy_file(tmp_path, text))[0] == 2


def test_policies_mean_the_same_to_both_readers() -> None:
    one, two = (each.public.format() for each in WITNESSES)
    text = (
        f"log {LOG.public.format()} https://log.example\nwitness a {one} https://a.example\n"
        f"witness\tb {two}\ngroup some any a\ngroup most all some b\nquorum most\n"
        "tolerance 3\nmmd 90\nstale 600\nwriter x y\norigin duban.test/trail\n"
    )
    for written in (text, Policy.parse(text).format()):
        ours, alone = Policy.parse(written), verify.Policy(written)
        for cosigners in ([], ["a"], ["b"], ["a", "b"], ["c", "a"]):
            assert ours.satisfied(cosigners) == alone.satisfied(cosigners)
        assert set(ours.writers) == alone.writers
        assert [each.name for each in alone.keys(ORIGIN)] == [ORIGIN]
        assert alone.keys("duban.test/other") == []


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a zip")

    assert command(tmp_path / "nowhere")[0] == 2
    assert command(tmp_path / "text")[0] == 2
    assert command(tmp_path)[0] == 2
    assert json.loads(command(tmp_path / "text", "--json")[1])["status"] == 2
    assert run(SELF, "--wrong").returncode == 2


def test_one_language_and_json(tmp_path: Path) -> None:
    folder = box(tmp_path, "BE-2019")
    edit(folder, "entries/000.jsonl", lambda old: old.replace(b"P-office", b"P-0ffice", 1))
    policy = policy_file(tmp_path)
    status, chinese = command(folder, "--policy", policy, "--lang", "zh")
    english = command(folder, "--policy", policy, "--lang", "en")[1]
    told = json.loads(command(folder, "--policy", policy, "--json")[1])

    assert status == told["status"] == 1
    assert "留痕字节与其哈希不符" in chinese
    assert "Verdict" not in chinese
    assert "LEAF_HASH      entries/000.jsonl  index 1  campaign-BE-2019#0  byte 0" in english
    assert told["findings"][0]["zh"]


@BOTH
def test_fast_checks_hashes_and_signatures_only(tmp_path: Path, campaign: str | None) -> None:
    leaf = b'{"by":"postgres"}'
    folder = box(tmp_path, campaign, MemoryLog([*a_stream("BE-2019", 3), leaf], [4]))
    status, said = command(folder, "--fast", "--policy", policy_file(tmp_path), "--lang", "en")
    assert (status, said.splitlines()[-1]) == (
        0,
        "Verdict: HASHES AND SIGNATURES HOLD (--fast, nothing else was checked)",
    )
    name = "entries/000.jsonl" if campaign else "tile/entries/000.p/4"
    edit(folder, name, lambda old: old.replace(b"P-office", b"P-0ffice", 1))
    assert "LEAF_HASH" in checked(folder, "--fast").codes


def test_a_text_cannot_steer_the_terminal() -> None:
    assert verify.plain("a\x1b[2J\n\u202e") == "a\\u001b[2J\\u000a\\u202e"
