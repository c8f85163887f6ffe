"""What people type about problems, read into values: measures, outcomes, scores, helpers."""

from collections.abc import Iterable

from duban.cli.errors import UsageFault
from duban.cli.parsing import ReadAs, evidence

_PARTS = 5
_SCORES = 3


def outcome(items: Iterable[str]) -> dict[str, str]:
    """Read `NAME|UNIT|BASELINE|TARGET|SOURCE`, the measurable result that a plan promises."""
    [text] = list(items)
    parts = [each.strip() for each in text.split("|")]
    if len(parts) != _PARTS:
        raise UsageFault("usage.outcome", text=text)
    names = ("name", "unit", "baseline", "target", "data_source")
    return dict(zip(names, parts, strict=True))


def scores(items: Iterable[str]) -> dict[str, str] | None:
    """Read `5,4,5`: standard met, real effect, in time (K88)."""
    texts = list(items)
    if not texts:
        return None
    parts = texts[0].split(",")
    if len(parts) != _SCORES:
        raise UsageFault("usage.scores", text=texts[0])
    return dict(zip(("standard", "effect", "speed"), parts, strict=True))


def done(items: Iterable[str]) -> list[dict[str, str]]:
    """Read `2=RESULT`: a measure of the plan that is done."""
    found = []
    for item in items:
        number, _, result = item.partition("=")
        if not (number.strip().isdecimal() and result.strip()):
            raise UsageFault("usage.measure_done", text=item)
        found.append({"no": number.strip(), "result": result})
    return found


def helpers(items: Iterable[str]) -> list[dict[str, str]]:
    """Read `U02=MATTER` or `U02=MATTER:10wd`: a unit that helps, and until when (K91)."""
    found = []
    for item in items:
        unit, _, rest = item.partition("=")
        matter, _, limit = rest.rpartition(":")
        if not matter:
            matter, limit = limit, ""
        if not (unit.strip() and matter.strip()):
            raise UsageFault("usage.assist", text=item)
        found.append({"unit": unit.strip(), "matter": matter, "limit": limit})
    return found


READ_PROBLEM_AS: dict[tuple[str, str], ReadAs] = {
    ("SubmitRectificationPlan", "measures"): list,
    ("SubmitRectificationPlan", "outcome"): outcome,
    ("ReplyToProblem", "actions"): list,
    ("ReplyToProblem", "measures"): done,
    ("ReplyToProblem", "requests"): list,
    ("RequestExtension", "evidence"): evidence,
    ("AssignProblem", "assisting"): helpers,
    ("VerifyProblem", "scores"): scores,
    ("*", "defects"): list,
    ("*", "answers"): list,
    ("*", "evidence"): list,
}
"""How the repeated options are read, by command and field; `*` stands for any command."""
