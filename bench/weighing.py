"""(o) Bytes: what is stored of a large trail / the bytes of its entries, with and without search.

Goals: audit.md 8. The ledger is not the trail and stands beside. Entries are those of the sample
campaigns, so changes and notices make up most of their bytes.
"""

from bench.figures import Figure, Goal
from bench.ground import Ground
from duban.store.stats import By, stats

_LEAVES = "SELECT sum(octet_length(leaf))::float8 FROM audit.event"
_LEDGER = (
    "SELECT sum(pg_total_relation_size(relid))::float8 FROM pg_partition_tree('ledger.object')"
)
_SEARCH = ("search", "search_block", "rollup", "projection")


async def weighing(ground: Ground, _: int) -> list[Figure]:
    """Weigh tables and indexes once."""
    large = await ground.large()
    async with large.pool(None) as pool:
        found = await stats(pool, By.TAG)
        entries, ledger = await pool.fetchval(_LEAVES), await pool.fetchval(_LEDGER)
    searched = sum(e.table_bytes + e.index_bytes for e in found.sizes if e.name in _SEARCH)
    each = {"entry_B": entries / found.entries, "stored_B": found.bytes_per_entry}
    whole, bare = found.stored_bytes, found.stored_bytes - searched
    return [
        Figure(
            "bytes stored / bytes of the entries, with search",
            "x",
            [whole / entries],
            Goal("<=", 3.5, "audit.md 8"),
            each,
        ),
        Figure(
            "bytes stored / bytes of the entries, without search",
            "x",
            [bare / entries],
            Goal("<=", 2.2, "audit.md 8"),
            {**each, "stored_B": bare / found.entries, "ledger_B": ledger / found.entries},
        ),
    ]
