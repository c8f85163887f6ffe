"""Extensions EXT1-EXT8: asked in time, in full, decided by size, equally (domain.md e.6)."""

from datetime import date
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.entity.records import EvidenceKind, ExtensionState
from duban.domain.errors import Code
from duban.domain.plan import Difficulty
from duban.domain.roles import Role
from tests.support.builders import Desk, a_plan, a_task, proof, shanghai
from tests.support.scenes import ON_TASK, a_hard_bone, a_request, scene

_YES: dict[str, Any] = {"extension": "E0001", "approved": True, "reason": "理由成立"}
_ASK = c.RequestExtension


def _item(limit: str = "20wd", day: str = "2019-04-01") -> tuple[Desk, str]:
    """Return a campaign with an item of T-01 under way, and the item's clock."""
    desk = scene("working").at(day)
    desk.do(c.AssignItem, "OF-1", matter="窗口脱岗", limit=limit, **ON_TASK)
    return desk, desk.deadline("T-01", "DL10").id


def _on(day: str) -> date:
    return date.fromisoformat(day)


def test_ext1_st4_a_request_after_expiry_is_refused_and_the_breach_counts() -> None:
    desk, item = _item()
    desk.at("2019-04-30")
    refusal = desk.refused(_ASK, "U01-L1", **a_request(item, new_due_on=_on("2019-05-10")))
    assert refusal.code is Code.EXTENSION_AFTER_EXPIRY
    assert desk.deadline("T-01", "DL10").breached_at == shanghai("2019-04-29", "17:30")
    desk.do(c.SetRemedialDate, "OF-1", deadline=item, on=_on("2019-05-10"), reason="限期补救")
    clock = desk.deadline("T-01", "DL10")
    assert (clock.remedial_on, clock.current_due_on) == (_on("2019-05-10"), _on("2019-05-10"))
    assert clock.breached_at == shanghai("2019-04-29", "17:30")
    refusal = desk.refused(_ASK, "U01-L1", **a_request(item, new_due_on=_on("2019-05-14")))
    assert refusal.code is Code.EXTENSION_AFTER_EXPIRY


@pytest.mark.parametrize(
    ("limit", "day", "code"),
    [
        ("20wd", "2019-04-25", None),
        ("20wd", "2019-04-26", None),
        ("20wd", "2019-04-28", Code.EXTENSION_TOO_LATE),
        ("20wd", "2019-04-29", Code.EXTENSION_TOO_LATE),
        ("4wd", "2019-04-04", None),
        ("4wd", "2019-04-08", Code.EXTENSION_TOO_LATE),
        ("2wd", "2019-04-03", None),
    ],
)
def test_ext1_two_working_days_ahead_or_a_third_of_a_short_period(
    limit: str, day: str, code: Code | None
) -> None:
    desk, item = _item(limit)
    due = desk.deadline("T-01", "DL10").current_due_on
    later = desk.campaign.state.calendar["1"].add_working_days(due, 1)
    request = a_request(item, new_due_on=later)
    desk.at(day)
    if code is None:
        desk.do(_ASK, "U01-L1", **request)
    else:
        assert desk.refused(_ASK, "U01-L1", **request).code is code


def test_ext1_the_due_moment_itself_is_still_in_time() -> None:
    desk, item = _item("2wd")
    request = a_request(item, new_due_on=_on("2019-04-04"))
    desk.now = shanghai("2019-04-03", "17:30")
    work = desk.fork()
    work.do(_ASK, "U01-L1", **request)
    desk.now = shanghai("2019-04-03", "17:31")
    assert desk.refused(_ASK, "U01-L1", **request).code is Code.EXTENSION_AFTER_EXPIRY


def test_ext1_only_a_breach_gets_a_remedial_date_and_it_lies_ahead() -> None:
    desk, item = _item()
    mend: dict[str, Any] = {"deadline": item, "reason": "限期补救"}
    assert desk.refused(c.SetRemedialDate, on=_on("2019-05-10"), **mend).code is Code.STATE_ORDER
    desk.at("2019-04-30")
    for day, code in (
        ("2019-04-30", Code.DEADLINE_IN_PAST),
        ("2019-05-01", Code.DEADLINE_ON_REST_DAY),
    ):
        assert desk.refused(c.SetRemedialDate, on=_on(day), **mend).code is code


