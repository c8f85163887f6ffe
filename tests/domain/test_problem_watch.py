"""After the close: look-backs, recurrence, false rectification, the campaign's news (d.7, c.3)."""

from datetime import date
from typing import Any

import pytest

from duban.domain.errors import Code
from duban.domain.problem import commands as c
from duban.domain.problem.problem import Problem
from duban.domain.problem.state import Earlier, Register
from duban.domain.roles import Role
from tests.support.builders import a_calendar, the_calendar_before_the_notice
from tests.support.problems import ProblemDesk

SEEN: dict[str, Any] = {"method": "calls", "passed": True, "called": 7, "finding": "属实"}
FAILED: dict[str, Any] = {**SEEN, "passed": False, "denied": 4, "finding": "4人不知情"}


def test_d7_a_look_back_that_passes_is_kept_and_meets_its_clock() -> None:
    desk = ProblemDesk().signed_off()
    assert desk.due("DL14") == date(2019, 7, 30)

    desk.do(c.RecordLookBack, "OF-1", **SEEN)

    assert desk.record.lookback_passed
    assert desk.record.state == "watched"
    assert desk.clock("DL14") is None


def test_d7_st3_what_does_not_hold_is_open_again_and_its_signers_are_named() -> None:
    desk = ProblemDesk().signed_off()
    desk.do(c.RecordLookBack, "SU-1", **FAILED)

    record = desk.record
    assert (record.state, record.recurrence_no) == ("reopened", 1)
    assert record.earlier_signers == ("CG-2", "OF-1")
    assert record.earlier_verifiers == ("CG-1",)
    assert desk.said("look_back:failed")[0].detail["verifier"] == "CG-1"
    assert not record.false_rectification
    desk.assigned()
    assert desk.clock("DL10") is not None


def test_d7_st3_deliberate_paper_work_is_false_rectification_with_its_consequences() -> None:
    desk = ProblemDesk().signed_off()
    desk.do(c.RecordLookBack, "SU-1", **FAILED, deliberate=True)

    assert desk.record.false_rectification
    [card] = desk.problem.state.card.values()
    assert (card.colour, card.ground) == ("red", "false_rectification")
    [trigger] = desk.said("trigger:raised")
    assert trigger.detail["at_least"] == "circular"
    assert desk.notices(rung="FALSE_RECTIFICATION", recipient_role="supervision_group")


@pytest.mark.parametrize(
    "wrong", [{"called": 1, "denied": 2}, {"deliberate": True, "passed": True}]
)
def test_d7_a_look_back_must_make_sense(wrong: dict[str, Any]) -> None:
    desk = ProblemDesk().signed_off()

    why = desk.refused(c.RecordLookBack, "SU-1", **{**FAILED, **wrong})

    assert why.code is Code.COMMAND_MALFORMED


def test_sod2_the_first_verifier_does_not_look_back_nor_does_the_unit() -> None:
    desk = ProblemDesk().verified("SU-1").at("2019-05-07", "18:00")
    for by in ("CG-2", "OF-1"):
        desk.do(c.CloseProblem, by, opinion="-")

    assert desk.refused(c.RecordLookBack, "SU-1", **SEEN).params["rule"] == "SOD2"
    assert desk.refused(c.RecordLookBack, "U03-L1", **SEEN).code is Code.ROLE_NOT_PERMITTED
    desk.do(c.RecordLookBack, "IN-1", **SEEN)


def test_sod4_where_the_supervision_group_leads_others_look_back() -> None:
    desk = ProblemDesk(lead_body=Role.SUPERVISION_GROUP).verified("OF-2").at("2019-05-07", "18:00")
    for by in ("CO-1", "OF-1"):
        desk.do(c.CloseProblem, by, opinion="-")

    assert desk.refused(c.RecordLookBack, "SU-1", **SEEN).params["rule"] == "SOD4"
    assert desk.refused(c.RecordLookBack, "CG-1", **SEEN).code is Code.ROLE_NOT_PERMITTED
    desk.do(c.RecordLookBack, "CO-1", **SEEN)


