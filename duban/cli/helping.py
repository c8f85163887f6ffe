"""Help pages in the language of the run: texts come from the catalogue by a command's path."""

import typer
from rich import box
from rich.table import Table
from typer.core import TyperCommand, TyperGroup

from duban.cli.session import Session, session_of
from duban.texts import known
from duban.texts.examples import EXAMPLES


def path_of(ctx: typer.Context) -> str:
    """Return the command's path below `duban`, as `campaign.show`; empty for `duban` itself."""
    return ".".join(ctx.command_path.split()[1:])


def option_key(path: str, name: str) -> str:
    """Return the key of a param's text: its own for this command, or the common one."""
    own = f"opt.{path}.{name}"
    return own if known(own) else f"opt.{name}"


class HelpCommand(TyperCommand):
    """A command whose help page comes from the catalogue."""

    def format_help(self, ctx: typer.Context, _: object) -> None:  # type: ignore[override]
        """Print the page at once, as wide as what it is printed on."""
        session, path = session_of(ctx), path_of(ctx)
        _usage(session, ctx, [_metavar(param) for param in _arguments(self, ctx)])
        session.out.print(session.say(f"cmd.{path}"))
        _section(session, "help.arguments", _described(session, path, _arguments(self, ctx)))
        _section(session, "help.options", _described(session, path, _options(self, ctx)))
        if path in EXAMPLES:
            _section(session, "help.example", [("", EXAMPLES[path])])


class HelpGroup(TyperGroup):
    """A noun whose help page lists its verbs."""

    def format_help(self, ctx: typer.Context, _: object) -> None:  # type: ignore[override]
        """Print the page at once."""
        session, path = session_of(ctx), path_of(ctx)
        _usage(session, ctx, [session.say("help.command")])
        session.out.print(session.say(f"cmd.{path}" if path else "cmd"))
        verbs = [
            (name, session.say(".".join(filter(None, ("cmd", path, name)))))
            for name in self.list_commands(ctx)
        ]
        _section(session, "help.commands", verbs)
        _section(session, "help.options", _described(session, path, _options(self, ctx)))
        if not path:
            _section(session, "help.everywhere", [("--lang zh|en", session.say("opt.lang"))])
            _section(session, "help.statuses", _statuses(session))


def _statuses(session: Session) -> list[tuple[str, str]]:
    return [(str(status), session.say(f"status.{status}")) for status in range(8)]


def _usage(session: Session, ctx: typer.Context, arguments: list[str]) -> None:
    usage = " ".join([ctx.command_path, session.say("help.options_here"), *arguments])
    session.out.print(session.say("help.usage", usage=usage))


def _section(session: Session, title: str, rows: list[tuple[str, str]]) -> None:
    if not rows:
        return
    session.out.print()
    session.out.print(session.say(title))
    table = Table(box=box.SIMPLE, show_header=False, show_edge=False, pad_edge=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for left, right in rows:
        if left:
            table.add_row(left, right)
        else:
            session.out.print(f"  {right}")
    if table.rows:
        session.put(table)


def _described(session: Session, path: str, params: list[object]) -> list[tuple[str, str]]:
    rows = []
    for param in params:
        name = str(getattr(param, "name", ""))
        words = session.say("opt.help" if name == "help" else option_key(path, name))
        if getattr(param, "required", False):
            words += session.say("help.required")
        rows.append((_written(param), words))
    return rows


def _written(param: object) -> str:
    """Return how a param is typed: its names and what stands for its value."""
    if getattr(param, "param_type_name", "") == "argument":
        return _metavar(param)
    names = ", ".join(getattr(param, "opts", []))
    others = "/".join(getattr(param, "secondary_opts", []))
    value = "" if getattr(param, "is_flag", False) else f" {_metavar(param)}"
    return f"{names}/{others}" if others else f"{names}{value}"


def _metavar(param: object) -> str:
    metavar = getattr(param, "metavar", None)
    return str(metavar or getattr(param, "name", "")).upper().replace("_", "-")


def _arguments(command: TyperCommand, ctx: typer.Context) -> list[object]:
    return [p for p in command.get_params(ctx) if p.param_type_name == "argument"]


def _options(command: TyperCommand | TyperGroup, ctx: typer.Context) -> list[object]:
    return [p for p in command.get_params(ctx) if p.param_type_name != "argument"]
