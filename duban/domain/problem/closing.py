"""Closing on proof: the validator of d.3, verification, public notice, signatures (d.1, d.2)."""

from collections.abc import Iterator

from duban.domain.entity.clocks import hold, release, settle_held
from duban.domain.entity.permits import (
    acting_ids,
    authorise,
    check_register,
    check_scope,
    not_separated,
    sod1_not_the_claimant,
)
from duban.domain.entity.records import EvidenceKind
from duban.domain.entity.refusals import out_of_order, require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.problem import commands as c
from duban.domain.problem.cards import propose_red
from duban.domain.problem.opening import RECTIFYING_CLOCKS
from duban.domain.problem.records import (
    CloseRequest,
    EvidenceItem,
    ProblemRecord,
    Signature,
    Verification,
)
from duban.domain.problem.rectifying import require_leader
from duban.domain.problem.words import AccessLevel
from duban.domain.problem.words import ProblemState as P
from duban.domain.problem.work import Work
from duban.domain.roles import Action, Right, Role, not_permitted


def request_close(work: Work, command: c.RequestClose) -> None:
    """申请销号: refused with everything that is missing, at once (d.3); nothing is half asked."""
    problem = work.problem
    authorise(work, Action.REQUEST_CLOSE, Right.APPROVE, Right.CREATE, unit=problem.unit)
    require_state(
        problem.state, frozenset({P.RECTIFYING, P.LONG_TERM}), problem.no, "close_requested"
    )
    missing = list(d3_missing(work, command))
    if missing:
        raise RuleViolation(Code.CLOSE_INCOMPLETE, id=problem.no, missing=missing)
    require_leader(work, command.signed_by)
    asked = CloseRequest(
        **command.model_dump(exclude={"type", "request_id", "actor"}),
        requested_by=work.actor.id,
        requested_unit=str(problem.unit),
        requested_at=work.now,
    )
    work.move(P.CLOSE_REQUESTED, close_request=asked, close_requests=problem.close_requests + 1)
    for code in sorted(RECTIFYING_CLOCKS):
        hold(work, work.subject, code)
    body = Role.CAMPAIGN_GROUP
    work.open_deadline(DeadlineCode.VERIFICATION, work.subject, body, matter=problem.title)
    work.say("problem:close:requested", signed_by=command.signed_by, achieved=str(command.achieved))


def d3_missing(work: Work, command: c.RequestClose) -> Iterator[str]:
    """Yield everything that a close request still lacks, by the numbers of d.3.

    Points 2 and 6 are asked for by the shape of the command and by its signature.
    """
    problem = work.problem
    for measure in problem.plan:
        if measure.done_on is None:
            yield f"1.measure:{measure.no}"
    yield from _evidence_missing(work, problem)
    if not command.sibling_scope.strip():
        yield "4.sibling_scope"
    if not (command.mechanism or command.no_mechanism_reason):
        yield "5.mechanism"
    contacted = command.contact_made and command.satisfied is not None
    if problem.from_person and not (contacted or command.no_contact_reason):
        yield "7.contact"
    if len(command.answers) < len(problem.defects):
        yield from (f"8.defect:{no}" for no in _unanswered(problem, command))


def _unanswered(problem: ProblemRecord, command: c.RequestClose) -> Iterator[int]:
    yield from range(len(command.answers) + 1, len(problem.defects) + 1)


def _evidence_missing(work: Work, problem: ProblemRecord) -> Iterator[str]:
    """d.3.3: an outcome from after the assignment, and the policy's number of items in all.

    A file that tells of itself that it is older is no outcome of what was done since.
    """
    items = [each for each in work.all(EvidenceItem) if each.superseded_by is None]
    fresh = [
        each
        for each in items
        if each.kind is EvidenceKind.OUTCOME
        and not each.older
        and problem.assigned_at is not None
        and each.added_at >= problem.assigned_at
    ]
    if not fresh:
        yield "3.outcome_evidence"
    if len(items) < work.policy.problem.evidence_items:
        yield f"3.evidence_items:{len(items)}/{work.policy.problem.evidence_items}"


def verify(work: Work, command: c.VerifyProblem) -> None:
    """复查核验: who verifies answers for it; never who asked (SOD1), passed only with scores."""
    authorise(work, Action.VERIFY, Right.APPROVE, Right.EXECUTE)
    problem = work.problem
    wanted = frozenset({P.CLOSE_REQUESTED, P.VERIFYING})
    require_state(problem.state, wanted, problem.no, "verified")
    _sod1(work)
    if command.passed and command.scores is None:
        raise RuleViolation(Code.REASON_MISSING, field="scores")
    if not command.passed and not command.defects:
        raise RuleViolation(Code.REASON_MISSING, field="defects")
    found = Verification(
        verifier=work.actor.id,
        verified_at=work.now,
        passed=command.passed,
        on_site=command.on_site,
        opinion=command.opinion,
        scores=command.scores,
    )
    work.meet(work.subject, DeadlineCode.VERIFICATION)
    if problem.state is P.CLOSE_REQUESTED:
        work.move(P.VERIFYING)
    if command.passed:
        _pass(work, found)
    else:
        _reject(work, found, command.defects)
    verb = "passed" if command.passed else "rejected"
    work.say(f"problem:verification:{verb}", reason=command.opinion, on_site=command.on_site)
    if not command.passed and work.problem.rejections >= work.policy.problem.red_rejections:
        propose_red(work, ground="rejections")


