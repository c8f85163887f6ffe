"""The repository as the architecture tests see it: its files, parsed once, and walks over them."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
"""The top of the repository."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module(NamedTuple):
    """A Python file: its path from the top, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """How long the file is."""
        return len(self.text.splitlines())

    def at(self, node: ast.AST) -> str:
        """Return `path:line` of a node, which an editor can open."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@cache
def module(path: str) -> Module:
    """Return one file of the repository, parsed."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return Module(path, text, ast.parse(text, path))


def modules(*folders: str) -> list[Module]:
    """Return the Python files under folders (or the files themselves), in the order of paths."""
    found: set[str] = set()
    for folder in folders:
        place = ROOT / folder
        files = [place] if place.suffix == ".py" else place.rglob("*.py")
        found |= {each.relative_to(ROOT).as_posix() for each in files if each.is_file()}
    return [module(path) for path in sorted(found)]


def product() -> list[Module]:
    """Return every module that is shipped."""
    return modules("duban", "workflows", "activities", "worker.py")


@cache
def _nodes_of_module(tree: ast.Module) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree))


def nodes(tree: ast.AST) -> Iterable[ast.AST]:
    """Return every node of a tree; those of a whole module are walked once per process."""
    return _nodes_of_module(tree) if isinstance(tree, ast.Module) else ast.walk(tree)


def functions(tree: ast.AST) -> Iterator[Function]:
    """Yield every function and method, nested ones too."""
    for node in nodes(tree):
        if isinstance(node, Function):
            yield node


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call with the dotted name it is made by, as `workflow.sleep`."""
    for node in nodes(tree):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for a chain of names; what is not a name shows as an empty part."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the dotted name of everything imported: `os`, `datetime.datetime`."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((each.name, node) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{each.name}", node) for each in node.names)


def length(function: Function) -> int:
    """Return how many lines a function takes from `def` to its last line."""
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def body_length(function: Function) -> int:
    """Return how many lines a function's body takes without its docstring."""
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    if not body:
        return 0
    assert body[-1].end_lineno is not None
    return body[-1].end_lineno - body[0].lineno + 1


def strings(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield every piece of text in the code; docstrings and comments are about it, not in it."""
    bare = {
        id(node.value)
        for node in nodes(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in nodes(tree):
        said = node.value if isinstance(node, ast.Constant) else None
        if isinstance(said, str) and id(node) not in bare:
            yield said, node


@cache
def repository_files() -> tuple[str, ...]:
    """Return the files that are, or would be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
    else:
        names = [each.relative_to(ROOT).as_posix() for each in ROOT.rglob("*")]
    hidden = (".venv/", ".git/", ".duban/")
    return tuple(
        sorted(name for name in names if not name.startswith(hidden) and (ROOT / name).is_file())
    )


def decorators(function: Function | ast.ClassDef) -> list[str]:
    """Return the dotted names of the decorators of a function or class, called or not."""
    return [
        dotted(each.func if isinstance(each, ast.Call) else each)
        for each in function.decorator_list
    ]
