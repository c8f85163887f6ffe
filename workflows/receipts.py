"""Receipts: a live campaign's history keeps the proofs of its decisions of weight (audit.md 3.4).

Nothing waits for them. They are asked for when the decision is on the trail, one activity at a
time, which comes again until the log holds what was asked for; no try leaves an event in the
history.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError
from temporalio.workflow import ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from activities.proofs import ProofActivities
    from duban.contracts import RECEIPTS_WORKFLOW, Proofs, ToProve, receipts_workflow
    from workflows import policies

PATCH = "receipts-2026-11"
"""Runs begun before do without until they continue as new."""

AT_ONCE = 10
"""Entries of one activity: with the longest ones, its answer is half of what a history takes."""

KEPT = 100
"""Decisions that wait at most; of older ones the proof is given up, never the decision."""


class Receipts:
    """What of a campaign is still to be proved. A rehearsal is no evidence and asks for nothing."""

    def __init__(self, stream: str, unproven: Sequence[int], *, live: bool) -> None:
        self._stream = stream
        self._live = live
        self._new = list(unproven)
        self._asked: list[int] = []
        self._passed_over: list[int] = []
        self._asking: asyncio.Task[None] | None = None

    @property
    def unproven(self) -> tuple[int, ...]:
        """The ordinals that have no proof yet."""
        return (*self._passed_over, *self._asked, *self._new)

    def note(self, seqs: Iterable[int]) -> None:
        """Take note of decisions of weight that are on the trail now."""
        if self._live:
            self._new = [*self._new, *seqs][-KEPT:]

    def ask(self) -> None:
        """Have the proofs fetched of what was noted, unless that is under way; wait for nothing."""
        if self._new and self._asking is None and workflow.patched(PATCH):
            self._asking = asyncio.create_task(self._fetch())

    async def hand_over(self) -> None:
        """Leave what a campaign that ends has no proof of to a workflow that waits in its place."""
        if not self.unproven or not workflow.patched(PATCH):
            return
        try:
            await workflow.start_child_workflow(
                RECEIPTS_WORKFLOW,
                ToProve(stream=self._stream, seqs=self.unproven),
                id=receipts_workflow(self._stream),
                parent_close_policy=ParentClosePolicy.ABANDON,
                static_summary=self._stream,
            )
        except FailureError:
            # The campaign is over and says so, with or without receipts.
            workflow.logger.warning("receipts_not_handed_over")

    async def _fetch(self) -> None:
        try:
            while self._new:
                # What the log has passed over is asked for beside what is new, never alone.
                asked = [*self._new, *self._passed_over][:AT_ONCE]
                self._new = self._new[AT_ONCE:]
                self._passed_over = [seq for seq in self._passed_over if seq not in asked]
                self._asked = asked
                found = await _proofs(ToProve(stream=self._stream, seqs=tuple(asked)))
                self._passed_over = [*self._passed_over, *found.missing][-KEPT:]
                self._asked = []
        except FailureError:
            workflow.logger.warning("receipts_not_fetched")
        self._asking = None


@workflow.defn(name=RECEIPTS_WORKFLOW)
class ReceiptsWorkflow:
    """Fetches what a campaign that is over still lacks, and keeps it in a history of its own."""

    @workflow.run
    async def run(self, asked: ToProve) -> int:
        """Return how many entries were proved; after thirty days it no longer waits."""
        proved = 0
        for first in range(0, len(asked.seqs), AT_ONCE):
            some = ToProve(stream=asked.stream, seqs=asked.seqs[first : first + AT_ONCE])
            try:
                found = await _proofs(some, patience=policies.PROOF_PATIENCE)
            except FailureError:
                workflow.logger.warning("receipts_not_fetched")
                break
            proved += len(found.receipts)
        return proved


async def _proofs(asked: ToProve, patience: timedelta | None = None) -> Proofs:
    return await workflow.execute_activity_method(
        ProofActivities.prove,
        asked,
        start_to_close_timeout=policies.PROOF_TIMEOUT,
        schedule_to_close_timeout=patience,
        retry_policy=policies.PROOF_RETRY,
    )
