"""Attacks on the log over the entries and on what guards it (audit.md 6.1)."""

from duban.proof.checkpoints import Checkpoint
from duban.proof.notes import SignedNote
from duban.verify.report import Verdict
from tests.support.attack_tools import (
    ATTACKS,
    VICTIM,
    append,
    attack,
    forge,
    keep_only,
    last_checkpoint,
    late_victim,
    reindex,
    reopen,
)
from tests.support.tampering import (
    LOG_KEY,
    MICRO,
    NEXT_KEY,
    SIZES,
    THIEF_KEY,
    WITNESSES,
    Owner,
    Reference,
    sequence,
)

__all__ = ["ATTACKS"]


@attack(26, "sequence an entry twice", "DUP_LEAF UNCHECKPOINTED")
async def _(owner: Owner, _: Reference) -> None:
    await owner.admin.execute("ALTER TABLE audit.leaf DROP CONSTRAINT leaf_event_id_key")
    await owner.do(
        "INSERT INTO audit.leaf SELECT (SELECT max(leaf_index) + 1 FROM audit.leaf), event_id,"
        " leaf_hash FROM audit.leaf WHERE leaf_index = $1",
        VICTIM,
    )


@attack(27, "sign with another key of the same name", "CKPT_SIG")
async def _(owner: Owner, _: Reference) -> None:
    row = await last_checkpoint(owner)
    text = SignedNote.parse(row["note"]).text
    note = SignedNote(text, (THIEF_KEY.sign(text),)).format()
    await owner.do(
        "UPDATE audit.checkpoint SET note = $2 WHERE tree_size = $1", row["tree_size"], note
    )


@attack(28, "splice in a checkpoint of another origin", "CKPT_ORIGIN COSIG_BAD QUORUM")
async def _(owner: Owner, _: Reference) -> None:
    row = await last_checkpoint(owner)
    text = Checkpoint("other.test/log", row["tree_size"], row["root"]).text()
    note = SignedNote(text, (LOG_KEY.sign(text),)).format()
    await owner.do(
        "UPDATE audit.checkpoint SET note = $2 WHERE tree_size = $1", row["tree_size"], note
    )


@attack(29, "move a checkpoint's time back one day", "CKPT_TIME COSIG_TIME BACKDATED")
async def _(owner: Owner, _: Reference) -> None:
    row = await last_checkpoint(owner)
    await owner.do(
        "UPDATE audit.checkpoint SET created_us = created_us - 86400000000 WHERE tree_size = $1",
        row["tree_size"],
    )


@attack(30, "move all checkpoints' times back one day", "COSIG_TIME BACKDATED")
async def _(owner: Owner, _: Reference) -> None:
    await owner.do("UPDATE audit.checkpoint SET created_us = created_us - 86400000000")


@attack(31, "remove one witness's cosignatures", "QUORUM", Verdict.UNDECIDED)
async def _(owner: Owner, _: Reference) -> None:
    await owner.do("DELETE FROM audit.cosignature WHERE witness = $1", WITNESSES[1].name)


@attack(32, "transplant a cosignature from another checkpoint", "COSIG_BAD QUORUM")
async def _(owner: Owner, _: Reference) -> None:
    row = await last_checkpoint(owner)
    await owner.do(
        "UPDATE audit.cosignature SET line = (SELECT c.line FROM audit.cosignature AS c"
        " WHERE c.witness = cosignature.witness ORDER BY tree_size LIMIT 1) WHERE tree_size = $1",
        row["tree_size"],
    )


@attack(33, "corrupt one hash in a tile", "TILE")
async def _(owner: Owner, _: Reference) -> None:
    await owner.do("UPDATE audit.tile SET hashes = overlay(hashes PLACING '\\x00ff' FROM 65)")


@attack(34, "corrupt the frontier, so that what is added later forks", "FRONTIER")
async def _(owner: Owner, _: Reference) -> None:
    row = await last_checkpoint(owner)
    await owner.do(
        "UPDATE audit.checkpoint SET frontier = overlay(frontier PLACING '\\x00ff' FROM 1)"
        " WHERE tree_size = $1",
        row["tree_size"],
    )


@attack(5, "as 4, seen by who holds the last anchor alone", "QUORUM FORK")
async def _(owner: Owner, _: Reference) -> None:
    await owner.edit(await late_victim(owner), "核实", "驳回")
    await owner.rebuild(LOG_KEY)


@attack(11, "insert a forged entry in the middle, no key", "CKPT_SIG FORK BACKDATED")
async def _(owner: Owner, _: Reference) -> None:
    await forge(owner)
    new_id = await owner.admin.fetchval("DELETE FROM audit.inbox RETURNING event_id")
    await owner.move(VICTIM, 1)
    await owner.do("INSERT INTO audit.leaf VALUES ($1, $2, $3)", VICTIM, new_id, bytes(32))
    await owner.rebuild()


