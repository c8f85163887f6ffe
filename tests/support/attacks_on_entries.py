"""Attacks on entries and their places (audit.md 6.1), by who owns the database."""

from duban.proof.checkpoints import Checkpoint
from duban.proof.merkle import Frontier
from duban.proof.notes import SignedNote
from duban.verify.outside import Known
from tests.support.attack_tools import (
    ATTACKS,
    VICTIM,
    append,
    at_victim,
    attack,
    drop,
    forge,
    keep_only,
    other,
    sequence_rest,
)
from tests.support.tampering import LOG_KEY, MICRO, ORIGIN, SIZES, Owner, Reference, sequence

__all__ = ["ATTACKS"]


@attack(1, "edit the text inside a sequenced entry", "LEAF_HASH CKPT_ROOT FORK TILE")
async def _(owner: Owner, _: Reference) -> None:
    await owner.edit(VICTIM, "核实", "驳回")


@attack(2, "edit an entry and recompute its stored leaf hash", "CKPT_ROOT FORK TILE")
async def _(owner: Owner, _: Reference) -> None:
    await owner.edit(VICTIM, "核实", "驳回")
    await owner.rehash()


@attack(3, "edit an entry and rebuild all, the log key not stolen", "CKPT_SIG FORK")
async def _(owner: Owner, _: Reference) -> None:
    await owner.edit(VICTIM, "核实", "驳回")
    await owner.rebuild()


@attack(4, "edit an entry, rebuild and sign all with the stolen log key", "COSIG_BAD QUORUM FORK")
async def _(owner: Owner, _: Reference) -> None:
    await owner.edit(VICTIM, "核实", "驳回")
    await owner.rebuild(LOG_KEY)


@attack(6, "delete one entry row", "MISSING_EVENT ORDINAL_GAP CLOSED_COUNT")
async def _(owner: Owner, _: Reference) -> None:
    await owner.do(
        "DELETE FROM audit.event WHERE event_id = (SELECT l.event_id FROM audit.leaf AS l"
        " JOIN audit.event AS e USING (event_id)"
        " WHERE e.stream = 'campaign-04' AND e.seq = 4)"
    )


@attack(7, "delete an entry and its leaf", "INDEX_GAP ORDINAL_GAP")
async def _(owner: Owner, _: Reference) -> None:
    await drop(owner, VICTIM)


@attack(8, "delete an entry, renumber, rebuild and sign with the key", "QUORUM ORDINAL_GAP FORK")
async def _(owner: Owner, _: Reference) -> None:
    await drop(owner, VICTIM)
    await owner.move(VICTIM + 1, -1)
    hashes = await owner.hashes()
    for row in await owner.admin.fetch("SELECT tree_size FROM audit.checkpoint ORDER BY 1"):
        if row["tree_size"] > VICTIM:
            tree = Frontier().extend(hashes[: row["tree_size"] - 1])
            text = Checkpoint(ORIGIN, tree.size, tree.root()).text()
            await owner.do("DELETE FROM audit.cosignature WHERE tree_size = $1", row["tree_size"])
            await owner.write(row["tree_size"], tree, SignedNote(text, (LOG_KEY.sign(text),)))
    await owner.rebuild(LOG_KEY)


@attack(9, "swap the places of two entries", "CKPT_ROOT FORK TILE")
async def _(owner: Owner, _: Reference) -> None:
    for place, target in ((VICTIM, 10**6), (VICTIM + 1, VICTIM), (10**6, VICTIM + 1)):
        move = "UPDATE audit.leaf SET leaf_index = $2 WHERE leaf_index = $1"
        await owner.do(move, place, target)


@attack(10, "forge an entry of last week, sequenced honestly at the head", "BACKDATED")
async def _(owner: Owner, _: Reference) -> None:
    await forge(owner, at_us=-7 * 86_400 * MICRO)
    await sequence(owner.dsn, [LOG_KEY])


@attack(12, "drop the last checkpoint and what came after the one before", "TRUNCATED")
async def _(owner: Owner, _: Reference) -> None:
    await keep_only(owner, SIZES[-2])


@attack(14, "delete an entry before it is sequenced", "ORDINAL_GAP")
async def _(owner: Owner, _: Reference) -> None:
    await append(owner, "campaign-01", 3)
    await owner.do("DELETE FROM audit.event WHERE stream = 'campaign-01' AND seq = 16")
    await sequence(owner.dsn, [LOG_KEY])


