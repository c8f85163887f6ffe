"""After the close: look-backs, what comes back, what was closed on paper only (d.7)."""

from duban.domain.entity.notices import people_in, tell
from duban.domain.entity.permits import (
    acting_ids,
    authorise,
    check_register,
    check_scope,
    not_separated,
    sod1_not_the_claimant,
)
from duban.domain.entity.refusals import require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.problem import commands as c
from duban.domain.problem.cards import propose_red
from duban.domain.problem.records import LookBack
from duban.domain.problem.words import ProblemState as P
from duban.domain.problem.work import Work
from duban.domain.roles import Action, Right, Role

BACK = frozenset({P.WATCHED, P.ARCHIVED, P.DISPROVED, P.FINAL_ANSWERED})
"""What can be opened again (d.1)."""

_AUDITED_BY = (Role.OFFICE, Role.COORDINATION_GROUP)


def _authorise(work: Work, *rights: Right) -> None:
    """Authorise a look-back; where the supervision group leads it is done by others (SOD4)."""
    if work.problem.lead_body is not Role.SUPERVISION_GROUP:
        authorise(work, Action.LOOK_BACK, *rights)
        return
    if work.actor.role in _AUDITED_BY:
        check_register(work)
        check_scope(work, Action.LOOK_BACK)
    elif work.actor.role is Role.SUPERVISION_GROUP:
        raise not_separated("SOD4", work)
    else:
        authorise(work, Action.LOOK_BACK, *rights)


def record_look_back(work: Work, command: c.RecordLookBack) -> None:
    """回头看: passed and watched on, or open again; never by who verified it first (SOD2)."""
    _authorise(work, Right.APPROVE, Right.EXECUTE)
    problem = work.problem
    require_state(problem.state, frozenset({P.WATCHED}), problem.no, "looked_back")
    _sod2(work)
    if command.denied > command.called or (command.deliberate and command.passed):
        raise RuleViolation(Code.COMMAND_MALFORMED, missing=["called", "denied", "deliberate"])
    work.meet(work.subject, DeadlineCode.LOOK_BACK)
    verb = "passed" if command.passed else "failed"
    found = _found(work, command)
    passed = command.passed or problem.lookback_passed
    work.note(lookback_passed=passed, look_backs=(*problem.look_backs, found))
    work.say(
        f"problem:look_back:{verb}",
        reason=command.finding,
        batch=command.batch,
        method=command.method.value,
        called=command.called,
        denied=command.denied,
        signers=list(found.signers),
        verifier=found.verifier,
    )
    if not command.passed:
        _come_back(work)
        work.say("problem:problem:reopened", reason=command.finding)
    if command.deliberate:
        _false(work, command.finding)


def _found(work: Work, command: c.RecordLookBack) -> LookBack:
    """Return what is kept of a look-back: who closed the problem stands beside what was found."""
    problem = work.problem
    return LookBack(
        batch=command.batch,
        on=work.today,
        by=work.actor.id,
        method=command.method,
        passed=command.passed,
        called=command.called,
        denied=command.denied,
        signers=tuple(each.person for each in problem.signatures),
        verifier=problem.verification.verifier if problem.verification else None,
    )


def _sod2(work: Work) -> None:
    """SOD2, SOD1: the first verifier is not the checker, nor anybody of the unit."""
    problem = work.problem
    verifier = problem.verification.verifier if problem.verification else None
    if {verifier, *problem.earlier_verifiers} & acting_ids(work):
        raise not_separated("SOD2", work)
    sod1_not_the_claimant(work, None, problem.unit)


def _come_back(work: Work) -> None:
    """REOPENED: who signed is named, and the counter goes up (d.7); its clocks start anew."""
    problem = work.problem
    signed = tuple(each.person for each in problem.signatures)
    verified = (problem.verification.verifier,) if problem.verification else ()
    work.cancel(work.subject)
    work.move(
        P.REOPENED,
        recurrence_no=problem.recurrence_no + 1,
        earlier_signers=(*problem.earlier_signers, *signed),
        earlier_verifiers=(*problem.earlier_verifiers, *verified),
        signatures=(),
        verification=None,
        close_request=None,
        notice_over=False,
        signed_off_on=None,
        lookback_passed=False,
    )


def _false(work: Work, finding: str) -> None:
    """虚假整改: closed on paper only, on purpose: a red card at once, and a trigger (d.7, g.1).

    The trigger is a question to people, and never less than a named circular is proposed.
    """
    work.note(false_rectification=True)
    people = [*people_in(work, Role.SUPERVISION_GROUP), *people_in(work, Role.OFFICE)]
    on = work.subject
    key = f"{on[1]}/FALSE/{work.problem.recurrence_no}"
    tell(work, "FALSE_RECTIFICATION", key, people, on)
    work.say(
        "problem:trigger:raised",
        reason=finding,
        trigger="FALSE_RECTIFICATION",
        signers=list(work.problem.earlier_signers),
        verifiers=list(work.problem.earlier_verifiers),
        at_least="circular",
    )
    propose_red(work, ground="false_rectification")


def reopen(work: Work, command: c.ReopenProblem) -> None:
    """反弹重启: by complaint, inspection or new evidence, with its source (d.1)."""
    _authorise(work, Right.APPROVE)
    problem = work.problem
    require_state(problem.state, BACK, problem.no, "reopened")
    _come_back(work)
    work.say("problem:problem:reopened", reason=command.reason, basis_doc=command.source_ref)
