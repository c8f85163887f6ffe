"""Questions 1 to 8 about problems: later dates, breaches, stopped clocks, voided cards."""

from datetime import date
from typing import Any

import pytest

from duban.domain.calendars import Calendar
from duban.domain.campaign.commands import AdoptCalendar
from duban.domain.entity.command import ReasonClass
from duban.domain.entity.records import EvidenceKind
from duban.domain.errors import RuleViolation
from duban.domain.problem import commands as p
from tests.questions.asking import ask, cells, tags_of
from tests.questions.small import a_problem, entries_of, with_problems
from tests.support.builders import Desk, a_calendar, proof, the_calendar_before_the_notice
from tests.support.problems import NO, ProblemDesk
from tests.support.stories import told

END = "2019-12-31T23:59"


def later(desk: ProblemDesk, on: str = "2019-05-31", **changes: Any) -> str:
    """Ask for a later date of the rectification (due on 24 May); return the request's id."""
    unit = desk.record.unit
    fields: dict[str, Any] = {
        "deadline": desk.clock("DL10").id,
        "reason_class": ReasonClass.SYSTEM_BUILDING,
        "reason": "系统对接需要",
        "work_done": "完成一半",
        "what_differs": "接口已排期",
        "evidence": proof(EvidenceKind.PROCESS),
        "new_due_on": date.fromisoformat(on),
        "signed_by": f"{unit}-L1",
    }
    return desk.do(p.RequestExtension, desk.speaker, **{**fields, **changes}).object_id


def decided(desk: ProblemDesk, by: str, *, approved: bool, **asked: Any) -> ProblemDesk:
    word = {"extension": later(desk, **asked), "approved": approved, "reason": "阅"}
    desk.do(p.DecideExtension, by, **word)
    return desk


def missed() -> ProblemDesk:
    """Due on 23 May, urged on the 24th, a yellow card on the 28th, closed as late as it is."""
    return a_problem().rectifying().at("2019-05-28", "18:00")


def test_1_who_extended_the_date_of_a_problem() -> None:
    desk = decided(a_problem().rectifying().at("2019-04-26"), "CG-1", approved=True)
    entries = with_problems(desk)
    found = ask(1, entries, END, obj=NO)

    assert cells(found, "how", "object_type", "object_id", "holder", "deadline") == [
        ("problem:extension:approved", "problem", NO, "U03", f"{NO}/D01")
    ]
    assert cells(found, "old_due_on", "new_due_on", "working_days", "reason_class") == [
        ("2019-05-23", "2019-05-31", 6, "system_building")
    ]
    assert cells(found, "requested_by", "signed_by", "actor", "evidence") == [
        ("U03-H1", "U03-L1", "CG-1", ["平台导出数据"])
    ]
    assert tags_of(found, entries) == [
        ["problem:extension:requested", "problem:extension:approved"]
    ]
    assert ask(1, entries, "2019-04-26T09:59").rows == ask(1, entries, END, unit="U02").rows == ()


def test_2_4_units_that_asked_alike_about_problems_and_who_decided() -> None:
    granted = decided(a_problem(1).rectifying(), "CG-1", approved=True)
    refused = decided(a_problem(2).assigned("U02").rectifying(), "CG-2", approved=False)
    other = {"reason_class": ReasonClass.FUNDING}
    unlike = decided(a_problem(3).rectifying(), "CG-1", approved=True, **other)
    entries = with_problems(granted, refused, unlike)

    assert cells(ask(2, entries, END), "extension", "unit", "granted_to", "granted_by") == [
        ("BE-2019-0002/E01", "U02", [f"U03 {NO}/E01"], ["CG-1"])
    ]
    assert len(ask(2, entries, END, obj="BE-2019-0002").rows) == 1
    assert cells(ask(4, entries, END), "actor", "unit", "granted", "working_days", "refused") == [
        ("CG-1", "U03", 2, 12, 0),
        ("CG-2", "U02", 0, 0, 1),
    ]


