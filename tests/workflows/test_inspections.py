"""Inspections as workflows of their own: ordered, drawn in secret, handed, reached, revealed."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from duban.contracts import inspection_stream
from duban.domain.campaign import commands as c
from duban.domain.draw.record import doubts, faults
from duban.domain.draw.trail import record_of, trail_faults
from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection import commands as i
from duban.errors import NotFound
from duban.rehearsal.searching import readable
from tests.support import checks
from tests.support import inspection_course as course
from tests.support.builders import a_calendar
from tests.support.checks import DRAW, ONE, TWO
from tests.support.clock import CACHED, NO, Stage, skipping_stage, the_worker
from tests.support.inspection_course import ask, said, sealed, tags
from tests.support.targets import LISTS
from tests.support.trail import WatchedTrail
from worker import WORKFLOWS, workflow_runner

SECOND = "2019-BE-002"


@pytest_asyncio.fixture
async def stage(env: WorkflowEnvironment, trail: WatchedTrail) -> AsyncIterator[Stage]:
    """A campaign in phase 1; what it and its inspections did is replayed afterwards."""
    ready = await skipping_stage(env, trail)
    async with the_worker(env.client, trail, **CACHED):
        await course.begun(ready)
        yield ready
        converter = env.client.data_converter
        replayer = Replayer(
            workflows=WORKFLOWS, workflow_runner=workflow_runner(), data_converter=converter
        )
        for stream in sorted(trail.streams):
            history = await env.client.get_workflow_handle(stream).fetch_history()
            await replayer.replay_workflow(history)


async def everything(stage: Stage) -> str:
    """Return all that trail and server hold, opened with the keys of payloads."""
    told = []
    for stream in sorted(stage.trail.streams):
        told += [each.model_dump_json() for each in stage.trail.events(stream)]
        handle = stage.client.get_workflow_handle(stream)
        told.append(await readable(stage.client, await handle.fetch_history()))
    return "\n".join(told)


async def test_an_order_sent_ten_times_at_once_opens_its_inspections_once(stage: Stage) -> None:
    await asyncio.gather(
        *(stage.gateway.order_spot_check(NO, checks.an_order()) for _ in range(10))
    )
    await said(stage, "campaign:inspection:noted", times=2)

    assert stage.tags.count("campaign:spot_check:ordered") == 1
    streams = {each for each in stage.trail.streams if "/inspection-" in each}
    assert streams == {inspection_stream(ONE), inspection_stream(TWO)}
    summary = await stage.gateway.inspection_summary(ONE)
    assert (summary.no, summary.state) == (ONE, "authorised")
    assert await stage.gateway.settle_inspection(ONE) == len(tags(stage))


async def test_the_whole_course_of_a_draw_and_what_is_revealed_of_it(stage: Stage) -> None:
    await course.ordered(stage)
    await course.drawn(stage)
    for no in (ONE, TWO):
        target = await course.handed(stage, no)
        await course.arrived(stage, no)
        assert target == sealed(stage).targets[f"{DRAW}/{no}"].target  # type: ignore[union-attr]
    await said(stage, "campaign:inspection:noted", times=8)
    await stage.do(c.RevealDraw, "SU-1", draw=DRAW)
    await said(stage, "campaign:draw:revealed")

    record = record_of(stage.events, DRAW)
    assert record is not None
    assert (faults(record), doubts(record)) == ([], [])
    assert trail_faults(stage.events, record) == []
    assert [each.no for each in record.siblings] == [DRAW]
    assert (await stage.gateway.inspection_summary(TWO)).state == "on_site"


async def test_sec1_nothing_tells_a_target_before_its_team_is_there(stage: Stage) -> None:
    await course.ordered(stage)
    await course.drawn(stage)
    await course.handed(stage)
    told = await everything(stage)

    secret = [sealed(stage).secrets[DRAW], *sealed(stage).targets.values()]
    assert len(secret) == 3
    names = [f"{each.site}" for each in LISTS.places] + [each.name for each in LISTS.places]
    assert not any(each in told for each in names)
    teams = {n for each in secret[1:] for n in each.target.inspectors}  # type: ignore[union-attr]
    assert teams
    assert secret[0].hex() not in told  # type: ignore[union-attr]
    assert not any(f'["{one}"' in told for one in teams)

    await course.arrived(stage)
    target = sealed(stage).targets[f"{DRAW}/{ONE}"]
    assert target is not None
    assert target.target.name in await everything(stage)


async def test_row28_a_target_is_handed_to_the_released_key_alone(stage: Stage) -> None:
    await course.ordered(stage)
    await course.drawn(stage)
    mine = course.KEY.public.public.hex()
    with pytest.raises(RuleViolation) as early:
        await stage.gateway.hand(ONE, mine)
    await course.handed(stage)

    with pytest.raises(RuleViolation) as strange:
        await stage.gateway.hand(ONE, "0" * 64)

    assert (early.value.code, strange.value.code) == (Code.TARGET_NOT_YOURS,) * 2
    assert tags(stage).count("inspection:target:released") == 1


async def test_sec5_what_nobody_went_to_in_time_is_burned_for_good(stage: Stage) -> None:
    await course.ordered(stage)
    await course.drawn(stage)
    await course.handed(stage)
    await stage.at("2019-04-04", "10:00")
    for no in (ONE, TWO):
        await said(stage, "inspection:stream:closed", no)
        await stage.client.get_workflow_handle(inspection_stream(no)).result()

    assert sealed(stage).targets == {f"{DRAW}/{ONE}": None, f"{DRAW}/{TWO}": None}
    assert sealed(stage).secrets == {DRAW: None}
    await said(stage, "campaign:inspection:noted", times=6)
    await stage.do(c.RevealDraw, "SU-1", draw=DRAW)
    await said(stage, "campaign:draw:revealed")
    record = record_of(stage.events, DRAW)
    assert record is not None
    assert (faults(record), doubts(record)) == ([], ["burned"])
    assert (record.secret, [each.pick for each in record.targets]) == (None, [None, None])


async def test_sec6_a_leak_burns_its_own_target_and_no_other(stage: Stage) -> None:
    await course.ordered(stage)
    await course.drawn(stage)
    await ask(stage, i.ReportLeak, "SU-1", fact="窗口人员提前知情")
    await stage.client.get_workflow_handle(inspection_stream(ONE)).result()

    assert tags(stage)[-3:] == [
        "inspection:target:burned",
        "inspection:inspection:aborted",
        "inspection:stream:closed",
    ]
    assert sealed(stage).targets[f"{DRAW}/{ONE}"] is None
    assert (await course.handed(stage, TWO)).inspection == TWO


async def test_f3_9_a_void_draw_is_drawn_again_under_the_next_number(stage: Stage) -> None:
    await course.ordered(stage)
    await course.drawn(stage)
    reason = {"draw": DRAW, "reason": "名单有误"}
    await stage.do(c.AskToVoidDraw, "SU-2", **reason)
    await stage.do(c.DecideVoidDraw, "OF-1", **reason, approved=True)
    for no in (ONE, TWO):
        await said(stage, "inspection:draw:voided", no)
    await said(stage, "campaign:inspection:noted", times=6)
    receipt = await course.asked(stage)
    await said(stage, "campaign:draw:committed", times=2)
    await course.witnessed(stage, SECOND, times=2)

    assert (receipt.object_id, receipt.notes) == (SECOND, (f"drawn_before:{DRAW}",))
    assert (await course.handed(stage)).inspection == ONE
    assert len(sealed(stage).targets) == 4


async def test_lists_that_cannot_be_drawn_from_are_told_and_harm_nothing(stage: Stage) -> None:
    await course.ordered(stage)
    few = LISTS.model_copy(update={"pool": LISTS.pool[:2]})
    await course.asked(stage, few)
    await said(stage, "campaign:draw:failed")
    said_of_it = stage.events[stage.tags.index("campaign:draw:failed")]

    assert said_of_it.detail["code"] == Code.DRAW_TOO_FEW.value
    await course.asked(stage)
    await said(stage, "campaign:draw:committed")


@pytest.mark.parametrize("deaths", [1, 2])
async def test_a_worker_that_dies_over_a_step_leaves_one_secret_and_one_set_of_targets(
    stage: Stage, deaths: int
) -> None:
    sealed(stage).deaths = deaths
    await course.ordered(stage)
    await course.drawn(stage)

    assert (len(sealed(stage).secrets), len(sealed(stage).targets)) == (1, 2)
    drawn = stage.events[stage.tags.index("campaign:draw:drawn")]
    [change] = [each for each in drawn.changes if each.kind == "draw"]
    assert set(change.after["commitments"]) == {ONE, TWO}  # type: ignore[arg-type]


async def test_a_campaign_that_is_over_sends_nobody_any_more(stage: Stage) -> None:
    await course.ordered(stage)
    await course.drawn(stage)
    await course.handed(stage)
    await course.arrived(stage)
    await stage.end()
    await stage.client.get_workflow_handle(inspection_stream(TWO)).result()

    assert tags(stage, TWO)[-2:] == ["inspection:inspection:aborted", "inspection:stream:closed"]
    assert sealed(stage).targets[f"{DRAW}/{TWO}"] is None
    assert (await stage.gateway.inspection_summary(ONE)).state == "on_site"


async def test_a_calendar_reaches_an_inspection(stage: Stage) -> None:
    await course.ordered(stage)
    adopt = {"calendar": a_calendar(2), "basis_doc": "国办发明电〔2019〕3号"}
    await stage.do(c.AdoptCalendar, "OF-1", **adopt)

    await said(stage, "inspection:calendar:adopted", ONE)


async def test_there_is_no_inspection_that_was_never_ordered(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duban.gateway.OPENS_WITHIN", (0.01,))
    with pytest.raises(NotFound) as why:
        await ask(stage, i.ReportLeak, "SU-1", "BE-2019-I0042", fact="泄密")

    assert (why.value.code, why.value.params["no"]) == ("inspection.not_found", "BE-2019-I0042")
