"""Workflow history is a public interface: explicit names, one input, a validator per update."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support import fingerprints
from tests.support.sources import (
    ROOT,
    Function,
    Module,
    decorators,
    dotted,
    functions,
    modules,
    nodes,
)

SHELLS = modules("workflows", "activities")
NAMED = {"workflow.defn", "activity.defn", "workflow.update", "workflow.signal", "workflow.query"}


def decorated(module: Module) -> Iterator[ast.ClassDef | Function]:
    for node in nodes(module.tree):
        if isinstance(node, ast.ClassDef | Function):
            yield node


def is_explicit(call: ast.Call) -> bool:
    """Say whether a registration gives a name, or is the handler of whatever name comes."""
    return any(each.arg in {"name", "dynamic"} for each in call.keywords)


def is_dynamic(function: Function) -> bool:
    """Say whether a handler hears every name; the SDK then hands it the name and the payloads."""
    return any(
        isinstance(each, ast.Call) and any(k.arg == "dynamic" for k in each.keywords)
        for each in function.decorator_list
    )


def unnamed(module: Module) -> list[str]:
    """Return what is registered with Temporal under a name that moving code would change."""
    found = []
    for node in decorated(module):
        for each in node.decorator_list:
            call = each if isinstance(each, ast.Call) else None
            known = dotted(call.func if call else each)
            if known in NAMED and not (call and is_explicit(call)):
                found.append(f"{module.at(node)} {node.name}")
    return found


def updates(module: Module) -> list[Function]:
    return [f for f in functions(module.tree) if "workflow.update" in decorators(f)]


def test_temporal_names_are_explicit() -> None:
    assert [place for each in SHELLS for place in unnamed(each)] == []


def test_every_update_has_a_validator() -> None:
    """temporal.md 0.8: an interceptor's check is skipped for updates without one."""
    validated = {
        name.removesuffix(".validator")
        for each in SHELLS
        for function in functions(each.tree)
        for name in decorators(function)
        if name.endswith(".validator")
    }

    assert {f.name for each in SHELLS for f in updates(each)} == validated


def test_messages_take_one_value_at_most() -> None:
    kinds = {"workflow.update", "workflow.signal", "workflow.query", "activity.defn"}

    too_many = [
        f"{module.at(each)} {each.name}"
        for module in SHELLS
        for each in functions(module.tree)
        if kinds & set(decorators(each)) and len(each.args.args) > 2 and not is_dynamic(each)
    ]

    assert too_many == []


def test_workflow_state_is_restored_before_any_message() -> None:
    """temporal.md 0.5: `workflow.init`, or an early signal is lost."""
    made = [
        decorators(each)
        for module in SHELLS
        for node in decorated(module)
        if isinstance(node, ast.ClassDef) and "workflow.defn" in decorators(node)
        for each in node.body
        if isinstance(each, Function) and each.name == "__init__"
    ]

    assert made == [["workflow.init"]] * 4


def test_commands_are_those_of_the_committed_fingerprints() -> None:
    difference = fingerprints.difference()

    assert difference == "", difference


def test_a_changed_order_of_commands_is_told_with_the_recipe(tmp_path: Path) -> None:
    told = fingerprints.written(fingerprints.fingerprints())
    changed = tmp_path / "fingerprints.json"
    changed.write_text(told.replace("local activity", "activity"), encoding="utf-8")

    difference = fingerprints.difference(changed)

    assert '+        "local activity TrailActivities.record_events"' in difference
    assert "docs/changing-workflows.md" in difference


def test_the_recipe_leads_to_a_page() -> None:
    assert (ROOT / "docs/changing-workflows.md").is_file()


def test_commands_are_read_in_the_order_of_the_source() -> None:
    source = "async def run(self):\n await workflow.sleep(1)\n await workflow.patched('a')\n"

    assert list(fingerprints.commands(ast.parse(source))) == ["timer", "patched 'a'"]
