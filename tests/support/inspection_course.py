"""The course of drawn inspections on a stage, from the order to the check-in, a step each."""

from datetime import timedelta
from typing import Any

from duban.contracts import Receipt, inspection_stream
from duban.domain.campaign import commands as c
from duban.domain.draw.drawing import Target
from duban.domain.entity.given import LinkedRegister
from duban.domain.inspection import commands as i
from duban.inspection_contracts import InspectionAsked
from duban.proof.sealing import OpeningKey
from tests.support import checks
from tests.support.builders import a_plan
from tests.support.checks import DRAW, ONE, TWO
from tests.support.clock import LAUNCHED, NO, STREAM, Stage, until
from tests.support.inspections import EVERYBODY, PHOTO, actor_of
from tests.support.targets import LISTS, FakeTargets

GIVEN = LinkedRegister(people=EVERYBODY)
KEY = OpeningKey.make("team-leader")
"""What a leader's command line makes for one reading."""


async def ask(stage: Stage, command: type[Any], by: str, no: str = ONE, **fields: Any) -> Receipt:
    """Have a command about an inspection carried out by a person of the register."""
    asked = stage.command(command, by, actor=actor_of(by), **fields)
    message = InspectionAsked(command=asked, given=GIVEN)  # type: ignore[arg-type]
    return await stage.gateway.execute_inspection(no, message, just_ordered=True)


def tags(stage: Stage, no: str = ONE) -> list[str]:
    """The tags of what an inspection has on the trail."""
    return [each.tag for each in stage.trail.events(inspection_stream(no))]


def sealed(stage: Stage) -> FakeTargets:
    """Where the stage's worker keeps what draws may not tell."""
    return stage.trail.sealed


async def said(stage: Stage, tag: str, no: str | None = None, times: int = 1) -> None:
    """Wait until the campaign, or one of its inspections, has said something so often."""
    await until(lambda: (tags(stage, no) if no else stage.tags).count(tag) >= times)


async def begun(stage: Stage) -> None:
    """Go on with a campaign in phase 1, on the first of April at ten."""
    await stage.go_on(checks.a_desk(), "2019-04-01", "10:00")


async def launched(stage: Stage) -> None:
    """Bring a campaign from its start into phase 1, with an inspection team on its register."""
    await stage.start(plan=a_plan(people=EVERYBODY))
    await stage.play(LAUNCHED)
    await stage.at("2019-04-01")


async def ordered(stage: Stage, **changes: Any) -> None:
    """Order a spot check of two sites and wait until both inspections are open."""
    await stage.gateway.order_spot_check(NO, checks.an_order(**changes))
    for no in (ONE, TWO):
        await said(stage, "inspection:inspection:ordered", no)


async def asked(stage: Stage, lists: Any = LISTS) -> Receipt:
    """Hand lists in and ask for the draw, once the campaign has heard of its inspections."""
    await said(stage, "campaign:inspection:noted", times=2)
    package = await sealed(stage).hand_in(STREAM, lists)
    return await stage.do(c.OpenInspectionDraw, "SU-1", inspection=ONE, **package.plain())


async def drawn(stage: Stage) -> None:
    """Have the draw committed to and witnessed, and wait until both inspections know of it."""
    await asked(stage)
    await said(stage, "campaign:draw:committed")
    await witnessed(stage)


async def witnessed(stage: Stage, draw: str = DRAW, times: int = 1) -> None:
    """Say the witness's number, and wait until both inspections know what it came to."""
    await stage.do(c.WitnessDraw, "SU-2", draw=draw, number="见证人随机数-7351")
    for no in (ONE, TWO):
        await said(stage, "inspection:target:sealed", no, times)


async def handed(stage: Stage, no: str = ONE, key: OpeningKey = KEY) -> Target:
    """Have a target released to its leader, handed over, and opened."""
    public = key.public.public.hex()
    await ask(stage, i.ReleaseTarget, "IN-1", no, key=public)
    box = (await stage.gateway.hand(no, public)).box
    return Target.model_validate_json(key.open(bytes.fromhex(box)).body)


async def arrived(stage: Stage, no: str = ONE) -> None:
    """Have a team check in, and wait until its target is unsealed."""
    await stage.env.sleep(timedelta(minutes=30))
    now = await stage.env.get_current_time() + stage.offset - timedelta(minutes=1)
    there = {"at": now, "place": "服务大厅", "photo": PHOTO, "first_location": "hall"}
    await ask(stage, i.CheckIn, "IN-1", no, **there)
    await said(stage, "inspection:target:unsealed", no)


async def whole(stage: Stage) -> None:
    """Play the whole course of a draw: two inspections made, and everything revealed."""
    await launched(stage)
    await ordered(stage)
    await drawn(stage)
    for no in (ONE, TWO):
        await handed(stage, no)
        await arrived(stage, no)
    await said(stage, "campaign:inspection:noted", times=8)
    await stage.do(c.RevealDraw, "SU-1", draw=DRAW)
    await said(stage, "campaign:draw:revealed")


async def missed(stage: Stage) -> None:
    """Play a draw to whose targets nobody goes in time."""
    await launched(stage)
    await ordered(stage)
    await drawn(stage)
    await handed(stage)
    await stage.at("2019-04-04", "10:00")
    await stage.client.get_workflow_handle(inspection_stream(ONE)).result()
