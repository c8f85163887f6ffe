"""Questions 9 and 10: who passed what is done, on what proof; tasks, goals, items and problems."""

from collections.abc import Iterable, Iterator

from duban.domain.entity.records import EvidenceKind
from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.closings import (
    Closing,
    closings,
    evidence_in,
    owner_of,
)
from duban.questions.columns import AT, OBJECT, UNIT, items, minutes_between, moment
from duban.questions.entries import Entry
from duban.questions.history import History
from duban.questions.question import Asked, Reply


def _row(history: History, closing: Closing, cells: Document, why: Iterable[Entry]) -> Row:
    head: Document = {
        "object_type": "item" if closing.kind == "deadline" else closing.kind,
        "object_id": closing.key,
        "unit": closing.verification.event.unit,
    }
    return Row(
        {**head, **cells},
        (*closing.entries, *why),
        units=(str(closing.verification.event.unit),),
        objects=(closing.key, owner_of(history, closing.verification)),
    )


def _signed_off(history: History, _: Asked) -> Iterator[Row]:
    """9: per passed object who claimed, verified and signed it off, on what, how soon (d.2)."""
    for each in closings(history):
        claim, verified, signed = each.claim, each.verification, each.signatures
        yield _row(
            history,
            each,
            {
                "requested_by": claim.event.actor.id if claim else None,
                "requested_at": claim.at if claim else None,
                "verified_by": verified.event.actor.id,
                "verified_at": verified.at,
                "minutes": minutes_between(claim, verified) if claim else None,
                "on_site": verified.event.detail.get("on_site"),
                "evidence": each.references,
                "signed_off_by": [one.event.actor.id for one in signed],
                "signed_off_at": signed[-1].at if signed else None,
            },
            (),
        )


SIGNED_OFF = Reply(
    (
        *OBJECT,
        UNIT,
        Column("requested_by"),
        Column("requested_at", Shape.MOMENT),
        Column("verified_by"),
        Column("verified_at", Shape.MOMENT),
        Column("minutes", Shape.NUMBER),
        Column("on_site", Shape.YES_NO),
        Column("evidence", Shape.LIST),
        Column("signed_off_by", Shape.LIST),
        Column("signed_off_at", Shape.MOMENT),
    ),
    _signed_off,
)


def _unproven(history: History, _: Asked) -> Iterator[Row]:
    """10: passed without outcome evidence (EXP8), on older evidence, on a file used elsewhere.

    An outcome that is older than the assignment proves nothing of what was done since (d.3.3).
    """
    uses = _uses(history)
    for each in closings(history):
        older = [one for one in each.evidence if _is_older(history, each, one)]
        proven = any(
            one.get("kind") == EvidenceKind.OUTCOME and one not in older for one in each.evidence
        )
        elsewhere, others = _elsewhere(history, each, uses)
        if proven and not older and not elsewhere:
            continue
        cells: Document = {
            "at": each.last.at,
            "verified_by": each.verification.event.actor.id,
            "evidence": each.references,
            "no_outcome": not proven,
            "older": [one["reference"] for one in older],
            "elsewhere": [*elsewhere],
        }
        yield _row(history, each, cells, others)


def _is_older(history: History, closing: Closing, piece: Document) -> bool:
    """Say whether a unit proves its work with what was there before the assignment (d.5).

    What others had put on the problem when it was found proves the problem, not its end. Of tasks,
    goals and items nobody tells when a piece was made.
    """
    if closing.kind != "problem":
        return False
    assigned = history.before("problem", closing.key, "assigned_at", closing.verification)
    [added] = history.first("evidence", piece["id"])
    own = added.event.actor.unit == closing.verification.event.unit
    return bool(piece["older"]) or (own and moment(piece["added_at"]) < moment(assigned))


def _elsewhere(
    history: History, closing: Closing, uses: dict[str, list[tuple[str, Entry]]]
) -> tuple[list[str], list[Entry]]:
    """Return where else the files of a closing serve, and the entries that brought them there.

    Of other campaigns a piece of evidence tells itself, if the ledger knew of them.
    """
    own = owner_of(history, closing.verification)
    found = [
        (owner, entry)
        for digest in _digests(closing.evidence)
        for owner, entry in uses.get(digest, ())
        if owner != own
    ]
    known = {owner for owner, _ in found}
    told = (str(no) for one in closing.evidence for no in items(one.get("elsewhere")))
    named = (f"{owner} {entry.event.object_id}" for owner, entry in found)
    where = dict.fromkeys([*named, *(no for no in told if no not in known)])
    return list(where), [entry for _, entry in found]


def _uses(history: History) -> dict[str, list[tuple[str, Entry]]]:
    """Return per file, by its digest, the entries that bring it, each with what it serves."""
    found: dict[str, list[tuple[str, Entry]]] = {}
    for entry in history.entries:
        for digest in _digests(evidence_in(entry)):
            found.setdefault(digest, []).append((owner_of(history, entry), entry))
    return found


def _digests(evidence: Iterable[Document]) -> list[str]:
    return [str(each["digest"]) for each in evidence if each.get("digest")]


UNPROVEN = Reply(
    (
        *OBJECT,
        UNIT,
        AT,
        Column("verified_by"),
        Column("evidence", Shape.LIST),
        Column("no_outcome", Shape.YES_NO),
        Column("older", Shape.LIST),
        Column("elsewhere", Shape.LIST),
    ),
    _unproven,
)
