"""The work itself: plan, its review, milestones of what takes long, help from others (d.1)."""

from duban.domain.deadlines import Deadline
from duban.domain.entity.notices import people_in
from duban.domain.entity.permits import authorise, sod1_not_the_claimant
from duban.domain.entity.proof import require_outcome
from duban.domain.entity.refusals import require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.problem import commands as c
from duban.domain.problem.opening import RECTIFYING_CLOCKS, call_for_plan
from duban.domain.problem.records import Measure
from duban.domain.problem.words import ProblemState as P
from duban.domain.problem.work import Work
from duban.domain.roles import Action, Right, Role


def require_leader(work: Work, signed_by: str) -> None:
    """Refuse a paper that no principal leader of the unit has signed (d.3.6, EXP6)."""
    leaders = {each.id for each in people_in(work, Role.PRINCIPAL_LEADER, work.problem.unit)}
    if signed_by not in leaders:
        raise RuleViolation(Code.SIGNATURE_MISSING, signed_by=signed_by, held=sorted(leaders))


def submit_plan(work: Work, command: c.SubmitRectificationPlan) -> None:
    """整改方案: measures and a measurable outcome; the group looks at it in two working days."""
    problem = work.problem
    authorise(work, Action.REPLY, Right.APPROVE, Right.CREATE, unit=problem.unit)
    require_leader(work, command.signed_by)
    measures = [Measure(no=no, text=text) for no, text in enumerate(command.measures, 1)]
    work.move(P.PLAN_REVIEW, plan=tuple(measures), outcome=command.outcome)
    work.meet(work.subject, DeadlineCode.RECTIFICATION_PLAN)
    code = DeadlineCode.RECTIFICATION_PLAN_REVIEW
    work.open_deadline(code, work.subject, Role.CAMPAIGN_GROUP, matter=problem.title)
    work.say("problem:plan:submitted", signed_by=command.signed_by)


def review_plan(work: Work, command: c.ReviewRectificationPlan) -> None:
    """Pass the plan, or return it for another; the date of the rectification stays (d.1)."""
    authorise(work, Action.VERIFY, Right.APPROVE)
    problem = work.problem
    sod1_not_the_claimant(work, None, problem.unit)
    require_state(problem.state, frozenset({P.PLAN_REVIEW}), problem.no, "plan_reviewed")
    work.meet(work.subject, DeadlineCode.RECTIFICATION_PLAN_REVIEW)
    if command.passed:
        work.move(P.RECTIFYING)
    else:
        work.move(P.ACCEPTED, plan_returns=problem.plan_returns + 1)
        call_for_plan(work)
    verb = "passed" if command.passed else "returned"
    work.say(f"problem:plan:{verb}", reason=command.opinion)


def require_outcomes(work: Work, keys: tuple[str, ...]) -> None:
    """Refuse without outcome evidence among what is named (EXP8); all of it must be on file."""
    require_outcome([work.evidence(key) for key in keys], work.problem.no)


def make_long_term(work: Work, command: c.MakeLongTerm) -> None:
    """长期整改: an owner beyond the campaign, and a milestone every quarter (DL11, O8)."""
    authorise(work, Action.SIGN_OFF, Right.APPROVE)
    problem = work.problem
    if problem.needs_leading_group and work.actor.role is not Role.LEADING_GROUP:
        raise RuleViolation(Code.ROLE_NOT_PERMITTED, action="-", role=work.actor.role.value)
    sod1_not_the_claimant(work, None, problem.unit)
    work.move(P.LONG_TERM, successor=command.successor)
    for code in sorted(RECTIFYING_CLOCKS | {DeadlineCode.RECTIFICATION_PLAN}):
        work.cancel(work.subject, code)
    _next_milestone(work, command.successor)
    work.say("problem:problem:made_long_term", reason=command.reason, basis_doc=command.doc_no)


def _next_milestone(work: Work, holder: str) -> Deadline:
    code = DeadlineCode.LONG_TERM
    return work.open_deadline(code, work.subject, holder, matter=work.problem.title)


def record_milestone(work: Work, command: c.RecordMilestone) -> None:
    """A milestone of long-term work, on outcome evidence; the next quarter begins (DL11)."""
    authorise(work, Action.VERIFY, Right.APPROVE)
    problem = work.problem
    running = work.open_deadlines(work.subject, DeadlineCode.LONG_TERM)
    if not running:
        require_state(problem.state, frozenset({P.LONG_TERM}), problem.no, "milestone")
    sod1_not_the_claimant(work, None, problem.unit)
    require_outcomes(work, command.evidence)
    work.meet(work.subject, DeadlineCode.LONG_TERM)
    _next_milestone(work, problem.successor or str(problem.unit))
    work.note(last_action_on=work.today, stagnant=False)
    work.say("problem:milestone:reached", reason=command.reached, evidence=list(command.evidence))


def conclude_assistance(work: Work, command: c.ConcludeAssistance) -> None:
    """Confirm that an assisting unit has helped; its own clock stops, no other (K91)."""
    authorise(work, Action.VERIFY, Right.APPROVE)
    sod1_not_the_claimant(work, None, command.unit)
    clocks = [
        each
        for each in work.open_deadlines(work.subject, DeadlineCode.ASSISTANCE)
        if each.holder == command.unit
    ]
    if not clocks:
        raise RuleViolation(Code.UNIT_UNKNOWN, unit=command.unit)
    require_outcomes(work, command.evidence)
    for clock in clocks:
        work.set(clock.id, clock, status="met", met_at=work.now, next_rung=None, next_at=None)
    helped = tuple(
        each.model_copy(update={"done_on": work.today}) if each.unit == command.unit else each
        for each in work.problem.assisting
    )
    work.note(assisting=helped)
    work.say("problem:assistance:concluded", unit=command.unit, evidence=list(command.evidence))
