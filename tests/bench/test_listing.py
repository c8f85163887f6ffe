"""The ledger that lists are measured on holds problems as they are, and lists tell all of them."""

from bench.listing import CAMPAIGNS, COMMON, NONE, SOME, STATES, Ledger, fill, taken_out
from duban.domain.problem.records import ProblemRecord
from duban.store import ledger as stored
from duban.store.pool import READER, open_pool
from duban.store.problems import ProblemFilter, counts, every, page

LEDGER = Ledger(large=120, usual=2)


async def test_pages_and_counts_tell_every_problem_of_a_filled_ledger_once(database: str) -> None:
    await fill(database, LEDGER)
    pool = await open_pool(database, role_login=READER)
    try:
        wanted = ProblemFilter(campaign="QZ0000")
        found = [each.no async for rows in every(pool, wanted) for each in rows]
        first = await page(pool, ProblemFilter(limit=50))
        behind = await page(pool, ProblemFilter(limit=50, after=first[-1].no))
        told = await counts(pool, ProblemFilter())
        states = {state: n for (state, _), n in told.numbers.items()}
        narrowed = await page(pool, ProblemFilter(unit="U01", states=(STATES[0],)))
        written = await taken_out(pool, "QZ0000")
        known = await stored.one(pool, "problem", "QZ0001", "QZ0001-0002")
    finally:
        await pool.close()

    assert found == [f"QZ0000-{serial:04d}" for serial in range(1, LEDGER.large + 1)]
    assert [each.no for each in (*first, *behind)] == found[:100]
    assert (set(states), sum(states.values())) == (set(STATES), LEDGER.problems)
    assert {(each.doc["unit"], each.doc["state"]) for each in narrowed} == {("U01", STATES[0])}
    assert written == LEDGER.large
    assert len({campaign for campaign, _ in LEDGER.numbers()}) == CAMPAIGNS
    assert known is not None
    assert ProblemRecord.model_validate(known.doc).no == "QZ0001-0002"


async def test_a_filled_ledger_has_words_of_all_of_one_in_a_hundred_and_of_none(
    database: str,
) -> None:
    await fill(database, LEDGER)
    pool = await open_pool(database, role_login=READER)
    try:
        words = (*COMMON, SOME, *NONE)
        found = [(await counts(pool, ProblemFilter(text=word))).total for word in words]
    finally:
        await pool.close()

    assert found == [*[LEDGER.problems] * len(COMMON), 3, *[0] * len(NONE)]
