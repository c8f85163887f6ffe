"""From found to taken over: triage, assignment, acceptance, return (domain.md d.1, d.2)."""

from duban.domain.entity.moving import limited
from duban.domain.entity.permits import authorise, leading_group_only, person_of
from duban.domain.entity.refusals import require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.problem import commands as c
from duban.domain.problem.records import Assistance
from duban.domain.problem.words import ProblemState as P
from duban.domain.problem.words import RectifyClass, TicketKind
from duban.domain.problem.work import Work
from duban.domain.roles import Action, Right, Role

LIMIT_OF = {
    RectifyClass.IMMEDIATE: DeadlineCode.IMMEDIATE,
    RectifyClass.TIME_LIMITED: DeadlineCode.TASK_ITEM,
    RectifyClass.LONG_TERM: DeadlineCode.LONG_TERM,
}
"""The limit of each class (DL09, DL10, DL11)."""

_TICKETS = frozenset({DeadlineCode.TICKET, DeadlineCode.TICKET_INQUIRY})

RECTIFYING_CLOCKS = frozenset(LIMIT_OF.values()) | _TICKETS

_UNASSIGNED = frozenset({P.TRIAGED, P.REOPENED})
"""What is handed out: nobody has it, or nobody has it again (d.1)."""


def triage(work: Work, command: c.TriageProblem) -> None:
    """研判定性 (K02): only what has a type, a class and a target can be assigned."""
    authorise(work, Action.ASSIGN_PROBLEM, Right.EXECUTE)
    work.move(
        P.TRIAGED,
        problem_type=command.problem_type,
        severity=command.severity,
        rectify_class=command.rectify_class,
        hard_bone=command.hard_bone,
        access_level=command.access_level,
        target=command.target,
        triaged_by=work.actor.id,
    )
    work.say("problem:problem:triaged", reason=command.opinion or None)


def assign(work: Work, command: c.AssignProblem) -> None:
    """交办: the clocks of acceptance (DL04) and of rectification start with the next day."""
    authorise(work, Action.ASSIGN_PROBLEM, Right.EXECUTE)
    _people_of(work, command.unit, command.principal_leader, command.handler)
    if command.leader_in_charge is not None:
        _belongs(work, command.leader_in_charge, command.unit)
    # A unit that asks to return it is heard first (DL05): nobody assigns past its request.
    require_state(work.problem.state, _UNASSIGNED, work.problem.no, "assigned")
    problem = work.move(
        P.ASSIGNED,
        unit=command.unit,
        principal_leader=command.principal_leader,
        leader_in_charge=command.leader_in_charge,
        handler=command.handler,
        assigned_at=work.now,
        assisting=tuple(Assistance(unit=a.unit, matter=a.matter) for a in command.assisting),
        recurs=work.recurring(),
    )
    due = _start_rectifying(work, command.limit)
    for each in command.assisting:
        _assist(work, each, command.unit)
    work.open_deadline(DeadlineCode.ACCEPT, work.subject, command.unit, matter=problem.title)
    work.say(
        "problem:problem:assigned",
        basis_doc=command.basis_doc,
        due_on=due,
        recurs=list(problem.recurs) or None,
    )


def _start_rectifying(work: Work, limit: str) -> str:
    """Start the clock of the class, or that of a ticket: by its own day while that is ahead (DL24).

    A ticket's day stays where it is, on a rest day as well (CNT4): the hotline has named it.
    """
    problem = work.problem
    assert problem.rectify_class is not None
    code, ticket = LIMIT_OF[problem.rectify_class], problem.ticket
    span = None
    if ticket is not None and problem.rectify_class is not RectifyClass.LONG_TERM:
        is_inquiry = ticket.kind is TicketKind.INQUIRY
        code = DeadlineCode.TICKET_INQUIRY if is_inquiry else DeadlineCode.TICKET
        if ticket.due_on is not None and ticket.due_on > work.today:
            span = work.fixed(ticket.due_on)
    if limit:
        span = limited(work, code, limit)
    deadline = work.open_deadline(
        code, work.subject, str(problem.unit), span=span, matter=problem.title
    )
    return deadline.current_due_on.isoformat()


def _assist(work: Work, asked: c.Assist, lead: str) -> None:
    """K91: an assisting unit has its own date, and its lateness is charged to it alone."""
    if asked.unit == lead:
        raise RuleViolation(Code.UNIT_UNKNOWN, unit=asked.unit)
    code = DeadlineCode.ASSISTANCE
    span = limited(work, code, asked.limit) if asked.limit else None
    work.open_deadline(code, work.subject, asked.unit, span=span, matter=asked.matter)


def _people_of(work: Work, unit: str, leader: str, handler: str) -> None:
    for person_id, role in ((leader, Role.PRINCIPAL_LEADER), (handler, Role.LIAISON)):
        person = person_of(work, person_id, role)
        if person.unit != unit:
            raise RuleViolation(Code.ROLE_OUT_OF_SCOPE, actor=person.id, unit=unit)


def _belongs(work: Work, person_id: str, unit: str) -> None:
    if not any(each.id == person_id and each.unit == unit for each in work.people()):
        raise RuleViolation(Code.ROLE_OUT_OF_SCOPE, actor=person_id, unit=unit)


def accept(work: Work, _: c.AcceptProblem) -> None:
    """签收 (K62): the unit takes the problem over."""
    authorise(work, Action.ACCEPT_TASK, Right.APPROVE, Right.CREATE, unit=work.problem.unit)
    require_state(work.problem.state, frozenset({P.ASSIGNED}), work.problem.no, "accepted")
    take_over(work, by=work.actor.id, tag="problem:problem:accepted")


