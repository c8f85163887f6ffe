"""Before anybody is there it may end: leaked (SEC6), expired (SEC5), aborted by two people."""

from duban.domain.entity.permits import acting_ids, authorise, not_separated
from duban.domain.entity.refusals import out_of_order, require_state
from duban.domain.inspection import commands as c
from duban.domain.inspection.ordering import may_order
from duban.domain.inspection.records import Leak
from duban.domain.inspection.tables import BEFORE_SITE, SEALED
from duban.domain.inspection.words import InspectionEnd, InspectionTrigger
from duban.domain.inspection.words import InspectionState as S
from duban.domain.inspection.work import Work
from duban.domain.roles import Action, Right


def report_leak(work: Work, command: c.ReportLeak) -> None:
    """SEC6: any suspicion ends the inspection, is counted, and is a question to people (g.1)."""
    it = work.inspection
    authorise(work, Action.OPEN_TRIGGER, Right.CREATE)
    require_state(it.state, BEFORE_SITE, it.no, S.ABORTED)
    if it.arrival is not None:
        raise out_of_order(it.no, "arrived", S.ABORTED)
    work.note(leak=Leak(fact=command.fact, reported_by=work.actor.id, at=work.now))
    work.say("inspection:leak:suspected", reason=command.fact)
    work.raise_trigger(InspectionTrigger.OBSTRUCTION)
    end(work, InspectionEnd.LEAKED, command.fact)


def abort(work: Work, command: c.AbortInspection) -> None:
    """终止: who may order may end it, before check-in, and never alone.

    One asks with the reason, another who asks for it too carries it out. A target that does not
    match its commitment may be ended in this way as well.
    """
    it = work.inspection
    may_order(work, it)
    require_state(it.state, BEFORE_SITE, it.no, S.ABORTED)
    if it.arrival is not None and it.mismatch is None:
        raise out_of_order(it.no, "arrived", S.ABORTED)
    if not it.abort_asked_by:
        work.note(abort_asked_by=tuple(sorted(filter(None, acting_ids(work)))))
        work.say("inspection:abort:asked", reason=command.reason)
        return
    if acting_ids(work) & set(it.abort_asked_by):
        raise not_separated("ABORT2", work)
    end(work, InspectionEnd.DECIDED, command.reason)


def end(work: Work, why: InspectionEnd, reason: str) -> None:
    """End an inspection before check-in. What is sealed is burned, and its draw is unused."""
    sealed = work.inspection.state in SEALED
    work.cancel(work.subject)
    work.move(S.ABORTED, ended=why, burned=sealed)
    if sealed:
        work.say("inspection:target:burned")
    work.say("inspection:inspection:aborted", reason=reason, ended=why.value)
    close_stream(work)


def close_stream(work: Work) -> None:
    """Say the last word: how many entries the stream has."""
    work.note(is_over=True)
    work.say("inspection:stream:closed", count=work.next_seq + 1)
