"""Requests and their answers: once each, the same again, kept as long as the policy says (l.9)."""

import pytest

from duban.domain.campaign import commands as c
from duban.domain.entity.records import SavedReceipt
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Outcome
from duban.domain.policy import PolicyVersion
from tests.support.builders import Desk, shanghai
from tests.support.scenes import ON_TASK, scene


def test_l9_the_same_request_twice_has_the_same_answer() -> None:
    desk = scene("approved")
    command = desk.command(c.AcceptTask, "U01-L1", **ON_TASK)
    first = desk.campaign.handle(command, now=desk.now)
    said = desk.campaign.state.next_seq
    again = desk.campaign.handle(command, now=shanghai("2019-03-20"))
    assert (again, desk.campaign.state.next_seq) == (first, said)
    assert (first.first_seq, first.last_seq) == (said - 2, said - 1)
    assert (first.object_type, first.object_id) == ("task", "T-01")


def test_l9_the_same_id_for_something_else_is_refused() -> None:
    desk = scene("approved")
    command = desk.command(c.AcceptTask, "U01-L1", **ON_TASK)
    desk.campaign.handle(command, now=desk.now)
    for changed in (
        command.model_copy(update={"task": "T-02"}),
        command.model_copy(update={"actor": command.actor.model_copy(update={"id": "U01-H1"})}),
    ):
        with pytest.raises(RuleViolation) as caught:
            desk.campaign.handle(changed, now=desk.now)
        assert caught.value.code is Code.REQUEST_REUSED


def test_l9_a_refused_request_may_come_again() -> None:
    desk = scene("plan")
    command = desk.command(c.ApprovePlan, "LG-1", doc_no="批复")
    with pytest.raises(RuleViolation):
        desk.campaign.handle(command, now=desk.now)
    desk.do(c.SubmitPlan, "CG-1", doc_no="方案")
    desk.do(c.ReviewPlan, "CO-1", passed=True, doc_no="审核", opinion="同意")
    assert desk.campaign.handle(command, now=desk.now).object_type == "task"


def test_l9_answers_are_kept_up_to_the_policys_number() -> None:
    desk = Desk(policy=PolicyVersion(receipts_kept=3)).implementing()
    commands = [desk.command(c.AssignItem, "OF-1", matter=f"事项{n}", **ON_TASK) for n in range(5)]
    for command in commands:
        desk.campaign.handle(command, now=desk.now)
    kept = desk.campaign.state.receipts
    assert list(kept) == [each.request_id for each in commands[2:]]
    assert all(isinstance(each, SavedReceipt) for each in kept.values())


def test_a_refusal_is_an_event_and_changes_nothing_else() -> None:
    desk = scene("working")
    command = desk.command(c.Suspend, "OF-1", reason="试试", doc_no="1号")
    before = desk.campaign.state.model_dump(exclude={"next_seq", "unrecorded", "last_event_at"})
    with pytest.raises(RuleViolation) as caught:
        desk.campaign.handle(command, now=desk.now)
    desk.campaign.refuse(command, caught.value, now=desk.now)
    after = desk.campaign.state.model_dump(exclude={"next_seq", "unrecorded", "last_event_at"})
    assert after == before
    said = desk.events[-1]
    assert (said.tag, said.outcome, said.code) == (
        "campaign:command:refused",
        Outcome.REJECTED,
        "role.not_permitted",
    )
    assert (said.actor, said.request_id, said.changes) == (
        command.actor,
        command.request_id,
        (),
    )
    assert said.detail["command"] == "Suspend"


def test_checking_says_what_handling_would_say_and_changes_nothing() -> None:
    desk = scene("working")
    desk.now = shanghai("2019-07-01")
    before = desk.campaign.state.model_copy(deep=True)
    # By now the review has opened by itself; only a tick would say so.
    desk.campaign.check(
        desk.command(c.OrderMakeup, "LG-1", until="2019-07-12", doc_no="1号", reason="补课"),
        now=desk.now,
    )
    with pytest.raises(RuleViolation) as caught:
        desk.campaign.check(desk.command(c.CallReview, "OF-1"), now=desk.now)
    assert caught.value.code is Code.STAGE_ORDER
    assert desk.campaign.state == before


@pytest.mark.parametrize("request_id", ["short", "x" * 129, "a\0bcdefgh", "a\nbcdefgh"])
def test_a_request_id_can_be_written_down(request_id: str) -> None:
    with pytest.raises(ValueError, match="request_id"):
        scene("plan").command(c.SubmitPlan, "CG-1", doc_no="1号", request_id=request_id)


@pytest.mark.parametrize("text", ["a\0b", "\0" * 10])
def test_a_command_the_trail_cannot_take_is_refused(text: str) -> None:
    refusal = scene("plan").refused(c.SubmitPlan, "CG-1", doc_no=text)
    assert refusal.code is Code.COMMAND_MALFORMED
