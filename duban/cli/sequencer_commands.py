"""`duban sequencer`: sign the log; make a log's key."""

from pathlib import Path

import typer

from duban.cli.helping import HelpGroup
from duban.cli.session import Session, session_of
from duban.cli.verbs import Given, argument, verb

sequencer_noun = typer.Typer(cls=HelpGroup, rich_markup_mode=None, invoke_without_command=True)


@sequencer_noun.callback()
def sequencer(ctx: typer.Context) -> int | None:
    """Sign the log until told to stop, if no verb is given."""
    if ctx.invoked_subcommand is not None:
        return None
    session = session_of(ctx)
    return session.services.machine.sequencer(session.settings)


@verb(sequencer_noun, "keygen", argument("name"), argument("file"))
def keygen(session: Session, given: Given) -> None:
    """Make the key of a log and say how policies name it."""
    from duban.proof.notes import ED25519  # noqa: PLC0415 -- other commands need no cryptography
    from duban.witness.files import make_key  # noqa: PLC0415

    key = make_key(given.name, Path(given.file), ED25519)
    session.err.print(session.say("sequencer.key_made", path=given.file))
    session.out.print(f"log {key.public.format()}")
