"""The command's tree of nouns and verbs, read from the program itself."""

from typing import NamedTuple

import typer
from typer.core import TyperGroup

from duban.cli.app import build_app
from duban.texts import Language, text


class Noun(NamedTuple):
    """A noun with its verbs, or a command that stands alone."""

    name: str
    verbs: tuple[str, ...]

    def about(self, lang: Language) -> str:
        """Return what it is about, in a sentence of the catalogue."""
        return text(f"cmd.{self.name}", lang)


def command_tree() -> list[Noun]:
    """Return nouns and lone commands in the order of the help page."""
    group = typer.main.get_command(build_app())
    assert isinstance(group, TyperGroup)
    context = group.make_context("duban", [], resilient_parsing=True)
    return [
        Noun(name, tuple(getattr(group.get_command(context, name), "commands", {})))
        for name in group.list_commands(context)
    ]


def parse(words: list[str]) -> None:
    """Read the words behind `duban` as the program would, and do nothing.

    Raises:
        TyperException: the words are no command of the program.
    """
    command = typer.main.get_command(build_app())
    context = command.make_context("duban", [], resilient_parsing=True)
    while isinstance(command, TyperGroup):
        name, found, words = command.resolve_command(context, words)
        assert found is not None
        # A noun's own words end where its verb begins; a page of help needs no other words.
        idle = isinstance(found, TyperGroup) or "--help" in words
        given = [] if idle else words
        context = found.make_context(name, given, parent=context, resilient_parsing=idle)
        command = found
