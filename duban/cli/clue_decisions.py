"""People's decisions about clues as a table: verb, command and how its fields are typed."""

from duban.cli.decisions import Decision
from duban.cli.parsing import ReadAs, materials
from duban.domain.clue import commands as k
from duban.domain.entity.command import Command

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
