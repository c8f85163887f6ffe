"""`duban audit export`, `proof`, `verify-entry`, `consistency` and `anchor`: proof to take away."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.cli.errors import Status, UsageFault, giving_a_verdict
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.session import Session
from duban.cli.trail_commands import audit_noun
from duban.cli.typed import CAMPAIGN, OUT
from duban.cli.verbs import Given, Param, argument, option, verb
from duban.domain.reading import Reading

if TYPE_CHECKING:
    # These import cryptography, which a command that proves nothing should not wait for.
    from duban.bundle import Exported, Wanted
    from duban.proof.policy import Policy

_ALL = Param("all", Annotated[bool, typer.Option("--all")], False)
_POLICY = option("policy", "FILE")
_FALSE, _UNTOLD = 1, 3
"""Statuses of `verify-entry` beside 0: those of audit.md 6."""


@verb(
    audit_noun,
    "export",
    argument("bundle", "OUT.ZIP"),
    CAMPAIGN,
    _ALL,
    _POLICY,
    option("anchor", "FILE"),
    *WHO_READS,
)
def export(session: Session, given: Given) -> None:
    """Write a bundle; that it was written, by whom and with which digest is an entry itself."""
    if bool(given.campaign) == given.all:
        raise UsageFault("bundle.one_of_both")
    written = session.run(_export(session, given, _wanted(session, given)))
    session.print(
        "bundle.written",
        entries=written.entries,
        streams=written.streams,
        size=written.checkpoint.size,
        digest=written.manifest,
    )
    session.err.print(session.say("bundle.how_to_check", path=given.bundle))


def _wanted(session: Session, given: Given) -> "Wanted":
    from duban.bundle import Wanted  # noqa: PLC0415 - see above
    from duban.bundle.verify import Unreadable, read_anchors  # noqa: PLC0415

    named = given.policy or session.settings.log_policy
    policy = _text(str(named)) if _policy(named) else None
    sizes: tuple[int, ...] = ()
    if given.anchor:
        try:
            sizes = tuple(each.size for each in read_anchors(_text(given.anchor)))
        except Unreadable as error:
            raise UsageFault("bundle.unreadable", path=given.anchor, reason=str(error)) from error
    return Wanted(given.campaign, policy, sizes)


async def _export(session: Session, given: Given, wanted: "Wanted") -> "Exported":
    asked = asked_of(given, "audit export", scope=(given.campaign, None))
    asked = asked.model_copy(update={"kind": Reading.EXPORT})
    out = Path(given.bundle)
    async with (
        session.services.reader(session.settings) as reader,
        session.services.archive(session.settings) as archive,
    ):
        query = asked.model_copy(update={"kind": Reading.QUERY})
        await permitted(session, reader, query, given.actor)
        try:
            written = await archive.export(wanted, out)
        except OSError as error:
            raise UsageFault("bundle.folder", path=given.bundle, reason=str(error)) from error
        try:
            detail = {**asked.detail, **_named(written)}
            await permitted(
                session, reader, asked.model_copy(update={"detail": detail}), given.actor
            )
        except BaseException:
            # What is not on the trail is not handed out.
            out.unlink(missing_ok=True)
            raise
    return written


def _named(written: "Exported") -> dict[str, Any]:
    return {
        "file": written.path.name,
        "rows": written.entries,
        "size": written.checkpoint.size,
        "sha256": written.manifest,
    }


@verb(audit_noun, "proof", argument("entry", "ID"), OUT, *WHO_READS)
def proof(session: Session, given: Given) -> None:
    """Write the proof of an entry, with the entry itself."""
    put(session, session.run(_proof(session, given)), given.out)


async def _proof(session: Session, given: Given) -> str:
    asked = asked_of(given, "audit proof", scope=(None, None))
    async with (
        session.services.reader(session.settings) as reader,
        session.services.archive(session.settings) as archive,
    ):
        await permitted(session, reader, asked, given.actor)
        found = await archive.proof(given.entry)
    return found.format()


@verb(audit_noun, "verify-entry", argument("file"), _POLICY)
def verify_entry(session: Session, given: Given) -> int:
    """Check an entry's proof under a policy from elsewhere; needs no database."""
    from duban.bundle import judged  # noqa: PLC0415 - see above
    from duban.proof.checkpoints import Checkpoint  # noqa: PLC0415
    from duban.proof.proofs import EntryProof  # noqa: PLC0415

    with giving_a_verdict():
        found = EntryProof.parse(_text(given.file))
        tree = Checkpoint.parse(found.checkpoint.text)
        wrong = judged(found, _policy(given.policy))
    for code in wrong:
        session.err.print(session.say(f"bundle.entry.{code}"))
    if wrong:
        return _FALSE if {"LEAF_HASH", "CKPT_SIG"} & set(wrong) else _UNTOLD
    session.print("bundle.entry.holds", index=found.index, origin=tree.origin, size=tree.size)
    session.out.print(found.extra.decode(errors="backslashreplace"))
    return Status.DONE


@verb(audit_noun, "consistency", argument("old", kind=int), argument("new", kind=int))
def consistency(session: Session, given: Given) -> int:
    """Prove that the log only grew between two checkpoints."""

    async def proven() -> Any:
        async with session.services.archive(session.settings) as archive:
            return await archive.growth(given.old, given.new)

    found = session.run(proven())
    session.out.file.write(found.format())
    if not found.holds:
        session.err.print(session.say("bundle.entry.LEAF_HASH"))
        return Status.AUDIT_BROKEN
    session.err.print(session.say("bundle.grown", old=given.old, new=given.new))
    return Status.DONE


@verb(audit_noun, "anchor", _POLICY, option("png", "FILE"))
def anchor(session: Session, given: Given) -> None:
    """Print what others should hold of the log: a line, and the same as a QR code."""
    from duban.bundle.verify import anchor_line  # noqa: PLC0415 - see above

    policy = _policy(given.policy or session.settings.log_policy)

    async def newest() -> Any:
        async with session.services.archive(session.settings) as archive:
            return await archive.anchor(policy)

    tree = session.run(newest())
    line = anchor_line(tree.origin, tree.size, tree.root)
    session.out.print(line)
    _draw(session, line, given.png)


def _draw(session: Session, line: str, png: str | None) -> None:
    import segno  # noqa: PLC0415 - needed by this command only

    code = segno.make_qr(line)
    if png:
        try:
            code.save(png, kind="png", scale=6)
        except OSError as error:
            raise UsageFault("bundle.folder", path=png, reason=str(error)) from error
    if session.out.is_terminal:
        code.terminal(sys.stdout, compact=True)


def _policy(path: str | Path | None) -> "Policy | None":
    """Read a policy. Raises `DubanError` with a code of `duban.witness.files.read_policy`."""
    from duban.witness.files import read_policy  # noqa: PLC0415 - see above

    return None if path is None else read_policy(Path(path))


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageFault("bundle.unreadable", path=path, reason=str(error)) from error


def put(session: Session, text: str, out: str | None) -> None:
    """Write a text to a new file, or print it. Raises `UsageFault` `bundle.folder`."""
    if out is None:
        session.out.file.write(text)
        return
    try:
        with Path(out).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise UsageFault("bundle.folder", path=out, reason=str(error)) from error
