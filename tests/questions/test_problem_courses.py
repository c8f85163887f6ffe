"""Questions 13, 14 and 16 to 19 about problems: how each was worded, where it lay, how it ended."""

from decimal import Decimal
from typing import Any

from duban.domain.campaign import commands as c
from duban.domain.problem import commands as p
from duban.domain.problem.words import FinalGround, ProblemSource
from duban.questions import Entry
from tests.questions.asking import ask, cells, tags_of
from tests.questions.small import a_problem, entries_of, with_problems
from tests.support.builders import Desk, a_plan, a_task, an_actor
from tests.support.problems import NO, ProblemDesk, an_outcome
from tests.support.stories import told

END = "2020-12-31T23:59"
BACK = {"grounds": "非我局职责", "legal_basis": "三定规定"}
TO_U02 = {"new_unit": "U02", "new_leader": "U02-L1", "new_handler": "U02-H1"}


def planned_for(desk: ProblemDesk, target: int) -> ProblemDesk:
    """Hand in a plan that promises so many minutes."""
    desk.do(
        p.SubmitRectificationPlan,
        desk.speaker,
        measures=("增设顶岗人员",),
        outcome=an_outcome(target=Decimal(target)),
        signed_by=f"{desk.record.unit}-L1",
    )
    return desk


def softened() -> ProblemDesk:
    """The first plan promises no minute away, the second five; between them it went to U02."""
    desk = planned_for(a_problem().accepted(), 0)
    desk.do(p.ReviewRectificationPlan, "CG-1", passed=False, opinion="措施太少")
    return planned_for(desk.at("2019-04-25"), 5)


def test_13_a_plan_that_promises_less_than_the_one_before() -> None:
    found = ask(13, with_problems(softened()), END)
    words, numbers = "窗口全时段有人值守", "窗口离岗时长 27 → {} 分钟"

    assert cells(found, "version", "target", "unit", "actor") == [
        (1, "", "U03", "SU-1"),
        (2, words, "U03", "CG-1"),
        (3, f"{words} ({numbers.format(0)})", "U03", "U03-H1"),
        (4, f"{words} ({numbers.format(5)})", "U03", "U03-H1"),
    ]
    assert {each for (each,) in cells(found, "description")} == {
        "不动产登记3号窗口工作人员离岗27分钟"
    }


def test_13_what_is_said_for_the_first_time_changes_nothing_and_named_it_is_shown() -> None:
    entries = with_problems(softened())

    assert ask(13, entries, "2019-04-24T23:59").rows == ()
    assert [v for (v,) in cells(ask(13, entries, "2019-04-24T23:59", obj=NO), "version")] == [
        1,
        2,
        3,
    ]


def test_13_a_problem_that_was_handed_to_another_unit() -> None:
    desk = a_problem().assigned()
    desk.do(p.RequestProblemReturn, "U03-H1", **BACK)
    desk.do(p.AdjudicateProblemReturn, "OF-1", upheld=True, reason="改派", **TO_U02)

    entries = with_problems(desk)

    assert cells(ask(13, entries, END, unit="U02"), "version", "unit", "reason", "actor") == [
        (3, "U02", "改派", "OF-1")
    ]
    assert len(ask(13, entries, END).rows) == 3


def ended() -> list[ProblemDesk]:
    """Merged after a refused close, disproved at once and on objection, answered, transferred."""
    merged = a_problem(1, from_person=True).requested(contact_made=True, satisfied=False).rejected()
    merged.do(p.MergeProblem, "OF-1", into="BE-2019-0009", reason="同一窗口")
    untrue = a_problem(2, from_person=True).triaged()
    proof = (untrue.evidence(),)
    untrue.do(p.DisproveProblem, "CG-2", reason="查无此事", evidence=proof)
    untrue.at("2019-05-08").do(p.ReopenProblem, "OF-1", reason="反映人补证", source_ref="来信9号")
    objected = a_problem(3).accepted()
    signed: dict[str, Any] = {"evidence": (objected.evidence(),), "signed_by": "U03-L1"}
    key = objected.do(p.ObjectToFact, "U03-H1", reason="在岗", **signed).object_id
    objected.do(p.DecideObjection, "OF-1", petition=key, upheld=True, reason="监控属实")
    answered = a_problem(4).accepted()
    signed = {**signed, "evidence": (answered.evidence(),), "sealed": True}
    asked = {"ground": FinalGround.UNLAWFUL, "reason": "违反上位法", **signed}
    key = answered.do(p.RequestFinalAnswer, "U03-H1", **asked).object_id
    answered.do(p.ReviewFinalAnswer, "CG-1", petition=key, passed=True, opinion="属实")
    answered.do(p.DecideFinalAnswer, "OF-2", petition=key, approved=True, reason="同意")
    gone = a_problem(5).triaged()
    gone.do(p.TransferProblem, "OF-1", to="省局", letter="函1号", receipt="收1号", reason="省管")
    return [merged, untrue, objected, answered, gone]


