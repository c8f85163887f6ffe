"""The conclusion (f.5): drafted, issued by another, fed back; its findings go into the ledger."""

from collections import Counter

from duban.domain.entity.permits import acting_ids, authorise, not_separated
from duban.domain.entity.refusals import out_of_order, require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection import commands as c
from duban.domain.inspection.ending import close_stream
from duban.domain.inspection.outcome import Conclusion, Finding, LeftOut
from duban.domain.inspection.recording import require_team
from duban.domain.inspection.tables import ISSUED
from duban.domain.inspection.words import FindingKind
from duban.domain.inspection.words import InspectionState as S
from duban.domain.inspection.work import Work
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Right, Role


def draft_conclusion(work: Work, command: c.DraftConclusion) -> None:
    """起草: every item of the record is upheld, or left out with a reason and a name (i.2, 32)."""
    require_team(work)
    it = work.inspection
    wanted = frozenset({S.RECORDED, S.CONCLUSION_DRAFT})
    require_state(it.state, wanted, it.no, S.CONCLUSION_DRAFT)
    _require_items(work, command)
    conclusion = Conclusion(
        summary=command.summary,
        upheld=command.upheld,
        left_out=tuple(
            LeftOut(item=each.item, reason=each.reason, by=work.actor.id)
            for each in command.left_out
        ),
        drafted_by=work.actor.id,
        drafted_on=work.today,
    )
    work.move(S.CONCLUSION_DRAFT, conclusion=conclusion)
    left_out = [each.item for each in command.left_out]
    work.say("inspection:conclusion:drafted", left_out=left_out or None)


def _require_items(work: Work, command: c.DraftConclusion) -> None:
    """Refuse a draft that loses an item, names one that does not stand, or says both of it."""
    upheld = {item for each in command.upheld for item in each.items}
    out = Counter(each.item for each in command.left_out)
    standing = {each.id for each in work.items()}
    wrong = (standing ^ (upheld | set(out))) | (upheld & set(out))
    wrong |= {item for item, times in out.items() if times > 1}
    if wrong:
        raise RuleViolation(Code.CONCLUSION_ITEMS, id=work.inspection.no, items=sorted(wrong))


def issue_conclusion(work: Work, command: c.IssueConclusion) -> None:
    """签发 (row 29): the supervision group, and not who drafted it (SOD8)."""
    authorise(work, Action.INSPECTION_RECORD, Right.APPROVE)
    work.recuse()
    it = work.inspection
    require_state(it.state, frozenset({S.CONCLUSION_DRAFT}), it.no, S.CONCLUSION_ISSUED)
    assert it.conclusion is not None
    if it.conclusion.drafted_by in acting_ids(work):
        raise not_separated("SOD8", work)
    for number, each in enumerate(it.conclusion.upheld, start=1):
        key = f"{it.no}/F{number:02d}"
        work.put(key, Finding(id=key, **each.model_dump()))
    issued = it.conclusion.model_copy(
        update={
            "doc_no": command.doc_no,
            "issued_by": work.actor.id,
            "issued_on": work.today,
        }
    )
    work.move(S.CONCLUSION_ISSUED, conclusion=issued)
    work.meet(work.subject, DeadlineCode.CONCLUSION)
    if issued.upheld:
        work.start(DeadlineCode.FINDING, Role.SUPERVISION_GROUP)
    work.say("inspection:conclusion:issued", basis_doc=command.doc_no)


def feed_back(work: Work, command: c.FeedBack) -> None:
    """反馈: from the day the unit has it, its thirty days run (DL26)."""
    authorise(work, Action.INSPECTION_RECORD, Right.APPROVE, Right.CREATE)
    work.recuse()
    it = work.inspection
    require_state(it.state, frozenset({S.CONCLUSION_ISSUED}), it.no, "fed_back")
    assert it.conclusion is not None
    assert it.conclusion.issued_on is not None
    if it.conclusion.fed_back_on is not None:
        raise out_of_order(it.no, "fed_back", "fed_back")
    if command.on > work.today:
        raise RuleViolation(Code.DATE_AHEAD, on=command.on.isoformat())
    if command.on < it.conclusion.issued_on:
        raise RuleViolation(Code.INSPECTION_TOO_EARLY, id=it.no, at=command.on.isoformat())
    told = it.conclusion.model_copy(update={"fed_back_on": command.on, "fed_back_to": command.told})
    work.note(conclusion=told)
    assert it.target is not None
    work.start_since(DeadlineCode.REVIEW_APPLY, it.target.unit, command.on)
    work.say("inspection:conclusion:fed_back", fed_back_on=command.on.isoformat())


def link_finding(work: Work, command: c.LinkFinding) -> None:
    """转入问题台账: the problem says that it came from this finding; both name each other."""
    finding = _open_finding(work, command.finding, FindingKind.PROBLEM)
    known = work.linked
    came_from = (known.no, known.source, known.source_ref) if known else None
    if came_from != (command.problem, "inspection", finding.id):
        raise RuleViolation(Code.FINDING_SOURCE, id=finding.id, problem=command.problem)
    _settle(work, finding, problem=command.problem)
    work.say("inspection:finding:linked", finding=finding.id, problem=command.problem)


def name_exemplar(work: Work, command: c.NameExemplar) -> None:
    """正面典型: named by its document."""
    finding = _open_finding(work, command.finding, FindingKind.EXEMPLAR)
    _settle(work, finding, exemplar=command.doc_no)
    work.say("inspection:finding:exemplar", finding=finding.id, basis_doc=command.doc_no)


def _open_finding(work: Work, key: str, kind: FindingKind) -> Finding:
    authorise(work, Action.INSPECTION_RECORD, Right.APPROVE, Right.CREATE)
    work.recuse()
    require_state(work.inspection.state, ISSUED, work.inspection.no, "settled")
    finding = work.get(Finding, key)
    if finding.kind is not kind:
        raise out_of_order(key, finding.kind, kind)
    if not finding.is_orphan:
        raise out_of_order(key, "settled", "settled")
    return finding


def _settle(work: Work, finding: Finding, **what: str) -> None:
    work.set(finding.id, finding, settled_by=work.actor.id, settled_on=work.today, **what)
    meet_if_settled(work)


def meet_if_settled(work: Work) -> None:
    """K48: the clock stops once something has come of every finding."""
    if not work.orphans():
        work.meet(work.subject, DeadlineCode.FINDING)


def close(work: Work, command: c.CloseInspection) -> None:
    """办结 (K54): no finding is an orphan, and the unit's time to ask for a review is over."""
    authorise(work, Action.INSPECTION_RECORD, Right.APPROVE)
    work.recuse()
    it = work.inspection
    require_state(it.state, frozenset({S.CONCLUSION_ISSUED, S.REVIEW_DECIDED}), it.no, S.CLOSED)
    orphans = [each.id for each in work.orphans()]
    if orphans:
        raise RuleViolation(Code.FINDING_ORPHANS, id=it.no, findings=orphans)
    assert it.conclusion is not None
    waiting = work.open_deadlines(work.subject, DeadlineCode.REVIEW_APPLY)
    if waiting or it.conclusion.fed_back_on is None:
        until = waiting[0].current_due_on.isoformat() if waiting else "-"
        raise RuleViolation(Code.REVIEW_OPEN, id=it.no, until=until)
    work.move(S.CLOSED)
    work.say("inspection:inspection:closed", reason=command.opinion)
    close_stream(work)
