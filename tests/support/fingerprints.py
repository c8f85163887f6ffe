"""Command fingerprints: what every workflow asks of the server, in the order of its source.

Replay tests see only the histories that were recorded; this sees every line. Run
`python -m tests.support.fingerprints` to write the file after a change that is meant.
"""

import ast
import difflib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.sources import ROOT, Function, Module, decorators, dotted, modules

FILE = ROOT / "tests/replay/fingerprints.json"

RECIPE = """
The commands of a workflow have changed. Running campaigns were begun with the old ones.
Read docs/changing-workflows.md, then:
  1. decide whether the change needs gating with workflow.patched (the page has both lists);
  2. run the replay tests: every recorded history must still replay;
  3. write the new fingerprints:  .venv/bin/python -m tests.support.fingerprints
  4. say in CHANGELOG.md, under Running campaigns, what happens to those that run.
"""

_ACTIVITY = re.compile(r"workflow\.(?:execute|start)_(local_)?activity(?:_method|_class)?")
_CHILD = re.compile(r"workflow\.(?:execute|start)_child_workflow")
_PLAIN = {
    "workflow.sleep": "timer",
    "asyncio.sleep": "timer",
    "workflow.continue_as_new": "continue as new",
    "workflow.upsert_search_attributes": "search attributes",
    "workflow.upsert_memo": "memo",
    "workflow.get_external_workflow_handle": "external workflow",
    "workflow.get_external_workflow_handle_for": "external workflow",
    "asyncio.create_task": "task",
    "asyncio.gather": "gather",
    "asyncio.wait": "wait for any",
    "workflow.wait": "wait for any",
}
_HANDLERS = ("update", "signal", "query")

Fingerprints = dict[str, dict[str, object]]


def fingerprints() -> Fingerprints:
    """Return handlers and commands of every module of workflows, and the activities' names."""
    found: Fingerprints = {}
    for each in modules("workflows"):
        functions = {name: list(commands(f)) for name, f in _methods(each.tree)}
        asked = {name: lines for name, lines in functions.items() if lines}
        handlers = list(_handlers(each))
        if asked or handlers:
            found[each.path] = {"handlers": handlers, "commands": asked}
    names = {k: v for each in modules("activities") for k, v in _activities(each)}
    found["activities"] = dict(names)
    return found


def commands(function: ast.AST) -> Iterator[str]:
    """Yield what a function asks of the server, in the order of its source."""
    asked = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    for node in sorted(asked, key=lambda each: (each.lineno, each.col_offset)):
        command = _command(node)
        if command is not None:
            yield command


def _command(call: ast.Call) -> str | None:
    name = dotted(call.func)
    first = ast.unparse(call.args[0]) if call.args else ""
    if activity := _ACTIVITY.fullmatch(name):
        return f"{'local ' if activity[1] else ''}activity {first}"
    if _CHILD.fullmatch(name):
        return f"child {first}"
    if name in {"workflow.patched", "workflow.deprecate_patch"}:
        return f"{name.removeprefix('workflow.')} {first}"
    if name == "workflow.wait_condition":
        timed = any(each.arg == "timeout" for each in call.keywords)
        return "wait with timer" if timed else "wait"
    if name.endswith(".cancel"):
        return f"cancel {name.removesuffix('.cancel')}"
    return _PLAIN.get(name)


def _methods(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from (
                (f"{node.name}.{each.name}", each)
                for each in node.body
                if isinstance(each, Function)
            )


def _handlers(module: Module) -> Iterator[str]:
    classes = [node for node in module.tree.body if isinstance(node, ast.ClassDef)]
    for node in [*classes, *(function for _, function in _methods(module.tree))]:
        for call in _decorations(node):
            kind = dotted(call.func).removeprefix("workflow.")
            if kind == "defn":
                yield f"workflow {_name(module, call)}"
            elif kind in _HANDLERS and isinstance(node, Function):
                yield f"{kind} {_name(module, call)}({_inputs(node)})"
        for name in decorators(node):
            if name.endswith(".validator"):
                yield f"validator of {name.removesuffix('.validator')}"


def _inputs(function: Function) -> str:
    return ", ".join(ast.unparse(a.annotation) for a in function.args.args if a.annotation)


def _decorations(node: ast.ClassDef | Function) -> list[ast.Call]:
    return [each for each in node.decorator_list if isinstance(each, ast.Call)]


def _name(module: Module, call: ast.Call) -> str:
    """Return the registered name: the text itself, or the constant that holds it."""
    for keyword in call.keywords:
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
        if keyword.arg == "name":
            return _constant(dotted(keyword.value), module, *modules("duban/contracts.py"))
        if keyword.arg == "dynamic":
            return "of any name"
    return "without a name"


def _constant(name: str, *places: Module) -> str:
    for place in places:
        for node in place.tree.body:
            if isinstance(node, ast.Assign) and name in {dotted(each) for each in node.targets}:
                return str(ast.literal_eval(node.value))
    return f"({name})"


def _activities(module: Module) -> Iterator[tuple[str, str]]:
    for name, function in _methods(module.tree):
        for call in _decorations(function):
            if dotted(call.func) == "activity.defn":
                yield name, _name(module, call)


def written(found: Fingerprints) -> str:
    """Return fingerprints as they stand in the file."""
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def difference(file: Path = FILE) -> str:
    """Return what differs from the committed fingerprints, with the recipe; empty for nothing."""
    committed = file.read_text(encoding="utf-8") if file.is_file() else ""
    present = written(fingerprints())
    if committed == present:
        return ""
    lines = difflib.unified_diff(
        committed.splitlines(), present.splitlines(), "committed", "present", lineterm="", n=2
    )
    return "\n".join(lines) + "\n" + RECIPE


if __name__ == "__main__":
    FILE.write_text(written(fingerprints()), encoding="utf-8")
