"""Review of a conclusion (DL26): asked for by the unit, decided by who took no part (SOD7)."""

from duban.domain.entity.permits import acting_ids, authorise, not_separated
from duban.domain.entity.refusals import require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection import commands as c
from duban.domain.inspection.concluding import meet_if_settled
from duban.domain.inspection.ending import close_stream
from duban.domain.inspection.outcome import Finding, Review
from duban.domain.inspection.records import InspectionRecord
from duban.domain.inspection.words import InspectionState as S
from duban.domain.inspection.words import ReviewOutcome
from duban.domain.inspection.work import Work
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Right, Role


def request_review(work: Work, command: c.RequestReview) -> None:
    """申请复核 (row 30): by the head of the unit, or the office for it, while its clock runs."""
    it = work.inspection
    unit = it.target.unit if it.target else None
    authorise(work, Action.REVIEW_CONCLUSION, Right.CREATE, unit=unit)
    require_state(it.state, frozenset({S.CONCLUSION_ISSUED}), it.no, S.REVIEW_REQUESTED)
    if not work.open_deadlines(work.subject, DeadlineCode.REVIEW_APPLY):
        raise RuleViolation(Code.REVIEW_LATE, id=it.no)
    asked = Review(
        **command.model_dump(include={"grounds", "doc_no"}),
        requested_by=work.actor.id,
        requested_on=work.today,
    )
    work.move(S.REVIEW_REQUESTED, review=asked)
    work.meet(work.subject, DeadlineCode.REVIEW_APPLY)
    work.start(DeadlineCode.REVIEW_DECIDE, Role.LEADING_GROUP)
    work.say("inspection:review:requested", reason=command.grounds, basis_doc=command.doc_no)


def decide_review(work: Work, command: c.DecideReview) -> None:
    """复核决定: upheld, changed by the findings dropped, or revoked, which voids it all."""
    authorise(work, Action.REVIEW_CONCLUSION, Right.APPROVE)
    it = work.inspection
    work.recuse()
    if acting_ids(work) & took_part(it):
        raise not_separated("SOD7", work)
    require_state(it.state, frozenset({S.REVIEW_REQUESTED}), it.no, S.REVIEW_DECIDED)
    dropped = _dropped(work, command)
    revoked = command.outcome is ReviewOutcome.REVOKED
    work.move(S.VOIDED if revoked else S.REVIEW_DECIDED, review=_decided(work, command))
    for each in dropped:
        work.set(each.id, each, dropped=True)
    work.meet(work.subject, DeadlineCode.REVIEW_DECIDE)
    meet_if_settled(work)
    work.say(
        "inspection:review:decided",
        reason=command.reason,
        basis_doc=command.doc_no,
        outcome=command.outcome.value,
        # What the ledger has to hear: these problems rest on a finding that does not stand.
        problems=[each.problem for each in dropped if each.problem] or None,
    )
    if revoked:
        close_stream(work)


def _decided(work: Work, command: c.DecideReview) -> Review:
    review = work.inspection.review
    assert review is not None
    return review.model_copy(
        update={
            "outcome": command.outcome,
            "reason": command.reason,
            "decision_doc": command.doc_no,
            "decided_by": work.actor.id,
            "decided_on": work.today,
        }
    )


def took_part(it: InspectionRecord) -> set[str]:
    """Return who took part in a conclusion: the team, and who drafted and issued it (SOD7)."""
    made = it.conclusion
    by = {made.drafted_by, made.issued_by} - {None} if made else set()
    return {*it.people, *(str(each) for each in by)}


def _dropped(work: Work, command: c.DecideReview) -> list[Finding]:
    """Return the findings that the decision takes back; only a changed conclusion names them."""
    changed = command.outcome is ReviewOutcome.CHANGED
    if changed is not bool(command.dropped):
        raise RuleViolation(Code.REASON_MISSING, field="dropped")
    if command.outcome is ReviewOutcome.REVOKED:
        return list(work.all(Finding))
    return [work.get(Finding, each) for each in sorted(set(command.dropped))]
