"""People's decisions about clues as a table: verb, command and how its fields are typed."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from duban.cli.decisions import Decision
from duban.cli.errors import UsageFault
from duban.cli.parsing import ReadAs
from duban.domain.clue import commands as k
from duban.domain.entity.command import Command

_DIGEST = re.compile(r"[0-9a-f]{64}")


def materials(items: Iterable[str]) -> list[dict[str, str]]:
    """Read `TITLE=FILE`, whose bytes are hashed, or `TITLE=SHA-256` of what is elsewhere."""
    found = []
    for item in items:
        title, _, named = item.partition("=")
        if not (title.strip() and named):
            raise UsageFault("usage.material", text=item)
        digest = named if _DIGEST.fullmatch(named) else _digest_of(named)
        found.append({"title": title, "digest": digest})
    return found


def _digest_of(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageFault("seal.unreadable", path=path, reason=str(error)) from error


_READ_AS: dict[tuple[str, str], ReadAs] = {("TransferClue", "materials"): materials}


def _row(
    verb: str,
    command: type[Command],
    *positional: str,
    names: dict[str, str] | None = None,
    **flags: str,
) -> Decision:
    return Decision("clue", verb, command, positional, flags, names or {}, reads=_READ_AS)


CLUE_DECISIONS: tuple[Decision, ...] = (
    _row("acknowledge", k.AcknowledgeClue),
    _row("triage", k.TriageClue, major="--major/--not-major"),
    _row("decide", k.DecideClue),
    _row("transfer", k.TransferClue, names={"materials": "material"}),
    _row("link-problem", k.LinkProblem, "problem"),
    _row("receipt", k.RecordReceipt, accepted="--accepted/--sent-back"),
    _row("result", k.RecordResult),
    _row("feedback", k.TellReporter),
    _row("close", k.CloseClue),
    _row("retaliation", k.FlagRetaliation),
    _row("custodian", k.DesignateCustodian, "person"),
    _row("request-on-case", k.RequestOnCase),
)
"""Every command of `duban.domain.clue.commands`, but that of `duban clue report` and `write-up`."""
