"""Handing over: package and route, receipt, result; or the ledger (g.7, DL18, DL19)."""

from duban.domain.clue import commands as c
from duban.domain.clue.records import Handover, Package, Result
from duban.domain.clue.tables import ROUTES
from duban.domain.clue.words import ClueState as S
from duban.domain.clue.words import Receiver
from duban.domain.clue.work import Work
from duban.domain.counting import due_on
from duban.domain.custody import CUSTODIANS
from duban.domain.entity.permits import acting_ids, authorise, not_separated, only
from duban.domain.entity.refusals import require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Right, Role

_CLERKS = (Role.EXTERNAL_DECIDER, *CUSTODIANS)
"""Receivers, and the recording clerks who enter the papers of those without an account (b.3)."""


def _send(work: Work, receiver: Receiver) -> None:
    """Check who sends, and that the receiver is the one that the nature leads to."""
    authorise(work, Action.TRANSFER_CLUE, Right.EXECUTE)
    work.recuse()
    clue = work.clue
    require_state(clue.state, frozenset({S.TRANSFER_DUE}), clue.no, "transferred")
    assert clue.nature is not None
    wanted = ROUTES[clue.nature]
    if receiver is not wanted:
        raise RuleViolation(
            Code.CLUE_ROUTE, id=clue.no, nature=clue.nature.value, wanted=wanted.value
        )


def transfer(work: Work, command: c.TransferClue) -> None:
    """移交 (K82): letter, materials by their hashes, addressee, and by when to answer."""
    _send(work, command.receiver)
    if command.receiver is Receiver.LEDGER:
        raise RuleViolation(Code.REASON_MISSING, field="problem")
    answer = due_on(work.policy.rule(DeadlineCode.TRANSFER_RESULT).span, work.today, work.calendar)
    package = Package(
        **command.model_dump(include={"receiver", "addressee", "letter", "materials"}),
        feedback_on=answer,
        sent_by=work.actor.id,
        sent_at=work.now,
    )
    work.move(S.TRANSFERRED, package=package)
    work.meet(work.subject, DeadlineCode.TRANSFER)
    work.start(DeadlineCode.RECEIPT, Role.EXTERNAL_DECIDER)
    work.say("clue:clue:transferred", basis_doc=command.letter, receiver=command.receiver.value)


def link_problem(work: Work, command: c.LinkProblem) -> None:
    """转入台账: the problem says that it came from this clue; the clue names the problem."""
    _send(work, Receiver.LEDGER)
    clue, known = work.clue, work.linked
    came_from = (known.no, known.source, known.source_ref) if known else None
    if came_from != (command.problem, "clue", clue.no):
        raise RuleViolation(Code.CLUE_SOURCE, id=clue.no, problem=command.problem)
    work.move(S.LEDGERED, problem=command.problem)
    work.meet(work.subject, DeadlineCode.TRANSFER)
    work.start(DeadlineCode.REPORTER_FEEDBACK, Role.OFFICE)
    work.say("clue:clue:ledgered", problem=command.problem)


def record_receipt(work: Work, command: c.RecordReceipt) -> None:
    """签收 (DL19): never entered by who sent it (SOD8); sent back, it is judged anew."""
    only(work, *_CLERKS)
    work.recuse()
    clue = work.clue
    require_state(clue.state, frozenset({S.TRANSFERRED}), clue.no, "received")
    assert clue.package is not None
    if clue.package.sent_by in acting_ids(work):
        raise not_separated("SOD8", work)
    work.meet(work.subject, DeadlineCode.RECEIPT)
    if command.accepted:
        handover = Handover(
            **command.model_dump(include={"signed_by", "receipt"}),
            entered_by=work.actor.id,
            on=work.today,
        )
        _answered(work, S.RECEIVED, handover=handover)
        work.start(DeadlineCode.TRANSFER_RESULT, Role.EXTERNAL_DECIDER)
        work.say("clue:receipt:recorded", basis_doc=command.receipt)
    else:
        _answered(work, S.ACKNOWLEDGED, package=None, returns=clue.returns + 1)
        work.start(DeadlineCode.TRIAGE_FIRST, Role.OFFICE)
        work.say("clue:receipt:refused", basis_doc=command.receipt)


def record_result(work: Work, command: c.RecordResult) -> None:
    """反馈 (DL19): what the receiver found, or what our own check did."""
    only(work, *_CLERKS)
    work.recuse()
    require_state(
        work.clue.state, frozenset({S.RECEIVED, S.SELF_CHECK}), work.clue.no, "result_known"
    )
    found = Result(
        **command.model_dump(include={"outcome", "finding", "doc_no"}),
        entered_by=work.actor.id,
        on=work.today,
    )
    _answered(work, S.RESULT_KNOWN, result=found)
    work.meet(work.subject, DeadlineCode.TRANSFER_RESULT)
    work.start(DeadlineCode.REPORTER_FEEDBACK, Role.OFFICE)
    work.say("clue:result:recorded", basis_doc=command.doc_no, outcome=command.outcome.value)


def _answered(work: Work, state: S, **fields: object) -> None:
    """Move on, and chase nobody any more."""
    work.move(state, chased=0, chase_at=None, **fields)
