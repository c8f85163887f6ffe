"""The way to the log over the trail: inclusion proofs of entries, for histories to keep."""

from typing import Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from duban.contracts import PROVE_ACTIVITY, Proofs, ToProve
from duban.errors import DubanError

NOT_YET = "log.not_there_yet"
"""The log will hold an entry, or the witnesses' word for it, a little later."""


class ProofReader(Protocol):
    """What this activity needs of a log; `duban.store.door.Door` is one."""

    async def proofs(self, asked: ToProve) -> Proofs | None:
        """Return the proofs of entries; None while one of them is still on its way."""


class ProofActivities:
    """Obtain proofs through a reader made once per worker."""

    def __init__(self, reader: ProofReader) -> None:
        self._reader = reader

    @activity.defn(name=PROVE_ACTIVITY)
    async def prove(self, asked: ToProve) -> Proofs:
        """Return the proofs of the entries that the log holds by now.

        While one is still on its way it fails, and Temporal tries again: that leaves no event in
        the history, however long a sequencer is away, and no line in the worker's log.
        """
        try:
            found = await self._reader.proofs(asked)
        except DubanError as error:
            raise _later(error.code) from error
        if found is None:
            raise _later(NOT_YET)
        return found


def _later(code: str) -> ApplicationError:
    return ApplicationError(code, type=code, category=ApplicationErrorCategory.BENIGN)
