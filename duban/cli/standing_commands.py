"""`duban audit witness-status`: how the witnesses stand to the log."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duban.cli.errors import UsageFault, giving_a_verdict
from duban.cli.output import Column, Format, destination, show_json, show_rows
from duban.cli.session import Session
from duban.cli.trail_commands import audit_noun
from duban.cli.typed import OUTPUT
from duban.cli.verbs import Given, option, verb

if TYPE_CHECKING:
    # They import cryptography, which a command that proves nothing should not wait for.
    from duban.proof.policy import Policy
    from duban.verify.standing import Standing, WitnessStanding

_SHORT = 16
"""Digits of a root that tell it from others at a glance; the whole is in the JSON."""

_COLUMNS = (
    Column("name"),
    Column("outcome_of_asking", "witness_answer"),
    Column("size", right=True),
    Column("behind", right=True),
    Column("cosigned_at"),
    Column("clock_off", right=True),
    Column("root", shown=lambda _, row: str(row["root"])[:_SHORT]),
    Column("detail"),
)


@verb(audit_noun, "witness-status", option("policy", "FILE"), OUTPUT)
def witness_status(session: Session, given: Given) -> int:
    """Ask every witness; the status is that of `verify`: 0, 1, 2 or 3."""
    from duban.witness.files import read_policy  # noqa: PLC0415 - see above

    to = destination(given.output)
    named = given.policy or session.settings.log_policy
    if named is None:
        raise UsageFault("verify.no_policy")
    with giving_a_verdict():
        policy = read_policy(Path(named))
        found = session.run(_asked(session, policy))
    rows = [_row(each) for each in found.witnesses]
    if to.format is Format.JSON:
        show_json(session, {**_figures(found), "witnesses": rows})
    else:
        show_rows(session, rows, _COLUMNS, to)
    session.err.print(session.say("standing.seen", size=found.size, vouched=found.vouched))
    why = [session.say(f"verify.code.{each}") for each in found.codes]
    session.err.print(session.say(f"standing.{found.verdict.name.lower()}", why=why))
    return int(found.verdict)


async def _asked(session: Session, policy: "Policy") -> "Standing":
    return await session.services.standing(session.settings, policy)


def _row(witness: "WitnessStanding") -> dict[str, Any]:
    at = witness.cosigned_at
    return {
        **asdict(witness),
        "outcome_of_asking": witness.outcome.value,
        "outcome": witness.outcome.value,
        "cosigned_at": None if at is None else datetime.fromtimestamp(at, UTC).isoformat(),
    }


def _figures(found: "Standing") -> dict[str, Any]:
    return {
        "size": found.size,
        "root": found.root,
        "vouched": found.vouched,
        "codes": found.codes,
        "verdict": found.verdict.name.lower(),
    }
