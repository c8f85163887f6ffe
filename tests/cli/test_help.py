"""Help pages: every command in both languages, every param explained, every example true."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer
import yaml
from rich.cells import cell_len

from duban.cli.helping import option_key
from duban.cli.main import app
from duban.texts import Language, known, text
from duban.texts.examples import EXAMPLES
from tests.cli.world import World
from tests.support.sources import ROOT


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command with its path, nouns too."""
    root = typer.main.get_command(app)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        yield name, command
        for verb, each in getattr(command, "commands", {}).items():
            yield f"{name}.{verb}", each


ALL = dict(commands())
VERBS = {path: each for path, each in ALL.items() if not hasattr(each, "commands")}


@pytest.mark.parametrize("lang", Language)
@pytest.mark.parametrize("path", ALL)
def test_every_command_has_a_help_page_in_both_languages(path: str, lang: Language) -> None:
    answer = World().call(*path.split("."), "--help", "--lang", lang.value)

    assert answer.status == 0
    assert text(f"cmd.{path}", lang) in answer.out
    assert text("help.usage", lang, usage=f"duban {path.replace('.', ' ')}") in answer.out


@pytest.mark.parametrize("path", VERBS)
def test_every_param_is_explained(path: str) -> None:
    named = [each.name for each in VERBS[path].params if each.name != "help"]

    assert [name for name in named if not known(option_key(path, name))] == []


@pytest.mark.parametrize("path", VERBS)
def test_every_command_has_an_example_that_it_understands(path: str) -> None:
    program, *words = shlex.split(EXAMPLES[path])
    assert program == "duban"

    depth = len(path.split("."))
    context = VERBS[path].make_context(path, words[depth:], resilient_parsing=False)

    assert words[:depth] == path.split(".")
    assert set(context.params) == {each.name for each in VERBS[path].params} - {"help"}


def test_examples_are_spoken_by_people_of_the_samples() -> None:
    samples = sorted((ROOT / "examples").glob("*.yaml"))
    rows = [row for path in samples for row in yaml.safe_load(path.read_text("utf-8"))["people"]]
    people = {row["id"] for row in rows}
    said = {found for text in EXAMPLES.values() for found in re.findall(r"--as (\S+)", text)}

    assert len(said) > 1
    assert said - people == set()


def test_there_are_no_examples_or_help_texts_of_other_commands() -> None:
    helped = {key.removeprefix("cmd.") for key in _keys("cmd.")}

    assert set(EXAMPLES) == set(VERBS)
    assert helped == set(ALL)


def _keys(prefix: str) -> list[str]:
    from duban.texts.catalogue import CATALOGUE  # noqa: PLC0415 - the whole table, here only

    return [key for key in CATALOGUE if key.startswith(prefix)]


def test_the_first_page_lists_nouns_statuses_and_the_language_option() -> None:
    answer = World().call("--help", DUBAN_LANG="zh")

    assert "专项：启动、推进、关口、结项" in answer.out
    assert "--lang zh|en" in answer.out
    assert "按规则不予办理" in answer.out


def test_no_words_at_all_show_the_first_page() -> None:
    answer = World().call()

    assert answer.status == 2
    assert "Usage: duban" in answer.out


def test_columns_of_a_page_are_aligned_by_cells() -> None:
    answer = World().call("calendar", "--help", "--lang", "zh")
    lines = [line for line in answer.out.splitlines() if line.startswith(" ") and "  " in line]

    starts = {cell_len(line) - cell_len(line.split(maxsplit=1)[1]) for line in lines[:5]}

    assert len(starts) == 1


def test_required_options_say_so() -> None:
    answer = World().call("task", "claim", "--help")

    assert "the result (required)" in answer.out
