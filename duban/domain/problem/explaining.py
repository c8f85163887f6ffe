"""Explanation is not resolution (domain.md d.4, EXP1-EXP4, EXP7).

A reply moves no state and no date, whatever is in it. What it reports as done is noted with its
proof; what it explains is kept, read and counted, and that is all it is.
"""

from collections.abc import Iterable

from duban.domain.entity.notices import people_in, tell
from duban.domain.entity.permits import acting_ids, authorise, not_separated
from duban.domain.entity.records import EvidenceKind
from duban.domain.entity.refusals import require_state
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.problem import commands as c
from duban.domain.problem.cards import propose_red, yellow
from duban.domain.problem.records import Reply, ReplyClass
from duban.domain.problem.tables import WITH_UNIT
from duban.domain.problem.work import Work
from duban.domain.roles import Action, Right, Role

EXPLANATION = ReplyClass.EXPLANATION_ONLY
SUBSTANTIVE = ReplyClass.SUBSTANTIVE
PROVING = frozenset({EvidenceKind.OUTCOME, EvidenceKind.PROCESS})
"""What can back an action; photos and minutes never do (d.5)."""


def reply(work: Work, command: c.ReplyToProblem) -> None:
    """Take a structured reply in (EXP2) and propose its class (EXP3); nothing else moves."""
    problem = work.problem
    authorise(work, Action.REPLY, Right.APPROVE, Right.CREATE, unit=problem.unit)
    require_state(problem.state, WITH_UNIT, problem.no, "replied")
    if problem.replies >= work.policy.problem.max_replies:
        raise RuleViolation(Code.OBJECT_TOO_MANY, kind="reply", max=work.policy.problem.max_replies)
    said = _understood(work, command)
    if said.proposed is SUBSTANTIVE:
        # Work that is proven ends stagnation; words do not (e.7).
        work.note(last_action_on=work.today, stagnant=False)
    _report_measures(work, command)
    work.put(said.id, said)
    work.note(replies=problem.replies + 1)
    work.emit(
        "problem:reply:received",
        ("reply", said.id),
        unit=problem.unit,
        proposed=said.proposed.value,
    )


def _understood(work: Work, command: c.ReplyToProblem) -> Reply:
    if not (command.actions or command.measures or command.explanation or command.requests):
        raise RuleViolation(Code.COMMAND_MALFORMED, missing=["actions", "explanation"])
    for key in command.evidence:
        work.evidence(key)
    return Reply(
        id=f"{work.problem.no}/R{work.problem.replies + 1:02d}",
        by=work.actor.id,
        unit=str(work.problem.unit),
        at=work.now,
        actions=command.actions,
        measures=tuple(each.no for each in command.measures),
        evidence=command.evidence,
        explanation=command.explanation,
        requests=command.requests,
        proposed=exp2_proposed(work, command),
    )


def exp2_proposed(work: Work, command: c.ReplyToProblem) -> ReplyClass:
    """EXP2: explanation only, unless a new action is backed by new outcome or process evidence.

    The words of the explanation are not looked at: structure and evidence alone decide.
    """
    earlier = list(work.all(Reply))
    known_actions = {_plain(action) for each in earlier for action in each.actions}
    reported = {no for each in earlier for no in each.measures}
    used = {key for each in earlier for key in each.evidence}
    fresh = any(_plain(action) not in known_actions for action in command.actions)
    fresh = fresh or any(each.no not in reported for each in command.measures)
    backed = any(key not in used and work.evidence(key).kind in PROVING for key in command.evidence)
    return SUBSTANTIVE if fresh and backed else EXPLANATION


def _plain(text: str) -> str:
    return "".join(text.split())


def _report_measures(work: Work, command: c.ReplyToProblem) -> None:
    """Note what was done of the plan, with date and actor (d.3.1)."""
    done = {each.no: each.result for each in command.measures}
    unknown = sorted(done.keys() - {each.no for each in work.problem.plan})
    if unknown:
        raise RuleViolation(Code.OBJECT_NOT_FOUND, kind="measure", id=str(unknown[0]))
    if done:
        plan = tuple(
            each.model_copy(
                update={"result": done[each.no], "done_on": work.today, "done_by": work.actor.id}
            )
            if each.no in done
            else each
            for each in work.problem.plan
        )
        work.note(plan=plan)


