"""Commands from a table of their params: a verb is a function of the session and what was typed.

Typer reads a signature made here, so a command may have many options and its function still has
two parameters.
"""

import inspect
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Annotated, Any, NamedTuple

import typer

from duban.cli.helping import HelpCommand, HelpGroup
from duban.cli.session import Session, session_of

Given = SimpleNamespace
"""What was typed, by the names of the params."""

Verb = Callable[[Session, Given], int | None]
"""What a command does; it returns its exit status, nothing for done."""

_REQUIRED = inspect.Parameter.empty


class Param(NamedTuple):
    """One argument or option, as Typer is told of it."""

    name: str
    annotation: Any
    default: Any = _REQUIRED


def argument(name: str, metavar: str = "", kind: Any = str) -> Param:
    """Return a required argument."""
    return Param(name, Annotated[kind, typer.Argument(metavar=metavar or name.upper())])


def option(name: str, metavar: str, *, flag: str = "", default: Any = None) -> Param:
    """Return an option that may be left out; `flag` is how it is typed."""
    said = typer.Option(flag or _flag(name), metavar=metavar)
    return Param(name, Annotated[str | None, said], default)


def required(name: str, metavar: str, *, flag: str = "") -> Param:
    """Return an option that must be given."""
    return Param(name, Annotated[str, typer.Option(flag or _flag(name), metavar=metavar)])


def repeated(name: str, metavar: str, *, must: bool) -> Param:
    """Return an option that may be given several times."""
    said = typer.Option(_flag(name), metavar=metavar)
    if must:
        return Param(name, Annotated[list[str], said])
    return Param(name, Annotated[list[str] | None, said], None)


def number(name: str, metavar: str, *, default: int | None = None) -> Param:
    """Return an option that takes a whole number from 1 on."""
    said = typer.Option(_flag(name), min=1, metavar=metavar)
    return Param(name, Annotated[int | None, said], default)


def yes_or_no(name: str, flags: str, default: Any = _REQUIRED) -> Param:
    """Return a pair of words for yes and no, such as `--passed/--returned`."""
    return Param(name, Annotated[bool, typer.Option(flags)], default)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def noun() -> typer.Typer:
    """Return a noun, to which verbs are added."""
    return typer.Typer(cls=HelpGroup, rich_markup_mode=None, no_args_is_help=True)


def verb(of: typer.Typer, name: str, *params: Param) -> Callable[[Verb], Verb]:
    """Return a decorator that makes a function the verb `name` of a noun (or of `duban`)."""

    def register(function: Verb) -> Verb:
        of.command(name, cls=HelpCommand)(_callback(function, params))
        return function

    return register


def _callback(function: Verb, params: Iterable[Param]) -> Callable[..., int | None]:
    def call(ctx: typer.Context, **typed: Any) -> int | None:
        return function(session_of(ctx), Given(**typed))

    told = [Param("ctx", typer.Context), *params]
    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                each.name,
                inspect.Parameter.KEYWORD_ONLY,
                annotation=each.annotation,
                default=each.default,
            )
            for each in told
        ]
    )
    call.__annotations__ = {each.name: each.annotation for each in told}
    return call
