"""Questions 14 and 19: problems that ended without being put right, and who found each."""

from collections.abc import Iterator
from typing import NamedTuple

from duban.domain.model import Document
from duban.domain.problem.words import ProblemSource
from duban.domain.problem.words import ProblemState as P
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, PROBLEM, REASON, WHO, about, day, parts
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of
from duban.questions.question import Asked, Reply

_WITHOUT_MENDING = frozenset({P.MERGED, P.DISPROVED, P.FINAL_ANSWERED})
_CONTACT = ("contact_made", "satisfied", "no_contact_reason")
_CALLS = ("called", "denied")
_LOOKED_BACK = ("problem:look_back:passed", "problem:look_back:failed")


def _ended_otherwise(history: History, _: Asked) -> Iterator[Row]:
    """14: problems merged, disproved or answered for good, and what the complainant said."""
    for no, problem in history.table("problem").items():
        for entry in history.touched("problem", no):
            states = [each.after.get("state") for each in changes_of(entry, "problem", no)]
            ended = [each for each in states if each in _WITHOUT_MENDING]
            if ended:
                yield _ended(history, problem, entry, str(ended[0]))


def _ended(history: History, problem: Document, entry: Entry, state: str) -> Row:
    no = entry.no
    petition = history.get("petition", entry.event.object_id)
    heard, cells = _complainant(history, no)
    reopened = [
        each
        for each in history.about("problem:problem:reopened", no)
        if history.place(each) > history.place(entry)
    ][:1]
    return Row(
        {
            **about(problem),
            "unit": entry.event.unit,
            "state": state,
            "at": entry.at,
            "actor": entry.event.actor.id,
            "role": entry.event.actor.role.value,
            "reason": entry.event.reason,
            "merged_into": problem.get("merged_into"),
            "signed_by": petition.get("signed_by"),
            "reviewed_by": petition.get("reviewed_by"),
            **cells,
            "reopened_at": reopened[0].at if reopened else None,
            "reopened_reason": reopened[0].event.reason if reopened else None,
        },
        (*history.first("petition", entry.event.object_id), entry, *heard, *reopened),
        units=(str(entry.event.unit),),
        objects=tuple(str(each) for each in (no, entry.event.object_id, problem["merged_into"])),
    )


def _complainant(history: History, no: str) -> tuple[list[Entry], Document]:
    """Return the entries that tell of the person behind a problem, and what they tell.

    Contact and satisfaction stand in the last request to close, calls in the last look-back.
    """
    asked = history.about("problem:close:requested", no)[-1:]
    called = [each for tag in _LOOKED_BACK for each in history.about(tag, no)]
    called = sorted(called, key=history.place)[-1:]
    changes = (each for entry in asked for each in changes_of(entry, "problem", no))
    contact = next(iter(parts([each.after.get("close_request") for each in changes])), {})
    detail = called[0].event.detail if called else {}
    return [*asked, *called], {
        "from_person": history.get("problem", no)["from_person"],
        **{name: contact.get(name) for name in _CONTACT},
        **{name: detail.get(name) for name in _CALLS},
    }


OTHERWISE = Reply(
    (
        *PROBLEM,
        Column("state", Shape.WORD, "problem_state"),
        AT,
        *WHO,
        REASON,
        Column("merged_into"),
        Column("signed_by"),
        Column("reviewed_by"),
        Column("from_person", Shape.YES_NO),
        Column("contact_made", Shape.YES_NO),
        Column("satisfied", Shape.YES_NO),
        Column("no_contact_reason"),
        Column("called", Shape.NUMBER),
        Column("denied", Shape.NUMBER),
        Column("reopened_at", Shape.MOMENT),
        Column("reopened_reason"),
    ),
    _ended_otherwise,
)


class _Found(NamedTuple):
    """A problem and how it was found: `own` says that its unit found it by itself."""

    problem: Document
    entry: Entry
    own: bool


def _finders(history: History, _: Asked) -> Iterator[Row]:
    """19: what a unit found itself, what others found, what it told only after others had found it.

    A unit found by itself what a self-check of its own brought up. It came after others if these
    had registered a problem of the same type at the unit before, found no later than it.
    """
    found = [_found(history, each) for each in history.said("problem:problem:registered")]
    for nth, each in enumerate(found):
        before = [one for one in found[:nth] if each.own and _is_forestalled(each, one)]
        problem, entry = each.problem, each.entry
        yield Row(
            {
                **about(problem),
                "problem_type": problem["problem_type"],
                "source": problem["source"],
                "found_on": problem["found_on"],
                "at": entry.at,
                "actor": entry.event.actor.id,
                "role": entry.event.actor.role.value,
                "found_by": "others_first" if before else "itself" if each.own else "others",
                "after": [one.entry.no for one in before],
            },
            (*(one.entry for one in before), entry),
            units=(str(problem["unit"]),),
            objects=(entry.no,),
        )


def _found(history: History, entry: Entry) -> _Found:
    problem, by = history.get("problem", entry.no), entry.event.actor.unit
    own = problem["source"] == ProblemSource.SELF_CHECK and by in (None, problem["unit"])
    return _Found(problem, entry, own)


def _is_forestalled(own: _Found, other: _Found) -> bool:
    """Say whether others had found at the same unit what it later told of itself."""
    kinds = [(each.problem["unit"], each.problem["problem_type"]) for each in (own, other)]
    found_on = [day(each.problem["found_on"]) for each in (own, other)]
    known = own.problem["problem_type"] is not None
    return known and not other.own and kinds[0] == kinds[1] and found_on[1] <= found_on[0]


FINDERS = Reply(
    (
        *PROBLEM,
        Column("problem_type", Shape.WORD, "problem_type"),
        Column("source", Shape.WORD, "source"),
        Column("found_on", Shape.DAY),
        AT,
        *WHO,
        Column("found_by", Shape.WORD, "found_by"),
        Column("after", Shape.LIST),
    ),
    _finders,
)
