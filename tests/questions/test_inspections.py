"""Questions 27 and 31 to 34 over the entries of inspections."""

from duban.domain.inspection import commands as c
from duban.domain.inspection.commands import ItemOut
from duban.domain.inspection.outcome import Upheld
from duban.domain.inspection.words import Choice, FindingKind, InspectionKind
from duban.domain.problem.commands import ReopenProblem
from tests.questions.asking import cells
from tests.questions.checked import ask, beside
from tests.questions.small import a_problem, with_problems
from tests.support.builders import Desk, shanghai
from tests.support.inspections import KEY, NO, InspectionDesk, a_fact
from tests.support.stories import told

CAMPAIGN = told(Desk().events)


def asked_in_vain(desk: InspectionDesk, by: str) -> InspectionDesk:
    """Let somebody who must not know ask for the target, which goes onto the trail."""
    command = desk.command(c.ReleaseTarget, by, key=KEY)
    desk.inspection.refuse(command, desk.refused(c.ReleaseTarget, by, key=KEY), now=desk.now)
    return desk


def test_27_who_read_the_target_before_check_in_and_when() -> None:
    desk = asked_in_vain(InspectionDesk().drawn(), "OF-1").released()
    desk.at("2019-04-25", "08:30").do(c.ReleaseTarget, "SU-2", key=KEY)
    desk.on_site()

    found = ask(27, CAMPAIGN, beside(desk))

    assert cells(found, "inspection", "actor", "outcome", "minutes_before") == [
        (NO, "OF-1", "rejected", 24 * 60),
        (NO, "IN-1", "accepted", 120),
        (NO, "SU-2", "accepted", 90),
    ]
    assert cells(found, "signer_told")[1:] == [(["SU-2"],)] * 2


def test_27_before_check_in_readers_are_told_and_where_it_is_not() -> None:
    desk = InspectionDesk().drawn().released().on_site()

    found = ask(27, CAMPAIGN, beside(desk), "2019-04-25T09:00")

    assert cells(found, "actor", "checked_in_at", "minutes_before") == [("IN-1", None, None)]
    assert ask(27, CAMPAIGN, beside(desk), "2019-04-24T23:00").rows == ()
    assert ask(27, CAMPAIGN, beside(desk), "2019-04-25T09:00", unit="U03").rows == ()
    assert len(ask(27, CAMPAIGN, beside(desk), unit="U03").rows) == 1


def test_27_who_asks_once_the_team_is_there_knew_nothing_before() -> None:
    late = asked_in_vain(InspectionDesk().on_site(), "SU-2")

    assert cells(ask(27, CAMPAIGN, beside(late)), "actor") == [("IN-1",)]


def test_31_the_register_at_check_in_tells_who_is_tied() -> None:
    desk = InspectionDesk().drawn().released().arrived()
    tied = [
        each.model_copy(update={"unit": "U03"}) if each.id == "IN-2" else each
        for each in desk.inspection.state.person.values()
    ]
    desk.inspection.state.person.update({each.key: each for each in tied})
    desk.on_site()

    found = ask(31, CAMPAIGN, beside(desk))

    assert cells(found, "inspection", "unit", "person", "leads", "known_by") == [
        (NO, "U03", "IN-2", False, "register")
    ]
    assert ask(31, CAMPAIGN, beside(InspectionDesk().on_site())).rows == ()


def test_32_what_the_conclusion_does_not_have_who_took_it_out_and_why() -> None:
    desk = InspectionDesk().noted().noted(what="预约号每天五十个").noted(what="制度贴在柱子上")
    desk.do(c.WithdrawItem, "IN-3", item=f"{NO}/R03", reason="已更正")
    desk.recorded().drafted()
    kept = Upheld(kind=FindingKind.PROBLEM, title="离岗", items=(f"{NO}/R01",))
    out = ItemOut(item=f"{NO}/R02", reason="证据不足")
    desk.drafted(upheld=(kept,), left_out=(out,))

    assert ask(32, CAMPAIGN, beside(desk)).rows == ()
    found = ask(32, CAMPAIGN, beside(desk.issued()))

    assert cells(found, "finding", "what", "removed", "actor", "reason", "upheld_before") == [
        (f"{NO}/R03", "制度贴在柱子上", "withdrawn", "IN-3", "已更正", False),
        (f"{NO}/R02", "预约号每天五十个", "left_out", "IN-1", "证据不足", True),
    ]
    assert all(len(row.keys) == 3 for row in found.rows)


