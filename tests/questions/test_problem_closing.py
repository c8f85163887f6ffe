"""Questions 9 to 12 about problems: who closed them, on what, and whose word did not hold."""

from datetime import date
from typing import Any

from duban.domain.entity.records import EvidenceKind
from duban.domain.problem import commands as p
from duban.domain.problem.state import Earlier, Register
from tests.questions.asking import ask, cells, tags_of
from tests.questions.small import a_problem, entries_of, with_problems
from tests.support.builders import Desk, a_calendar, people
from tests.support.problems import NO, ProblemDesk
from tests.support.stories import told

END = "2020-12-31T23:59"
FAILED: dict[str, Any] = {
    "method": "calls",
    "passed": False,
    "called": 7,
    "denied": 4,
    "finding": "4人不知情",
}
SEEN: dict[str, Any] = {"method": "calls", "passed": True, "called": 7, "finding": "属实"}


def looked_back(desk: ProblemDesk, by: str = "SU-1", **said: Any) -> ProblemDesk:
    desk.do(p.RecordLookBack, by, **said)
    return desk


def closed_at_leisure() -> ProblemDesk:
    """Requested at 10:00 on 24 April, verified at 10:45, objected to, verified again, signed."""
    desk = a_problem().requested().at("2019-04-24", "10:45").verified()
    desk.at("2019-04-25").do(p.ObjectToClose, "SU-2", objector="群众来电", grounds="仍无人")
    desk.at("2019-04-26", "09:30").verified("SU-1", on_site=False)
    desk.at("2019-05-09", "18:00")
    for by in ("OF-1", "CG-2"):
        desk.do(p.CloseProblem, by, opinion="同意")
    return desk


def test_9_of_a_problem_who_asked_who_verified_last_who_signed() -> None:
    entries = with_problems(closed_at_leisure())
    found = ask(9, entries, END, obj=NO)
    names = ("object_type", "unit", "requested_by", "verified_by", "on_site", "minutes")

    # From 10:00 on Wednesday to 09:30 on Friday.
    assert cells(found, *names) == [("problem", "U03", "U03-H1", "SU-1", False, 47 * 60 + 30)]
    assert cells(found, "signed_off_by", "signed_off_at") == [
        (["OF-1", "CG-2"], "2019-05-09T10:00:00+00:00")
    ]
    assert cells(found, "evidence") == [([f"{NO}/F01 叫号系统日志", f"{NO}/F02 叫号系统日志"],)]
    assert [each.removeprefix("problem:") for each in tags_of(found, entries)[0]] == [
        "evidence:added",
        "evidence:added",
        "close:requested",
        "verification:passed",
        "close:signed",
        "close:signed",
        "problem:signed_off",
    ]
    assert found.rows[0].keys[0].startswith("campaign-BE-2019/problem-0001#")


def test_9_before_the_last_signature_nothing_is_closed_and_others_see_nothing_of_it() -> None:
    entries = with_problems(closed_at_leisure())

    assert ask(9, entries, "2019-05-09T17:59").rows == ()
    assert ask(9, entries, END, unit="U02").rows == ()
    assert len(ask(9, entries, END, unit="U03").rows) == 1


def test_9_closed_twice_it_is_told_twice_each_with_its_own_people_and_files() -> None:
    desk = looked_back(a_problem().signed_off(), **FAILED).assigned().accepted().planned()
    desk.do(p.ReviewRectificationPlan, "CG-1", passed=True, opinion="同意")
    desk.evidence(replaces=f"{NO}/F01")
    desk.requested().verified("CG-2").at("2019-05-20", "18:00")
    for by in ("CG-1", "OF-2"):
        desk.do(p.CloseProblem, by, opinion="同意")

    found = ask(9, with_problems(desk), END)

    assert cells(found, "verified_by", "signed_off_by") == [
        ("CG-1", ["CG-2", "OF-1"]),
        ("CG-2", ["CG-1", "OF-2"]),
    ]
    names = [[name.split()[0][-3:] for name in each] for (each,) in cells(found, "evidence")]
    assert names == [["F01", "F02"], ["F02", "F03", "F04", "F05"]]


