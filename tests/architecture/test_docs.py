"""Docs cannot drift: what a page says of the code is compared with the code."""

import re
import shlex
from pathlib import Path

import pytest
from typer.exceptions import TyperException

from duban.settings import VARIABLES, Settings
from tests.support import pages
from tests.support.pages import BLOCKS, Block
from tests.support.sources import ROOT, repository_files
from tests.support.tags import tags
from tests.support.verbs import command_tree, parse

MARKDOWN = [name for name in repository_files() if name.endswith(".md")]
_COMMAND = re.compile(r"\bduban ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_HEADING = re.compile(r"^(#+) .+$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_MADE = re.compile(r"<!-- made: \w+ -->.*?<!-- end -->", re.DOTALL)


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def table_of(page: str, name: str) -> list[list[str]]:
    """Return the cells of a made table, its head left out."""
    lines = pages.found_in(page)[name].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda each: f"{each.page}:{each.name}")
def test_what_is_made_from_the_code_is_as_the_code_says(block: Block) -> None:
    found = pages.found_in(block.page)

    assert block.name in found, f"{block.page} has lost its part <!-- made: {block.name} -->"
    told = "it is out of date: .venv/bin/python -m tests.support.pages"
    assert found[block.name] == block.make(), told


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_every_setting_is_explained(page: str) -> None:
    rows = table_of(page, "settings")

    assert [row[0].strip("`") for row in rows] == list(VARIABLES.values())
    assert set(VARIABLES) == set(Settings.model_fields)
    assert all(row[2] for row in rows)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_every_command_is_listed(page: str) -> None:
    listed = {
        row[0].strip("`").removeprefix("duban "): re.findall(r"`([a-z-]+)`", row[1])
        for row in table_of(page, "commands")
    }

    assert listed == {noun.name: list(noun.verbs) for noun in command_tree()}


@pytest.mark.parametrize("page", MARKDOWN)
def test_every_command_that_a_page_names_exists(page: str) -> None:
    known = {noun.name: set(noun.verbs) for noun in command_tree()}
    quoted = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", read(page), re.DOTALL))

    wrong = [
        f"duban {noun} {verb}"
        for noun, verb in _COMMAND.findall(quoted)
        if noun not in known or (verb and known[noun] and verb not in known[noun])
    ]

    assert wrong == [], "\n".join(wrong)


def commands_of(page: str) -> list[str]:
    """Return the command lines that a page shows in its blocks."""
    lines = "\n".join(_CODE.findall(read(page))).splitlines()
    return [re.sub(r"\s+#\s.*", "", line) for line in lines if line.startswith("duban ")]


@pytest.mark.parametrize("page", MARKDOWN)
def test_every_command_line_that_a_page_shows_can_be_typed(page: str) -> None:
    wrong = []
    for line in commands_of(page):
        try:
            parse(shlex.split(line)[1:])
        except TyperException as error:
            wrong.append(f"{line}: {error.format_message()}")

    assert wrong == [], "\n".join(wrong)


def test_a_wrong_command_line_would_be_found() -> None:
    with pytest.raises(TyperException):
        parse(["campaign", "gate", "BE-2027", "G1"])


def test_every_tag_of_the_trail_is_listed() -> None:
    listed = {row[0].strip("`") for row in table_of("docs/audit-trail.md", "tags")}

    assert listed == tags()
    assert "campaign:command:refused" in listed
    assert "campaign:goal:achieved" in listed


def test_the_glossary_holds_every_value_of_the_domain() -> None:
    parts = pages.found_in("docs/glossary.md")["terms"].split("### ")[1:]
    found = {part.split()[0]: set(re.findall(r"`([^`]+)`", part)) for part in parts}

    missing = {
        f"{each.__name__}.{value.name}"
        for each in pages.enums()
        for value in each
        if value.value not in found.get(each.__name__, set())
    }

    assert len(found) > 20
    assert missing == set()


@pytest.mark.parametrize("page", MARKDOWN)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    targets = [each for each in _LINK.findall(_CODE.sub("", read(page))) if "://" not in each]

    missing = [each for each in targets if not (ROOT / page).parent.joinpath(each).exists()]

    assert missing == [], "\n".join(missing)


@pytest.mark.parametrize("page", MARKDOWN)
def test_files_that_pages_name_exist(page: str) -> None:
    roots = ("duban/", "workflows/", "activities/", "tests/", "docs/", "examples/", "docker/")
    named = set(re.findall(r"`([\w./-]+)`", _MADE.sub("", read(page))))

    missing = [
        name for name in sorted(named) if name.startswith(roots) and not (ROOT / name).exists()
    ]

    assert missing == [], "\n".join(missing)


def test_every_chinese_heading_has_its_english_twin() -> None:
    levels = {
        page: [len(mark) for mark in _HEADING.findall(_CODE.sub("", read(page)))]
        for page in ("README.md", "README.zh-CN.md")
    }

    assert levels["README.md"] == levels["README.zh-CN.md"]


def test_both_readmes_show_the_same_commands() -> None:
    shown = {
        page: [
            re.sub(r"\s*#.*", "", line)
            for block in _CODE.findall(read(page))
            for line in block.splitlines()
        ]
        for page in ("README.md", "README.zh-CN.md")
    }

    assert shown["README.md"] == shown["README.zh-CN.md"]


def test_the_start_is_two_commands() -> None:
    first, *_ = _CODE.findall(read("README.md"))

    assert first.split("\n")[1:-1] == ["make demo", "make test"]


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))

    wrong = [
        f"{page}: make {name}"
        for page in MARKDOWN
        for name in re.findall(r"`make ([a-z-]+)`", read(page))
        if name not in targets
    ]

    assert wrong == [], "\n".join(wrong)


def test_decisions_are_numbered_and_say_context_decision_consequences() -> None:
    found = sorted((ROOT / "docs/adr").glob("*.md"))

    assert [each.name[:4] for each in found] == [f"{n:04}" for n in range(1, len(found) + 1)]
    assert [each.name for each in found if not has_the_parts(each)] == []


def has_the_parts(page: Path) -> bool:
    said = page.read_text(encoding="utf-8")
    parts = ("# ", "Status: ", "## Context", "## Decision", "## Consequences")
    return all(f"\n{part}" in f"\n{said}" for part in parts)


def test_the_changelog_has_room_for_running_campaigns() -> None:
    releases = read("CHANGELOG.md").split("\n## ")[1:]

    said = [each.split("]")[0].strip("[") for each in releases if "### Running campaigns" in each]

    assert said == [each.split("]")[0].strip("[") for each in releases]
