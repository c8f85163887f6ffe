"""Questions 11 and 12: what came back after its sign-off, and whose verification did not hold."""

from collections.abc import Iterator
from fractions import Fraction

from duban.domain.counting import Span, TimeUnit, due_on, local_date
from duban.domain.errors import RuleViolation
from duban.questions.answer import Column, Row, Shape
from duban.questions.closings import SIGNED_OFF
from duban.questions.columns import AT, PROBLEM, REASON, WHO, about, items, percent
from duban.questions.entries import Entry
from duban.questions.history import History
from duban.questions.question import Asked, Reply

_REOPENED = "problem:problem:reopened"
_PASSED, _FAILED = "problem:look_back:passed", "problem:look_back:failed"
_ASSIGNED, _TRIGGER = "problem:problem:assigned", "problem:trigger:raised"


def _came_back(history: History, _: Asked) -> Iterator[Row]:
    """11: signed-off problems that were opened again, or came back under another number (d.7)."""
    for signed, back in returns(history):
        yield _return(history, signed, back)


def returns(history: History) -> Iterator[tuple[Entry, Entry]]:
    """Yield each sign-off that did not hold, with the entry in which its problem came back."""
    known: set[tuple[object, str]] = set()
    for entry in history.said(_REOPENED, _ASSIGNED):
        if entry.event.tag == _REOPENED:
            signed = _signed(history, entry.no, entry)
            if signed is not None and _within(history, signed, entry):
                yield signed, entry
        else:
            for no in items(entry.event.detail.get("recurs")):
                signed = history.last(SIGNED_OFF, no, entry)
                if signed is not None and (no, entry.no) not in known:
                    known.add((no, entry.no))
                    yield signed, entry


def _signed(history: History, no: str, back: Entry) -> Entry | None:
    """Return the sign-off that did not hold; None if the problem had ended otherwise."""
    signed, before = history.last(SIGNED_OFF, no, back), history.last(_REOPENED, no, back)
    if signed is None or (before and history.place(before) > history.place(signed)):
        return None
    return signed


def _within(history: History, signed: Entry, back: Entry) -> bool:
    """Say whether a problem came back within the months of the policy (d.7)."""
    months = Span(unit=TimeUnit.MONTHS, amount=history.policy.problem.recurrence_months)
    signed_on, on = (local_date(each.event.occurred_at) for each in (signed, back))
    try:
        return on <= due_on(months, signed_on, history.calendar)
    except RuleViolation:
        # The months end beyond the calendar: so does the window that `on` must lie in.
        return True


def _return(history: History, signed: Entry, back: Entry) -> Row:
    why = _of_one_command(history, back)
    cause = next((each for each in why if each.event.tag == _FAILED), back)
    verified = history.last("problem:verification:passed", signed.no, signed)
    assert verified is not None
    return Row(
        {
            **about(history.get("problem", signed.no)),
            "unit": signed.event.unit,
            "signed_off_at": signed.at,
            "signers": signed.event.detail["signers"],
            "verified_by": verified.event.actor.id,
            "at": back.at,
            "how": cause.event.tag,
            "again_as": back.no,
            "actor": back.event.actor.id,
            "role": back.event.actor.role.value,
            "reason": back.event.reason,
            "false_rectification": any(each.event.tag == _TRIGGER for each in why),
        },
        (verified, signed, *why),
        units=(str(signed.event.unit),),
        objects=(signed.no, back.no),
    )


def _of_one_command(history: History, entry: Entry) -> list[Entry]:
    """Return what one command said about a return: that a check failed, that it was on purpose."""
    told = [
        each
        for tag in (_FAILED, _TRIGGER)
        for each in history.about(tag, entry.no)
        if each.event.request_id == entry.event.request_id
    ]
    return [*told, entry]


CAME_BACK = Reply(
    (
        *PROBLEM,
        Column("signed_off_at", Shape.MOMENT),
        Column("signers", Shape.LIST),
        Column("verified_by"),
        AT,
        Column("how", Shape.WORD, "tag"),
        Column("again_as"),
        *WHO,
        REASON,
        Column("false_rectification", Shape.YES_NO),
    ),
    _came_back,
)


def _verifiers(history: History, asked: Asked) -> Iterator[Row]:
    """12: per verifier how many look-backs failed, the highest rate first (d.7).

    Of a unit or a problem that was asked for, only the look-backs on these are counted.
    """
    checked: dict[str, list[Entry]] = {}
    for entry in history.said(_PASSED, _FAILED):
        if asked.unit in (None, entry.event.unit) and asked.obj in (None, entry.no):
            checked.setdefault(str(entry.event.detail["verifier"]), []).append(entry)
    rows = [_verifier(history, *each) for each in checked.items()]
    yield from (row for _, row in sorted(rows, key=lambda each: each[0]))


def _verifier(
    history: History, verifier: str, checked: list[Entry]
) -> tuple[tuple[Fraction, int, str], Row]:
    failed = [each for each in checked if each.event.tag == _FAILED]
    false = [
        each
        for entry in failed
        for each in _of_one_command(history, entry)
        if each.event.tag == _TRIGGER
    ]
    row = Row(
        {
            "verifier": verifier,
            "looked_back": len(checked),
            "failed": len(failed),
            "percent": percent(len(failed), len(checked)),
            "false": len(false),
            "problems": [*dict.fromkeys(each.no for each in failed)],
        },
        (*checked, *false),
        units=tuple(str(each.event.unit) for each in checked),
        objects=tuple(each.no for each in checked),
    )
    return (-Fraction(len(failed), len(checked)), -len(failed), verifier), row


VERIFIERS = Reply(
    (
        Column("verifier"),
        Column("looked_back", Shape.NUMBER),
        Column("failed", Shape.NUMBER),
        Column("percent", Shape.NUMBER),
        Column("false", Shape.NUMBER),
        Column("problems", Shape.LIST),
    ),
    _verifiers,
)