def test_3_a_request_after_expiry_is_refused_and_told() -> None:
    desk = a_problem().rectifying().at("2019-05-24")
    fields: dict[str, Any] = {"reason_class": "other", "reason": "-", "work_done": "-"}
    more = {"what_differs": "-", "evidence": proof(), "new_due_on": "2019-06-28"}
    signed = {"deadline": desk.clock("DL10").id, "signed_by": "U03-L1"}
    command = desk.command(p.RequestExtension, "U03-H1", **fields, **more, **signed)
    with pytest.raises(RuleViolation) as why:
        desk.problem.handle(command, now=desk.now)
    desk.problem.refuse(command, why.value, now=desk.now)

    found = ask(3, with_problems(desk), END)

    assert cells(found, "object_id", "actor", "due_at", "code_refused", "valid") == [
        (NO, "U03-H1", "2019-05-23T09:30:00+00:00", "extension.after_expiry", False)
    ]
    assert cells(ask(47, with_problems(desk), "2019-05-31T12:00"), "code", "actor", "commands") == [
        ("extension.after_expiry", "U03-H1", ["RequestExtension"])
    ]


def under(calendar: Calendar) -> ProblemDesk:
    return ProblemDesk(calendar=calendar).assigned(limit="5wd")


def test_5_the_date_of_a_problem_by_the_calendar_that_the_campaign_began_with() -> None:
    desk = under(the_calendar_before_the_notice()).at("2019-04-25")
    desk.hear("calendar", calendar=a_calendar(2))
    campaign = Desk(calendar=the_calendar_before_the_notice()).at("2019-04-25")
    new = {"calendar": a_calendar(2), "basis_doc": "国办发明电3号"}
    campaign.do(AdoptCalendar, "OF-1", **new)
    entries = [*entries_of(campaign), *told(desk.events)]

    found = ask(5, entries, "2019-04-26T12:00", obj=f"{NO}/D01")

    # Five days from 24 April: Sunday the 28th comes in; 2 May is off now, and Sunday the 5th works.
    assert cells(found, "object_id", "first_due_on", "counted_due_on", "current_due_on") == [
        (NO, "2019-05-02", "2019-04-30", "2019-05-05")
    ]
    assert cells(ask(1, entries, END, obj=NO), "how", "new_due_on") == [
        ("problem:deadline:recalculated", "2019-05-05")
    ]


def test_6_a_missed_date_of_a_problem_with_what_the_ladder_did() -> None:
    entries = with_problems(missed())
    found = ask(6, entries, "2019-05-28T18:00", unit="U03")

    assert cells(found, "object_id", "code", "status", "working_days_late", "levels") == [
        (NO, "DL10", "open", 3, ["L1", "L2"])
    ]
    assert cells(found, "skipped", "climbed_by", "climbed_reason") == [([], None, None)]
    assert tags_of(found, entries) == [
        ["problem:deadline:breached", "problem:deadline:urged", "problem:deadline:yellow_card"]
    ]
    assert ask(6, entries, "2019-05-23T17:29", unit="U03").rows == ()


def proposed(desk: ProblemDesk) -> ProblemDesk:
    """Let the unit explain three times, for which a red card is proposed."""
    for _ in range(3):
        desk.classified()
    return desk


def red(desk: ProblemDesk, *, approved: bool = True) -> ProblemDesk:
    """Decide on the card that was proposed last."""
    card = list(desk.problem.state.card)[-1]
    word: dict[str, Any] = {"reason": "以解释代替解决", "doc_no": "约谈1号"}
    desk.do(p.DecideCard, "LG-1", card=card, approved=approved, **word)
    return desk


def red_for_words(desk: ProblemDesk) -> ProblemDesk:
    return red(proposed(desk))


def test_6_a_red_card_while_the_date_is_missed_climbs_out_of_turn() -> None:
    early = red_for_words(a_problem(2).rectifying()).at("2019-05-24", "08:00")
    desk = red_for_words(a_problem().rectifying().at("2019-05-24", "08:00"))

    found = ask(6, with_problems(desk, early), "2019-05-24T08:10", unit="U03")

    # On the morning after, before the urge of nine o'clock.
    assert cells(found, "object_id", "levels", "skipped", "climbed_by", "climbed_reason") == [
        (NO, ["L4"], ["L1", "L2"], "LG-1", "以解释代替解决"),
        ("BE-2019-0002", [], [], None, None),
    ]


