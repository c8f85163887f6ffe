"""Starting a campaign: what is refused before anything is there, and what is started only once."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from temporalio.service import RPCError

from duban.contracts import CampaignInput
from duban.domain.campaign import commands as c
from duban.domain.errors import RuleViolation
from duban.errors import AlreadyExists, NotFound
from tests.support.builders import a_calendar, a_plan, a_task, an_actor
from tests.support.clock import NO, QUEUE, STREAM, Stage
from workflows.campaign import CampaignWorkflow

SHORT = a_calendar(last_on=date(2020, 6, 30), published_through=date(2020, 6, 30))
UNBEGUN = pytest.mark.filterwarnings(
    # The SDK makes the coroutine of a run before it makes the run, which here refuses to be made.
    "ignore:coroutine .* was never awaited:RuntimeWarning",
    "ignore:Exception ignored in. <coroutine object _WorkflowInstanceImpl",
)
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown_unit": ({"plan": a_plan(tasks=(a_task(unit="U77"),))}, "plan.invalid"),
    "no_goals": ({"plan": a_plan(goals=())}, "plan.invalid"),
    "past": ({"mode": "live", "clock_offset": timedelta(0)}, "plan.in_past"),
    "shifted_clock": ({"mode": "live"}, "clock.offset_on_live"),
    "stranger": ({"actor": an_actor("OF-1").model_copy(update={"id": "X"})}, "actor.unknown"),
    "not_the_office": ({"actor": an_actor("U01-L1")}, "role.not_permitted"),
    "short_calendar": ({"calendar": SHORT}, "calendar.out_of_range"),
}


@pytest.mark.parametrize(("fields", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_refused_start_leaves_nothing(
    stage: Stage, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(RuleViolation, match=code):
        await stage.start(**fields)
    with pytest.raises(RPCError):
        await stage.handle.describe()
    assert stage.trail.streams == []


async def test_campaign_starts_once(stage: Stage) -> None:
    await stage.start()
    with pytest.raises(AlreadyExists, match="campaign.already_exists"):
        await stage.start()
    assert stage.tags.count("campaign:campaign:created") == 1


async def test_of_many_starts_at_once_one_counts(stage: Stage) -> None:
    answers = await asyncio.gather(*(stage.start() for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(each, AlreadyExists) for each in answers) == 7
    assert stage.tags.count("campaign:campaign:created") == 1


@UNBEGUN
async def test_workflow_judges_the_dates_by_its_own_clock(real: Stage) -> None:
    """The clock of a rehearsal is its server's: a launch that is past there is refused there."""
    with pytest.raises(RuleViolation, match="plan.in_past") as refused:
        await real.start(clock_offset=real.offset + timedelta(days=1))
    assert refused.value.params == {"launch_on": "2019-03-04", "today": "2019-03-05"}
    assert real.trail.streams == []
    assert (await real.start()).first_seq == 0


@UNBEGUN
async def test_workflow_refuses_a_shifted_clock_on_a_live_record_itself(real: Stage) -> None:
    start = real.beginning(mode="live")
    await real.client.start_workflow(
        CampaignWorkflow.run,
        CampaignInput(start=start, clock_offset=start.clock_offset),
        id=STREAM,
        task_queue=QUEUE,
    )
    with pytest.raises(RuleViolation, match="clock.offset_on_live"):
        await real.gateway.settle(NO)
    assert real.trail.streams == []


async def test_start_months_into_a_rehearsal_is_judged_by_its_own_clock(stage: Stage) -> None:
    """The server's clock is far ahead of ours by then; ours must not be asked."""
    await stage.env.sleep(timedelta(days=120))
    later = stage.offset - timedelta(days=120)
    assert (await stage.start(clock_offset=later)).first_seq == 0


async def test_unknown_campaign_is_not_found(stage: Stage) -> None:
    for ask in (
        lambda: stage.do(c.Establish, "LG-1", doc_no="1"),
        lambda: stage.gateway.order_spot_check(NO, {}),
        lambda: stage.gateway.summary(NO),
        lambda: stage.gateway.gate(NO),
    ):
        with pytest.raises(NotFound, match=NO):
            await ask()