def test_ext1_a_missed_remedial_date_is_a_second_breach_of_the_first() -> None:
    desk, item = _item()
    desk.at("2019-04-30")
    desk.do(c.SetRemedialDate, "OF-1", deadline=item, on=_on("2019-05-10"), reason="限期补救")
    desk.at("2019-05-13", "09:00")
    breaches = [e.occurred_at for e in desk.said("deadline:breached") if e.object_id == item]
    assert breaches == [shanghai("2019-04-29", "17:30"), shanghai("2019-05-10", "17:30")]
    assert desk.deadline("T-01", "DL10").breached_at == breaches[0]
    assert [n["rung"] for n in desk.notices(deadline=item, recipient="U01-L1")] == ["L1", "L1"]


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"evidence": ()}, ["evidence"]),
        ({"evidence": proof(EvidenceKind.SUPPORTING)}, ["evidence"]),
        ({"signed_by": "U01-H1"}, ["signed_by"]),
        ({"signed_by": "U02-L1"}, ["signed_by"]),
        ({"signed_by": "U01-D1", "evidence": ()}, ["evidence", "signed_by"]),
    ],
)
def test_ext2_a_request_is_proven_and_signed_by_the_principal_leader(
    changes: dict[str, Any], missing: list[str]
) -> None:
    desk, item = _item()
    request = a_request(item, new_due_on=_on("2019-05-08"), **changes)
    refusal = desk.refused(_ASK, "U01-H1", **request)
    assert (refusal.code, refusal.params["missing"]) == (Code.EXTENSION_INCOMPLETE, missing)


@pytest.mark.parametrize(
    ("days", "decider"), [(10, Role.CAMPAIGN_GROUP), (11, Role.OFFICE), (1, Role.CAMPAIGN_GROUP)]
)
def test_ext3_the_size_chooses_the_decider(days: int, decider: Role) -> None:
    desk = scene("working")
    due = desk.campaign.state.calendar["1"].add_working_days(_on("2019-09-27"), days)
    desk.do(_ASK, "U01-L1", **a_request("D0013", new_due_on=due))
    extension = desk.campaign.state.extension["E0001"]
    assert (extension.decider, extension.working_days) == (decider, days)
    assert desk.deadline("E0001", "EXT5").holder == decider.value


def test_ext3_a_second_extension_goes_to_the_office() -> None:
    desk = scene("asked")
    desk.do(c.DecideExtension, "CG-1", **_YES)
    desk.do(_ASK, "U01-L1", **a_request("D0013", new_due_on=_on("2019-10-10")))
    second = desk.campaign.state.extension["E0002"]
    assert (second.nth, second.decider) == (2, Role.OFFICE)
    refusal = desk.refused(c.DecideExtension, "CG-1", **{**_YES, "extension": "E0002"})
    assert refusal.code is Code.EXTENSION_WRONG_DECIDER
    desk.do(c.DecideExtension, "OF-1", **{**_YES, "extension": "E0002"})
    assert desk.campaign.state.task["T-01"].due_on == _on("2019-10-10")


def test_ext3_phase_goals_go_to_the_leading_group() -> None:
    desk = scene("working")
    goal = desk.deadline("T-01-P1", "DL08").id
    desk.do(_ASK, "U01-L1", **a_request(goal, new_due_on=_on("2019-07-05")))
    assert desk.campaign.state.extension["E0001"].decider is Role.LEADING_GROUP
    desk.do(c.DecideExtension, "LG-1", **_YES)
    assert desk.campaign.state.goal["T-01-P1"].due_on == _on("2019-07-05")
    assert desk.deadline("T-01-P1", "DL08").original_due_on == _on("2019-06-28")


def test_ext3_k06_the_extension_of_a_hard_bone_goes_to_the_leading_group() -> None:
    desk = Desk(a_plan(**a_hard_bone())).planned()
    desk.do(c.AcceptTask, "U01-L1", task="T-03")
    desk.at("2019-03-29").do(c.SignGate, "LG-1", gate=c.Gate.G1, doc_no="纪要")
    request = a_request(desk.deadline("T-03", "TASK").id, new_due_on=_on("2019-09-29"))
    desk.do(_ASK, "U01-L1", **request)
    extension = desk.campaign.state.extension["E0001"]
    assert (extension.decider, extension.hard_bone) == (Role.LEADING_GROUP, True)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2019-05-15", None),
        ("2019-05-16", Code.EXTENSION_TOO_LONG),
        ("2019-05-11", Code.DEADLINE_ON_REST_DAY),
        ("2019-04-29", Code.EXTENSION_NOT_LATER),
        ("2019-04-26", Code.EXTENSION_NOT_LATER),
    ],
)
def test_ext4_at_most_half_of_the_original_period(day: str, code: Code | None) -> None:
    # Twenty working days from 1 April end on the 29th; ten more on 15 May.
    desk, item = _item()
    request = a_request(item, new_due_on=_on(day))
    if code is None:
        desk.do(_ASK, "U01-L1", **request)
    else:
        assert desk.refused(_ASK, "U01-L1", **request).code is code


def _extended(desk: Desk, item: str, number: str, day: str, by: str) -> None:
    desk.do(_ASK, "U01-L1", **a_request(item, new_due_on=_on(day)))
    desk.do(c.DecideExtension, by, **{**_YES, "extension": number})


