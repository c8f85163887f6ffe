"""What is on the trail counts: taking note of it, and following it when it went on without us."""

from decimal import Decimal
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.campaign import Campaign
from duban.domain.campaign.restore import restored
from duban.domain.errors import RuleViolation
from duban.domain.events import Event
from duban.domain.roles import Role
from tests.support.builders import Desk
from tests.support.scenes import DISPOSED, ON_TASK, scene

_APART = {"receipts", "unrecorded"}


def _recorded() -> Desk:
    """Return a working campaign of which everything is on the trail."""
    desk = scene("working")
    desk.campaign.recorded(len(desk.events))
    return desk


def _value(desk: Desk, value: int) -> c.Command:
    fields = {"goal": "T-01-P1", "value": Decimal(value), "request_id": f"value-{value:05}"}
    return desk.command(c.RecordGoalValue, "U01-H1", **fields)


def _twins() -> tuple[Desk, Desk]:
    """Return the same recorded campaign twice: with one worker, and with another."""
    one = _recorded()
    other = one.fork()
    return one, other


def test_taking_note_lets_go_of_what_is_on_the_trail() -> None:
    desk = scene("working")
    said = len(desk.events)
    first = desk.events[5]
    desk.campaign.recorded(5)
    assert (len(desk.events), desk.events[0]) == (said - 5, first)
    desk.campaign.recorded(said)
    assert desk.events == []


@pytest.mark.parametrize("steps", [(1, 1, 1), (2, 100), (3, 4, 5, 6), (100,)])
def test_what_was_noted_is_what_is_gone_back_to(steps: tuple[int, ...]) -> None:
    desk = scene("working")
    history = list(desk.events)
    campaign = Campaign(desk.campaign.state)
    for step in steps:
        campaign.recorded(step)
    done = min(sum(steps), len(history))
    ahead = history[done:] or [_noop(desk, history)]
    campaign.follow(ahead, now=desk.now)
    expected = restored([*history[:done], *ahead]).model_dump(exclude=_APART)
    moved_on = {"next_seq", "last_event_at"}
    actual = campaign.state.model_dump(exclude=_APART)
    assert {k: v for k, v in actual.items() if k not in moved_on} == {
        k: v for k, v in expected.items() if k not in moved_on
    }


def _noop(desk: Desk, history: list[Event]) -> Event:
    """Return an entry after the last that changes nothing."""
    last = history[-1]
    changed = {"seq": last.seq + 1, "changes": (), "request_id": None, "occurred_at": desk.now}
    return last.model_copy(update=changed)


def test_following_gives_up_what_was_not_recorded() -> None:
    one, other = _twins()
    theirs, ours = _value(one, 45), _value(other, 46)
    receipt = one.campaign.handle(theirs, now=one.now)
    other.campaign.handle(ours, now=other.now)
    dropped = len(other.events)
    trail = list(one.events)
    other.campaign.follow(trail, now=other.now)
    assert other.campaign.state.goal["T-01-P1"].current_value == Decimal(45)
    (said,) = other.events
    assert (said.tag, said.actor.role) == ("campaign:trail:followed", Role.SYSTEM)
    assert said.detail == {
        "first_seq": trail[0].seq,
        "last_seq": trail[-1].seq,
        "dropped": dropped,
    }
    assert said.seq == trail[-1].seq + 1
    again = other.campaign.handle(theirs, now=other.now)
    assert (again.first_seq, again.last_seq) == (receipt.first_seq, receipt.last_seq)
    other.campaign.handle(ours, now=other.now)
    assert other.campaign.state.goal["T-01-P1"].current_value == Decimal(46)


def test_following_from_the_very_beginning() -> None:
    desk, other = scene("draft"), scene("draft")
    campaign = Campaign(other.campaign.state)
    campaign.follow(list(desk.events), now=desk.now)
    assert campaign.state.model_dump(
        exclude={*_APART, "next_seq", "last_event_at"}
    ) == desk.campaign.state.model_dump(exclude={*_APART, "next_seq", "last_event_at"})
    assert [event.tag for event in campaign.state.unrecorded] == ["campaign:trail:followed"]


def test_a_refusal_that_is_on_the_trail_is_not_written_twice() -> None:
    one, other = _twins()
    refused = one.command(c.CallReview, "OF-1")
    with pytest.raises(RuleViolation) as caught:
        one.campaign.handle(refused, now=one.now)
    one.campaign.refuse(refused, caught.value, now=one.now)
    other.campaign.follow(list(one.events), now=other.now)
    said = len(other.events)
    other.campaign.refuse(refused, caught.value, now=other.now)
    assert len(other.events) == said


def test_a_signal_that_is_on_the_trail_is_not_taken_twice() -> None:
    one, other = _twins()
    order: dict[str, Any] = {"theme": "窗口", "scope": ["U99"], "authorising_doc": "1号"}
    order |= {"ordering_body": "OF", "request_id": "signal-0001"}
    order["actor"] = {"id": "SU-1", "role": "supervision_group"}
    one.campaign.order_spot_check(order, now=one.now)
    other.campaign.follow(list(one.events), now=other.now)
    said = len(other.events)
    other.campaign.order_spot_check(order, now=other.now)
    assert len(other.events) == said


def test_following_to_the_end_says_no_more() -> None:
    one, other = _twins()
    one.do(c.Terminate, "LG-1", **DISPOSED)
    other.do(c.AssignItem, "OF-1", matter="脱岗", **ON_TASK)
    other.campaign.follow(list(one.events), now=other.now)
    assert other.campaign.is_over
    assert other.events == []