def test_10_a_problem_closed_on_fresh_proof_of_its_own_is_not_told_of() -> None:
    found_with = a_problem()
    found_with.evidence(title="暗访照片")
    found_with.at("2019-04-25").signed_off()

    assert ask(10, with_problems(found_with), END).rows == ()


def test_10_evidence_older_than_the_assignment() -> None:
    desk = a_problem().rectifying()
    key = desk.evidence(captured_at="2019-04-20T10:00:00+08:00", title="旧照片")

    found = ask(10, with_problems(desk.signed_off()), END)

    assert cells(found, "object_id", "no_outcome", "older", "elsewhere") == [
        (NO, False, [f"{key} 旧照片"], [])
    ]
    assert cells(found, "verified_by", "at") == [("CG-1", "2019-04-30T10:00:00+00:00")]


def test_10_what_the_unit_had_shown_before_a_second_assignment_is_older_too() -> None:
    desk = looked_back(a_problem().signed_off(), **FAILED).assigned().accepted().planned()
    desk.do(p.ReviewRectificationPlan, "CG-1", passed=True, opinion="同意")
    desk.requested().verified("CG-2").at("2019-05-20", "18:00")
    for by in ("CG-1", "OF-2"):
        desk.do(p.CloseProblem, by, opinion="同意")

    found = ask(10, with_problems(desk), END)

    assert [[each[len(NO) + 1 :][:3] for each in older] for (older,) in cells(found, "older")] == [
        ["F01", "F02"]
    ]


def test_10_a_file_that_is_on_another_problem_too_and_one_the_ledger_knew_of() -> None:
    one, other = a_problem(1).signed_off(), a_problem(2).rectifying()
    other.evidence(digest=f"{1:064x}")
    far = a_problem(3).rectifying()
    far.evidence(digest="f" * 64, elsewhere=("FM-2019-0007",))
    alone = a_problem(4).rectifying()
    alone.evidence(digest="e" * 64, kind=EvidenceKind.PROCESS)

    found = ask(10, with_problems(one, other, far.signed_off(), alone), END)

    assert cells(found, "object_id", "no_outcome", "elsewhere") == [
        (NO, False, ["BE-2019-0002 BE-2019-0002/F01", "BE-2019-0003 BE-2019-0003/F02"]),
        (
            "BE-2019-0003",
            False,
            ["BE-2019-0001 BE-2019-0001/F02", "FM-2019-0007"],
        ),
    ]


def test_10_closed_without_outcome_would_be_seen() -> None:
    desk = a_problem().signed_off()
    for event in desk.events:
        for change in event.changes:
            if change.kind == "evidence" and "kind" in change.after:
                change.after["kind"] = "process"

    assert cells(ask(10, with_problems(desk), END), "object_id", "no_outcome") == [(NO, True)]


def test_11_st3_a_failed_look_back_names_who_had_signed() -> None:
    desk = looked_back(a_problem().signed_off().at("2019-06-03"), **FAILED, deliberate=True)
    entries = with_problems(desk)
    found = ask(11, entries, END)

    assert cells(found, "no", "unit", "signers", "verified_by", "again_as") == [
        (NO, "U03", ["CG-2", "OF-1"], "CG-1", NO)
    ]
    assert cells(found, "signed_off_at", "at", "how", "actor", "false_rectification") == [
        (
            "2019-04-30T10:00:00+00:00",
            "2019-06-03T02:00:00+00:00",
            "problem:look_back:failed",
            "SU-1",
            True,
        )
    ]
    assert "problem:trigger:raised" in tags_of(found, entries)[0]
    assert ask(11, entries, "2019-06-03T09:59").rows == ()
    assert ask(11, entries, END, unit="U01").rows == ()


def test_11_six_months_are_six_months() -> None:
    def back(day: str) -> int:
        desk = a_problem().signed_off()
        reopened = {"reason": "群众再次反映", "source_ref": "热线9号"}
        desk.at(day).do(p.ReopenProblem, "OF-1", **reopened)
        return len(ask(11, with_problems(desk), END).rows)

    # Signed off on 30 April 2019; 30 October was a Wednesday.
    assert (back("2019-10-30"), back("2019-10-31")) == (1, 0)