def test_d7_the_same_type_in_the_same_unit_within_six_months_recurs_under_a_new_number() -> None:
    desk = ProblemDesk()
    said = [("BE-2019-0009", date(2018, 10, 25)), ("BE-2019-0008", date(2018, 10, 20))]
    earlier = tuple(Earlier(no=no, signed_off_on=on) for no, on in said)
    desk.problem.be_given(Register(earlier=earlier))

    desk.assigned()

    assert desk.record.recurs == ("BE-2019-0009",)


def test_dl11_long_term_work_has_a_successor_and_a_milestone_every_quarter() -> None:
    desk = ProblemDesk().rectifying()
    made = {"successor": "U03", "reason": "需立法", "doc_no": "纪要3号"}
    first = desk.evidence()
    why = desk.refused(c.RecordMilestone, "CG-1", reached="-", evidence=(first,))
    assert why.code is Code.STATE_ORDER
    desk.do(c.MakeLongTerm, "OF-1", **made)
    assert desk.due("DL11") == date(2019, 7, 24)

    desk.at("2019-07-01").do(c.RecordMilestone, "CG-1", reached="草案", evidence=(first,))

    assert desk.due("DL11") == date(2019, 10, 8)
    desk.proven().do(c.RequestClose, desk.speaker, **desk.close_fields())
    assert desk.record.state == "close_requested"


def test_b3_hard_long_term_work_is_the_leading_group_s_to_grant() -> None:
    desk = ProblemDesk().triaged(hard_bone=True).rectifying()
    made = {"successor": "U03", "reason": "需立法", "doc_no": "纪要3号"}

    assert desk.refused(c.MakeLongTerm, "OF-1", **made).code is Code.ROLE_NOT_PERMITTED
    desk.do(c.MakeLongTerm, "LG-1", **made)
    assert desk.record.state == "long_term"


def test_c3_a_suspended_campaign_stops_the_clocks_of_its_problems_and_no_review() -> None:
    desk = ProblemDesk().rectifying().at("2019-04-25")
    key = desk.classified()
    desk.do(c.ContestClass, desk.speaker, reply=key, grounds="-")
    petition: dict[str, Any] = {"reason": "-", "signed_by": "U03-L1"}
    desk.do(c.ObjectToFact, desk.speaker, **petition, evidence=(desk.evidence(),))
    desk.hear("suspended", basis_doc="决定1号")
    assert desk.refused(c.ReplyToProblem, desk.speaker, explanation="-").code is Code.STAGE_ORDER
    desk.do(c.DecideContest, "OF-1", reply=key, upheld=False, reason="-")

    last = desk.clock("EXP5").due_at
    desk.at("2019-05-06").hear("resumed", seq=101)
    assert desk.clock("EXP5").due_at == last

    assert desk.due("DL10") == date(2019, 5, 31)
    assert not desk.record.is_paused


def test_news_heard_twice_or_late_changes_nothing() -> None:
    desk = ProblemDesk().rectifying()
    desk.hear("suspended", seq=100)
    said = len(desk.events)

    desk.hear("suspended", seq=100)
    desk.hear("resumed", seq=99)
    desk.hear("register", seq=200)

    assert len(desk.events) == said


def test_st1b_a_new_calendar_never_shortens_a_problem_s_clock() -> None:
    before = the_calendar_before_the_notice(1)
    desk = ProblemDesk(calendar=before).triaged().assigned(limit="10wd")
    old = desk.due("DL10")
    desk.hear("calendar", calendar=a_calendar(2))

    assert desk.record.calendar_version == 2
    assert desk.due("DL10") >= old
    assert desk.said("calendar:adopted")
    desk.hear("calendar", seq=101, calendar=before)
    assert desk.record.calendar_version == 2