def test_6_a_card_that_was_refused_or_came_after_the_end_climbs_nothing() -> None:
    refused = red(proposed(a_problem(1).rectifying().at("2019-05-24", "08:00")), approved=False)
    mended = a_problem(2).rectifying().at("2019-05-24", "08:00").signed_off()
    found = {"method": "calls", "passed": False, "called": 7, "denied": 4, "finding": "不知情"}
    mended.do(p.RecordLookBack, "SU-1", **found, deliberate=True)
    red(mended)

    found_late = ask(6, with_problems(refused, mended), "2019-06-03T08:00", unit="U03")

    assert [row.cells["climbed_by"] for row in found_late.rows] == [None, None]


def test_6_a_body_that_is_late_with_a_problem_is_late_itself_and_gets_no_card() -> None:
    desk = red(proposed(a_problem().rectifying()).requested().at("2019-05-31"))

    found = ask(6, with_problems(desk), "2019-05-31T12:00", obj=NO)

    assert cells(found, "code", "holder", "levels", "climbed_by")[0] == (
        "DL12",
        "campaign_group",
        ["L1", "L2"],
        None,
    )
    assert {holder for (holder,) in cells(found, "holder")} == {"campaign_group"}


def test_6_by_the_number_of_a_problem_a_late_decision_on_its_request_is_found() -> None:
    desk = a_problem().rectifying()
    later(desk)

    found = ask(6, with_problems(desk.at("2019-04-29")), "2019-04-29T10:00", obj=NO)

    # Two working days from Wednesday: the group was late on Friday, and the request rose.
    assert cells(found, "object_type", "object_id", "holder", "status") == [
        ("extension", f"{NO}/E01", "campaign_group", "cancelled")
    ]


def stopped(proof_of_it: str) -> ProblemDesk:
    desk = a_problem().rectifying().at("2019-04-25")
    word = {"deadline": desk.clock("DL10").id, "ground": "expert_review", "proof": proof_of_it}
    desk.do(p.StopClock, "OF-1", **word)
    return desk


def test_7_a_clock_of_a_problem_stopped_on_a_word_that_is_no_paper() -> None:
    found = ask(7, with_problems(stopped("无")), END, obj=NO)

    assert cells(found, "object_type", "object_id", "holder", "actor", "reason", "how") == [
        ("problem", NO, "U03", "OF-1", "expert_review", "problem:deadline:stopped")
    ]
    assert ask(7, with_problems(stopped("评审通知")), END).rows == ()


def voided() -> ProblemDesk:
    """A yellow and a red card for words alone, both taken back, and one that stands."""
    desk = red_for_words(a_problem().rectifying())
    yellow, red = desk.problem.state.card
    desk.at("2019-04-26").do(p.VoidCard, "LG-2", card=red, reason="认定有误")
    desk.do(p.VoidCard, "OF-1", card=yellow, reason="重复亮牌")
    return desk.at("2019-05-28", "18:00")


def test_8_cards_that_were_taken_back_by_whom_and_why() -> None:
    entries = with_problems(voided())
    found = ask(8, entries, END)

    assert cells(found, "card", "colour", "ground", "unit", "actor", "reason") == [
        (f"{NO}/C02", "red", "explanation_streak", "U03", "LG-2", "认定有误"),
        (f"{NO}/C01", "yellow", "explanation_streak", "U03", "OF-1", "重复亮牌"),
    ]
    assert cells(found, "given_by", "given_at", "at", "role")[0] == (
        "LG-1",
        "2019-04-24T02:00:00+00:00",
        "2019-04-26T02:00:00+00:00",
        "leading_group",
    )
    assert tags_of(found, entries) == [
        ["problem:card:decided", "problem:card:voided"],
        ["problem:card:issued", "problem:card:voided"],
    ]
    assert found.lacks == ()


def test_8_before_it_was_taken_back_and_for_other_units_there_is_nothing() -> None:
    entries = with_problems(voided())

    assert ask(8, entries, "2019-04-26T09:59").rows == ask(8, entries, END, unit="U02").rows == ()
    assert len(ask(8, entries, END, obj=NO).rows) == 2


def test_8_a_card_of_the_ladder_that_was_taken_back_was_given_by_the_system() -> None:
    desk = missed()
    [card] = desk.problem.state.card
    desk.do(p.VoidCard, "OF-1", card=card, reason="停计未录入")

    found = ask(8, with_problems(desk), END)

    assert cells(found, "ground", "given_by", "given_at") == [
        ("overdue", "system", "2019-05-28T01:00:00+00:00")
    ]