def test_32_what_a_review_takes_back_and_an_honest_conclusion() -> None:
    desk = InspectionDesk().noted().noted(what="第二件").issued()
    assert ask(32, CAMPAIGN, beside(desk)).rows == ()

    desk.reviewed("changed", dropped=(f"{NO}/F02",))

    found = ask(32, CAMPAIGN, beside(desk))
    assert cells(found, "finding", "what", "removed", "actor", "reason") == [
        (f"{NO}/F02", "第二件", "review", "LG-1", "事实清楚")
    ]


def test_33_without_a_document_or_with_a_wider_scope() -> None:
    paperless = InspectionDesk(authorising_doc="——")
    wider = InspectionDesk().on_site()
    wider.do(c.AmendScope, "SU-2", scope=("U01", "U02", "U03"), doc_no="变更1号", reason="群众反映")
    outside = a_fact(at=shanghai("2019-04-25", "10:05"), unit="U99")
    wider.at("2019-04-25", "11:00")
    why = wider.refused(c.RecordItem, "IN-2", fact=outside)
    command = wider.command(c.RecordItem, "IN-2", fact=outside)
    wider.inspection.refuse(command, why, now=wider.now)

    found = ask(33, CAMPAIGN, beside(paperless, wider, InspectionDesk()))

    second = "BE-2019-I0002"
    assert cells(found, "inspection", "actor", "authority", "added", "outcome") == [
        (NO, "SU-2", "document", [], "accepted"),
        (second, "SU-2", "widened", ["U02"], "accepted"),
        (second, "IN-2", "widened", [], "rejected"),
    ]


def test_33_a_planned_kind_waits_for_its_document_and_a_department_needs_its_own() -> None:
    planned = InspectionDesk(
        by="OF-1", choice=Choice.NAMED, ordering_body="U15", body_kind="department"
    )
    assert ask(33, CAMPAIGN, beside(planned)).rows == ()

    said = {"authorising_doc": "授权书1号", "team": ("IN-2", "IN-3")}
    why = planned.refused(c.AuthoriseInspection, "OF-1", **said)
    command = planned.command(c.AuthoriseInspection, "OF-1", **said)
    planned.inspection.refuse(command, why, now=planned.now)

    found = ask(33, CAMPAIGN, beside(planned))
    assert cells(found, "authority", "outcome") == [("designation", "rejected")]


def test_34_how_many_findings_of_each_kind_led_to_a_sign_off_that_held() -> None:
    first = InspectionDesk().noted().noted(what="第二件").noted(what="第三件").issued()
    upheld = Upheld(kind=FindingKind.EXEMPLAR, title="一次性告知", items=(f"{NO}/R01",))
    periodic = InspectionDesk(by="OF-1", choice=Choice.NAMED).noted().drafted(upheld=(upheld,))
    problems = [
        a_problem(serial, source="inspection", source_ref=f"{NO}/F{serial:02d}")
        for serial in (1, 2)
    ]
    came_back = problems[1].signed_off()
    held = problems[0].signed_off()
    came_back.at("2019-06-03").do(
        ReopenProblem, "OF-1", reason="群众再次反映", source_ref="热线9号"
    )

    entries = with_problems(held, came_back)
    found = ask(34, entries, beside(first, periodic.issued()), "2020-12-31T23:59")

    names = ("inspection_kind", "findings", "exemplars", "orphans", "signed_off", "held")
    assert cells(found, *names) == [
        (InspectionKind.SPOT_CHECK, 3, 0, 3, 2, 1),
        (InspectionKind.PERIODIC_EFFECT_CHECK, 0, 1, 1, 0, 0),
    ]
    assert cells(found, "held_percent", "problems")[0] == (33, ["BE-2019-0001", "BE-2019-0002"])
