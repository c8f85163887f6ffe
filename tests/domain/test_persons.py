"""The persons a problem concerns (d.2): optional, by post and number, apart from the problem."""

import json

import pytest

from duban.domain.errors import Code
from duban.domain.problem import commands as c
from duban.domain.problem.persons import MOST
from tests.support.problems import ProblemDesk

KEY = "BE-2019-0001/H01"


def named() -> ProblemDesk:
    desk = ProblemDesk().rectifying()
    desk.do(c.NamePerson, "SU-1", post="窗口负责人", person="U03-H1", duty="当班")
    return desk


def test_d2_a_person_is_never_needed_to_assign() -> None:
    assert ProblemDesk().rectifying().problem.state.concerned == {}


def test_d2_a_person_stands_beside_the_problem_and_moves_nothing() -> None:
    desk, other = named(), ProblemDesk().rectifying()

    person = desk.problem.state.concerned[KEY]
    assert (person.post, person.person, person.named_by) == ("窗口负责人", "U03-H1", "SU-1")
    assert desk.record == other.record
    assert desk.problem.state.deadline == other.problem.state.deadline


def test_d2_the_entry_names_no_unit_and_no_notice_names_the_person() -> None:
    """Who may read the entries of one unit alone does not find it (b.3 row 43)."""
    desk = named()
    desk.at("2019-06-28")

    [said] = desk.said("person:named")
    assert said.unit is None
    assert len(desk.notices()) > 5
    assert "窗口负责人" not in json.dumps(desk.notices(), ensure_ascii=False)


def test_d2_a_person_can_be_taken_away_again() -> None:
    desk = named()

    desk.do(c.WithdrawPerson, "OF-1", concerned=KEY, reason="不是当班人员")

    assert desk.problem.state.concerned[KEY].is_withdrawn
    [said] = desk.said("person:withdrawn")
    assert (said.reason, said.unit) == ("不是当班人员", None)


@pytest.mark.parametrize(
    ("by", "code"),
    [("U03-L1", Code.ROLE_OUT_OF_SCOPE), ("LG-1", Code.ROLE_NOT_PERMITTED)],
)
def test_d2_no_unit_says_whom_a_matter_is_about(by: str, code: Code) -> None:
    why = named().refused(c.NamePerson, by, post="科长")
    again = named().refused(c.WithdrawPerson, by, concerned=KEY, reason="不对")

    assert (why.code, again.code) == (code, code)


def test_d2_persons_are_limited_and_must_be_known_to_be_withdrawn() -> None:
    desk = ProblemDesk()
    for number in range(MOST):
        desk.do(c.NamePerson, "SU-1", post=f"岗位{number}")

    assert desk.refused(c.NamePerson, "SU-1", post="再一个").code is Code.OBJECT_TOO_MANY
    missing = desk.refused(c.WithdrawPerson, "SU-1", concerned="BE-2019-0001/H99", reason="无")
    assert missing.code is Code.OBJECT_NOT_FOUND
