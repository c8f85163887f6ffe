"""The activities of draws: the hash leaves first, the secret when it is asked for."""

import pytest
from temporalio.testing import ActivityEnvironment

from activities.draws import DrawActivities
from duban.contracts import ToDraw
from duban.domain.campaign.draw_records import DrawSecret
from duban.domain.sampling import commit
from duban.store.errors import DatabaseUnavailable
from tests.support.fakes import FakeTrail

ASKED = ToDraw(stream="campaign-BE-2019", draw="2019-BE-001")


async def test_only_the_hash_of_a_secret_leaves_when_it_is_made() -> None:
    trail = FakeTrail()
    draws = DrawActivities(trail)

    found: DrawSecret = await ActivityEnvironment().run(draws.seal_secret, ASKED)

    assert found == DrawSecret(draw="2019-BE-001", commit=commit(trail.secrets[ASKED]))


async def test_the_secret_itself_is_opened_under_the_same_hash() -> None:
    trail = FakeTrail()
    draws, environment = DrawActivities(trail), ActivityEnvironment()
    made: DrawSecret = await environment.run(draws.seal_secret, ASKED)

    opened: DrawSecret = await environment.run(draws.open_secret, ASKED)

    assert opened == made.model_copy(update={"secret": trail.secrets[ASKED].hex()})


async def test_a_worker_that_dies_before_it_could_tell_has_made_the_secret() -> None:
    trail = FakeTrail()
    trail.deaths = 1
    draws, environment = DrawActivities(trail), ActivityEnvironment()
    with pytest.raises(DatabaseUnavailable):
        await environment.run(draws.seal_secret, ASKED)
    [kept] = trail.secrets.values()

    again: DrawSecret = await environment.run(draws.seal_secret, ASKED)

    assert again.commit == commit(kept)
