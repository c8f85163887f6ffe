"""(f) Continue-as-new under load: nothing lost, and how long decisions wait meanwhile.

Goals: issue 2 "Speed and size", temporal.md 7 G6, G7 and G14.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.client import WorkflowExecution

from bench.campaigns import a_campaign, decide, shared
from bench.figures import Figure, Goal, percentile
from bench.ground import Ground
from bench.replay import replayed_campaign
from duban.contracts import campaign_stream
from duban.gateway import CampaignGateway

CALLERS = 8
BLOCK = 100
RENEWALS = 5
MOST_DECISIONS = 8000
_AROUND = timedelta(milliseconds=5)
"""The server's and our own clock are one; its times are cut to milliseconds at places."""


@dataclass(frozen=True)
class _Answer:
    """One decision: when it was sent and answered, and the ordinal of its entry."""

    sent: datetime
    answered: datetime
    seq: int

    @property
    def wait(self) -> float:
        """Milliseconds from call to answer."""
        return (self.answered - self.sent) / timedelta(milliseconds=1)


async def renewal(ground: Ground, rounds: int) -> list[Figure]:
    """Eight callers decide on one campaign until it has continued as new several times."""
    gateway = ground.gateway
    no = await a_campaign(gateway)
    answers: list[_Answer] = []
    errors: list[str] = []
    runs: list[WorkflowExecution] = []
    wanted = min(rounds, RENEWALS)
    while len(runs) < wanted + 1 and len(answers) < MOST_DECISIONS:
        await _block(gateway, no, answers, errors)
        runs = await _runs(ground, no)
    summary = await gateway.summary(no)
    moments = [run.close_time for run in runs if run.close_time]
    return [
        Figure("continue-as-new under load: runs ended", "runs", [len(moments)]),
        Figure(
            "decisions lost over them",
            "lost",
            [_lost(answers, summary.next_seq) + len(errors)],
            Goal("==", 0, "issue 2, G14"),
        ),
        _waits(answers, moments),
        await _largest(ground, no, runs),
    ]


async def _block(
    gateway: CampaignGateway, no: str, answers: list[_Answer], errors: list[str]
) -> None:
    async def one() -> None:
        sent, began = datetime.now(UTC), time.perf_counter()
        try:
            receipt = await decide(gateway, no)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is what is counted here
            errors.append(repr(error))
            return
        took = timedelta(seconds=time.perf_counter() - began)
        answers.append(_Answer(sent, sent + took, receipt.last_seq))

    await shared([one] * BLOCK, CALLERS)


async def _runs(ground: Ground, no: str) -> list[WorkflowExecution]:
    query = f"WorkflowId = '{campaign_stream(no)}'"
    found = [each async for each in ground.client.list_workflows(query)]
    return sorted(found, key=lambda each: each.start_time)


def _lost(answers: Sequence[_Answer], next_seq: int) -> int:
    """Count receipts that are doubled, and decisions between the first and the last without one."""
    ordinals = {each.seq for each in answers}
    expected = set(range(min(ordinals), next_seq))
    return len(answers) - len(ordinals) + len(expected - ordinals)


def _waits(answers: Sequence[_Answer], moments: Sequence[datetime]) -> Figure:
    meanwhile: list[float] = []
    otherwise: list[float] = []
    for each in answers:
        across = any(each.sent - _AROUND <= at <= each.answered + _AROUND for at in moments)
        (meanwhile if across else otherwise).append(each.wait)
    waited, normal = percentile(meanwhile, 0.99), percentile(otherwise, 0.99)
    return Figure(
        "p99 of decisions across a continue-as-new / p99 of all others",
        "x",
        [waited / normal],
        Goal("<=", 10, "G14"),
        {"across_ms": waited, "others_ms": normal, "across": len(meanwhile)},
    )


async def _largest(ground: Ground, no: str, runs: Sequence[WorkflowExecution]) -> Figure:
    histories = [
        await ground.client.get_workflow_handle(
            campaign_stream(no), run_id=run.run_id
        ).fetch_history()
        for run in runs
        if run.close_time
    ]
    longest = max(histories, key=lambda each: len(each.events))
    spent = [(await replayed_campaign(longest, ground.ring)).wall for _ in range(3)]
    return Figure(
        "replay of the longest run there is",
        "s",
        spent,
        Goal("<", 1, "issue 2, G7"),
        {"events": float(len(longest.events))},
    )