def classify(work: Work, command: c.ClassifyReply) -> None:
    """EXP3: a person of office, supervision or campaign group says what the reply is."""
    authorise(work, Action.CLASSIFY_REPLY, Right.APPROVE)
    said = work.reply(command.reply)
    _not_their_own(work, said)
    if said.counts is not None:
        raise RuleViolation(Code.STATE_ORDER, id=said.id, state=said.counts, wanted="classified")
    work.set(said.id, said, counts=command.counts, classified_by=work.actor.id)
    count(work)
    work.emit(
        "problem:reply:classified",
        ("reply", said.id),
        unit=said.unit,
        reason=command.opinion or None,
        counts=command.counts.value,
        proposed=said.proposed.value,
    )
    if command.counts is EXPLANATION:
        exp4_consequences(work, said)


def _not_their_own(work: Work, said: Reply) -> None:
    units = {each.unit for each in work.people() if each.id in acting_ids(work) and not each.left}
    if said.unit in units or said.by in acting_ids(work):
        raise not_separated("SOD1", work)


def count(work: Work) -> None:
    """EXP4, EXP7: count the replies that are only explanations, and those in a row at the end."""
    classes = [each.counts for each in work.all(Reply) if each.counts is not None]
    work.note(explanations=classes.count(EXPLANATION), explanation_streak=streak(classes))


def streak(classes: Iterable[ReplyClass]) -> int:
    """Return how many of the last replies in a row are explanations only."""
    length = 0
    for each in classes:
        length = length + 1 if each is EXPLANATION else 0
    return length


def exp4_consequences(work: Work, said: Reply) -> None:
    """EXP4: two in a row are a yellow card, three a red one and a summons; no state moves."""
    rule, length = work.policy.problem, work.problem.explanation_streak
    if length == rule.yellow_streak:
        yellow(work, ground="explanation_streak", about=said.id)
    elif length >= rule.red_streak:
        propose_red(work, ground="explanation_streak", about=said.id)


def contest(work: Work, command: c.ContestClass) -> None:
    """EXP3: the unit may contest a class once; somebody else decides in two working days."""
    authorise(work, Action.REPLY, Right.APPROVE, Right.CREATE, unit=work.problem.unit)
    said = work.reply(command.reply)
    if said.counts is not EXPLANATION or said.contested_by is not None:
        raise RuleViolation(
            Code.STATE_ORDER, id=said.id, state=str(said.counts or "-"), wanted="contested"
        )
    work.set(said.id, said, contested_by=work.actor.id, contest_grounds=command.grounds)
    on = ("reply", said.id)
    work.open_deadline(DeadlineCode.CONTEST, on, Role.OFFICE, matter=work.problem.title)
    work.emit("problem:reply:contested", on, unit=said.unit, reason=command.grounds)


def decide_contest(work: Work, command: c.DecideContest) -> None:
    """EXP3: decided by another than who classified; a card given for it is people's to void."""
    authorise(work, Action.CLASSIFY_REPLY, Right.APPROVE)
    said = work.reply(command.reply)
    if said.contested_by is None or said.contest_decided_by is not None:
        raise RuleViolation(
            Code.STATE_ORDER, id=said.id, state=str(said.counts), wanted="contest_decided"
        )
    if said.classified_by in acting_ids(work):
        raise not_separated("EXP3", work)
    _not_their_own(work, said)
    counts = SUBSTANTIVE if command.upheld else said.counts
    work.set(said.id, said, counts=counts, contest_decided_by=work.actor.id)
    count(work)
    on = ("reply", said.id)
    work.meet(on, DeadlineCode.CONTEST)
    tell(work, "CONTEST", f"{said.id}/CONTEST", people_in(work, Role.LIAISON, said.unit), on)
    work.emit(
        "problem:reply:contest_decided",
        on,
        unit=said.unit,
        reason=command.reason,
        upheld=command.upheld,
    )
