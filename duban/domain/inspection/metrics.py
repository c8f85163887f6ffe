"""真查真访出实效 (K53): what inspections led to, over their documents.

Each figure is about what was found and what came of it. An inspection that finds nothing raises
none of them: nobody scores by the number of checks (K94).
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from decimal import Decimal
from typing import cast

from duban.domain.inspection.field import Item
from duban.domain.inspection.words import FindingKind, InspectionEnd, Score, ServiceRule
from duban.domain.model import Document, Model
from duban.domain.problem.words import ProblemState as P

_HELD = frozenset({P.SIGNED_OFF, P.WATCHED, P.ARCHIVED})


class Effect(Model):
    """What the inspections of one kind led to; a share is None where there is nothing to share.

    `per_check` are findings by inspections that reached a site; `held` are those findings whose
    problem was signed off and stayed so, `held_percent` their share of the findings that are no
    exemplars (i.2, 34).
    """

    findings: int
    per_check: Decimal | None
    held: int
    held_percent: int | None
    broken: dict[str, int]
    forms_asked: int
    leaked: int
    expired: int


def holds(problem: Document) -> bool:
    """Whether a problem was signed off and has not come back since."""
    return problem["state"] in _HELD


def effects(
    inspections: Iterable[Document], findings: Iterable[Document], held: Container[str]
) -> dict[str, Effect]:
    """Return what inspections led to, by kind; `held` are the problems whose sign-off holds."""
    of_kind: dict[str, list[Document]] = {}
    for each in inspections:
        order = cast(Document, each["order"])
        of_kind.setdefault(str(order["kind"]), []).append(each)
    by_no: dict[str, list[Document]] = {}
    for each in findings:
        if not each["dropped"]:
            no, _, _ = str(each["id"]).rpartition("/")
            by_no.setdefault(no, []).append(each)
    return {kind: _effect(some, by_no, held) for kind, some in sorted(of_kind.items())}


def _effect(
    some: list[Document], by_no: Mapping[str, list[Document]], held: Container[str]
) -> Effect:
    found = [finding for each in some for finding in by_no.get(str(each["no"]), [])]
    wrong = [each for each in found if each["kind"] == FindingKind.PROBLEM]
    there = sum(each["target"] is not None for each in some)
    kept = sum(each["problem"] in held for each in wrong)
    ended = Counter(each["ended"] for each in some)
    return Effect(
        findings=len(found),
        per_check=(Decimal(len(found)) / there).quantize(Decimal("0.01")) if there else None,
        held=kept,
        held_percent=100 * kept // len(wrong) if wrong else None,
        broken=dict(Counter(str(one) for each in some for one in cast(list[str], each["broken"]))),
        forms_asked=sum(cast(int, each["forms_asked"]) for each in some),
        leaked=ended[InspectionEnd.LEAKED.value],
        expired=ended[InspectionEnd.EXPIRED.value],
    )


def voided_percent(draws: Iterable[Document]) -> int | None:
    """Return the share of draws that were made void, of those that were opened (f.3, step 9)."""
    states = [each["state"] for each in draws]
    return 100 * states.count("voided") // len(states) if states else None


def service_scores(items: Iterable[Item]) -> dict[ServiceRule, Score]:
    """Score the three service rules, each by its own tests; one that failed is a failure (K07)."""
    tests = [each.fact.service for each in items if each.fact.service and not each.withdrawn]
    return {
        rule: _score([each.passed for each in tests if each.rule is rule]) for rule in ServiceRule
    }


def _score(passed: list[bool]) -> Score:
    if not passed:
        return Score.NOT_TESTED
    return Score.PASSED if all(passed) else Score.FAILED


def kept_percent(items: Iterable[Item]) -> int | None:
    """Return the share of pledges that were kept, of those that were tested (K03)."""
    kept = [each.fact.pledge.kept for each in items if each.fact.pledge and not each.withdrawn]
    return 100 * sum(kept) // len(kept) if kept else None
