"""`duban witness`: be a witness of a log, make a witness's key."""

import re
from pathlib import Path

from duban import logs
from duban.cli.errors import UsageFault
from duban.cli.session import Session
from duban.cli.verbs import Given, argument, noun, option, required, verb, yes_or_no

witness_noun = noun()

_LISTEN = "127.0.0.1:8780"
_ADDRESS = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^:\[\]]+):(?P<port>[0-9]{1,5})")
_LAST_PORT = 65535


@verb(
    witness_noun,
    "serve",
    required("policy", "FILE"),
    required("key", "FILE"),
    required("state", "DIR"),
    option("listen", "HOST:PORT", default=_LISTEN),
    yes_or_no("new", "--new", default=False),
)
def serve(session: Session, given: Given) -> None:
    """Be a witness until told to stop."""
    # A command that is no witness should not wait for the web server's library.
    from duban.proof.notes import VerifierKey  # noqa: PLC0415
    from duban.witness import serving  # noqa: PLC0415

    host, port = _address(given.listen)
    plan = serving.WitnessPlan(
        policy=Path(given.policy),
        key=Path(given.key),
        state=Path(given.state),
        listen=serving.Address(host, port),
        new=given.new,
    )

    def ready(key: VerifierKey, at: serving.Address) -> None:
        session.print("witness.ready", name=key.name, address=str(at))
        session.out.print(key.format())

    def now() -> int:
        return int(session.services.now().timestamp())

    logs.configure(session.settings)
    session.run(serving.serve(plan, now, ready))


@verb(witness_noun, "keygen", argument("name"), argument("file"))
def keygen(session: Session, given: Given) -> None:
    """Make the key of a witness and say how policies name it."""
    from duban.proof.notes import COSIGNATURE  # noqa: PLC0415
    from duban.witness.files import make_key  # noqa: PLC0415

    key = make_key(given.name, Path(given.file), COSIGNATURE)
    session.err.print(session.say("witness.key_made", path=given.file))
    session.out.print(f"witness {key.name} {key.public.format()}")


def _address(said: str) -> tuple[str, int]:
    """Read HOST:PORT; an IPv6 address stands in brackets. Raises `UsageFault`."""
    found = _ADDRESS.fullmatch(said)
    if not found or int(found["port"]) > _LAST_PORT:
        raise UsageFault("usage.BadParameter", param="--listen", reason=said)
    return found["host"].strip("[]"), int(found["port"])