def test_ext4_the_share_counts_all_extensions_together_and_two_are_the_most() -> None:
    desk, item = _item()
    _extended(desk, item, "E0001", "2019-05-08", "CG-1")
    refusal = desk.refused(_ASK, "U01-L1", **a_request(item, new_due_on=_on("2019-05-16")))
    assert (refusal.code, refusal.params["total"]) == (Code.EXTENSION_TOO_LONG, 11)
    _extended(desk, item, "E0002", "2019-05-09", "OF-1")
    refusal = desk.refused(_ASK, "U01-L1", **a_request(item, new_due_on=_on("2019-05-10")))
    assert refusal.code is Code.EXTENSION_TOO_MANY
    clock = desk.deadline("T-01", "DL10")
    assert (clock.extensions, clock.original_due_on) == (2, _on("2019-04-29"))


def test_ext4_days_of_a_clock_stop_are_nobodys_extension() -> None:
    desk, item = _item()
    desk.do(c.StopClock, "OF-1", deadline=item, ground="tender", proof="招标公告")
    desk.at("2019-05-20").do(c.ResumeClock, "OF-1", deadline=item, reason="招标结束")
    due = desk.deadline("T-01", "DL10").current_due_on
    later = desk.campaign.state.calendar["1"].add_working_days(due, 10)
    desk.do(_ASK, "U01-L1", **a_request(item, new_due_on=later))
    assert desk.campaign.state.extension["E0001"].working_days == 10


def test_ext4_one_request_at_a_time() -> None:
    refusal = scene("asked").refused(_ASK, "U01-L1", **a_request("D0013"))
    assert (refusal.code, refusal.params["extension"]) == (Code.EXTENSION_PENDING, "E0001")


def test_ext5_silence_is_no_consent_and_the_request_rises() -> None:
    desk = scene("asked")
    chain = []
    for day in ("2019-04-03", "2019-04-08", "2019-04-10", "2019-04-12"):
        desk.at(day, "17:30")
        extension = desk.campaign.state.extension["E0001"]
        chain.append((day, extension.decider.value, extension.state.value))
    assert chain == [
        ("2019-04-03", "office", "requested"),
        ("2019-04-08", "leading_group", "requested"),
        ("2019-04-10", "leading_group", "requested"),
        ("2019-04-12", "leading_group", "requested"),
    ]
    assert desk.deadline("T-01", "TASK").current_due_on == _on("2019-09-27")
    assert desk.deadline("T-01", "TASK").is_running
    assert len(desk.said("extension:escalated")) == 3
    told = [(n["recipient"], n["sent_at"][:10]) for n in desk.notices(rung="ESCALATED")]
    assert told[0] == ("OF-1", "2019-04-03")
    assert len(told) == 6
    refusal = desk.refused(c.DecideExtension, "CG-1", **_YES)
    assert refusal.code is Code.EXTENSION_WRONG_DECIDER
    desk.do(c.DecideExtension, "LG-1", **_YES)


def test_ext5_a_late_decision_still_moves_the_date_but_not_the_breach() -> None:
    desk = scene("working")
    goal = desk.deadline("T-01-P1", "DL08").id
    desk.at("2019-06-26").do(_ASK, "U01-L1", **a_request(goal, new_due_on=_on("2019-07-05")))
    desk.at("2019-07-01")
    assert desk.campaign.state.goal["T-01-P1"].state.value == "overdue"
    desk.do(c.DecideExtension, "LG-1", **_YES)
    assert desk.campaign.state.goal["T-01-P1"].state.value == "on_track"
    clock = desk.deadline("T-01-P1", "DL08")
    assert clock.breached_at == shanghai("2019-06-28", "17:30")


def test_ext5_a_request_can_be_decided_while_the_campaign_is_suspended() -> None:
    desk = scene("asked")
    desk.do(c.Suspend, "LG-1", reason="机构改革", doc_no="纪要")
    desk.do(c.DecideExtension, "CG-1", **{**_YES, "approved": False})
    assert desk.campaign.state.extension["E0001"].state is ExtensionState.REFUSED


def _second_case(desk: Desk) -> str:
    """U02 asks for the same class of reason as U01 has."""
    number = desk.deadline("T-02", "TASK").id
    desk.do(_ASK, "U02-L1", **a_request(number, signed_by="U02-L1"))
    return "E0002"


