"""`duban audit verify`: every check of audit.md 6 on the live trail."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.cli.bars import counted
from duban.cli.errors import UsageFault, giving_a_verdict
from duban.cli.output import Column, Format, destination, show_json, show_rows, words_of
from duban.cli.remembering import with_memory
from duban.cli.session import Session
from duban.cli.trail_commands import audit_noun
from duban.cli.typed import OUTPUT
from duban.cli.verbs import Given, Param, option, repeated, verb

if TYPE_CHECKING:
    # They import cryptography, which a command that proves nothing should not wait for.
    from duban.verify.report import Report, Unchecked
    from duban.verify.run import Rules

_FINDINGS = (Column("code"), Column("where"), Column("meaning"), Column("detail"))
_MICRO = 1_000_000
_FROM_ZERO = Param("from_zero", Annotated[bool, typer.Option("--from-zero")], False)
_LOG_ONLY = Param("log_only", Annotated[bool, typer.Option("--log-only")], False)
_TEMPORAL = Param("temporal", Annotated[bool, typer.Option("--temporal")], False)


@verb(
    audit_noun,
    "verify",
    option("policy", "FILE"),
    repeated("anchor", "FILE", must=False),
    repeated("receipt", "FILE", must=False),
    option("manifest", "FILE"),
    _TEMPORAL,
    option("state", "FILE"),
    _FROM_ZERO,
    _LOG_ONLY,
    OUTPUT,
)
def verify_trail(session: Session, given: Given) -> int:
    """Check everything; the status is 0 (holds), 1 (tampered), 2 (unreadable), 3 (cannot tell)."""
    to = destination(given.output)
    with giving_a_verdict():
        report = session.run(_verified(session, given, _rules(session, given)))
        _keep(given, report)
    rows = [
        {
            "code": each.code,
            "where": each.where,
            "meaning": session.say(f"verify.code.{each.code}"),
            "detail": each.detail,
        }
        for each in report.findings
    ]
    if to.format is Format.JSON:
        left = [_left(each) for each in report.unchecked]
        show_json(session, {**_figures(report), "findings": rows, "unchecked": left})
    elif rows:
        show_rows(session, rows, _FINDINGS, to)
    session.err.print(session.say("verify.seen", **_figures(report)))
    for each in report.unchecked:
        since = words_of(session, each.since)
        what = session.say(f"verify.unchecked.{each.what}", count=each.count, since=since)
        session.err.print(session.say("verify.unchecked", what=what))
    session.err.print(session.say(f"verify.verdict.{report.verdict.name.lower()}"))
    return int(report.verdict)


def _rules(session: Session, given: Given) -> "Rules":
    from duban.verify.files import read_outside  # noqa: PLC0415 - see above
    from duban.verify.run import Rules  # noqa: PLC0415
    from duban.verify.state import read_state  # noqa: PLC0415
    from duban.witness.files import read_policy  # noqa: PLC0415

    named = given.policy or session.settings.log_policy
    if named is None:
        raise UsageFault("verify.no_policy")
    outside = read_outside(
        map(Path, given.anchor or ()),
        map(Path, given.receipt or ()),
        Path(given.manifest) if given.manifest else None,
    )
    now_us = int(session.services.now().timestamp() * _MICRO)
    policy, since = read_policy(Path(named)), None
    if given.state and not given.from_zero:
        since = read_state(Path(given.state), policy)
    return Rules(
        policy, now_us, outside, since=since, keeps=bool(given.state), ledger=not given.log_only
    )


def _keep(given: Given, report: "Report") -> None:
    """Leave the next run what it may go on from; only one that holds leaves anything."""
    from duban.verify.state import write_state  # noqa: PLC0415 - see above

    if given.state and report.state is not None:
        write_state(Path(given.state), report.state)


def _left(left: "Unchecked") -> dict[str, Any]:
    since = {"since": left.since} if left.since else {}
    return {"what": left.what, "count": left.count, **since}


async def _verified(session: Session, given: Given, rules: "Rules") -> "Report":
    if given.temporal:
        # Before the trail's snapshot: what Temporal knows by then, the trail must hold.
        rules = replace(rules, outside=await with_memory(session, rules.outside))
    with counted(session, session.say("verify.running")) as tell:
        return await session.services.verify(session.settings, rules, tell)


def _figures(report: "Report") -> dict[str, Any]:
    return {
        "entries": report.entries,
        "earlier": report.earlier,
        "streams": report.streams,
        "closed": report.closed_streams,
        "checkpoints": report.checkpoints,
        "size": report.tree_size,
        "root": report.root.hex(),
        "verdict": report.verdict.name.lower(),
    }
