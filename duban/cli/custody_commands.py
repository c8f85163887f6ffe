"""`duban audit seal-key`, `seal`, `reveal` and `erase`: what is kept back, and given up."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duban.cli.errors import UsageFault
from duban.cli.parsing import role
from duban.cli.reading import WHO_READS
from duban.cli.session import Session
from duban.cli.trail_commands import audit_noun
from duban.cli.verbs import Given, Param, argument, option, required, verb
from duban.domain.custody import Deed, Wish
from duban.errors import DubanError

if TYPE_CHECKING:
    # These import cryptography, which a command that proves nothing should not wait for.
    from duban.proof.sealing import OpeningKey, SealKey
    from duban.store.custody import Custody, Who

_DECOY = Param("decoy", Annotated[bool, typer.Option("--decoy")], False)
_REQUEST, _APPROVE = "request", "approve"


@verb(audit_noun, "seal-key", argument("name"), argument("file"))
def seal_key(session: Session, given: Given) -> None:
    """Make a group's pair of keys: the private one to a file, the public one printed."""
    from duban.proof.errors import SealError  # noqa: PLC0415 - see above
    from duban.proof.sealing import OpeningKey  # noqa: PLC0415
    from duban.witness.files import write_secret  # noqa: PLC0415

    try:
        key = OpeningKey.make(given.name)
    except SealError as error:
        raise DubanError("key_file.name", name=given.name) from error
    write_secret(Path(given.file), key.format())
    session.err.print(session.say("seal.key_made", path=given.file))
    session.out.print(key.public.format())


@verb(
    audit_noun,
    "seal",
    required("recipient", "KEYFILE"),
    option("file", "FILE"),
    _DECOY,
    *WHO_READS,
)
def seal(session: Session, given: Given) -> None:
    """Seal a text for who holds a key, or make an entry that only looks like one."""
    text = text_of(given.file) if given.file else None
    if text is None and not given.decoy:
        raise UsageFault("seal.nothing")
    size = len(text.encode()) if given.decoy and text is not None else 0
    wish = _wish(session, given, Deed.SEAL).model_copy(update={"detail": {"size": size}})
    recipient = recipient_of(given.recipient)

    async def done() -> str:
        async with session.services.custody(session.settings) as custody:
            who = await who_acts(session, given, custody)
            return await custody.seal(wish, who, None if given.decoy else text, recipient)

    session.print("seal.sealed", id=session.run(done()))


@verb(audit_noun, "reveal", argument("entry", "ID"), required("key", "KEYFILE"), *WHO_READS)
def reveal(session: Session, given: Given) -> None:
    """Open a sealed entry for everybody: salt and text become an entry themselves."""
    wish = _wish(session, given, Deed.REVEAL).model_copy(update={"subject": given.entry})
    key = opening_key_of(given.key)

    async def done() -> tuple[str, str]:
        async with session.services.custody(session.settings) as custody:
            named, opened = await custody.reveal(wish, await who_acts(session, given, custody), key)
        return named, opened.body.decode()

    named, body = session.run(done())
    session.out.print(body)
    session.err.print(session.say("seal.revealed", id=named, target=given.entry))


@verb(
    audit_noun,
    "erase",
    argument("step", f"{_REQUEST}|{_APPROVE}"),
    argument("entry", "ID"),
    option("slot", "SLOT"),
    option("basis", "TEXT"),
    *WHO_READS,
)
def erase(session: Session, given: Given) -> None:
    """Ask for the erasure of a text, or grant what another person asked for."""
    asking = given.step == _REQUEST
    if given.step not in (_REQUEST, _APPROVE):
        raise UsageFault("erase.step", step=given.step)
    told = bool(given.slot) + bool(given.basis)
    if told != (2 if asking else 0):
        raise UsageFault("erase.slot_and_basis")
    deed = Deed.REQUEST if asking else Deed.ERASE
    said = {"subject": given.entry, "basis": given.basis}
    wish = _wish(session, given, deed).model_copy(update=said)

    async def done() -> str:
        async with session.services.custody(session.settings) as custody:
            who = await who_acts(session, given, custody)
            if asking:
                return await custody.request(wish, who, given.slot)
            return await custody.approve(wish, who)

    named = session.run(done())
    session.print("erase.requested" if asking else "erase.done", id=named)


def _wish(session: Session, given: Given, deed: Deed) -> Wish:
    acting = role(given.role) if given.role else None
    return Wish(deed=deed, role=acting, request_id=session.services.new_request_id())


async def who_acts(session: Session, given: Given, custody: "Custody") -> "Who":
    """Return who acts, with his posts. Raises `UsageFault` usage.no_actor."""
    from duban.store.reading import posts  # noqa: PLC0415 - beside what it is used with

    person = given.actor or session.settings.actor
    if person is None:
        raise UsageFault("usage.no_actor")
    return person, await posts(custody.pool, person), session.services.now()


def recipient_of(path: str) -> "SealKey":
    """Read a public key from its file. Raises `DubanError` seal.key_public."""
    from duban.proof.errors import SealError  # noqa: PLC0415 - see above
    from duban.proof.sealing import SealKey  # noqa: PLC0415

    try:
        return SealKey.parse(text_of(path))
    except SealError as error:
        raise DubanError("seal.key_public", file=path) from error


def opening_key_of(path: str) -> "OpeningKey":
    """Read a private key from its file. Raises `DubanError` seal.key_private."""
    from duban.proof.errors import SealError  # noqa: PLC0415 - see above
    from duban.proof.sealing import OpeningKey  # noqa: PLC0415

    try:
        return OpeningKey.parse(text_of(path))
    except SealError as error:
        raise DubanError("seal.key_private", file=path) from error


def text_of(path: str) -> str:
    """Read a text from its file. Raises `UsageFault` seal.unreadable."""
    try:
        return Path(path).read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageFault("seal.unreadable", path=path, reason=str(error)) from error
