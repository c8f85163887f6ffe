"""The command on a terminal and as a process of its own."""

import io
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from duban.cli import main, session
from duban.cli.calendar_books import seeded
from duban.cli.session import Session
from duban.cli.year import drawn_year
from duban.domain.campaign import commands as c
from duban.settings import Settings
from duban.texts import Language
from duban.workbook import write_plan
from tests.cli.test_rehearsals import a_report
from tests.cli.world import World, called
from tests.support.builders import Desk, a_plan, shanghai


def a_terminal(width: int) -> Console:
    return Console(
        file=io.StringIO(), force_terminal=True, width=width, markup=False, color_system=None
    )


def drawn(width: int) -> list[str]:
    day = shanghai("2019-03-04").date()
    out = a_terminal(width)
    here = Session(Settings(), Language.ZH, World().services, out, out)
    return list(drawn_year(here, seeded(day, day), 2019))


@pytest.mark.parametrize(("width", "abreast"), [(40, 1), (80, 2), (200, 3)])
def test_as_many_months_abreast_as_the_terminal_holds(width: int, abreast: int) -> None:
    assert drawn(width)[0].count("年") == abreast


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Console:
    """Both outputs of a command are one terminal, 80 cells wide."""
    out = a_terminal(80)
    monkeypatch.setattr(main, "console", lambda _: out)
    return out


def written(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_a_table_is_folded_into_the_width_and_nothing_is_lost(terminal: Console) -> None:
    desk = Desk()
    desk.do(c.Establish, "LG-1", doc_no="会议纪要1号")

    assert World(desk).call("deadline", "list", "--lang", "zh").status == 0

    lines = written(terminal).splitlines()
    assert max(len(line) for line in lines) <= 80
    assert "…" not in written(terminal)


def test_progress_of_a_rehearsal_is_told_on_a_terminal(terminal: Console, tmp_path: Path) -> None:
    write_plan(a_plan(), tmp_path / "plan.xlsx")
    world = World()
    world.rehearsal = a_report()

    world.call("campaign", "rehearse", str(tmp_path / "plan.xlsx"))

    assert "\r\x1b[2K2019-03-04  start" in written(terminal)


def test_errors_are_red_on_a_terminal_only() -> None:
    assert main._red(a_terminal(80)) == "red"
    assert main._red(session.console(io.StringIO())) == ""


@pytest.mark.parametrize("loaded", [True, False])
def test_the_command_leaves_with_its_status(
    monkeypatch: pytest.MonkeyPatch, *, loaded: bool
) -> None:
    """With Temporal's library in it the interpreter is not left to end by itself."""
    at_once: list[int] = []
    monkeypatch.setattr(sys, "argv", ["duban", "no-such-thing"])
    monkeypatch.setattr(os, "_exit", at_once.append)
    if not loaded:
        monkeypatch.delitem(sys.modules, "temporalio", raising=False)

    with pytest.raises(SystemExit) as left:
        main.main()

    assert left.value.code == 2
    assert at_once == ([2] if loaded else [])


def test_duban_is_a_module_that_runs() -> None:
    words: list[Any] = [sys.executable, "-m", "duban", "version"]

    ran = subprocess.run(words, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout) == (0, f"{metadata.version('duban')}\n")


def test_commands_without_servers_do_not_load_temporal() -> None:
    code = "import sys, duban.cli.main; sys.exit('temporalio' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    assert ran.returncode == 0, ran.stderr


def test_the_language_comes_from_the_environment_or_is_chinese() -> None:
    services = World().services

    assert called(("--help",), {}, services).out.startswith("用法")
    assert called(("--help",), {"DUBAN_LANG": "en"}, services).out.startswith("Usage")
    assert called(("--lang", "zh", "--help"), {"DUBAN_LANG": "en"}, services).out.startswith("用法")
