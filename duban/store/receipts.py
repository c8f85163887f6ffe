"""Receipts: what an entry's author is handed once the log holds it (audit.md 3.4).

A receipt is only worth something away from this database: a campaign keeps it in its history.
"""

from typing import Final, NamedTuple

from duban.contracts import EntryReceipt, Proofs, ToProve
from duban.store.audit import AuditStore
from duban.store.canonical import StoredEntry
from duban.store.errors import LogIncomplete
from duban.store.log import LogStore, StoredCheckpoint

COSIGNED_WITHIN_US: Final = 600_000_000
"""For how long a log with witnesses is given time to have an entry cosigned (microseconds); then
the log's own signature must do."""

PASSED_OVER_US: Final = 3_600_000_000
"""How much younger than an entry the newest checkpoint is when the log has gone on without it
(microseconds)."""


class _Log(NamedTuple):
    """The log by now: its newest checkpoint, and the size of the newest one that is cosigned."""

    newest: StoredCheckpoint
    cosigned: int | None


async def proofs(store: AuditStore, log: LogStore, asked: ToProve) -> Proofs | None:
    """Return the proofs of entries; None while one of them is still on its way.

    An entry that is gone from the trail, or that the log went on without, is `missing`.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        StoreError: what the trail or the log holds cannot be read.
    """
    newest = await log.latest()
    if newest is None:
        return None
    stand = _Log(newest, await log.cosigned_size())
    receipts, missing = [], []
    for seq in asked.seqs:
        entry = await store.entry(asked.stream, seq)
        proof = await _proof(log, entry, stand) if entry else None
        if entry and proof:
            receipts.append(EntryReceipt(seq=seq, proof=proof))
        elif entry is None or newest.created_us - entry.recorded_us > PASSED_OVER_US:
            missing.append(seq)
        else:
            return None
    return Proofs(receipts=tuple(receipts), missing=tuple(missing))


async def _proof(log: LogStore, entry: StoredEntry, stand: _Log) -> str | None:
    assert entry.event_id is not None
    leaf = await log.leaf(entry.event_id)
    if leaf is None or leaf.index >= stand.newest.size:
        return None
    size, witnessed = stand.newest.size, stand.cosigned is not None
    if stand.cosigned is not None and leaf.index < stand.cosigned:
        size = stand.cosigned
    elif witnessed and stand.newest.created_us - entry.recorded_us < COSIGNED_WITHIN_US:
        return None
    found = await log.proof(entry.event_id, size)
    if found is None:
        raise LogIncomplete(size=size, missing=str(leaf.index))
    return found.file(entry.leaf).format()
