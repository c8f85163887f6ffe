"""What an expectation says, and when the trail bears it out."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from duban.rehearsal import demo
from duban.rehearsal.judging import Told, verdict
from duban.rehearsal.proving import Proven, Redrawn
from duban.rehearsal.script import Expectation
from duban.texts import Language
from tests.cli.test_rehearsals import a_report
from tests.support.problems import NO, ProblemDesk

OTHER = "BE-2019-0002"
MADE = {"away": NO, "first": f"{NO}/R01"}


def told() -> list[Told]:
    """Two explanations of one problem, a step further of another."""
    explained, other = ProblemDesk().rectifying(), ProblemDesk().triaged()
    explained.classified()
    explained.classified()
    return [*((NO, each) for each in explained.events), *((OTHER, each) for each in other.events)]


@pytest.mark.parametrize(
    ("tag", "wanted", "seen"),
    [
        ("problem:problem:triaged", {}, 2),
        ("problem:problem:triaged", {"on": "away"}, 1),
        ("problem:problem:triaged", {"on": OTHER}, 1),
        ("problem:problem:triaged", {"on": "BE-2019-0003"}, 0),
        ("problem:reply:received", {"where": {"changes.problem.state": None}}, 2),
        ("problem:reply:received", {"where": {"changes.problem": None}}, 0),
        ("problem:problem:triaged", {"where": {"changes.problem.state": None}}, 0),
        ("problem:problem:triaged", {"where": {"reason": None}}, 2),
        ("problem:reply:received", {"where": {"object_id": "made(first)"}}, 1),
        ("problem:reply:received", {"where": {"object_id": "made(nothing)"}}, 0),
        ("problem:reply:classified", {"where": {"changes.problem.explanation_streak": 2}}, 1),
    ],
)
def test_an_expectation_counts_the_events_that_fit(
    tag: str, wanted: dict[str, Any], seen: int
) -> None:
    expected = Expectation.model_validate({"says": "x", "tag": tag, "count": seen, **wanted})

    found = verdict(expected, told(), MADE)

    assert (found.seen, found.met) == (seen, True)
    assert not verdict(expected.model_copy(update={"count": seen + 1}), told(), MADE).met


@pytest.mark.parametrize(("met", "status"), [(True, 0), (False, 1)])
def test_one_expectation_that_is_not_met_fails_the_demonstration(met: bool, status: int) -> None:
    said = StringIO()
    verdicts = [{"says": "甲", "says_en": "first", "met": met, "seen": 3}]
    trail = Proven(entries=1, size=1, status=0, altered_status=1, found="")
    proof = demo.Proof(trail, Redrawn(draws=1, status=0, altered_status=1))

    held = demo._conclude(
        [a_report(), a_report(verdicts=verdicts)], proof, Console(file=said), Language.EN, 1.0
    )

    assert held == status
    assert ("✗ BE-2019 first" in said.getvalue()) is not met
