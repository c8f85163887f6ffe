"""The command's tree of nouns and verbs, read from the program itself."""

from functools import cache
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


@cache
def program() -> TyperGroup:
    """Return the whole command as Typer sees it."""
    group = typer.main.get_command(build_app())
    assert isinstance(group, TyperGroup)
    return group


@cache
def command_tree() -> tuple[Noun, ...]:
    """Return nouns and lone commands in the order of the help page."""
    group = program()
    context = group.make_context("duban", [], resilient_parsing=True)
    return tuple(
        Noun(name, tuple(getattr(group.get_command(context, name), "commands", {})))
        for name in group.list_commands(context)
    )


def parse(words: list[str]) -> None:
    """Read the words behind `duban` as the program would, and do nothing.

    Raises:
        TyperException: the words are no command of the program.
    """
    group: TyperGroup | None = program()
    context = program().make_context("duban", [], resilient_parsing=True)
    while group is not None:
        name, found, words = group.resolve_command(context, words)
        assert found is not None
        group = found if isinstance(found, TyperGroup) else None
        # A noun's own words end where its verb begins; a page of help needs no other words.
        idle = group is not None or "--help" in words
        given = [] if idle else words
        context = found.make_context(name, given, parent=context, resilient_parsing=idle)