def test_c3_another_lead_group_is_taken_note_of() -> None:
    desk = ProblemDesk()
    desk.hear("lead_body", lead_body=Role.SUPERVISION_GROUP)

    assert desk.record.lead_body is Role.SUPERVISION_GROUP


def test_an_archived_campaign_closes_the_streams_of_its_problems_with_their_count() -> None:
    desk = ProblemDesk().signed_off()
    desk.do(c.RecordLookBack, "OF-1", **SEEN)
    desk.hear("archived")

    assert (desk.record.state, desk.problem.is_over) == ("archived", True)
    assert desk.events[-1].detail["count"] == len(desk.events)
    assert desk.problem.next_alarm(now=desk.now) is None
    assert desk.refused(c.ReopenProblem, reason="-", source_ref="-").code is Code.STAGE_NOT_LIVE


def test_o8_what_is_not_settled_outlives_its_campaign_and_is_filed_when_it_is() -> None:
    desk = ProblemDesk().rectifying()
    due = desk.due("DL10")
    desk.hear("archived")
    assert (desk.record.state, desk.problem.is_over) == ("rectifying", False)
    assert desk.due("DL10") == due

    desk.signed_off()
    assert (desk.record.state, desk.problem.is_over) == ("watched", False)
    desk.do(c.RecordLookBack, "OF-1", **SEEN)
    assert (desk.record.state, desk.problem.is_over) == ("archived", True)
    assert desk.events[-1].detail["count"] == len(desk.events)


def test_c3_a_terminated_campaign_has_disposed_of_its_problems_and_they_are_filed() -> None:
    desk = ProblemDesk().rectifying()
    desk.hear("terminated", basis_doc="纪要9号")
    desk.hear("archived", seq=101)

    assert (desk.record.state, desk.problem.is_over) == ("rectifying", True)
    assert desk.events[-1].detail["count"] == len(desk.events)
    assert desk.said("problem:outlived") == []


def test_o8_a_long_term_problem_goes_on_with_its_successor_after_the_campaign() -> None:
    desk = ProblemDesk().rectifying()
    desk.do(c.MakeLongTerm, "OF-1", successor="U03", reason="需立法", doc_no="纪要3号")
    desk.hear("archived")

    assert desk.said("problem:outlived")
    desk.do(c.RecordMilestone, "CG-1", reached="草案", evidence=(desk.evidence(),))
    assert desk.record.state == "long_term"
    assert desk.problem.next_alarm(now=desk.now) is not None


def test_a_problem_is_what_its_events_say_and_what_it_was_given() -> None:
    desk = ProblemDesk().signed_off()

    again = desk.problem.restored(desk.events)

    assert again.problem == desk.problem.state.problem
    assert again.deadline == desk.problem.state.deadline
    with pytest.raises(Exception, match="object.not_found"):
        desk.problem.restored(desk.events[1:])


def test_what_the_trail_holds_so_far_is_where_a_problem_falls_back_to() -> None:
    desk = ProblemDesk().assigned()
    kept = desk.fork().events[:2]
    ahead = desk.events[2:]
    desk.problem.recorded(2)

    desk.problem.follow(ahead, now=desk.now)

    assert kept[-1].tag == "problem:problem:triaged"
    assert desk.record.state == "assigned"


def test_a_problem_follows_the_trail_when_it_went_another_way() -> None:
    desk = ProblemDesk().assigned()
    other = desk.fork()
    other.do(c.AcceptProblem, "U03-L1")
    ahead = other.events[len(desk.events) :]
    desk.problem.recorded(len(desk.events))
    desk.do(c.RequestProblemReturn, "U03-H1", grounds="-", legal_basis="-")

    desk.problem.follow(ahead, now=desk.now)

    assert desk.record.state == "accepted"
    assert desk.events[-1].tag == "problem:trail:followed"
    assert isinstance(Problem(desk.problem.state).record.no, str)