def test_14_who_ended_it_how_and_why() -> None:
    found = ask(14, with_problems(*ended()), END)

    assert cells(found, "no", "state", "actor", "reason") == [
        (NO, "merged", "OF-1", "同一窗口"),
        ("BE-2019-0002", "disproved", "CG-2", "查无此事"),
        ("BE-2019-0003", "disproved", "OF-1", "监控属实"),
        ("BE-2019-0004", "final_answered", "OF-2", "同意"),
    ]
    assert cells(found, "merged_into", "signed_by", "reviewed_by") == [
        ("BE-2019-0009", None, None),
        (None, None, None),
        (None, "U03-L1", None),
        (None, "U03-L1", "CG-1"),
    ]
    assert [each.value for each in found.lacks] == ["call_backs"]


def test_14_what_the_complainant_said_as_far_as_it_was_asked() -> None:
    entries = with_problems(*ended())
    found = ask(14, entries, END)

    said = ("from_person", "contact_made", "satisfied", "no_contact_reason", "called")
    assert cells(found, *said)[:2] == [
        (True, True, False, None, None),
        (True, None, None, None, None),
    ]
    assert cells(found, "reopened_at", "reopened_reason")[:2] == [
        (None, None),
        ("2019-05-08T02:00:00+00:00", "反映人补证"),
    ]
    assert "problem:close:requested" in tags_of(found, entries)[0]
    before = ask(14, entries, "2019-05-08T09:59", obj="BE-2019-0002")
    assert cells(before, "reopened_at") == [(None,)]


def test_14_calls_of_an_earlier_look_back_are_told() -> None:
    desk = a_problem(from_person=True).requested(no_contact_reason="空号").signed_off()
    failed = {"method": "calls", "passed": False, "called": 7, "denied": 4, "finding": "不知情"}
    desk.do(p.RecordLookBack, "SU-1", **failed)
    desk.do(p.MergeProblem, "OF-1", into="BE-2019-0009", reason="同一窗口")

    found = ask(14, with_problems(desk), END)

    assert cells(found, "contact_made", "no_contact_reason", "called", "denied") == [
        (False, "空号", 7, 4)
    ]


def hard_bones() -> list[ProblemDesk]:
    """Hard ones: left lying, passed, with a milestone, merged; and two easy ones."""
    hard = {"hard_bone": True}
    idle = a_problem(1).triaged(**hard).rectifying()
    passed = a_problem(2).triaged(**hard).verified()
    long_term = a_problem(3).triaged(**hard).rectifying()
    word = {"successor": "U03", "reason": "跨年度", "doc_no": "纪要8号"}
    long_term.do(p.MakeLongTerm, "LG-1", **word)
    reached = {"reached": "一期上线", "evidence": (long_term.evidence(),)}
    long_term.do(p.RecordMilestone, "CG-1", **reached)
    settled = a_problem(4).triaged(**hard)
    settled.do(p.MergeProblem, "OF-1", into=NO, reason="同一窗口")
    return [idle, passed, long_term, settled, a_problem(5).rectifying(), a_problem(6).signed_off()]


def test_16_a_hard_problem_without_verified_progress_while_an_easy_one_was_closed() -> None:
    entries = with_problems(*hard_bones())
    found = ask(16, entries, END)

    assert cells(found, "object_type", "object_id", "unit", "state", "closed") == [
        ("problem", NO, "U03", "rectifying", ["BE-2019-0006"])
    ]
    assert ask(16, entries, "2019-04-30T17:59").rows == ()
    hard = a_problem(7).triaged(hard_bone=True).verified().at("2019-04-30", "18:00")
    for by in ("CG-2", "OF-1", "LG-1"):
        hard.do(p.CloseProblem, by, opinion="同意")
    assert ask(16, with_problems(*hard_bones()[:-1], hard), END).rows == ()