def test_11_where_the_calendar_ends_within_the_six_months_a_return_is_shown() -> None:
    short = a_calendar().window(date(2019, 1, 1), date(2020, 10, 31))
    desk = a_problem().at("2020-06-03").signed_off().at("2020-10-08")
    desk.do(p.ReopenProblem, "OF-1", reason="再现", source_ref="热线9号")

    entries = [*entries_of(Desk(calendar=short)), *told(desk.events)]

    assert cells(ask(11, entries, "2020-10-09T12:00"), "no") == [(NO,)]


def test_11_a_complaint_that_reopens_it_says_so_and_what_was_disproved_was_not_signed_off() -> None:
    desk = a_problem().signed_off()
    reopened = {"reason": "群众再次反映", "source_ref": "热线9号"}
    desk.do(p.ReopenProblem, "OF-1", **reopened)
    objection = desk.assigned().accepted()
    key = objection.do(
        p.ObjectToFact,
        "U03-H1",
        reason="重复",
        evidence=(objection.evidence(),),
        signed_by="U03-L1",
    ).object_id
    objection.do(p.DecideObjection, "OF-1", petition=key, upheld=True, reason="属实")
    objection.do(p.ReopenProblem, "OF-1", reason="新证据", source_ref="来信9号")

    found = ask(11, with_problems(objection), END)

    assert cells(found, "how", "reason", "false_rectification") == [
        ("problem:problem:reopened", "群众再次反映", False)
    ]


def test_11_the_same_kind_under_a_new_number_is_a_return_of_the_first() -> None:
    first = a_problem(1).signed_off()
    earlier = Earlier(no=NO, signed_off_on=date(2019, 4, 30), signers=("CG-2", "OF-1"))
    again = a_problem(2, given=Register(people=people(), earlier=(earlier,))).at("2019-06-03")
    looked_back(again.signed_off(), **FAILED).assigned()

    found = ask(11, with_problems(first, again), END)

    assert cells(found, "no", "again_as", "how", "signers") == [
        (NO, "BE-2019-0002", "problem:problem:assigned", ["CG-2", "OF-1"]),
        ("BE-2019-0002", "BE-2019-0002", "problem:look_back:failed", ["CG-2", "OF-1"]),
    ]
    assert len(ask(11, with_problems(first, again), END, obj=NO).rows) == 1


def verified_by(serial: int, by: str, unit: str = "U03") -> ProblemDesk:
    """Return a problem that somebody verified and others signed off."""
    desk = a_problem(serial, unit=unit).assigned(unit).rectifying().verified(by)
    desk.at("2019-04-30", "18:00")
    for signer in ("CG-2", "OF-1"):
        desk.do(p.CloseProblem, signer, opinion="同意")
    return desk


def test_12_whose_verifications_failed_most_stands_first() -> None:
    desks = [
        looked_back(verified_by(1, "CG-1"), "SU-2", **FAILED),
        looked_back(verified_by(2, "CG-1"), "SU-2", **SEEN),
        looked_back(verified_by(3, "SU-1"), "OF-2", **FAILED, deliberate=True),
        looked_back(verified_by(4, "CG-1", "U02"), "SU-2", **SEEN),
        looked_back(verified_by(5, "OF-2", "U02"), "SU-2", **SEEN),
        verified_by(6, "IN-1"),
    ]
    entries = with_problems(*desks)

    names = ("verifier", "looked_back", "failed", "percent", "false", "problems")
    assert cells(ask(12, entries, END), *names) == [
        ("SU-1", 1, 1, 100, 1, ["BE-2019-0003"]),
        ("CG-1", 3, 1, 33, 0, [NO]),
        ("OF-2", 1, 0, 0, 0, []),
    ]
    # Asked for one unit, only what was verified at it counts.
    assert cells(ask(12, entries, END, unit="U02"), *names[:3]) == [("CG-1", 1, 0), ("OF-2", 1, 0)]
    assert cells(ask(12, entries, END, obj=NO), *names[:3]) == [("CG-1", 1, 1)]
    assert ask(12, entries, "2019-04-30T17:59").rows == ()
