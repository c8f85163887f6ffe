"""A second tree of the same log, shown to somebody else: whoever compares finds it out."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from duban.proof.checkpoints import Checkpoint
from duban.proof.notes import COSIGNATURE, SignedNote, SignerKey
from duban.store.log import LogStore
from duban.store.pool import SEQUENCER, open_pool
from duban.witness.client import Answer, Outcome
from duban.witness.state import State
from tests.chaos.conftest import Copy
from tests.support.chaos_desk import Desk
from tests.support.chaos_load import grow

OTHER = SignerKey("witness.example/w2", COSIGNATURE, bytes(range(3, 35)))


class Forked(NamedTuple):
    """One log in two databases, each shown to one witness, who wrote down what it saw."""

    near: Desk
    far: Desk
    one: str
    two: str
    mine: Path
    theirs: Path


@pytest_asyncio.fixture(scope="module")
async def forked(
    desk: Desk, copy: Copy, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Forked]:
    """Two databases that begin alike and go on differently, equally long, with one log key."""
    one = await copy(None)
    await grow(one, "campaign-1", 20)
    async with desk.signing(one):
        pass
    two = await copy(one)
    far = Desk(tmp_path_factory.mktemp("far"), OTHER)
    async with far.witnessing():
        for each, dsn, stream in ((desk, one, "shown"), (far, two, "other")):
            await grow(dsn, stream, 12)
            async with each.signing(dsn):
                pass
        yield Forked(desk, far, one, two, await desk.anchor(), await far.anchor())


async def hand_in(desk: Desk, dsn: str) -> Answer:
    """Show a witness the newest checkpoint of a database, with its proof from where it stands."""
    seen, pool = await desk.seen(), await open_pool(dsn, role_login=SEQUENCER, max_size=1)
    assert seen is not None
    log, size = LogStore(pool), Checkpoint.parse(seen.text).size
    latest = await log.latest()
    assert latest is not None
    proof = await log.consistency(size, latest.size)
    await pool.close()
    async with desk.client() as client:
        return await client.add(size, proof, SignedNote.parse(latest.note))


async def test_the_witness_of_one_tree_refuses_the_other_and_keeps_what_it_was_shown(
    forked: Forked, copy: Copy
) -> None:
    before, longer = await forked.near.seen(), await copy(forked.two)
    await grow(longer, "other", 5)
    async with forked.far.signing(longer):
        pass

    same_size = await hand_in(forked.near, forked.two)
    larger = await hand_in(forked.near, longer)

    assert same_size.outcome is Outcome.FORKED
    assert (larger.outcome, larger.detail[:3]) == (Outcome.REFUSED, "422")
    assert await forked.near.seen() == before
    assert len(State(forked.near.state).conflicts()) == 1


async def test_no_sequencer_signs_for_the_other_tree_where_the_witness_is_asked(
    forked: Forked,
) -> None:
    said = await forked.near.refused(forked.two)

    assert said["code"] == "log.forked"


async def test_either_reader_finds_the_other_tree_by_its_checkpoint(forked: Forked) -> None:
    policy = ("--policy", str(forked.near.policy_file))
    mine, theirs = ("--anchor", str(forked.mine)), ("--anchor", str(forked.theirs))

    own = await forked.near.verify(forked.one, *policy, *mine)
    other = await forked.near.verify(forked.one, *policy, *theirs)
    both = await forked.near.verify(forked.one, *policy, *mine, *theirs)

    assert (own.status, own.codes) == (0, set())
    assert (other.status, other.codes) == (1, {"FORK"})
    assert (both.status, both.codes) == (1, {"FORK", "EQUIVOCATION"})
