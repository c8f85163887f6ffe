"""Evidence on file (domain.md d.5): what it is, where it came from, and what speaks against it."""

from duban.domain.entity.permits import authorise
from duban.domain.entity.refusals import require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.problem import commands as c
from duban.domain.problem.records import EvidenceItem
from duban.domain.problem.words import ProblemState as P
from duban.domain.problem.work import Work
from duban.domain.roles import UNIT_ROLES, Action, Right

_TAKING = frozenset(P) - {P.MERGED, P.TRANSFERRED, P.ARCHIVED}


def add_evidence(work: Work, command: c.AddEvidence) -> None:
    """Put a file on the problem; a newer version names the one that it replaces.

    What tells of itself that it is older than the assignment, or is on another problem as well, is
    flagged and stays flagged: people see it wherever the file is named (d.5).
    """
    problem = work.problem
    if work.actor.role in UNIT_ROLES:
        authorise(work, Action.REPLY, Right.APPROVE, Right.CREATE, unit=problem.unit)
    else:
        authorise(work, Action.REGISTER_PROBLEM, Right.CREATE)
    number, limit = sum(1 for _ in work.all(EvidenceItem)) + 1, work.policy.problem.max_evidence
    require_state(problem.state, _TAKING, problem.no, "evidence")
    _require_kind(work, command)
    if number > limit:
        raise RuleViolation(Code.OBJECT_TOO_MANY, kind="evidence", max=limit)
    item = EvidenceItem(
        **command.model_dump(exclude={"type", "request_id", "actor", "replaces"}),
        id=f"{problem.no}/F{number:02d}",
        added_by=work.actor.id,
        added_at=work.now,
        older=_is_older(work, command),
    )
    if command.replaces is not None:
        _replace(work, command.replaces, item.id)
    work.put(item.id, item)
    flags = [flag for flag in ("older", "elsewhere") if getattr(item, flag)]
    work.notes.extend(f"evidence:{flag}" for flag in flags)
    on = ("evidence", item.id)
    work.emit("problem:evidence:added", on, unit=problem.unit, flags=flags or None)


def _require_kind(work: Work, command: c.AddEvidence) -> None:
    """Refuse a file that the policy does not take, by its size or the type of its content."""
    rule = work.policy.problem
    if command.size > rule.evidence_max_bytes:
        raise RuleViolation(Code.EVIDENCE_TOO_LARGE, max=rule.evidence_max_bytes)
    if command.media_type not in rule.evidence_types:
        raise RuleViolation(
            Code.EVIDENCE_TYPE, type=command.media_type, known=list(rule.evidence_types)
        )


def _is_older(work: Work, command: c.AddEvidence) -> bool:
    assigned = work.problem.assigned_at
    captured = command.captured_at
    return assigned is not None and captured is not None and captured < assigned


def _replace(work: Work, key: str, by: str) -> None:
    old = work.evidence(key)
    if old.superseded_by is not None:
        raise RuleViolation(Code.STATE_ORDER, id=key, state="superseded", wanted="replaced")
    work.set(key, old, superseded_by=by)
