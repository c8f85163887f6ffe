"""The `duban` command itself: language, settings, exit status; every error as one clear line."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn

import typer
from rich.console import Console
from typer.exceptions import TyperException

from duban.cli import calendar_commands, plan_files
from duban.cli.app import build_app
from duban.cli.errors import Status, UsageFault, status_of
from duban.cli.reality import real_services
from duban.cli.services import Services
from duban.cli.session import Session, console
from duban.domain.errors import RuleViolation
from duban.errors import DubanError
from duban.seeds import CalendarFileInvalid
from duban.settings import VARIABLES, Settings
from duban.texts import Language, explain, known
from duban.workbook import LedgerFileInvalid, PlanFileInvalid

app = build_app()
"""The whole command as Typer knows it."""

_PROGRAM = "duban"
_FLAG = "--lang"


def main() -> None:
    """Run the command of this process and leave with its exit status."""
    leave(run(sys.argv[1:], os.environ, real_services()))


def leave(status: int) -> NoReturn:
    """End this process with a status, everything written out."""
    sys.stdout.flush()
    sys.stderr.flush()
    if "temporalio" in sys.modules:
        # Temporal's core threads may call back while the interpreter goes away and abort it.
        os._exit(status)
    sys.exit(status)


def run(argv: Sequence[str], environ: Mapping[str, str], services: Services) -> int:
    """Run one command line and return its exit status; nothing is raised."""
    err = console(sys.stderr)
    lang = Language.EN if environ.get(VARIABLES["lang"]) == Language.EN else Language.ZH
    try:
        lang, words = pick_language(argv, lang)
        settings = Settings.from_env(environ)
        session = Session(settings, lang, services, console(sys.stdout), err)
        return _obey(words, session)
    except (RuleViolation, DubanError) as error:
        return _report(error, lang, err)


def pick_language(argv: Sequence[str], default: Language) -> tuple[Language, list[str]]:
    """Take `--lang` out of the words, wherever it stands before a bare `--`.

    Raises:
        UsageFault: there is no such language.
    """
    lang, rest = default, list(argv)
    words: list[str] = []
    while rest:
        word = rest.pop(0)
        if word == "--":
            return lang, [*words, word, *rest]
        if word == _FLAG:
            lang = _language(rest.pop(0) if rest else "")
        elif word.startswith(f"{_FLAG}="):
            lang = _language(word.partition("=")[2])
        else:
            words.append(word)
    return lang, words


def _language(said: str) -> Language:
    if said not in set(Language):
        raise UsageFault("usage.no_such_language", lang=said)
    return Language(said)


def _obey(words: Sequence[str], session: Session) -> int:
    command = typer.main.get_command(app)
    try:
        status = command.main(words, prog_name=_PROGRAM, standalone_mode=False, obj=session)
    except TyperException as error:
        return _report_usage(error, session)
    return int(status or 0)


def _report_usage(error: TyperException, session: Session) -> int:
    """Say in the language of the run what Typer found wrong with the words."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return Status.USAGE
    key = f"usage.{kind}" if known(f"usage.{kind}") else "usage.UsageError"
    hint = getattr(error, "param", None)
    param = getattr(error, "option_name", None) or _named(hint)
    session.err.print(
        session.say(key, param=param, reason=error.format_message()), style=_red(session.err)
    )
    return Status.USAGE


def _named(param: object) -> str:
    """Return how a param is typed."""
    if getattr(param, "param_type_name", "") == "argument":
        return str(getattr(param, "metavar", None) or getattr(param, "name", "")).upper()
    return "/".join(getattr(param, "opts", []))


def _report(error: RuleViolation | DubanError, lang: Language, err: Console) -> int:
    """Print the code, the sentence and the next step of an error; return the exit status."""
    lines: Iterable[str] = ()
    if isinstance(error, PlanFileInvalid | LedgerFileInvalid):
        lines = plan_files.problem_lines(error.problems, lang)
    elif isinstance(error, CalendarFileInvalid):
        lines = calendar_commands.problem_lines(error.problems, lang)
    for line in lines:
        err.print(line)
    code = str(error.code)
    err.print(f"{code}  {explain(code, error.params, lang)}", style=_red(err))
    return status_of(error)


def _red(err: Console) -> str:
    return "red" if err.is_terminal else ""
