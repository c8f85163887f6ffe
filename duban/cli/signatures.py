"""The options of a decision, made from the fields of its command."""

import inspect
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, get_args

import typer
from pydantic.fields import FieldInfo

from duban.cli.decisions import ALWAYS, Decision, option_of
from duban.cli.parsing import READ_AS

SUCCESSOR = {"successor": True, "successor_name": True, "successor_title": False}
"""A new person is typed as three options; the role and unit are those of the post taken over."""

_WHO: dict[str, tuple[str, str]] = {
    "actor": ("--as", "PERSON"),
    "role": ("--role", "ROLE"),
    "on_behalf_of": ("--on-behalf-of", "PERSON"),
    "delegation": ("--delegation", "ID"),
    "request_id": ("--request-id", "ID"),
}


def signature_of(decision: Decision) -> inspect.Signature:
    """Return the signature of a decision's command, for Typer to read."""
    return inspect.Signature(list(_parameters(decision)))


def _parameters(decision: Decision) -> Iterator[inspect.Parameter]:
    yield _parameter("ctx", typer.Context)
    yield _parameter("no", Annotated[str, typer.Argument(metavar="NO")])
    fields = decision.command.model_fields
    for name in decision.positional:
        metavar = _metavar(fields[name]) or name
        yield _parameter(name, Annotated[str, typer.Argument(metavar=metavar)])
    for name, field in fields.items():
        if name not in ALWAYS and name not in decision.positional:
            yield from _option(decision, name, field)
    for name, (flag, metavar) in _WHO.items():
        yield _parameter(name, Annotated[str | None, typer.Option(flag, metavar=metavar)], None)
    yield _parameter("output", Annotated[str, typer.Option("--output", "-o")], "table")


def _option(decision: Decision, name: str, field: FieldInfo) -> Iterator[inspect.Parameter]:
    option = option_of(decision, name)
    typed = f"--{option.replace('_', '-')}"
    default: Any = inspect.Parameter.empty if field.is_required() else None
    if name == "successor":
        yield from _successor()
    elif name in READ_AS:
        said = typer.Option(typed, metavar=option.upper())
        yield _parameter(option, Annotated[list[str], said] if field.is_required()
                         else Annotated[list[str] | None, said], default)
    elif field.annotation is bool:
        if not field.is_required():
            default = field.default
        yield _parameter(option, Annotated[bool, typer.Option(decision.flags[name])], default)
    else:
        said = typer.Option(typed, metavar=_metavar(field) or option)
        optional = Annotated[str | None, said]
        yield _parameter(option, Annotated[str, said] if field.is_required() else optional, default)


def _successor() -> Iterator[inspect.Parameter]:
    for name, required in SUCCESSOR.items():
        said = typer.Option(f"--{name.replace('_', '-')}", metavar=name.rpartition("_")[2])
        if required:
            yield _parameter(name, Annotated[str, said])
        else:
            yield _parameter(name, Annotated[str | None, said], None)


def _parameter(
    name: str, annotation: Any, default: Any = inspect.Parameter.empty
) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default
    )


def _metavar(field: FieldInfo) -> str:
    """Return what stands for a value: the choices of a closed list, or the form of a date."""
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return "|".join(each.value for each in kind)
        if kind is date:
            return "YYYY-MM-DD"
    return ""
