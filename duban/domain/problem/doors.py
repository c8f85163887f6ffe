"""The formal doors (EXP5): each with its own proof and decider. Outside them reasons do nothing.

Objection to fact is decided by review; a final answer is reviewed by the group and decided by the
office (EXP6); extensions and clock stops are in `duban.domain.problem.extensions`.
"""

from duban.domain.entity.notices import people_in, tell
from duban.domain.entity.permits import (
    acting_ids,
    authorise,
    not_separated,
    only,
    sod1_not_the_claimant,
)
from duban.domain.entity.refusals import out_of_order, require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.problem import commands as c
from duban.domain.problem.records import Petition
from duban.domain.problem.rectifying import require_leader, require_outcomes
from duban.domain.problem.words import ProblemState as P
from duban.domain.problem.work import Work
from duban.domain.roles import Action, Right, Role

FACT = "objection"
FINAL = "final_answer"
_ASKED = {
    FACT: "problem:objection:requested",
    FINAL: "problem:final_answer:requested",
}
_OPEN_TO_DOORS = frozenset({P.ACCEPTED, P.RECTIFYING})


def object_to_fact(work: Work, command: c.ObjectToFact) -> None:
    """The first door: it is not so, with evidence, over the principal leader's signature."""
    _ask(work, command, door=FACT, ground="fact")


def request_final_answer(work: Work, command: c.RequestFinalAnswer) -> None:
    """The third door (EXP6): full evidence, the leader's signature and the unit's seal."""
    if not command.sealed:
        raise RuleViolation(Code.SIGNATURE_MISSING, signed_by=command.signed_by, held=["seal"])
    require_outcomes(work, command.evidence)
    _ask(work, command, door=FINAL, ground=command.ground.value)


def _ask(
    work: Work, command: c.ObjectToFact | c.RequestFinalAnswer, *, door: str, ground: str
) -> None:
    problem = work.problem
    authorise(work, Action.REQUEST_EXTENSION, Right.APPROVE, Right.CREATE, unit=problem.unit)
    require_state(problem.state, _OPEN_TO_DOORS, problem.no, door)
    require_leader(work, command.signed_by)
    for key in command.evidence:
        work.evidence(key)
    number = _next_number(work, door)
    petition = Petition(
        id=f"{problem.no}/P{number:02d}",
        door=door,
        ground=ground,
        reason=command.reason,
        evidence=command.evidence,
        signed_by=command.signed_by,
        asked_on=work.today,
    )
    work.put(petition.id, petition)
    on = ("petition", petition.id)
    body = Role.OFFICE if door == FACT else Role.CAMPAIGN_GROUP
    work.open_deadline(DeadlineCode.PETITION, on, body, matter=problem.title)
    work.emit(
        _ASKED[door],
        on,
        unit=problem.unit,
        reason=command.reason,
        evidence=list(command.evidence),
    )


def _next_number(work: Work, door: str) -> int:
    """Return the number of the next petition; only one at a time is before its decider."""
    petitions = list(work.all(Petition))
    waiting = [each.id for each in petitions if each.upheld is None]
    if waiting:
        raise RuleViolation(Code.STATE_ORDER, id=waiting[0], state="requested", wanted=door)
    return len(petitions) + 1


def decide_objection(work: Work, command: c.DecideObjection) -> None:
    """Decide on the facts: by the office, and not by who judged them first (EXP5)."""
    authorise(work, Action.ADJUDICATE_RETURN, Right.APPROVE)
    petition = _open(work, command.petition, FACT)
    sod1_not_the_claimant(work, None, work.problem.unit)
    if work.problem.triaged_by in acting_ids(work):
        raise not_separated("EXP5", work)
    _settle(work, petition, upheld=command.upheld, reason=command.reason)
    if command.upheld:
        work.move(P.DISPROVED)
        work.cancel_all()
    work.emit(
        "problem:objection:decided",
        ("petition", petition.id),
        unit=work.problem.unit,
        reason=command.reason,
        upheld=command.upheld,
    )


def review_final_answer(work: Work, command: c.ReviewFinalAnswer) -> None:
    """EXP6: the group that leads the campaign looks first; what it rejects is refused."""
    only(work, Role.CAMPAIGN_GROUP, Role.SUPERVISION_GROUP, Role.COORDINATION_GROUP)
    petition = _open(work, command.petition, FINAL)
    sod1_not_the_claimant(work, None, work.problem.unit)
    if petition.reviewed_by is not None:
        raise out_of_order(petition.id, "reviewed", "reviewed")
    on = ("petition", petition.id)
    work.meet(on, DeadlineCode.PETITION)
    if command.passed:
        work.set(petition.id, petition, reviewed_by=work.actor.id)
        work.open_deadline(DeadlineCode.PETITION, on, Role.OFFICE, matter=work.problem.title)
    else:
        petition = work.set(petition.id, petition, reviewed_by=work.actor.id)
        _settle(work, petition, upheld=False, reason=command.opinion)
    work.emit(
        "problem:final_answer:reviewed",
        on,
        unit=work.problem.unit,
        reason=command.opinion,
        passed=command.passed,
    )


def decide_final_answer(work: Work, command: c.DecideFinalAnswer) -> None:
    """EXP6: the office approves what the group has reviewed; it is answered, not closed."""
    only(work, Role.OFFICE)
    petition = _open(work, command.petition, FINAL)
    sod1_not_the_claimant(work, None, work.problem.unit)
    if petition.reviewed_by is None:
        raise out_of_order(petition.id, "requested", "reviewed")
    if petition.reviewed_by in acting_ids(work):
        raise not_separated("EXP6", work)
    _settle(work, petition, upheld=command.approved, reason=command.reason)
    if command.approved:
        work.move(P.FINAL_ANSWERED)
        work.cancel_all()
    work.emit(
        "problem:final_answer:decided",
        ("petition", petition.id),
        unit=work.problem.unit,
        reason=command.reason,
        approved=command.approved,
    )


def _open(work: Work, key: str, door: str) -> Petition:
    petition = work.petition(key)
    if petition.door != door:
        raise RuleViolation(Code.OBJECT_NOT_FOUND, kind=door, id=key)
    if petition.upheld is not None:
        raise out_of_order(petition.id, "decided", "decided")
    return petition


def _settle(work: Work, petition: Petition, *, upheld: bool, reason: str) -> None:
    work.set(
        petition.id,
        petition,
        upheld=upheld,
        decided_by=work.actor.id,
        decided_reason=reason,
    )
    on = ("petition", petition.id)
    work.meet(on, DeadlineCode.PETITION)
    people = people_in(work, Role.PRINCIPAL_LEADER, work.problem.unit)
    tell(work, "PETITION", f"{petition.id}/DECIDED", people, on)