def _sod1(work: Work) -> None:
    """SOD1: who asked to close, person or unit, neither verifies nor signs."""
    asked = work.problem.close_request
    assert asked is not None
    sod1_not_the_claimant(work, asked.requested_by, asked.requested_unit)
    if asked.signed_by in acting_ids(work):
        raise not_separated("SOD1", work)


def _pass(work: Work, found: Verification) -> None:
    """What may be known is given public notice; the rest waits for the signatures (d.1)."""
    if work.problem.access_level is AccessLevel.CONFIDENTIAL:
        work.move(P.VERIFYING, verification=found, defects=(), notice_over=True)
        return
    work.move(P.PUBLIC_NOTICE, verification=found, defects=(), notice_over=False)
    code = DeadlineCode.PUBLIC_NOTICE
    work.open_deadline(code, work.subject, Role.OFFICE, matter=work.problem.title)


def _reject(work: Work, found: Verification, defects: tuple[str, ...]) -> None:
    problem = work.problem
    work.move(P.RECTIFYING, verification=found, defects=defects, rejections=problem.rejections + 1)
    for code in sorted(RECTIFYING_CLOCKS):
        release(work, work.subject, code)


def notice_ends(work: Work) -> None:
    """The days of public notice are over without an objection: it may be signed (DL13)."""
    work.meet(work.subject, DeadlineCode.PUBLIC_NOTICE)
    work.note(notice_over=True)
    work.say("problem:notice:over")


def object_to_close(work: Work, command: c.ObjectToClose) -> None:
    """An objection in the days of public notice: the problem is verified once more (d.1)."""
    authorise(work, Action.REGISTER_PROBLEM, Right.CREATE)
    problem = work.problem
    require_state(problem.state, frozenset({P.PUBLIC_NOTICE}), problem.no, "objected")
    if work.actor.unit is not None and work.actor.unit == problem.unit:
        raise not_separated("SOD1", work)
    work.move(P.VERIFYING, signatures=(), notice_over=False)
    work.cancel(work.subject, DeadlineCode.PUBLIC_NOTICE)
    body = Role.CAMPAIGN_GROUP
    work.open_deadline(DeadlineCode.VERIFICATION, work.subject, body, matter=problem.title)
    work.say("problem:notice:objected", reason=command.grounds, objector=command.objector)


def signers(problem: ProblemRecord) -> tuple[Role, ...]:
    """Return who has to sign (b.3 row 16): group and office, and for hard or major the top.

    Where the supervision group leads, the coordination group signs in the group's place (SOD4).
    """
    audited = problem.lead_body is Role.SUPERVISION_GROUP
    group = Role.COORDINATION_GROUP if audited else Role.CAMPAIGN_GROUP
    top = (Role.LEADING_GROUP,) if problem.needs_leading_group else ()
    return (group, Role.OFFICE, *top)


def sign(work: Work, command: c.CloseProblem) -> None:
    """销号: one signature of each signer, of as many people; with the last one it is closed."""
    problem = work.problem
    check_register(work)
    wanted = signers(problem)
    if work.actor.role not in wanted:
        _refuse_signer(work, problem, wanted)
    check_scope(work, Action.SIGN_OFF)
    require_state(
        problem.state, frozenset({P.PUBLIC_NOTICE, P.VERIFYING}), problem.no, "signed_off"
    )
    _sod1(work)
    _require_verified(work, problem)
    if work.actor.role in {each.role for each in problem.signatures}:
        raise RuleViolation(
            Code.STATE_ORDER, id=problem.no, state="signed", wanted=work.actor.role.value
        )
    if acting_ids(work) & {each.person for each in problem.signatures}:
        raise not_separated("SOD1", work)
    mine = Signature(role=work.actor.role, person=work.actor.id, signed_on=work.today)
    signatures = (*problem.signatures, mine)
    work.note(signatures=signatures)
    work.say("problem:close:signed", reason=command.opinion, role=work.actor.role.value)
    if {each.role for each in signatures} == set(wanted):
        _sign_off(work)


def _refuse_signer(work: Work, problem: ProblemRecord, wanted: tuple[Role, ...]) -> None:
    led_by = problem.lead_body is Role.SUPERVISION_GROUP
    if led_by and work.actor.role in (Role.SUPERVISION_GROUP, Role.CAMPAIGN_GROUP):
        raise not_separated("SOD4", work)
    raise not_permitted(work.actor, Action.SIGN_OFF.value, wanted)


def _require_verified(work: Work, problem: ProblemRecord) -> None:
    """Refuse while the notice runs, and while it is verified again after an objection."""
    for notice in work.open_deadlines(work.subject, DeadlineCode.PUBLIC_NOTICE):
        raise RuleViolation(
            Code.NOTICE_RUNNING, id=problem.no, until=notice.current_due_on.isoformat()
        )
    if not problem.notice_over:
        raise out_of_order(problem.no, problem.state, "verified")


def _sign_off(work: Work) -> None:
    """SIGNED_OFF, and at once WATCHED with its look-back (DL14); late stays late, met is met."""
    for code in sorted(RECTIFYING_CLOCKS):
        settle_held(work, work.subject, code)
    work.move(P.SIGNED_OFF, signed_off_on=work.today)
    work.cancel(work.subject)
    work.say("problem:problem:signed_off", signers=[s.person for s in work.problem.signatures])
    work.move(P.WATCHED, lookback_passed=False)
    code = DeadlineCode.LOOK_BACK
    work.open_deadline(code, work.subject, Role.OFFICE, matter=work.problem.title)
    work.say("problem:problem:watched_over")
