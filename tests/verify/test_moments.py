"""The log as it was at a moment: the same report for ever, unless what was there is changed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest
import pytest_asyncio

from duban.proof.checkpoints import Checkpoint
from duban.store.audit import AuditStore
from duban.store.pool import VERIFIER, WORKER, dsn_for, open_pool
from duban.verify.moments import verify_then
from duban.verify.outside import Outside
from duban.verify.report import Report, Verdict
from tests.support.entries import KEY, a_record, an_event
from tests.support.tampering import LOG_KEY, MICRO, ORIGIN, SIZES, Owner, Reference, sequence


@pytest_asyncio.fixture
async def owner(copy: str) -> AsyncIterator[Owner]:
    connection = await asyncpg.connect(copy)
    yield Owner(connection, copy)
    await connection.close()


async def made_us(owner: Owner, size: int) -> int:
    """Return when the witnesses had seen the tree of a size."""
    found = await owner.admin.fetchval(
        "SELECT greatest(p.created_us, max(c.signed_us)) FROM audit.checkpoint AS p"
        " JOIN audit.cosignature AS c USING (tree_size) WHERE tree_size = $1 GROUP BY p.created_us",
        size,
    )
    return int(found)


async def then(owner: Owner, reference: Reference, nth: int, **changed: object) -> Report:
    """Judge the log as it was when its checkpoint `nth` was made."""
    rules = reference.rules(now_us=await made_us(owner, SIZES[nth]), **changed)
    return await verify_then(dsn_for(owner.dsn, VERIFIER), rules)


async def grown(owner: Owner) -> None:
    """Let the log go on: one more stream, one more checkpoint."""
    worker = await open_pool(owner.dsn, role_login=WORKER)
    events = (an_event(n, occurred_at=datetime.now(UTC)) for n in range(5))
    [result] = await AuditStore(worker, KEY).append([a_record("campaign-later", *events)])
    assert result.error is None
    await worker.close()
    await sequence(owner.dsn, [LOG_KEY])


@pytest.mark.parametrize("nth", range(len(SIZES)))
async def test_it_ends_at_the_newest_checkpoint_of_the_moment(
    owner: Owner, reference: Reference, nth: int
) -> None:
    seen = Outside(anchors=reference.outside.anchors[: 1 if nth < len(SIZES) - 1 else 2])
    found = await then(owner, reference, nth, outside=seen)

    assert found.findings == []
    assert found.verdict is Verdict.HOLDS
    assert found.tree_size == SIZES[nth]
    assert found.checkpoints == nth + 1
    stored = "SELECT root FROM audit.checkpoint WHERE tree_size = $1"
    assert found.root == await owner.admin.fetchval(stored, SIZES[nth])


async def test_what_comes_later_changes_nothing(owner: Owner, reference: Reference) -> None:
    before = [await then(owner, reference, nth) for nth in (2, 4)]
    await grown(owner)

    assert [await then(owner, reference, nth) for nth in (2, 4)] == before
    newest = await owner.admin.fetchval("SELECT max(tree_size) FROM audit.checkpoint")
    rules = reference.rules(now_us=await made_us(owner, newest))
    found = await verify_then(dsn_for(owner.dsn, VERIFIER), rules)
    # Nothing has made the new entries findable by words yet, and the log holds all the same.
    assert (found.findings, found.tree_size) == ([], SIZES[-1] + 5)


async def test_a_change_of_what_was_there_is_found_at_every_moment_since(
    owner: Owner, reference: Reference
) -> None:
    await owner.edit(SIZES[2] + 1, "整改", "不改")

    for processes in (1, 2):
        for nth in (3, 4):
            found = await then(owner, reference, nth, processes=processes)
            assert found.counts["LEAF_HASH"] == 1
            assert found.verdict is Verdict.TAMPERED
    alone = await then(owner, reference, 2, outside=Outside(anchors=reference.outside.anchors[:1]))
    assert alone.verdict is Verdict.HOLDS


async def test_a_later_anchor_vouches_for_what_was_before_it(
    owner: Owner, reference: Reference
) -> None:
    alone = await then(owner, reference, 0, outside=Outside())
    later = await then(owner, reference, 0, outside=Outside(anchors=reference.outside.anchors[1:]))

    assert (set(alone.counts), alone.verdict) == ({"UNANCHORED"}, Verdict.UNDECIDED)
    assert (later.findings, later.tree_size) == ([], SIZES[0])


async def test_an_anchor_of_more_than_there_is_shows_a_cut_tail(
    owner: Owner, reference: Reference
) -> None:
    printed = Checkpoint(ORIGIN, SIZES[-1] + 1, bytes(32))
    seen = replace(reference.outside, printed=(printed,))

    found = await then(owner, reference, 1, outside=seen)

    assert set(found.counts) == {"TRUNCATED"}


async def test_before_the_first_checkpoint_there_was_nothing(
    owner: Owner, reference: Reference
) -> None:
    first = await owner.admin.fetchval("SELECT min(created_us) FROM audit.checkpoint")
    rules = reference.rules(now_us=first - 1, outside=Outside())
    found = await verify_then(dsn_for(owner.dsn, VERIFIER), rules)

    assert set(found.counts) == {"EMPTY", "STALE", "UNANCHORED"}
    assert found.verdict is Verdict.UNDECIDED
    assert found.entries == found.tree_size == 0


async def test_a_log_that_stood_still_is_stale(owner: Owner, reference: Reference) -> None:
    late = await made_us(owner, SIZES[-1]) + (reference.policy.stale + 60) * MICRO
    found = await verify_then(dsn_for(owner.dsn, VERIFIER), reference.rules(now_us=late))

    assert set(found.counts) == {"STALE"}
