"""The state is the fold of its events: rebuilt from the trail, honest about what was before."""

from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.campaign import Campaign
from duban.domain.campaign.restore import restored
from duban.domain.campaign.state import CampaignState
from duban.domain.campaign.work import Work
from duban.domain.entity.entries import EVENT_BYTES, PARCEL_BYTES, brief, parcels
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Change, Event
from duban.domain.model import Document
from duban.domain.roles import SYSTEM
from tests.support.builders import Desk
from tests.support.scenes import DISPOSED, ON_TASK, SCENES, scene

_EVERY = sorted(SCENES)


def _again(events: list[Event]) -> list[Event]:
    """Return the events as they come back from the trail."""
    return [Event.model_validate_json(event.model_dump_json()) for event in events]


@pytest.mark.parametrize("name", _EVERY)
def test_the_state_is_the_fold_of_its_events(name: str) -> None:
    desk = scene(name)
    again = restored(_again(desk.events))
    outside = {"receipts", "unrecorded"}
    assert again.model_dump(exclude=outside) == desk.campaign.state.model_dump(exclude=outside)


@pytest.mark.parametrize("name", _EVERY)
def test_the_state_survives_its_own_json(name: str) -> None:
    state = scene(name).campaign.state
    assert CampaignState.model_validate_json(state.model_dump_json()) == state


@pytest.mark.parametrize("name", _EVERY)
def test_each_change_says_what_was_before(name: str) -> None:
    known: dict[tuple[str, str], Document] = {}
    for event in scene(name).events:
        for change in event.changes:
            document = known.setdefault((change.kind, change.id), {})
            assert set(change.before) <= set(change.after)
            assert {key: document[key] for key in document if key in change.after} == change.before
            document.update(change.after)


@pytest.mark.parametrize("name", _EVERY)
def test_ordinals_are_dense(name: str) -> None:
    numbers = [event.seq for event in scene(name).events]
    assert numbers == list(range(len(numbers)))


def test_a_restored_campaign_answers_old_requests_and_forgets_refused_ones() -> None:
    desk = scene("working")
    done = desk.command(c.AssignItem, "OF-1", matter="脱岗", **ON_TASK)
    receipt = desk.campaign.handle(done, now=desk.now)
    refused = desk.command(c.CallReview, "OF-1")
    with pytest.raises(RuleViolation) as caught:
        desk.campaign.handle(refused, now=desk.now)
    desk.campaign.refuse(refused, caught.value, now=desk.now)
    again = Campaign(restored(_again(desk.events)))
    assert again.handle(done, now=desk.now).last_seq == receipt.last_seq
    with pytest.raises(RuleViolation):
        again.handle(refused, now=desk.now)
    assert "start-0001" not in again.state.receipts


def test_a_restored_campaign_takes_no_signal_twice() -> None:
    desk = scene("working")
    order: dict[str, Any] = {"theme": "窗口", "scope": ["U99"], "authorising_doc": "1号"}
    order |= {"ordering_body": "OF", "request_id": "signal-0001"}
    order["actor"] = {"id": "SU-1", "role": "supervision_group"}
    desk.campaign.order_spot_check(order, now=desk.now)
    again = Campaign(restored(_again(desk.events)))
    again.order_spot_check(order, now=desk.now)
    assert again.state.unrecorded == []


def test_a_restored_campaign_keeps_as_many_answers_as_the_policy_says() -> None:
    events = _again(scene("archived").events)
    state = restored(events)
    kept = state.policy.model_copy(update={"receipts_kept": 2}).plain()
    changes = [
        change.model_copy(update={"after": kept}) if change.kind == "policy" else change
        for change in events[0].changes
    ]
    events[0] = events[0].model_copy(update={"changes": tuple(changes)})
    assert len(state.receipts) > 2
    assert len(restored(events).receipts) == 2


@pytest.mark.parametrize("first", [1, 10_000])
def test_events_without_their_beginning_restore_nothing(first: int) -> None:
    with pytest.raises(RuleViolation) as caught:
        restored(scene("plan").events[first:])
    assert caught.value.code is Code.OBJECT_NOT_FOUND


def test_an_object_changed_twice_in_one_event_has_one_before() -> None:
    work = Work(scene("working").campaign.state, SYSTEM, scene("working").now)
    task = work.set("T-01", work.task("T-01"), stagnant=True)
    work.set("T-01", task, stagnant=False, breach_level=1)
    work.say_only("notice", "N1", {"late": False})
    work.say_only("notice", "N1", {"late": True, "id": "N1"})
    work.emit("campaign:test:done", ("task", "T-01"))
    changes = {change.id: change for change in work.events[0].changes}
    assert changes["T-01"].before == {"stagnant": True, "breach_level": 0}
    assert changes["N1"].after == {"late": True, "id": "N1"}
    assert changes["N1"].before == {}


def _new(number: int, size: int) -> Change:
    return Change(kind="task", id=f"T-{number}", after={"text": "字" * (size // 3)})


def test_parcels_keep_the_order_and_fit() -> None:
    changes = [_new(n, 9_000) for n in range(10)]
    runs = list(parcels(changes))
    assert [each.id for run in runs for each in run] == [each.id for each in changes]
    assert len(runs) == 4
    assert all(len(run) == 3 for run in runs[:-1])
    assert list(parcels([])) == [()]


def test_one_act_too_large_for_an_entry_is_several_that_continue_it() -> None:
    desk = scene("working")
    words = dict.fromkeys(("T-01", "T-02"), "转常态工作" * 780)
    tasks = desk.campaign.state.task
    for number in range(3, 13):
        task = tasks["T-01"].model_copy(update={"no": f"T-{number:02}"})
        tasks[task.no] = task
        words[task.no] = "转常态工作" * 780
    told = tuple(
        c.Disposition(task=task, owner="U15", disposition=word) for task, word in words.items()
    )
    receipt = desk.do(c.Terminate, "LG-1", **{**DISPOSED, "dispositions": told})
    head, *rest = desk.said("stage:terminated")
    assert (head.reason, head.detail) == ("机构改革", {})
    assert rest
    assert {event.detail["continues"] for event in rest} == {head.seq}
    assert {event.reason for event in rest} == {None}
    assert all(len(e.model_dump_json().encode()) <= EVENT_BYTES for e in desk.events)
    assert desk.events[-1].detail == {"count": desk.events[-1].seq + 1}
    assert (receipt.first_seq, receipt.last_seq) == (head.seq, desk.events[-1].seq)
    assert {task.state.value for task in tasks.values()} == {"cancelled"}


def test_a_change_too_large_for_any_entry_is_refused() -> None:
    desk = Desk()
    work = Work(desk.campaign.state, SYSTEM, desk.now)
    work.say_only("notice", "N1", {"matter": "字" * 20_000})
    with pytest.raises(RuleViolation) as caught:
        work.emit("campaign:test:done", ("task", "T-01"))
    assert caught.value.code is Code.COMMAND_MALFORMED
    assert PARCEL_BYTES < EVENT_BYTES


def test_a_refusal_is_brief() -> None:
    given = {"text": "长" * 999, "list": ["a\0b"] * 99, "number": 7}
    said = brief(given)
    assert said == {"text": "长" * 200, "list": ["ab"] * 50, "number": 7}


def test_every_kind_has_its_table() -> None:
    state = scene("draft").campaign.state
    assert all(isinstance(state.table(kind), dict) for kind in CampaignState.MODELS)
