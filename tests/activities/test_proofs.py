"""The proving activity: what it answers, and that it comes again without a word."""

import pytest
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment

from activities.proofs import NOT_YET, ProofActivities
from duban.contracts import Proofs, ToProve
from duban.store.errors import DatabaseUnavailable, LogIncomplete
from tests.support.trail import WatchedTrail

ASKED = ToProve(stream="campaign-A", seqs=(1, 4))


class Broken(WatchedTrail):
    """A log that cannot be read."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    async def proofs(self, asked: ToProve) -> Proofs | None:
        """Raise what it was made with."""
        raise self._error


async def _prove(trail: WatchedTrail) -> Proofs:
    activity = ProofActivities(trail).prove
    found: Proofs = await ActivityEnvironment().run(activity, ASKED)
    return found


async def test_answers_with_what_the_log_gives() -> None:
    trail = WatchedTrail()
    trail.logged = True
    assert [each.seq for each in (await _prove(trail)).receipts] == [1, 4]


@pytest.mark.parametrize(
    ("trail", "code"),
    [
        (WatchedTrail(), NOT_YET),
        (Broken(DatabaseUnavailable(reason="away")), "database.unavailable"),
        (Broken(LogIncomplete(size=3, missing="tile")), "log.incomplete"),
    ],
    ids=["not_yet", "away", "incomplete"],
)
async def test_fails_quietly_to_be_tried_again(trail: WatchedTrail, code: str) -> None:
    with pytest.raises(ApplicationError) as failed:
        await _prove(trail)
    assert (failed.value.type, failed.value.non_retryable) == (code, False)
    assert failed.value.category is ApplicationErrorCategory.BENIGN