@pytest.mark.parametrize("first", [True, False])
def test_ext6_st5_like_cases_are_decided_alike_or_distinguished(first: bool) -> None:
    desk = scene("asked")
    desk.do(c.DecideExtension, "CG-1", **{**_YES, "approved": first})
    other = {**_YES, "extension": _second_case(desk), "approved": not first}
    refusal = desk.refused(c.DecideExtension, "CG-1", **other)
    assert (refusal.code, refusal.params["cases"]) == (Code.EXTENSION_UNEQUAL, ["E0001 U01"])
    receipt = desk.do(c.DecideExtension, "CG-1", **other, distinction="U02 的系统已经上线")
    state = "approved" if first else "refused"
    assert receipt.notes == (f"similar:E0001:U01:{state}",)
    decided = desk.campaign.state.extension["E0002"]
    assert (decided.similar, decided.distinction) == (("E0001",), "U02 的系统已经上线")


def test_ext6_like_decisions_need_no_distinction_and_show_each_other() -> None:
    desk = scene("asked")
    desk.do(c.DecideExtension, "CG-1", **_YES)
    receipt = desk.do(c.DecideExtension, "CG-1", **{**_YES, "extension": _second_case(desk)})
    assert receipt.notes == ("similar:E0001:U01:approved",)


def test_ext7_the_same_words_again_are_flagged() -> None:
    desk = scene("asked")
    desk.do(c.DecideExtension, "CG-1", **{**_YES, "approved": False})
    desk.do(_ASK, "U01-L1", **a_request("D0013", reason=" 省平台 升级"))
    desk.do(c.DecideExtension, "CG-1", **{**_YES, "extension": "E0002", "approved": False})
    desk.do(_ASK, "U01-L1", **a_request("D0013", reason="另一回事"))
    flags = [each.repeated_reason for each in desk.campaign.state.extension.values()]
    assert flags == [False, True, False]


@pytest.mark.parametrize("touched", [False, True])
def test_ext8_k05_easy_items_extended_while_a_hard_bone_lies_untouched(touched: bool) -> None:
    desk = Desk(a_plan(**a_hard_bone())).planned()
    desk.do(c.AcceptTask, "U01-L1", task="T-03")
    desk.at("2019-03-29").do(c.SignGate, "LG-1", gate=c.Gate.G1, doc_no="纪要")
    if touched:
        desk.do(c.RecordGoalValue, "U01-H1", goal="T-03-P1", value=45)
    desk.do(_ASK, "U01-L1", **a_request(desk.deadline("T-01", "TASK").id))
    assert desk.campaign.state.extension["E0001"].easy_first is not touched


def test_ext8_a_hard_bone_itself_is_not_flagged() -> None:
    desk = Desk(
        a_plan(
            tasks=(
                a_task(difficulty=Difficulty.HARD_BONE, clauses=("C1", "C2")),
                a_task("T-02", "U02", clauses=("C2",)),
            )
        )
    ).implementing()
    desk.do(_ASK, "U01-L1", **a_request(desk.deadline("T-01", "TASK").id))
    assert desk.campaign.state.extension["E0001"].easy_first is False


def test_a_request_is_decided_once() -> None:
    desk = scene("asked")
    desk.do(c.DecideExtension, "CG-1", **_YES)
    assert desk.refused(c.DecideExtension, "CG-1", **_YES).code is Code.STATE_ORDER


def test_a_date_that_is_no_longer_running_is_not_extended() -> None:
    desk, item = _item()
    desk.do(_ASK, "U01-L1", **a_request(item, new_due_on=_on("2019-05-08")))
    desk.do(c.ConcludeItem, "OF-1", deadline=item, result="已整改", evidence=proof())
    assert desk.refused(c.DecideExtension, "CG-1", **_YES).code is Code.DEADLINE_NOT_OPEN
    desk.do(c.DecideExtension, "CG-1", **{**_YES, "approved": False})


def test_an_extension_never_shortens_a_date_that_moved_meanwhile() -> None:
    desk, item = _item()
    desk.do(_ASK, "U01-L1", **a_request(item, new_due_on=_on("2019-04-30")))
    desk.do(c.StopClock, "OF-1", deadline=item, ground="tender", proof="招标公告")
    desk.at("2019-04-10").do(c.ResumeClock, "OF-1", deadline=item, reason="招标结束")
    assert desk.deadline("T-01", "DL10").current_due_on > _on("2019-04-30")
    refusal = desk.refused(c.DecideExtension, "LG-1", **_YES)
    assert refusal.code is Code.EXTENSION_NOT_LATER


@pytest.mark.parametrize("code", ["PHASE", "DL31"])
def test_only_tasks_and_goals_can_be_extended(code: str) -> None:
    desk = scene("review") if code == "DL31" else scene("working")
    number = desk.deadline("1", code).id
    refusal = desk.refused(_ASK, "U01-L1", **a_request(number))
    assert refusal.code is Code.OBJECT_NOT_FOUND


def test_a_unit_extends_its_own_dates_only() -> None:
    desk = scene("goal_claimed")
    verification = desk.deadline("T-01-P1", "DL12").id
    assert desk.refused(_ASK, "U01-L1", **a_request(verification)).code is Code.ROLE_OUT_OF_SCOPE
