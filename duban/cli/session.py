"""What a command is given: settings, language, where to print, and the doors to the outside."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import date
from typing import Any, TextIO, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from duban.cli.services import Services
from duban.domain.counting import local_date
from duban.settings import Settings
from duban.texts import Language, term, text

T = TypeVar("T")

_UNCUT = 100_000
"""Columns of a console that is not a terminal: nothing is ever wrapped or cut for a machine."""


@dataclass(frozen=True)
class Session:
    """One run of the command."""

    settings: Settings
    lang: Language
    services: Services
    out: Console
    err: Console

    def say(self, key: str, /, **params: object) -> str:
        """Return a text of the catalogue."""
        return text(key, self.lang, **params)

    def term(self, prefix: str, value: object) -> str:
        """Return the word for a value; nothing for no value."""
        return "" if value is None or value == "" else term(prefix, value, self.lang)

    def print(self, key: str, /, **params: object) -> None:
        """Print a text of the catalogue."""
        self.out.print(self.say(key, **params))

    def put(self, table: Table) -> None:
        """Print a table; what is not a terminal gets no blanks at the ends of lines."""
        if self.out.is_terminal:
            self.out.print(table)
            return
        with self.out.capture() as captured:
            self.out.print(table)
        for line in captured.get().splitlines():
            self.out.print(line.rstrip())

    @property
    def today(self) -> date:
        """Today in Shanghai (domain.md l.12)."""
        return local_date(self.services.now())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the asynchronous part of a command."""
        return asyncio.run(work)


def session_of(ctx: typer.Context) -> Session:
    """Return the session of a command."""
    found = ctx.find_object(Session)
    assert found is not None
    return found


def console(stream: TextIO) -> Console:
    """Return a console that prints texts as they are: no markup, no emoji codes, no colouring."""
    return Console(
        file=stream,
        width=None if stream.isatty() else _UNCUT,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=not stream.isatty(),
    )
