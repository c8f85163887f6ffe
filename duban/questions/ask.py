"""Asking: a question found, the trail taken as it was then, an answer or what is awaited."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

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

    `entries` are those of the campaign and of its problems, each stream in its order; what came
    later is passed over, so the same moment gives the same bytes whenever it is asked about.

    Raises:
        QuestionAwaits: the facts it is about are not on the trail.
        QuestionGap: entries are missing from a stream.
        NotFound: `question.nothing_yet`: the campaign had not begun by then.
    """
    reply = require_reply(question, asked)
    history = History(known_by(entries, asked.moment))
    if not history.own:
        raise NotFound("question.nothing_yet", moment=asked.moment.isoformat())
    if not reply.over_gaps:
        require_dense(history)
    last = history.own[-1]
    return Answer(
        number=question.number,
        slug=question.slug,
        campaign=last.no,
        moment=asked.moment,
        policy_version=last.event.policy_version,
        calendar_version=last.event.calendar_version,
        upto=history.entries[-1].key,
        columns=reply.columns,
        rows=tuple(_wanted(reply.rows(history, asked), history, asked)),
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
    """Return what other streams said until a moment.

    Raises:
        QuestionGap: entries are missing from one of them.
    """
    history = History(known_by(entries, moment))
    require_dense(history)
    return history.entries


def require_dense(history: History) -> None:
    """Raise `QuestionGap` unless the ordinals of every stream are dense from 0."""
    for stream in history.streams:
        for seq, entry in enumerate(stream):
            if entry.event.seq != seq:
                raise QuestionGap(key=f"{entry.stream}#{seq}")


def _wanted(rows: Iterable[Row], history: History, asked: Asked) -> Iterator[Row]:
    """Yield the rows that were asked for, with the entries of each in their order, each once."""
    known = (*history.entries, *asked.beside)
    places = {each.key: place for place, each in enumerate(known)}
    for row in rows:
        about = (asked.unit in (None, *row.units), asked.obj in (None, *row.objects))
        if all(about):
            rests_on = sorted({places[each.key] for each in row.entries})
            yield replace(row, entries=tuple(known[place] for place in rests_on))
