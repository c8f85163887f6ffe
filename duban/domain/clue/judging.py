"""Three levels judge a clue within 1 + 2 + 3 working days: two opinions, one decision (DL17)."""

from duban.domain.clue import commands as c
from duban.domain.clue.records import Opinion
from duban.domain.clue.reporting import take_in
from duban.domain.clue.tables import SCREENABLE, STATE_OF
from duban.domain.clue.words import ClueState as S
from duban.domain.clue.words import Handling
from duban.domain.clue.work import Work
from duban.domain.entity.permits import acting_ids, authorise, leading_group_only, not_separated
from duban.domain.entity.refusals import out_of_order, require_state
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Right, Role


def triage(work: Work, command: c.TriageClue) -> None:
    """研判: the first level proposes (groups may), the second looks at it again (row 32)."""
    clue = work.clue
    first = clue.state in SCREENABLE
    rights = (Right.PROPOSE, Right.EXECUTE) if first else (Right.EXECUTE,)
    authorise(work, Action.TRANSFER_CLUE, *rights)
    work.recuse()
    require_state(clue.state, SCREENABLE | {S.SCREENED}, clue.no, "judged")
    if clue.written_at is None:
        raise out_of_order(clue.no, "unwritten", "judged")
    if first:
        # What was kept or sent back is judged anew; earlier opinions stay on the trail.
        work.note(opinions=())
        take_in(work)
    _sod8(work)
    major = clue.major or clue.report.urgent or command.major
    level = 1 if first else 2
    mine = Opinion(
        level=level,
        person=work.actor.id,
        on=work.today,
        **command.model_dump(include={"nature", "handling", "opinion"}),
    )
    opinions = (*work.clue.opinions, mine)
    work.move(
        S.SCREENED if first else S.REVIEWED, opinions=opinions, nature=command.nature, major=major
    )
    _next_level(work, level)
    work.say("clue:clue:triaged", reason=command.opinion, level=level)


def _next_level(work: Work, level: int) -> None:
    done, due = (
        (DeadlineCode.TRIAGE_FIRST, DeadlineCode.TRIAGE_SECOND)
        if level == 1
        else (DeadlineCode.TRIAGE_SECOND, DeadlineCode.TRIAGE_DECISION)
    )
    work.meet(work.subject, done)
    top = level > 1 and work.clue.major
    work.start(due, Role.LEADING_GROUP if top else Role.OFFICE)


def _sod8(work: Work) -> None:
    """SOD8: three levels are three people; a deputy and the one deputised for alike."""
    if acting_ids(work) & {each.person for each in work.clue.opinions}:
        raise not_separated("SOD8", work)


def decide(work: Work, command: c.DecideClue) -> None:
    """审批: 自查, 移交, 暂存 or 了结; a major clue is the leading group's to decide (row 32)."""
    clue = work.clue
    if clue.major:
        authorise(work, Action.TRANSFER_CLUE, Right.APPROVE)
        leading_group_only(work, Action.TRANSFER_CLUE)
    else:
        authorise(work, Action.TRANSFER_CLUE, Right.EXECUTE)
    work.recuse()
    require_state(clue.state, frozenset({S.REVIEWED}), clue.no, "decided")
    _sod8(work)
    work.move(
        STATE_OF[command.handling],
        nature=command.nature,
        handling=command.handling,
        decided_by=work.actor.id,
        decided_at=work.now,
    )
    work.meet(work.subject, DeadlineCode.TRIAGE_DECISION)
    follows = _FOLLOWS.get(command.handling)
    if follows is not None:
        work.start(follows, Role.OFFICE)
    work.say(
        "clue:clue:decided",
        reason=command.reason,
        basis_doc=command.doc_no,
        handling=command.handling.value,
    )


_FOLLOWS = {
    Handling.TRANSFER: DeadlineCode.TRANSFER,
    Handling.SELF_CHECK: DeadlineCode.TRANSFER_RESULT,
    Handling.CONCLUDE: DeadlineCode.REPORTER_FEEDBACK,
}
"""What is owed next: the transfer by the next working day (DL18), a result, or the answer."""
