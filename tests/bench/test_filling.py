"""A trail that was filled for a measurement is the one the product would have made."""

import time

from bench.courses import RARE
from bench.filling import RARE_ENTRIES, fill
from bench.large import ORIGIN, Large, opened
from duban.proof.notes import ED25519, SignedNote, SignerKey
from duban.proof.policy import Policy
from duban.store import trail
from duban.store.log import LogStore
from duban.store.pool import READER, VERIFIER, dsn_for
from duban.store.trail import TrailFilter
from duban.verify.outside import Outside
from duban.verify.report import Verdict
from duban.verify.run import Rules, verify
from tests.support.entries import KEY

LEAST = 1500
SIGNER = SignerKey(ORIGIN, ED25519, KEY)


async def filled(database: str) -> Large:
    entries = await fill(database, LEAST, KEY, SIGNER)
    assert LEAST <= entries < LEAST + 1000
    return Large(database, entries, KEY, SIGNER)


async def test_every_check_holds_over_a_filled_trail(database: str) -> None:
    large = await filled(database)
    entries = large.entries + await opened(large)
    async with large.pool() as pool:
        newest = await LogStore(pool).latest()
    assert newest is not None
    outside = Outside((SignedNote.parse(newest.note),))
    policy, now_us = Policy.parse(large.policy), time.time_ns() // 1000
    rules = Rules(policy, now_us, outside, key=KEY, processes=1)

    report = await verify(dsn_for(large.dsn, VERIFIER), rules)

    assert report.findings == []
    assert report.verdict is Verdict.HOLDS
    assert report.entries == report.tree_size == entries
    assert {each.what for each in report.unchecked} == {"receipts", "manifest"}


async def test_the_rare_words_are_in_a_few_entries_only(database: str) -> None:
    large = await filled(database)

    async with large.pool(READER) as pool:
        rare = await trail.search(pool, TrailFilter(text=RARE))

    assert len(rare) == len({each.campaign for each in rare}) == RARE_ENTRIES
