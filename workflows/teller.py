"""How an entity lets its campaign know how it stands; no decision waits for it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from duban.contracts import campaign_stream

PATCH: Final = "told-again-2026-11"
"""Runs begun before take a campaign that could not be told for gone at once."""

PAUSES: Final = tuple(timedelta(seconds=each) for each in (1, 2, 4, 8))
"""How long after each signal in vain the campaign is told again. It may be between two runs, or its
run may have taken as many signals as the server allows one; both pass when it goes on as new."""


class Teller:
    """Signals to a campaign, one at a time. `told` says that it knows how the entity stands."""

    def __init__(
        self, campaign: str, signal: str, standing: Callable[[], object], *, told: bool
    ) -> None:
        self._campaign = campaign_stream(campaign)
        self._signal = signal
        self._standing = standing
        self._telling: asyncio.Task[None] | None = None
        self.told = told

    @property
    def is_known(self) -> bool:
        """Whether the campaign knows for sure; a signal on its way may end with the run."""
        return self.told and self._telling is None

    def carry_out(self) -> None:
        """Tell what is new, unless that is under way; wait for nothing."""
        if not self.told and self._telling is None:
            self._telling = asyncio.create_task(self._tell())

    async def finish(self) -> None:
        """Wait until nothing is being told any more."""
        await workflow.wait_condition(lambda: self._telling is None)

    async def _tell(self) -> None:
        pauses = list(PAUSES)
        while not self.told:
            self.told = True
            news = self._standing()
            try:
                handle = workflow.get_external_workflow_handle(self._campaign)
                await handle.signal(self._signal, news)
                pauses = list(PAUSES)
            except FailureError:
                if pauses and workflow.patched(PATCH):
                    await workflow.sleep(pauses.pop(0), summary="tell the campaign again")
                    self.told = False
                else:
                    # A campaign that is gone need not know.
                    workflow.logger.info("campaign_gone", extra={"campaign": self._campaign})
        self._telling = None
