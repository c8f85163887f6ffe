"""Values: what a process keeps once, and what pydantic's notes on them must not become."""

from decimal import Decimal

from duban.domain.campaign.state import CampaignState
from duban.domain.entity.state import apply
from duban.domain.model import Model, shared
from duban.domain.policy import PolicyVersion
from tests.support.builders import a_calendar
from tests.support.scenes import scene


class Amount(Model):
    """Something measured."""

    of: Decimal
    unit: str = "件"


def _travelled(state: CampaignState) -> CampaignState:
    return CampaignState.model_validate_json(state.model_dump_json())


def test_campaigns_keep_one_copy_of_their_ruler_and_their_calendar() -> None:
    one, two = (_travelled(scene(name).campaign.state) for name in ("plan", "working"))

    assert one.policy is two.policy
    assert one.calendar["1"] is two.calendar["1"]
    assert _travelled(one) == one


def test_a_calendar_told_by_the_trail_is_the_one_copy_too() -> None:
    events = scene("plan").events
    one, two = (CampaignState(mode="rehearsal", policy=PolicyVersion()) for _ in range(2))

    for event in events:
        apply(one, event)
        apply(two, event)

    assert one.calendar["1"] is two.calendar["1"]
    assert one.calendar["1"] == a_calendar()


def test_values_that_are_written_differently_stay_apart() -> None:
    short, long = Amount(of=Decimal(1)), Amount(of=Decimal("1.0"))

    assert short == long
    assert [shared(each).plain()["of"] for each in (short, long, short)] == ["1", "1.0", "1"]
    assert shared(PolicyVersion(max_tasks=7)).max_tasks == 7


def test_values_do_not_note_which_fields_were_named() -> None:
    one = Amount(of=Decimal(1))

    changed = one.model_copy(update={"unit": "户"})

    assert one.model_fields_set == Amount(of=Decimal(2), unit="户").model_fields_set == set()
    assert (one.unit, changed.unit) == ("件", "户")
    assert changed.plain() == {"of": "1", "unit": "户"}
