"""How an entity lets its campaign know how it stands; no decision waits for it."""

import asyncio
from collections.abc import Callable

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from duban.contracts import campaign_stream


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
        while not self.told:
            self.told = True
            news = self._standing()
            try:
                handle = workflow.get_external_workflow_handle(self._campaign)
                await handle.signal(self._signal, news)
            except FailureError:
                # A campaign that is gone need not know.
                workflow.logger.info("campaign_gone", extra={"campaign": self._campaign})
        self._telling = None