@attack(15, "erase a whole workflow before it is sequenced", "WORKFLOW_MISSING")
async def _(owner: Owner, _: Reference) -> None:
    await append(owner, "campaign-99", 3)
    await owner.do("DELETE FROM audit.event WHERE stream = 'campaign-99'")
    await owner.admin.execute("DELETE FROM audit.stream WHERE stream = 'campaign-99'")
    await sequence_rest(owner)
    owner.manifest["campaign-99"] = Known(3, over=False)


@attack(16, "drop the tail of a workflow before it is sequenced", "NOT_CLOSED")
async def _(owner: Owner, _: Reference) -> None:
    await append(owner, "campaign-01", 2)
    await append(owner, "campaign-01", 1, closing=True)
    await owner.do("DELETE FROM audit.event WHERE stream = 'campaign-01' AND seq = 17")
    await owner.admin.execute(
        "UPDATE audit.stream SET next_seq = 17, closed = false WHERE stream = 'campaign-01'"
    )
    await sequence_rest(owner)
    owner.manifest["campaign-01"] = Known(17, over=True)


@attack(17, "hide an entry from the sequencer", "UNSEQUENCED")
async def _(owner: Owner, _: Reference) -> None:
    await append(owner, "campaign-01", 1)
    await owner.admin.execute("DELETE FROM audit.inbox")


@attack(18, "change the campaign column only", "PROJECTION")
async def _(owner: Owner, _: Reference) -> None:
    await at_victim(owner, "campaign = 'BE-2020'")


@attack(19, "change the time column only", "PROJECTION")
async def _(owner: Owner, _: Reference) -> None:
    await at_victim(owner, "occurred_us = occurred_us - 3600000000")


@attack(21, "blank the words by which one entry is found", "SEARCH")
async def _(owner: Owner, _: Reference) -> None:
    await owner.admin.execute(
        "UPDATE audit.search SET grams = '' WHERE event_id ="
        " (SELECT event_id FROM audit.leaf WHERE leaf_index = $1)",
        VICTIM,
    )


@attack(22, "delete the words by which one entry is found", "SEARCH")
async def _(owner: Owner, _: Reference) -> None:
    await owner.admin.execute(
        "DELETE FROM audit.search WHERE event_id ="
        " (SELECT event_id FROM audit.leaf WHERE leaf_index = $1)",
        VICTIM,
    )


@attack(35, "a key twice in an entry, honestly sequenced", "NONCANONICAL")
async def _(owner: Owner, _: Reference) -> None:
    await forge(owner, doubled=True)
    await sequence(owner.dsn, [LOG_KEY])


@attack(36, "append bytes to an entry", "LEAF_HASH CKPT_ROOT FORK TILE NONCANONICAL")
async def _(owner: Owner, _: Reference) -> None:
    await at_victim(owner, "leaf = leaf || ' '")


@attack(37, "give an entry another id", "PROJECTION")
async def _(owner: Owner, _: Reference) -> None:
    place = "SELECT event_id FROM audit.leaf WHERE leaf_index = $1"
    old = await owner.admin.fetchval(place, VICTIM)
    await owner.do("UPDATE audit.event SET event_id = $2 WHERE event_id = $1", old, other(old))
    await owner.do("UPDATE audit.leaf SET event_id = $2 WHERE event_id = $1", old, other(old))


@attack(38, "change the mac by which a second delivery is known", "PROJECTION")
async def _(owner: Owner, _: Reference) -> None:
    await at_victim(owner, "request_mac = sha256(request_mac)")


@attack(42, "append an entry with a login that is no writer", "WRITER")
async def _(owner: Owner, _: Reference) -> None:
    await forge(owner, by="postgres")
    await sequence(owner.dsn, [LOG_KEY])


@attack(43, "an entry dated ahead", "FUTURE")
async def _(owner: Owner, _: Reference) -> None:
    await forge(owner, occ_us=86_400 * MICRO)
    await sequence(owner.dsn, [LOG_KEY])


@attack(50, "one character for another deep in one entry", "LEAF_HASH CKPT_ROOT FORK TILE")
async def _(owner: Owner, _: Reference) -> None:
    await owner.edit(VICTIM, "已经", "未经")


@attack(54, "the database's clock an hour back while appending", "BACKDATED")
async def _(owner: Owner, _: Reference) -> None:
    await forge(owner, at_us=-3600 * MICRO)
    await sequence(owner.dsn, [LOG_KEY])
