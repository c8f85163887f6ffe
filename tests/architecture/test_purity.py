"""The domain is pure: no clock, no chance, no machine, nothing whose order a run decides."""

import ast
from collections.abc import Iterator

from tests.support.sources import Module, calls, dotted, imports, modules, nodes

DOMAIN = modules("duban/domain")

ALLOWED = {
    "abc",
    "bisect",
    "calendar",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "duban",
    "enum",
    "fractions",
    "functools",
    "graphlib",
    "hashlib",
    "hmac",
    "itertools",
    "json",
    "math",
    "operator",
    "pydantic",
    "re",
    "typing",
    "unicodedata",
    "zoneinfo",
}
"""What the domain may import; of `random` only the type may be named, for a type checker."""

CLOCKS = {"now", "utcnow", "today", "time_ns", "monotonic", "localtime", "gmtime"}
IDENTITIES = {"uuid1", "uuid4", "uuid7", "token_hex", "token_bytes", "urandom", "getrandbits"}
ORDERLESS = {"sorted", "any", "all", "set", "frozenset", "len"}
"""Callers that do not care in which order they are given their values."""
BUILTINS = {"open", "print", "input", "exec", "eval", "hash", "id", "globals", "breakpoint"}
"""`hash` and `id` differ from process to process, so a replay would see other values."""


def clock_calls(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield calls that ask for the time, for chance or for an identity."""
    for name, call in calls(tree):
        parts = name.split(".")
        asked = CLOCKS | IDENTITIES if len(parts) > 1 else BUILTINS | IDENTITIES
        if parts[-1] in asked:
            yield name, call


def factories(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what fields are filled with when nothing is given."""
    for _, call in calls(tree):
        for keyword in call.keywords:
            if keyword.arg == "default_factory":
                yield dotted(keyword.value) or ast.unparse(keyword.value), call


def sets_of(module: Module) -> set[str]:
    """Return the names that a module gives to sets at its top."""
    names: set[str] = set()
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and is_set(node.value, set()):
            names |= {dotted(each) for each in node.targets}
        elif isinstance(node, ast.AnnAssign) and node.value and is_set(node.value, set()):
            names.add(dotted(node.target))
    return names


def is_set(node: ast.AST, known: set[str]) -> bool:
    """Say whether an expression is a set, as far as its form tells."""
    if isinstance(node, ast.Set | ast.SetComp):
        return True
    if isinstance(node, ast.Call):
        return dotted(node.func) in {"set", "frozenset"}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr | ast.BitAnd | ast.Sub):
        return is_set(node.left, known) or is_set(node.right, known)
    return isinstance(node, ast.Name | ast.Attribute) and dotted(node) in known


def walked(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield what loops and comprehensions go through, where its order can show."""
    given = [call.args[0] for name, call in calls(tree) if name in ORDERLESS and call.args]
    unordered = {
        id(generator)
        for node in [*given, *ast.walk(tree)]
        if isinstance(node, ast.SetComp) or (isinstance(node, ast.GeneratorExp) and node in given)
        for generator in node.generators
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.For) or (
            isinstance(node, ast.comprehension) and id(node) not in unordered
        ):
            yield node.iter


def is_pure(name: str) -> bool:
    """Say whether the domain may import what has this dotted name."""
    own = f"{name}.".startswith("duban.domain.")
    return own or (name.split(".", maxsplit=1)[0] in ALLOWED and not name.startswith("duban."))


def test_the_domain_imports_only_what_is_pure() -> None:
    found = [
        f"{each.at(node)} {name}"
        for each in DOMAIN
        for name, node in imports(each.tree)
        if not is_pure(name)
    ]

    assert found == [], "\n".join(found)


def test_the_domain_asks_for_no_time_chance_or_identity() -> None:
    found = [f"{each.at(node)} {name}" for each in DOMAIN for name, node in clock_calls(each.tree)]

    assert found == [], "\n".join(found)


def test_no_field_fills_itself_with_anything_but_empty_containers_and_models() -> None:
    classes = {
        node.name for each in DOMAIN for node in each.tree.body if isinstance(node, ast.ClassDef)
    }

    found = [
        f"{each.at(node)} {name}"
        for each in DOMAIN
        for name, node in factories(each.tree)
        if name not in classes | {"dict", "list", "set", "tuple", "frozenset"}
    ]

    assert found == [], "\n".join(found)


def test_no_loop_depends_on_the_order_of_a_set() -> None:
    known = {name for each in DOMAIN for name in sets_of(each)}

    found = [
        each.at(looped) for each in DOMAIN for looped in walked(each.tree) if is_set(looped, known)
    ]

    assert found == [], "sort it: the order of a set differs from process to process"


def test_the_domain_is_synchronous() -> None:
    kinds = ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith

    found = [
        each.at(node) for each in DOMAIN for node in nodes(each.tree) if isinstance(node, kinds)
    ]

    assert found == [], "\n".join(found)


def test_the_nets_catch_what_they_are_for() -> None:
    impure = ast.parse("from datetime import datetime\nx = datetime.now()\ny = hash('a')\n")
    lazy = ast.parse("class A:\n    at: int = Field(default_factory=datetime.now)\n")
    loop = ast.parse("for each in {1, 2}:\n    pass\nx = sorted(y for y in {1})\n")

    assert [name for name, _ in clock_calls(impure)] == ["datetime.now", "hash"]
    assert [name for name, _ in factories(lazy)] == ["datetime.now"]
    assert [is_set(each, set()) for each in walked(loop)] == [True]