def take_over(work: Work, *, by: str, tag: str) -> None:
    """Make the unit the owner, by acceptance or by its silence (首办责任, K62).

    What is to be put right at once needs no plan (d.1); the rest owes one in three working days.
    """
    problem = work.problem
    work.meet(work.subject, DeadlineCode.ACCEPT)
    if problem.rectify_class is RectifyClass.IMMEDIATE:
        work.move(P.RECTIFYING, accepted_by=by)
    else:
        work.move(P.ACCEPTED, accepted_by=by)
        call_for_plan(work)
    work.say(tag)


def call_for_plan(work: Work) -> None:
    """Start the clock of the rectification plan (d.1)."""
    problem = work.problem
    code = DeadlineCode.RECTIFICATION_PLAN
    work.open_deadline(code, work.subject, str(problem.unit), matter=problem.title)


def request_return(work: Work, command: c.RequestProblemReturn) -> None:
    """退单: grounds and legal basis; the date of the rectification is not touched by it."""
    problem = work.problem
    authorise(work, Action.ACCEPT_TASK, Right.APPROVE, Right.CREATE, unit=problem.unit)
    decider = Role.LEADING_GROUP if problem.returns else Role.OFFICE
    work.move(P.RETURN_PENDING, returns=problem.returns + 1, proposed_unit=command.proposed_unit)
    work.cancel(work.subject, DeadlineCode.ACCEPT)
    code = DeadlineCode.ADJUDICATE_RETURN
    work.open_deadline(code, work.subject, decider, matter=problem.title)
    work.say(
        "problem:problem:return_requested", reason=command.grounds, basis_doc=command.legal_basis
    )


def adjudicate(work: Work, command: c.AdjudicateProblemReturn) -> None:
    """Send it back or to another unit (DL05); a second bounce goes to the leading group (K89)."""
    problem = work.problem
    authorise(work, Action.ADJUDICATE_RETURN, Right.APPROVE)
    if problem.returns > 1:
        leading_group_only(work, Action.ADJUDICATE_RETURN)
    require_state(problem.state, frozenset({P.RETURN_PENDING}), problem.no, "adjudicated")
    work.meet(work.subject, DeadlineCode.ADJUDICATE_RETURN)
    if command.upheld:
        _hand_on(work, command)
    problem = work.move(P.ASSIGNED)
    work.open_deadline(DeadlineCode.ACCEPT, work.subject, str(problem.unit), matter=problem.title)
    work.say("problem:problem:return_adjudicated", reason=command.reason, upheld=command.upheld)


def _hand_on(work: Work, command: c.AdjudicateProblemReturn) -> None:
    """Give the problem to another unit, with a limit of its own that starts today."""
    wanted = (command.new_unit, command.new_leader, command.new_handler)
    if None in wanted:
        raise RuleViolation(
            Code.COMMAND_MALFORMED, missing=["new_unit", "new_leader", "new_handler"]
        )
    unit, leader, handler = map(str, wanted)
    _people_of(work, unit, leader, handler)
    for code in sorted(RECTIFYING_CLOCKS):
        work.cancel(work.subject, code)
    work.note(
        unit=unit,
        principal_leader=leader,
        leader_in_charge=None,
        handler=handler,
        assigned_at=work.now,
    )
    _start_rectifying(work, "")


def disprove(work: Work, command: c.DisproveProblem) -> None:
    """查否: found untrue before it was handed out, on evidence (d.1)."""
    authorise(work, Action.ASSIGN_PROBLEM, Right.EXECUTE)
    require_state(work.problem.state, frozenset({P.TRIAGED}), work.problem.no, "disproved")
    for key in command.evidence:
        work.evidence(key)
    work.move(P.DISPROVED)
    work.say("problem:problem:disproved", reason=command.reason, evidence=list(command.evidence))


def merge(work: Work, command: c.MergeProblem) -> None:
    """并案: a duplicate ends here; what it holds is found under the other number (d.1)."""
    authorise(work, Action.ASSIGN_PROBLEM, Right.EXECUTE)
    if command.into == work.problem.no:
        raise RuleViolation(Code.COMMAND_MALFORMED, missing=["into"])
    work.move(P.MERGED, merged_into=command.into)
    work.cancel_all()
    work.say("problem:problem:merged", reason=command.reason, into=command.into)


def transfer(work: Work, command: c.TransferProblem) -> None:
    """移交: another body owns the matter now, and has signed for it (d.1, g.7)."""
    authorise(work, Action.ASSIGN_PROBLEM, Right.EXECUTE)
    work.move(P.TRANSFERRED)
    work.cancel_all()
    work.say(
        "problem:problem:transferred",
        reason=command.reason,
        basis_doc=command.letter,
        to=command.to,
        receipt=command.receipt,
    )


def watch(work: Work, command: c.WatchProblem) -> None:
    """Let another campaign look on; one campaign stays the owner (c.3)."""
    authorise(work, Action.ASSIGN_PROBLEM, Right.EXECUTE)
    problem = work.problem
    if command.campaign in (problem.campaign, *problem.watchers):
        raise RuleViolation(Code.COMMAND_MALFORMED, missing=["campaign"])
    work.note(watchers=(*problem.watchers, command.campaign))
    work.say("problem:problem:watched", campaign=command.campaign)
