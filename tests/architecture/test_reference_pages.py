"""Reference tables written by hand list exactly what the code has."""

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from duban.cli.errors import Status
from duban.contracts import Mode, Record
from duban.domain.events import Change, Event
from duban.domain.roles import Actor, Role
from duban.rehearsal.script import Expectation, Script, Step, Substitution, read_script
from duban.store.canonical import entry
from duban.texts.verify import VERIFY
from tests.support.sources import ROOT, calls, module


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def first_cells(page: str, head: str) -> set[str]:
    """Return what stands in backticks in the first column of the table with this head."""
    table = read(page).split(f"\n{head}\n", 1)[1].split("\n\n", 1)[0]
    rows = [line.strip("|").split("|")[0] for line in table.splitlines()[1:]]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def a_full_event() -> Event:
    """Return a closing event in which every field is filled."""
    actor = Actor(id="A", role=Role.LIAISON, unit="U01", on_behalf_of="B", delegation_id="D1")
    return Event(
        seq=0,
        tag="campaign:stream:closed",
        occurred_at=datetime(2019, 3, 4, tzinfo=UTC),
        actor=actor,
        object_type="campaign",
        object_id="BE-2019",
        unit="U01",
        reason="x",
        basis_doc="x",
        code="x",
        request_id="x" * 8,
        policy_version="2019-1",
        calendar_version=1,
        detail={"count": 1},
        changes=(Change(kind="task", id="B-01", before={"a": 1}, after={"a": 2}),),
    )


def test_the_fields_of_an_entry_are_listed() -> None:
    record = Record(stream="s", campaign="BE-2019", mode=Mode.LIVE, events=(a_full_event(),))

    fields = json.loads(entry(record, record.events[0]))

    assert first_cells("docs/audit-trail.md", "| field | meaning |") == set(fields)


def test_the_findings_of_the_check_are_listed() -> None:
    noted = {
        str(getattr(call.args[0], "value", ""))
        for name in ("checks", "ordinals")
        for called, call in calls(module(f"duban/store/{name}.py").tree)
        if called == "Finding"
    }

    assert first_cells("docs/audit-trail.md", "| finding | meaning |") == noted


def test_the_codes_of_the_verifier_are_listed_and_have_words() -> None:
    noted = {
        str(getattr(call.args[0], "value", ""))
        for path in (
            *sorted((ROOT / "duban/verify").glob("*.py")),
            ROOT / "duban/store/checks.py",
            ROOT / "duban/store/ordinals.py",
        )
        for name, call in calls(module(path.relative_to(ROOT).as_posix()).tree)
        if name.endswith((".note", "._note", "Finding"))
        and call.args
        and isinstance(getattr(call.args[0], "value", None), str)
    } | {"CFG_GRANT", "CFG_TRIGGER"}
    prefix = "verify.code."

    assert first_cells("docs/audit-trail.md", "| code | meaning |") == noted
    assert {key.removeprefix(prefix) for key in VERIFY if key.startswith(prefix)} == noted


def test_the_keys_of_a_script_are_listed() -> None:
    names = first_cells("docs/rehearsal.md", "| key | meaning |")
    listed = {name.rpartition(".")[2] for name in names}

    fields = {
        info.alias or name
        for model in (Script, Step, Expectation)
        for name, info in model.model_fields.items()
    }

    assert listed | {"steps", "expect"} == fields
    assert all(name in read("docs/rehearsal.md") for name in Substitution.model_fields)


def test_the_scripts_that_the_page_shows_are_ones(tmp_path: Path) -> None:
    shown = re.findall(r"```yaml\n(.*?)```", read("docs/rehearsal.md"), re.DOTALL)
    scripts = []
    for text in shown:
        (tmp_path / "story.yaml").write_text(text, encoding="utf-8")
        scripts.append(read_script(tmp_path / "story.yaml"))

    assert scripts[0].steps[0].refused == "extension.after_expiry"
    assert [step.on for step in scripts[1].steps] == ["", "away", "away"]


def test_exit_statuses_are_listed() -> None:
    for page in ("README.md", "README.zh-CN.md"):
        listed = re.findall(r"^\| (\d) \| \S", read(page), re.MULTILINE)

        assert listed == [str(each.value) for each in Status], page


def test_the_table_of_floors_names_every_floor() -> None:
    linter = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]
    [layers] = [each["layers"] for each in linter["contracts"] if each["type"] == "layers"]
    table = read("docs/architecture.md").split("## Floors", 1)[1].split("## Doors", 1)[0]

    missing = [
        name
        for layer in layers
        for name in re.findall(r"[\w.]+", layer)
        if f"`{name}`" not in table
    ]

    assert missing == [], ", ".join(missing)
