"""The tags the domain speaks in, read from its source."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import product

from tests.support.sources import Function, Module, calls, dotted, functions, modules

TAG = re.compile(r"[a-z_]+:[a-z_]+:[a-z_]+")


def tags() -> set[str]:
    """Return every tag that an event of the product can carry."""
    found: set[str] = set()
    for module in modules("duban/domain", "duban/store/audit.py", "duban/sequencer"):
        found |= set(_literal(module))
        for function in functions(module.tree):
            found |= set(_built(module, function))
    return found


def _literal(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        said = node.value if isinstance(node, ast.Constant) else None
        if isinstance(said, str) and TAG.fullmatch(said):
            yield said


def _built(module: Module, function: Function) -> Iterator[str]:
    """Yield the tags of `emit(f"{work.NOUN}:task:{verb}", …)` for all that the holes can hold."""
    for name, call in calls(function):
        first = call.args[0] if call.args else None
        if name.endswith(("emit", "_append", "say")) and isinstance(first, ast.JoinedStr):
            parts = [set(_part(function, each)) for each in first.values]
            assert all(parts), f"{module.at(call)}: cannot tell what the tag is made of"
            yield from map("".join, product(*parts))


def _part(function: Function, part: ast.expr) -> Iterator[str]:
    if isinstance(part, ast.Constant):
        yield str(part.value)
    elif isinstance(part, ast.FormattedValue):
        said = dotted(part.value)
        if said.endswith(".NOUN"):
            yield from nouns("MemberWork" if "MemberWork" in ast.unparse(function.args) else "Work")
        else:
            yield from _values(function, said.partition(".")[0])


@cache
def nouns(kind: str = "Work") -> frozenset[str]:
    """Return what the entities of the domain are called, by the kind of their scratch."""
    return frozenset(
        str(node.value.value)
        for module in modules("duban/domain")
        for scratch in ast.walk(module.tree)
        if isinstance(scratch, ast.ClassDef) and kind in "".join(map(ast.unparse, scratch.bases))
        for node in scratch.body
        if isinstance(node, ast.Assign)
        and dotted(node.targets[0]) == "NOUN"
        and isinstance(node.value, ast.Constant)
    )


def _values(function: Function, name: str) -> Iterator[str]:
    """Yield the texts and enum members that a local name is given."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and name in {dotted(each) for each in node.targets}:
            for part in _results(node.value):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value
                elif isinstance(part, ast.Attribute) and part.attr.isupper():
                    yield part.attr.lower()


def _results(value: ast.expr) -> Iterator[ast.AST]:
    """Yield the parts of an expression that can be its value, not those that only decide."""
    if isinstance(value, ast.IfExp):
        yield from _results(value.body)
        yield from _results(value.orelse)
    elif isinstance(value, ast.Subscript):
        yield from ast.walk(value.value)
    else:
        yield value