def test_16_an_easy_problem_makes_a_hard_task_idle() -> None:
    plan = a_plan(tasks=(a_task(difficulty="hard_bone"), a_task("T-02", "U02", clauses=("C2",))))
    campaign = entries_of(Desk(plan).implementing())

    found = ask(16, [*campaign, *told(a_problem().signed_off().events)], END)

    assert cells(found, "object_type", "object_id") == [("task", "T-01")]


def test_16_progress_of_the_last_phase_is_none_of_this_one() -> None:
    desk = Desk().implementing()
    for goal in ("T-01-P1", "T-02-P1"):
        desk.achieve(goal, 52)
    desk.at("2019-07-01").file(c.DocumentKind.PHASE_REPORT, "CG-1")
    desk.do(c.SignGate, "LG-1", gate=c.Gate.G2, doc_no="纪要6号")
    hard = a_problem(1).triaged(hard_bone=True).verified()
    easy = a_problem(2).verified().at("2019-07-02")
    for by in ("CG-2", "OF-1"):
        easy.do(p.CloseProblem, by, opinion="同意")

    found = ask(16, [*entries_of(desk), *told(hard.events), *told(easy.events)], END)

    assert cells(found, "object_id", "phase", "closed") == [(NO, 2, ["BE-2019-0002"])]


def the_course() -> ProblemDesk:
    """From Wednesday 24 April on; 1 to 4 May were off, 28 April and 5 May were worked."""
    desk = a_problem().at("2019-04-25").triaged().at("2019-04-26").assigned()
    desk.at("2019-04-28").do(p.RequestProblemReturn, "U03-H1", **BACK)
    desk.at("2019-04-30").do(p.AdjudicateProblemReturn, "OF-1", upheld=True, reason="-", **TO_U02)
    desk.accepted().at("2019-05-06").planned().at("2019-05-07")
    desk.do(p.ReviewRectificationPlan, "CG-1", passed=True, opinion="同意")
    desk.at("2019-05-13").requested().at("2019-05-14").verified()
    desk.at("2019-05-24", "10:00").do(p.CloseProblem, "CG-2", opinion="同意")
    desk.at("2019-05-28").do(p.CloseProblem, "OF-1", opinion="同意")
    return desk


def test_17_where_a_problem_lay_how_many_working_days() -> None:
    found = ask(17, with_problems(the_course()), "2019-05-30T12:00", obj=NO)

    assert cells(found, "state", "desk", "working_days") == [
        ("registered", "campaign_group", 1),
        ("triaged", "campaign_group", 1),
        ("assigned", "U03", 1),
        ("return_pending", "office", 2),
        ("assigned", "U02", 0),
        ("accepted", "U02", 2),
        ("plan_review", "campaign_group", 1),
        ("rectifying", "U02", 4),
        ("close_requested", "campaign_group", 1),
        ("public_notice", "office", 5),
        # After the notice the group signs first, then the office.
        ("public_notice", "campaign_group", 3),
        ("public_notice", "office", 2),
        ("watched", "office", 2),
    ]
    assert cells(found, "until")[-1] == (None,)
    assert cells(ask(17, with_problems(the_course()), END, unit="U03"), "object_id") == [(NO,)]


def test_17_signed_in_any_order_nobody_is_waited_for_when_all_have() -> None:
    desk = a_problem().verified().at("2019-05-05", "18:00")
    for by in ("OF-1", "CG-2"):
        desk.do(p.CloseProblem, by, opinion="同意")
    seen = {"method": "site_visit", "passed": True, "finding": "属实"}
    desk.at("2019-05-08").do(p.RecordLookBack, "SU-1", **seen)

    found = ask(17, with_problems(desk), END, obj=NO)

    assert cells(found, "state", "desk", "until")[-3:] == [
        ("public_notice", "office", "2019-04-30T09:30:00+00:00"),
        ("public_notice", "campaign_group", "2019-05-05T10:00:00+00:00"),
        ("watched", "office", "2019-05-08T02:00:00+00:00"),
    ]


def test_17_nobody_is_waited_for_once_a_problem_is_filed_with_its_campaign() -> None:
    desk = a_problem().signed_off().at("2019-06-03")
    desk.hear("archived")

    found = ask(17, with_problems(desk), END, obj=NO)

    assert cells(found, "state", "until")[-1] == ("watched", "2019-06-03T02:00:00+00:00")


