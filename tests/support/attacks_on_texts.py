"""Attacks on texts behind commitments, on what is sealed and on what is folded (audit.md 6.1)."""

from uuid import UUID

from duban.contracts import Mode, Record
from duban.domain.custody import CUSTODY_STREAM, Deed, Wish, entry_of, judged
from duban.store.custody import Custody
from tests.support.attack_tools import ATTACKS, attack, sequence_rest
from tests.support.keeping import KEPT, custody_of, erase, who
from tests.support.tampering import Owner, Reference

__all__ = ["ATTACKS"]


async def _kept(owner: Owner, seq: int) -> UUID:
    """Return the id of an entry of the stream that commits to texts."""
    found: UUID = await owner.admin.fetchval(
        "SELECT event_id FROM audit.event WHERE stream = $1 AND seq = $2", KEPT, seq
    )
    return found


@attack(20, "change an attribute of the JSON that is folded from the entries", "LEDGER")
async def _(owner: Owner, _: Reference) -> None:
    # The entries have no JSON column of their own: the ledger's documents are what is stored of it.
    await owner.admin.execute(
        "UPDATE ledger.object SET doc = jsonb_set(doc, '{state}', '\"closed\"') WHERE id = 'B-98'"
    )


@attack(23, "alter a text behind a commitment", "PAYLOAD")
async def _(owner: Owner, _: Reference) -> None:
    await owner.do(
        "UPDATE audit.payload SET body = body || '\\x21' WHERE slot = 'name' AND event_id = $1",
        await _kept(owner, 0),
    )


@attack(24, "swap the texts of two entries", "PAYLOAD")
async def _(owner: Owner, _: Reference) -> None:
    await owner.do(
        "UPDATE audit.payload AS p SET salt = o.salt, body = o.body FROM audit.payload AS o"
        " WHERE p.slot = 'name' AND o.slot = 'name' AND p.event_id <> o.event_id"
    )


@attack(25, "delete a text without an erasure", "PAYLOAD_MISSING")
async def _(owner: Owner, _: Reference) -> None:
    await owner.do(
        "DELETE FROM audit.payload WHERE slot = 'name' AND event_id = $1", await _kept(owner, 1)
    )


async def forged_reveal(custody: Custody, target: str, body: str) -> None:
    """Reveal something as what was sealed, past the check of who has the right key."""
    wish = Wish(deed=Deed.REVEAL, subject=target)
    detail = {"slot": "body", "salt": "00" * 32, "body": body}
    wish = wish.model_copy(update={"detail": detail})
    person, posts, now = who()
    seq = await custody.pool.fetchval(
        "SELECT next_seq FROM audit.stream WHERE stream = $1", CUSTODY_STREAM
    )
    event = entry_of(wish, judged(wish, person, posts), seq=seq, now=now)
    record = Record(stream=CUSTODY_STREAM, campaign=None, mode=Mode.REHEARSAL, events=(event,))
    [result] = await custody.store.append([record])
    assert result.error is None


@attack(44, "reveal another plan than was sealed", "REVEAL")
async def _(owner: Owner, _: Reference) -> None:
    async with custody_of(owner.dsn) as custody:
        await forged_reveal(custody, "sealed#1", '{"text":"另一份计划"}')
    await sequence_rest(owner)


@attack(48, "an erasure is told and the text is still stored", "ERASURE_NOT_DONE")
async def _(owner: Owner, _: Reference) -> None:
    row = await owner.admin.fetchrow(
        "SELECT * FROM audit.payload WHERE slot = 'note' AND event_id = $1", await _kept(owner, 0)
    )
    async with custody_of(owner.dsn) as custody:
        await erase(custody, f"{KEPT}#0", "note")
    await owner.do("INSERT INTO audit.payload VALUES ($1, $2, $3, $4, $5, $6, $7)", *row)
    await sequence_rest(owner)
