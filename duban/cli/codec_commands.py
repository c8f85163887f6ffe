"""`duban codec`: the keys of payloads, and the server that opens payloads for Temporal's pages."""

from duban import logs
from duban.cli.errors import UsageFault
from duban.cli.output import Column, Row, destination, show_rows
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.session import Session
from duban.cli.typed import OUTPUT
from duban.cli.verbs import Given, noun, number, option, verb

codec_noun = noun()

_LAST_PORT = 65535


def _use(session: Session, row: Row) -> str:
    return session.say("codec.active" if row["active"] else "codec.opens_only")


_KEYS = (Column("key_id"), Column("key_use", shown=_use))


@verb(codec_noun, "keys", OUTPUT)
def keys(session: Session, given: Given) -> None:
    """List the ids of the keys, the active one first."""
    from duban.stack.keys import payload_ring  # noqa: PLC0415 -- it imports cryptography

    to = destination(given.output)
    ids = payload_ring(session.settings).key_ids
    rows = [{"key_id": each.hex(), "active": each == ids[0]} for each in ids]
    show_rows(session, rows, _KEYS, to)


@verb(codec_noun, "new-key")
def new_key(session: Session, _: Given) -> None:
    """Give the key file a new first key."""
    from duban.ring_files import add_key  # noqa: PLC0415 -- see above
    from duban.stack.keys import payload_key_file  # noqa: PLC0415

    path = payload_key_file(session.settings)
    made = add_key(path).key_ids[0]
    session.print("codec.key_added", id=made.hex(), file=path)


@verb(codec_noun, "serve", *WHO_READS, number("port", "PORT"), option("origin", "URL"))
def serve(session: Session, given: Given) -> None:
    """Open payloads for Temporal's web pages until told to stop."""
    if given.port is not None and given.port > _LAST_PORT:
        raise UsageFault("usage.BadParameter", param="--port", reason=str(given.port))
    logs.configure(session.settings)
    session.run(_serve(session, given))


async def _serve(session: Session, given: Given) -> None:
    from duban import codec_serving  # noqa: PLC0415 -- it imports Temporal's library
    from duban.stack import keys as kept  # noqa: PLC0415

    settings = session.settings
    plan = codec_serving.CodecPlan(
        ring=kept.payload_ring(settings),
        token=kept.codec_token(settings.home),
        origin=given.origin or f"http://127.0.0.1:{settings.ui_port}",
        port=given.port or settings.codec_port,
        ask=session.say("codec.login"),
        done=session.say("codec.logged_in"),
    )
    asked = asked_of(given, "codec serve", scope=(None, None))
    async with session.services.reader(settings) as reader:
        await permitted(session, reader, asked, given.actor)

    def ready(address: str) -> None:
        file = kept.codec_token_file(settings.home)
        session.print("codec.ready", address=address, origin=plan.origin, file=file)

    await codec_serving.serve(plan, ready)
