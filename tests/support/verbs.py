"""The command's tree of nouns and verbs, read from the program itself."""

from typing import NamedTuple

import typer

from duban.cli.main import app
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
    group = typer.main.get_command(app)
    context = group.make_context("duban", [], resilient_parsing=True)
    return [
        Noun(name, tuple(getattr(group.get_command(context, name), "commands", {})))
        for name in group.list_commands(context)
    ]
