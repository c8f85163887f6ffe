"""Scripts: people's actions with their dates, and what must be seen afterwards."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from duban.domain.counting import SHANGHAI
from duban.domain.model import Model, Text
from duban.rehearsal.errors import ScriptInvalid

_NUMBER = re.compile(r".+-\d{4,}")
_MADE = re.compile(r"made\(([^()]+)\)")


class Step(Model):
    """One action: `do` names a command by its type, of the campaign or of what it is `on`.

    `on` is the number of an entity of its own, such as a problem, or the `name` of the step that
    registered it. `fields` are the command's own; a value `deadline(OBJECT, CODE[, HOLDER])`,
    `extension(UNIT)` or `made(NAME)` stands for the id of that open deadline, latest request, or of
    what the step of that name has made. `refused` is the code that must come back. `do` may also be
    `order_spot_check` (the signal), `publish_calendar` (a CSV file) or `search_everything`, which
    looks through all that is kept (see `searching`); `says` tells in the summary what it showed.
    """

    at: datetime
    by: str
    do: str
    on: str = ""
    name: str = ""
    fields: dict[str, Any] = Field(default_factory=dict, alias="with")
    refused: str | None = None
    says: str = ""
    says_en: str = ""

    @property
    def instant(self) -> datetime:
        """The business instant; a time without a zone is Shanghai time."""
        return self.at if self.at.tzinfo else self.at.replace(tzinfo=SHANGHAI)


class Substitution(Model):
    """From a date on, somebody acts in another's place."""

    leaving: str
    successor: str
    since: date


class Expectation(Model):
    """What the trail must show: so many events of a tag that hold the given values.

    `where` maps a dotted path of the event to a value; `day` is the Shanghai date it happened on,
    `unit`, `code`, `detail.rung`, `changes.deadline.current_due_on` and the like; null says that
    the event has nothing there. `on` is as in a step; without it all streams of the campaign count.
    """

    says: Text
    says_en: str = ""
    tag: str
    on: str = ""
    where: dict[str, Any] = Field(default_factory=dict)
    count: int | None = None
    at_least: int = 1


class Script(Model):
    """A story: the diligent course or nothing, less `skip`, plus `steps`."""

    title: Text
    title_en: str = ""
    plan: str = ""
    calendar: str | None = None
    base: Literal["diligent", "none"] = "diligent"
    until: date | None = None
    skip: tuple[str, ...] = ()
    substitutions: tuple[Substitution, ...] = ()
    steps: tuple[Step, ...] = ()
    expect: tuple[Expectation, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        """Refuse a name that two steps have, and one that no step has."""
        names = [step.name for step in self.steps if step.name]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two steps are called {twice}")
        asked = [*_asked("steps", self.steps), *_asked("expect", self.expect)]
        for place, on in asked:
            if on not in names and not _NUMBER.fullmatch(on):
                raise ValueError(f"{place}.on: no step is called {on}")
        return self


def meant(value: Any, made: Mapping[str, str]) -> Any:
    """Return a value of a script, `made(NAME)` as what the step of that name has made.

    `made(NAME/R01)` is a part of it by its id, `made(NAME.unit)` what was learnt of it meanwhile.
    """
    found = _MADE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    name, slash, part = found.group(1).partition("/")
    return f"{made[name]}{slash}{part}" if name in made else value


def _asked(kind: str, items: Iterable[Step | Expectation]) -> Iterator[tuple[str, str]]:
    return ((f"{kind}.{index}", each.on) for index, each in enumerate(items) if each.on)


DILIGENT = Script(title="按方案推进", title_en="As planned")
"""The course without a story: everybody does his part in time."""


class _Loader(yaml.SafeLoader):
    """YAML with the truth values of its version 1.2: `on`, `no` and `yes` are words."""


_TRUTH = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [each for each in found if each[0] != _TRUTH]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_TRUTH, re.compile(r"^(?:true|false)$"), ["t", "f"])


def read_script(path: Path) -> Script:
    """Return the script in a YAML file.

    Raises:
        ScriptInvalid: it is no YAML, or a field is wrong; the first place is named.
    """
    try:
        return Script.model_validate(yaml.load(path.read_text(encoding="utf-8"), _Loader))  # noqa: S506 -- a SafeLoader
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = f"{place}: {first['msg']}" if place else first["msg"]
        raise ScriptInvalid(file=path.name, reason=reason) from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        # The reader of YAML makes dates of what looks like one, and says so when it cannot.
        raise ScriptInvalid(file=path.name, reason=str(error)) from error
