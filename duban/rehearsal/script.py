"""Scripts: people's actions with their dates, and what must be seen afterwards."""

from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from duban.domain.counting import SHANGHAI
from duban.domain.model import Model, Text
from duban.rehearsal.errors import ScriptInvalid


class Step(Model):
    """One action: `do` names a command of `duban.domain.campaign.commands` by its type.

    `fields` are the command's own; a value `deadline(OBJECT, CODE[, HOLDER])` or
    `extension(UNIT)` stands for the id of that open deadline or latest request. `refused` is the
    code that must come back. `do` may also be `order_spot_check` (the signal) or
    `publish_calendar` (a CSV file).
    """

    at: datetime
    by: str
    do: str
    name: str = ""
    fields: dict[str, Any] = Field(default_factory=dict, alias="with")
    refused: str | None = None

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
    `unit`, `code`, `detail.rung`, `changes.deadline.current_due_on` and the like.
    """

    says: Text
    says_en: str = ""
    tag: str
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


DILIGENT = Script(title="按方案推进", title_en="As planned")
"""The course without a story: everybody does his part in time."""


def read_script(path: Path) -> Script:
    """Return the script in a YAML file.

    Raises:
        ScriptInvalid: it is no YAML, or a field is wrong; the first place is named.
    """
    try:
        return Script.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ScriptInvalid(file=path.name, reason=f"{place}: {first['msg']}") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        # The reader of YAML makes dates of what looks like one, and says so when it cannot.
        raise ScriptInvalid(file=path.name, reason=str(error)) from error