def test_17_a_suspension_lays_it_on_the_leading_groups_desk_and_back() -> None:
    desk = a_problem().rectifying().at("2019-04-25")
    desk.hear("suspended", seq=200)
    desk.at("2019-04-28").hear("resumed", seq=300)

    found = ask(17, with_problems(desk), "2019-04-29T12:00", obj=NO)

    assert cells(found, "state", "desk", "working_days")[-3:] == [
        ("rectifying", "U03", 1),
        ("rectifying", "leading_group", 2),
        ("rectifying", "U03", 1),
    ]


def test_17_what_is_confidential_waits_for_its_signers_and_long_term_work_for_its_owner() -> None:
    secret = a_problem(1).triaged(access_level="confidential").verified()
    long_term = a_problem(2).rectifying()
    word = {"successor": "U15", "reason": "跨年度", "doc_no": "纪要8号"}
    long_term.do(p.MakeLongTerm, "OF-1", **word)
    back = a_problem(3).signed_off()
    back.do(p.ReopenProblem, "OF-1", reason="再现", source_ref="热线9号")

    found = ask(17, with_problems(secret, long_term, back), END)
    last = {row.cells["object_id"]: row.cells for row in found.rows}

    assert [(last[f"{NO[:-1]}{n}"]["state"], last[f"{NO[:-1]}{n}"]["desk"]) for n in (1, 2, 3)] == [
        ("verifying", "campaign_group"),
        ("long_term", "U15"),
        ("reopened", "campaign_group"),
    ]


def test_18_a_problem_that_went_from_unit_to_unit_and_one_that_was_sent_back_twice() -> None:
    handed = a_problem(1).assigned()
    handed.do(p.RequestProblemReturn, "U03-H1", **BACK)
    handed.do(p.AdjudicateProblemReturn, "OF-1", upheld=True, reason="改派", **TO_U02)
    twice = a_problem(2).assigned()
    for by in ("OF-1", "LG-1"):
        twice.do(p.RequestProblemReturn, "U03-H1", **BACK)
        twice.do(p.AdjudicateProblemReturn, by, upheld=False, reason="属你局")
    once = a_problem(3).assigned()
    once.do(p.RequestProblemReturn, "U03-H1", **BACK)

    found = ask(18, with_problems(handed, twice, once), END)

    assert cells(found, "object_type", "object_id", "units", "returns", "actor", "upheld") == [
        ("problem", NO, ["U03", "U02"], 1, "OF-1", True),
        ("problem", "BE-2019-0002", ["U03"], 2, "LG-1", False),
    ]
    assert cells(found, "grounds", "reason")[1] == (["非我局职责"] * 2, "属你局")
    assert len(ask(18, with_problems(handed, twice, once), END, unit="U02").rows) == 1


def self_found(serial: int, **said: Any) -> ProblemDesk:
    return a_problem(serial, source=ProblemSource.SELF_CHECK, actor=an_actor("U03-H1"), **said)


def found_by_many() -> list[Entry]:
    others = a_problem(2, found_on="2019-04-10").triaged()
    elsewhere = a_problem(3, unit="U02", found_on="2019-04-10").triaged()
    by_itself = self_found(1, found_on="2019-04-09").triaged()
    other_kind = self_found(6).triaged(problem_type="inaction")
    after, handed = self_found(4).triaged(), self_found(5).assigned("U02")
    known_before = self_found(7, found_on="2019-04-09").triaged()
    known = [by_itself, others, elsewhere, after, handed, other_kind, known_before]
    return with_problems(*known, a_problem(8), self_found(9))


def test_19_who_found_it_and_who_only_told_after_others() -> None:
    found = ask(19, found_by_many(), END)

    assert cells(found, "no", "unit", "found_by", "after") == [
        (NO, "U03", "itself", []),
        ("BE-2019-0002", "U03", "others", []),
        ("BE-2019-0003", "U02", "others", []),
        ("BE-2019-0004", "U03", "others_first", ["BE-2019-0002"]),
        # What U03 had found at itself and U02 must mend, U02 did not find.
        ("BE-2019-0005", "U02", "others", []),
        ("BE-2019-0006", "U03", "itself", []),
        ("BE-2019-0007", "U03", "itself", []),
        ("BE-2019-0008", "U03", "others", []),
        ("BE-2019-0009", "U03", "itself", []),
    ]
    assert cells(found, "source", "actor")[3] == ("self_check", "U03-H1")
    assert len(ask(19, found_by_many(), END, unit="U03").rows) == 7
