"""Decisions of weight about a problem are events that a problem can say (audit.md 3.4)."""

from duban.domain.problem import commands as c
from duban.domain.problem.weight import WEIGHTY, weighty
from tests.support.problems import ProblemDesk
from tests.support.tags import tags


def test_every_tag_that_weighs_is_said_somewhere() -> None:
    assert tags() >= WEIGHTY


def test_a_close_weighs_and_a_reply_does_not() -> None:
    desk = ProblemDesk().signed_off()
    seen = {"method": "calls", "passed": True, "called": 1, "finding": "属实"}
    desk.do(c.RecordLookBack, "OF-1", **seen)

    heavy = [desk.events[seq].tag for seq in weighty(desk.events)]

    assert heavy == [
        "problem:verification:passed",
        "problem:problem:signed_off",
        "problem:look_back:passed",
    ]