@attack(13, "restore an older backup and grow past it, cosigned by nobody", "QUORUM FORK")
async def _(owner: Owner, _: Reference) -> None:
    await keep_only(owner, SIZES[1])
    await append(owner, "campaign-01", 300)
    await sequence(owner.dsn, [LOG_KEY])
    await owner.do("DELETE FROM audit.cosignature WHERE tree_size > $1", SIZES[1])


@attack(39, "detach a partition", "MISSING_EVENT WORKFLOW_MISSING PAYLOAD_ORPHAN")
async def _(owner: Owner, _: Reference) -> None:
    table = await owner.admin.fetchval("SELECT max(tableoid::regclass::text) FROM audit.event")
    await owner.admin.execute(f"ALTER TABLE audit.event DETACH PARTITION {table}")


@attack(40, "switch a guarding trigger off", "CFG_TRIGGER")
async def _(owner: Owner, _: Reference) -> None:
    await owner.admin.execute("ALTER TABLE audit.event DISABLE TRIGGER deny_row")


@attack(41, "grant UPDATE to operations", "CFG_GRANT")
async def _(owner: Owner, _: Reference) -> None:
    await owner.admin.execute("GRANT UPDATE ON audit.event TO audit_reader")


@attack(45, "two checkpoints of one size, each shown to another reader", "EQUIVOCATION FORK")
async def _(owner: Owner, _: Reference) -> None:
    await owner.edit(await late_victim(owner), "核实", "驳回")
    await owner.rebuild(LOG_KEY)
    row = await last_checkpoint(owner)
    owner.shown.append(SignedNote.parse(row["note"]))


@attack(46, "stop the sequencer silently", "STALE", Verdict.UNDECIDED)
async def _(owner: Owner, _: Reference) -> None:
    await owner.admin.execute("COMMENT ON TABLE audit.checkpoint IS 'nobody signs any more'")
    owner.later_us = 7200 * MICRO


@attack(47, "replace all by a freshly made log", "TRUNCATED WORKFLOW_MISSING RECEIPT")
async def _(owner: Owner, _: Reference) -> None:
    await keep_only(owner, 0)
    await owner.do("DELETE FROM audit.cosignature")
    await owner.admin.execute("DELETE FROM audit.stream")
    await owner.admin.execute("ALTER TABLE audit.origin DISABLE TRIGGER ALL")
    await owner.admin.execute("DELETE FROM audit.origin")
    for trigger in ("deny_row", "deny_truncate"):
        await owner.admin.execute(f"ALTER TABLE audit.origin ENABLE ALWAYS TRIGGER {trigger}")
    await owner.admin.execute("DELETE FROM ledger.object")
    await reopen(owner)
    await sequence(owner.dsn, [LOG_KEY])


@attack(
    49,
    "a leaf that leads to another entry, rebuilt with the stolen key, anchors withheld",
    "RECEIPT QUORUM UNANCHORED",
    withheld=("anchors", "key"),
)
async def _(owner: Owner, reference: Reference) -> None:
    await owner.edit(reference.outside.receipts[1].proof.index, "核实", "驳回")
    await owner.rebuild(LOG_KEY)


async def _rewrite(owner: Owner, index: int) -> None:
    await owner.edit(index, "核实", "驳回")
    await owner.rebuild(LOG_KEY)
    await owner.do("DELETE FROM audit.cosignature")
    await reindex(owner, index)


@attack(
    51,
    "a perfect rewrite, nothing from outside",
    "QUORUM UNANCHORED",
    Verdict.UNDECIDED,
    withheld=("anchors", "receipts", "key"),
)
async def _(owner: Owner, _: Reference) -> None:
    await _rewrite(owner, VICTIM)


@attack(
    52, "as 51, one old cosigned checkpoint is held", "QUORUM FORK", withheld=("receipts", "key")
)
async def _(owner: Owner, _: Reference) -> None:
    await _rewrite(owner, VICTIM)


@attack(53, "as 51, one receipt is held", "RECEIPT UNANCHORED", withheld=("anchors", "key"))
async def _(owner: Owner, reference: Reference) -> None:
    await _rewrite(owner, reference.outside.receipts[2].proof.index)


@attack(55, "the last checkpoint signed by a new key that was never announced", "CKPT_SIG")
async def _(owner: Owner, _: Reference) -> None:
    await append(owner, "campaign-01", 1)
    await sequence(owner.dsn, [NEXT_KEY])
