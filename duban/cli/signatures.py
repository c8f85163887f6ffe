"""The params of a decision, made from the fields of its command."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import get_args

from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from duban.cli.decisions import ALWAYS, Decision, option_of
from duban.cli.typed import NO, OUTPUT, WHO
from duban.cli.verbs import Param, argument, option, repeated, required, yes_or_no


def params_of(decision: Decision, of: Param = NO) -> list[Param]:
    """Return the params of a decision's command: what it is `of`, objects, fields, who acts."""
    fields = decision.command.model_fields
    told = [of]
    told += [
        argument(name, choices_of(fields[name]) or name.upper()) for name in decision.positional
    ]
    for name, field in fields.items():
        if name not in ALWAYS and name not in decision.positional:
            told.extend(_of_field(decision, name, field))
    return [*told, *WHO, OUTPUT]


def _of_field(decision: Decision, name: str, field: FieldInfo) -> Iterator[Param]:
    typed = option_of(decision, name)
    metavar = choices_of(field) or typed.upper().replace("_", "-")
    if name == "successor":
        # A new person is typed as three options; role and unit are those of the post taken over.
        yield required("successor", "PERSON")
        yield required("successor_name", "NAME")
        yield option("successor_title", "TITLE")
    elif decision.read_as(name):
        yield repeated(typed, metavar, must=field.is_required())
    elif field.annotation is bool and field.is_required():
        yield yes_or_no(typed, decision.flags[name])
    elif field.annotation is bool:
        yield yes_or_no(typed, decision.flags[name], field.default)
    elif field.is_required():
        yield required(typed, metavar)
    else:
        yield option(typed, metavar)


def choices_of(field: FieldInfo) -> str:
    """Return what stands for a value: the choices of a list, or the form of a day or moment."""
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return "|".join(each.value for each in kind)
        if kind is date:
            return "YYYY-MM-DD"
        if kind is AwareDatetime:
            return "YYYY-MM-DDTHH:MM"
    return ""
