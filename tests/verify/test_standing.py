"""How witnesses stand to the log: real ones over HTTP; a log that is ours, cut short or forked."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import pytest_asyncio

from duban.contracts import Mode
from duban.proof.notes import COSIGNATURE, SignedNote, SignerKey
from duban.proof.policy import Group, Log, Policy, Witness
from duban.store.audit import AuditStore
from duban.store.log import LogStore
from duban.store.pool import READER, SEQUENCER, WORKER, dsn_for, open_pool
from duban.store.sequencing import step
from duban.verify.report import Verdict
from duban.verify.standing import Standing, standing, ways
from duban.witness.judge import Judge
from duban.witness.messages import Submission
from duban.witness.service import Listening, build_app
from duban.witness.state import State
from tests.support.entries import KEY, OFFICER, START
from tests.support.sequencing import ORIGIN, SIGNER, fill

KEYS = tuple(SignerKey(f"witness.test/{n}", COSIGNATURE, bytes([n]) * 32) for n in (1, 2, 3))
LOG_ONLY = Policy((Log(SIGNER.public),), (), (), "none", ORIGIN)


@dataclass
class Town:
    """A log in a database, and three witnesses of it that listen."""

    dsn: str
    store: AuditStore
    reader: asyncpg.Pool
    judges: Sequence[Judge]
    policy: Policy

    async def grow(self, count: int, first: int) -> SignedNote:
        """Let the log grow by entries of one stream, and sign for it."""
        await fill(self.store, "campaign-A", count, first=first)
        connection = await asyncpg.connect(dsn_for(self.dsn, SEQUENCER))
        done = await step(connection, [SIGNER], now_us=time.time_ns() // 1000)
        await connection.close()
        assert done is not None
        return SignedNote.parse(done.checkpoint.note)

    async def tell(self, note: SignedNote, *names: int) -> None:
        """Have some of the witnesses cosign a checkpoint."""
        log = LogStore(self.reader)
        size = int(note.text.split("\n")[1])
        for each in names:
            held = self.judges[each].newest()[ORIGIN]
            old = int(held.text.split("\n")[1]) if held else 0
            proof = tuple(await log.consistency(old, size))
            answer = self.judges[each].add(Submission(old, proof, note).format())
            assert answer.status == 200, answer

    async def stands(self, *, later: float = 0, **changed: object) -> Standing:
        """Ask everybody, perhaps later than now."""
        policy = replace(self.policy, **changed)  # type: ignore[arg-type]
        async with ways(policy) as witnesses:
            return await standing(self.reader, policy, witnesses, lambda: time.time() + later)


@asynccontextmanager
async def _listening(judge: Judge, key: SignerKey) -> AsyncIterator[str]:
    async with Listening(build_app(judge, key.public), "127.0.0.1", 0) as at:
        yield f"http://{at.host}:{at.port}"


@pytest_asyncio.fixture
async def town(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with AsyncExitStack() as open_:
        worker = await open_pool(database, role_login=WORKER)
        open_.push_async_callback(worker.close)
        reader = await open_pool(database, role_login=READER)
        open_.push_async_callback(reader.close)
        store = AuditStore(worker, KEY)
        await store.open_trail(Mode.REHEARSAL, ORIGIN, at=START, actor=OFFICER)
        judges, urls = [], []
        for number, key in enumerate(KEYS):
            state = open_.enter_context(State(tmp_path / str(number)))
            judges.append(Judge(LOG_ONLY, key, state, lambda: int(time.time())))
            urls.append(await open_.enter_async_context(_listening(judges[-1], key)))
        known = [
            Witness(f"w{n}", k.public, url)
            for n, (k, url) in enumerate(zip(KEYS, urls, strict=True))
        ]
        two = Group("two", 2, ("w0", "w1", "w2"))
        policy = replace(LOG_ONLY, witnesses=tuple(known), groups=(two,), quorum="two", stale=600)
        yield Town(database, store, reader, judges, policy)


async def test_all_have_seen_the_newest_checkpoint(town: Town) -> None:
    await town.tell(await town.grow(5, 0), 0, 1, 2)
    found = await town.stands()

    assert (found.size, found.vouched, found.codes) == (6, 6, [])
    assert found.verdict is Verdict.HOLDS
    assert [(each.size, each.behind, each.root) for each in found.witnesses] == [
        (6, 0, found.root)
    ] * 3
    offs = [each.clock_off for each in found.witnesses]
    assert all(off is not None and abs(off) < 2 for off in offs), offs
    assert all(each.cosigned_at is not None for each in found.witnesses)


async def test_one_behind_and_one_away_leave_the_quorum_to_what_both_saw(town: Town) -> None:
    await town.tell(await town.grow(5, 0), 0, 1)
    await town.tell(await town.grow(5, 5), 0)
    away = tuple(replace(w, url=w.url if w.name != "w2" else None) for w in town.policy.witnesses)
    young = await town.stands(witnesses=away)
    old = await town.stands(witnesses=away, later=town.policy.mmd + 1)

    assert [(each.size, each.behind) for each in young.witnesses] == [(11, 0), (6, 5), (0, 11)]
    assert young.witnesses[2].outcome == "away"
    # The newest checkpoint has a moment to be seen; then it is missed.
    assert (young.vouched, young.verdict) == (6, Verdict.HOLDS)
    assert (old.codes, old.verdict) == (["QUORUM"], Verdict.UNDECIDED)


async def test_nobody_listens_and_the_cosignatures_of_the_database_count(town: Town) -> None:
    note = await town.grow(5, 0)
    silent = tuple(replace(each, url=None) for each in town.policy.witnesses)
    before = await town.stands(witnesses=silent)
    admin = await asyncpg.connect(town.dsn)
    at = int(time.time())
    for key in KEYS[:2]:
        line = key.cosign(note.text, at).line()
        values = (6, key.name, line, at * 1_000_000)
        await admin.execute("INSERT INTO audit.cosignature VALUES ($1, $2, $3, $4)", *values)
    await admin.close()
    after = await town.stands(witnesses=silent)

    assert (before.vouched, before.codes) == (0, ["QUORUM"])
    assert (after.vouched, after.codes) == (6, [])
    assert [each.cosigned_at for each in after.witnesses] == [at, at, None]


async def test_a_witness_that_saw_more_shows_a_rollback(town: Town) -> None:
    await town.tell(await town.grow(5, 0), 0, 1, 2)
    await town.tell(await town.grow(5, 5), 2)
    admin = await asyncpg.connect(town.dsn)
    await admin.execute("ALTER TABLE audit.checkpoint DISABLE TRIGGER ALL")
    await admin.execute("DELETE FROM audit.checkpoint WHERE tree_size > 6")
    await admin.close()
    found = await town.stands()

    assert [each.code for each in found.witnesses] == [None, None, "TRUNCATED"]
    assert (found.vouched, found.verdict) == (6, Verdict.TAMPERED)


async def test_a_witness_of_another_history_shows_a_fork(town: Town) -> None:
    note = await town.grow(5, 0)
    text = note.text.replace("\n6\n", "\n5\n")
    await town.tell(note, 0, 1)
    other = SignedNote(text, (SIGNER.sign(text),))
    assert town.judges[2].add(Submission(0, (), other).format()).status == 200
    found = await town.stands()

    assert [each.code for each in found.witnesses] == [None, None, "FORK"]
    assert found.verdict is Verdict.TAMPERED


async def test_without_a_log_a_quorum_or_news_nothing_is_told(town: Town) -> None:
    assert (await town.stands()).codes == ["QUORUM", "STALE"]
    await town.tell(await town.grow(5, 0), 0, 1, 2)
    assert (await town.stands(quorum="none")).codes == ["UNANCHORED"]
    assert (await town.stands(later=3600)).codes == ["STALE"]
