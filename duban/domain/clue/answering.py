"""The other way of the two-way feedback: answer to the reporter, protection, the end (g.7, K80)."""

from typing import NoReturn

from duban.domain.clue import commands as c
from duban.domain.clue.records import Told
from duban.domain.clue.reporting import require_custodian
from duban.domain.clue.words import ClueState as S
from duban.domain.clue.words import ClueTrigger
from duban.domain.clue.work import Work
from duban.domain.entity.notices import people_in, tell_at_once
from duban.domain.entity.permits import authorise, check_register, only
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Right, Role


def tell_reporter(work: Work, command: c.TellReporter) -> None:
    """向报告人反馈 (DL20): what the look-up by number shows from now on."""
    authorise(work, Action.TRANSFER_CLUE, Right.EXECUTE)
    work.recuse()
    told = Told(**command.model_dump(include={"words", "channel"}), by=work.actor.id, on=work.today)
    work.move(S.ANSWERED, told=told)
    work.meet(work.subject, DeadlineCode.REPORTER_FEEDBACK)
    work.say("clue:reporter:told")


def close(work: Work, command: c.CloseClue) -> None:
    """办结: answered, so the stream is closed. What comes to light later is a new clue."""
    authorise(work, Action.TRANSFER_CLUE, Right.EXECUTE)
    work.recuse()
    work.move(S.CLOSED, is_over=True)
    work.say("clue:clue:closed", reason=command.opinion)
    work.say("clue:stream:closed", count=work.next_seq + 1)


def flag_retaliation(work: Work, command: c.FlagRetaliation) -> None:
    """打击报复: a trigger (g.1), and those who protect are told at once."""
    authorise(work, Action.OPEN_TRIGGER, Right.CREATE)
    work.recuse()
    work.note(retaliation=True)
    raise_trigger(work, ClueTrigger.RETALIATION, reason=command.fact)


def raise_trigger(work: Work, trigger: ClueTrigger, **said: object) -> None:
    """Put a question to people: the supervision group and the leading group (g.1, SOD11)."""
    asked = [*people_in(work, Role.SUPERVISION_GROUP), *people_in(work, Role.LEADING_GROUP)]
    key = f"{work.clue.no}/{trigger.value}/{work.next_seq}"
    tell_at_once(work, trigger.value, key, asked, work.subject)
    work.say("clue:trigger:raised", trigger=trigger.value, **said)


def designate_custodian(work: Work, command: c.DesignateCustodian) -> None:
    """Row 44: the identity passes into other hands; who had it cannot be asked for it any more."""
    only(work, Role.LEADING_GROUP)
    clue = work.clue
    if clue.sealed is None:
        raise RuleViolation(Code.OBJECT_NOT_FOUND, kind="sealed", id=clue.no)
    require_custodian(work, command.person)
    work.note(custodian=command.person)
    work.say("clue:custodian:designated", basis_doc=command.doc_no, custodian=command.person)


def request_on_case(work: Work, command: c.RequestOnCase) -> NoReturn:
    """三个规定 (g.7): whoever asks about a specific case is refused, and that is on the trail."""
    check_register(work)
    raise RuleViolation(Code.CASE_UNTOUCHABLE, case=command.case, asked_by=command.asked_by)
