"""Floors point down: the import contracts of pyproject.toml hold, and they name every floor."""

import ast
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.sources import ROOT, imports, modules, product


@cache
def linter_settings() -> dict[str, Any]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    linter: dict[str, Any] = settings["tool"]["importlinter"]
    return linter


def test_the_import_contracts_hold() -> None:
    program = Path(sys.executable).parent / "lint-imports"

    ran = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_module_of_duban_stands_on_a_floor() -> None:
    [layers] = [each for each in linter_settings()["contracts"] if each["type"] == "layers"]
    floors = {name.strip() for layer in layers["layers"] for name in layer.split(":")}
    # The errors between the parts, the command's entry and doctor's checks are told apart by name.
    elsewhere = {"duban", "duban.errors", "duban.__main__", "duban.doctor"}

    found = {".".join(Path(each.path).with_suffix("").parts[:2]) for each in modules("duban")}

    assert found - {"duban.__init__"} <= floors | elsewhere


def test_contracts_are_sentences() -> None:
    names = [each["name"] for each in linter_settings()["contracts"]]

    assert all(len(name.split()) > 2 for name in names), names


def test_only_those_who_run_a_worker_import_it() -> None:
    allowed = ("worker.py", "duban/stack/", "duban/rehearsal/", "duban/cli/")

    found = [
        each.at(node)
        for each in product()
        if not each.path.startswith(allowed)
        for name, node in imports(each.tree)
        if name.split(".")[0] == "worker"
    ]

    assert found == [], "\n".join(found)


def test_the_product_imports_nothing_of_its_tests() -> None:
    found = [
        each.at(node)
        for each in product()
        for name, node in imports(each.tree)
        if name.split(".")[0] in {"tests", "bench", "pytest", "hypothesis"}
    ]

    assert found == [], "\n".join(found)


def test_workflows_import_from_below_only_what_is_passed_through() -> None:
    found = [
        f"{each.at(node)} {name}"
        for each in modules("workflows")
        for node in each.tree.body
        if not isinstance(node, ast.With)
        for name, _ in imports(node)
        if name.split(".")[0] in {"duban", "activities", "workflows", "pydantic"}
    ]

    assert found == [], "import it inside workflow.unsafe.imports_passed_through()"
