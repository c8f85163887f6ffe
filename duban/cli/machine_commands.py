"""Commands about this installation: servers, worker, schema, doctor, demo, version."""

from importlib import metadata
from typing import TYPE_CHECKING

import typer

from duban.cli.errors import Status
from duban.cli.output import Column, Row, destination, show_rows
from duban.cli.session import Session
from duban.cli.typed import OUTPUT
from duban.cli.verbs import Given, verb
from duban.texts import explain

if TYPE_CHECKING:
    from duban.doctor import Check


def _name(session: Session, row: Row) -> str:
    return session.say(f"doctor.name.{row['name']}")


def _detail(session: Session, row: Row) -> str:
    return explain(str(row["code"]), row["params"], session.lang)


_CHECKS = (
    Column("level", "level"),
    Column("name", shown=_name),
    Column("detail", shown=_detail),
)


def add_machine(root: typer.Typer) -> None:
    """Give `duban` itself the verbs of this module."""
    verb(root, "doctor", OUTPUT)(doctor)
    for name, function in (
        ("up", up),
        ("down", down),
        ("worker", worker),
        ("migrate", migrate),
        ("demo", demo),
        ("version", version),
    ):
        verb(root, name)(function)


def doctor(session: Session, given: Given) -> int:
    """Look the installation over; exit status 1 when something is bad."""
    to = destination(given.output)
    services = session.services
    checks: list[Check] = session.run(services.machine.examine(session.settings, services.now()))
    rows = [
        {**each.plain(), "detail": explain(each.code, each.params, session.lang)} for each in checks
    ]
    show_rows(session, rows, _CHECKS, to)
    bad = any(each.level == "bad" for each in checks)
    return Status.ERROR if bad else Status.DONE


def up(session: Session, _: Given) -> None:
    """Run the servers and a worker until Ctrl-C."""

    def tell(name: str, what: str, where: str) -> None:
        said = session.say(f"up.{what}", name=session.say(f"server.{name}"))
        session.out.print(f"{said} {where}".rstrip())

    session.services.machine.up(session.settings, tell)


def down(session: Session, _: Given) -> None:
    """Stop what `duban up` started."""
    stopped = session.services.machine.down(session.settings)
    session.print("down.done" if stopped else "down.nothing")


def worker(session: Session, _: Given) -> int:
    """Run one worker."""
    return session.services.machine.worker(session.settings)


def migrate(session: Session, _: Given) -> None:
    """Bring the database's schema up to date."""
    applied = session.run(session.services.machine.migrate(session.settings))
    for name in applied:
        session.out.print(name)
    session.print("migrate.done" if applied else "migrate.nothing", count=len(applied))


def demo(session: Session, _: Given) -> int:
    """Play the sample campaigns and judge them."""
    # The samples speak the language of this run, wherever it was chosen.
    settings = session.settings.model_copy(update={"lang": session.lang.value})
    return session.services.machine.demo(settings, session.out)


def version(session: Session, _: Given) -> None:
    """Say which release this is."""
    session.out.print(metadata.version("duban"))
