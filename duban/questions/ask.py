"""Asking: a question found, the trail taken as it was then, an answer or what is awaited."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from duban.contracts import campaign_stream
from duban.errors import NotFound
from duban.questions.answer import Answer, Row
from duban.questions.entries import Entry, known_by
from duban.questions.errors import QuestionAwaits, QuestionGap
from duban.questions.facts import Fact
from duban.questions.history import History
from duban.questions.question import Asked, Question, Reply
from duban.questions.table import QUESTIONS


def find(said: str) -> Question:
    """Return the question of a number or a slug.

    Raises:
        NotFound: `question.not_found`.
    """
    for each in QUESTIONS:
        if said.strip() in (str(each.number), each.slug):
            return each
    raise NotFound("question.not_found", question=said)


def answer(question: Question, entries: Iterable[Entry], asked: Asked) -> Answer:
    """Answer from the entries of one campaign that were known at `asked.moment`.

    `entries` is the campaign's stream in its order; what came later is passed over, so the same
    moment gives the same bytes whenever it is asked about.

    Raises:
        QuestionAwaits: the facts it is about are not on the trail.
        QuestionGap: entries are missing from the stream.
        NotFound: `question.nothing_yet`: the campaign had not begun by then.
    """
    reply = require_reply(question, asked)
    known = known_by(entries, asked.moment)
    if not known:
        raise NotFound("question.nothing_yet", moment=asked.moment.isoformat())
    if not reply.over_gaps:
        require_dense(known)
    history, last = History(known), known[-1]
    return Answer(
        number=question.number,
        slug=question.slug,
        campaign=last.stream.removeprefix(campaign_stream("")),
        moment=asked.moment,
        policy_version=last.event.policy_version,
        calendar_version=last.event.calendar_version,
        upto=last.key,
        columns=reply.columns,
        rows=tuple(each for each in reply.rows(history, asked) if _wanted(each, asked)),
        lacks=tuple(each for each in question.awaits if each is not Fact.LOG_REPORT),
    )


def require_reply(question: Question, asked: Asked, *, log_can_be_judged: bool = False) -> Reply:
    """Return how a question is answered. Raises `QuestionAwaits` when it cannot be.

    Before the log's verifier has run, `log_can_be_judged` says that it will.
    """
    judged = asked.log is not None or log_can_be_judged
    awaits_log = Fact.LOG_REPORT in question.facts and not judged
    if question.reply is None or awaits_log:
        raise QuestionAwaits(
            number=question.number,
            slug=question.slug,
            facts=[each.value for each in question.awaits],
        )
    return question.reply


def known_beside(entries: Iterable[Entry], moment: datetime) -> tuple[Entry, ...]:
    """Return what several streams said until a moment, stream by stream, each from its beginning.

    Raises:
        QuestionGap: entries are missing from one of them.
    """
    found: list[Entry] = []
    for _, some in groupby(entries, key=lambda each: each.stream):
        known = known_by(some, moment)
        require_dense(known)
        found += known
    return tuple(found)


def require_dense(entries: Sequence[Entry]) -> None:
    """Raise `QuestionGap` unless the ordinals of a stream are dense from 0."""
    for seq, entry in enumerate(entries):
        if entry.event.seq != seq:
            raise QuestionGap(key=f"{entry.stream}#{seq}")


def _wanted(row: Row, asked: Asked) -> bool:
    return (asked.unit is None or asked.unit in row.units) and (
        asked.obj is None or asked.obj in row.objects
    )
