"""What is left when everything was killed often enough: nothing lost, nothing twice, all proved."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from duban.contracts import problem_stream
from duban.proof.checkpoints import Checkpoint
from duban.proof.notes import SignedNote
from duban.store import trail
from duban.store.canonical import event_of, parse
from duban.store.log import LogStore
from duban.store.pool import VERIFIER, dsn_for, open_pool
from duban.verify.outside import Known, Outside
from duban.verify.report import Report, Verdict
from duban.verify.run import Rules, verify
from duban.witness.state import State
from tests.e2e.site import LiveCampaign
from tests.support import chaos_load
from tests.support.chaos_crowd import Crowd
from tests.support.chaos_site import ChaosSite
from tests.support.entries import KEY

Row = Mapping[str, Any]
"""A row of the database."""

_LOADED = "SELECT stream, seq, leaf FROM audit.event WHERE stream LIKE ANY ('{again-%,once-%}')"
_COSIGNED = "SELECT count(DISTINCT tree_size) FROM audit.cosignature"
FILED = {"campaign:document:filed", "campaign:problem:registered"}
OPENED = "problem:problem:registered"
FOLLOWED = "problem:trail:followed"


@dataclass
class Judgement:
    """What was found. `faults` are sentences, and there must be none.

    `acknowledged` and `unanswered` count entries of the load, `papers` those filed in campaigns,
    the `problems` registered there among them.
    """

    acknowledged: int = 0
    unanswered: int = 0
    unanswered_found: int = 0
    papers: int = 0
    problems: int = 0
    entries: int = 0
    checkpoints: int = 0
    cosigned: int = 0
    size: int = 0
    witness_size: int = 0
    verdict: Verdict = Verdict.UNDECIDED
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: object, fault: str) -> None:
        """Note a fault unless something holds."""
        if not holds:
            self.faults.append(fault)


async def judge(place: ChaosSite, crowd: Crowd) -> Judgement:
    """Compare what was acknowledged with the trail, and have trail and witness checked."""
    found = Judgement()
    pool = await open_pool(dsn_for(place.site.dsn(), VERIFIER))
    try:
        judge_load(found, chaos_load.read(place.notes), await pool.fetch(_LOADED))
        for each in crowd.campaigns:
            await _judge_campaign(found, each, crowd, pool)
        for no in crowd.problems():
            await _judge_problem(found, no, crowd)
        seen = await place.desk.seen()
        assert seen is not None, "the witness has seen nothing"
        await _judge_witness(found, place, seen, LogStore(pool))
        found.cosigned = await pool.fetchval(_COSIGNED)
        _take(found, await verify(dsn_for(place.site.dsn(), VERIFIER), _rules(place, crowd, seen)))
    finally:
        await pool.close()
    return found


def judge_load(found: Judgement, notes: chaos_load.Notes, rows: Sequence[Row]) -> None:
    """Compare what the load noted with the entries of its streams: stream, ordinal, leaf."""
    there = Counter((row["stream"], row["seq"]) for row in rows)
    for row in rows:
        said = event_of(parse(row["leaf"])).detail.get("words")
        found.expect(said == chaos_load.words(row["stream"], row["seq"]), f"altered: {said}")
    sent = set()
    for place, each in notes.sent.items():
        entries = [(each.stream, each.seq + nth) for nth in range(each.size)]
        sent.update(entries)
        counts = {there[entry] for entry in entries}
        if place in notes.kept:
            found.acknowledged += each.size
            found.expect(0 not in counts, f"lost: {each}")
        else:
            found.unanswered += each.size
            found.unanswered_found += sum(there[entry] for entry in entries)
            found.expect(len(counts) == 1, f"torn apart: {each}")
    found.faults += [f"twice: {each}" for each, count in there.items() if count > 1]
    found.faults += [f"never sent: {each}" for each in there.keys() - sent]


async def _judge_campaign(
    found: Judgement, campaign: LiveCampaign, crowd: Crowd, pool: asyncpg.Pool
) -> None:
    """Every paper is there once, at the ordinal that its receipt names."""
    events = await campaign.events()
    filed = [(each.request_id, each.seq) for each in events if each.tag in FILED]
    told = [
        (request, receipt.last_seq)
        for (no, request), receipt in crowd.answered.items()
        if no == campaign.no
    ]
    found.papers += len(told)
    found.expect(sorted(filed) == sorted(told), f"{campaign.no}: {set(filed) ^ set(told)}")
    head = await trail.head(pool, campaign.handle.id)
    found.expect(head == len(events), f"{campaign.no}: {len(events)} entries, head {head}")


async def _judge_problem(found: Judgement, no: str, crowd: Crowd) -> None:
    """It was opened once; a commit that outlived its worker may have been followed."""
    tags = [each.tag for each in await crowd.campaigns[0].site.events(problem_stream(no))]
    found.problems += 1
    found.expect(tags[:1] == [OPENED] and set(tags[1:]) <= {FOLLOWED}, f"{no}: {tags}")


async def _judge_witness(
    found: Judgement, place: ChaosSite, seen: SignedNote, log: LogStore
) -> None:
    """What the witness holds begins the log, bears its cosignature, and nothing was forked."""
    tree, latest = Checkpoint.parse(seen.text), await log.latest()
    ours = await log.covering(tree.size)
    found.witness_size = tree.size
    found.size = latest.size if latest else 0
    found.expect(tree.size == found.size, f"the witness saw {tree.size} of {found.size}")
    found.expect(ours and (ours.size, ours.root) == (tree.size, tree.root), "not a prefix")
    found.expect(place.desk.policy.cosigned(seen).keys() == {"w1"}, "not cosigned")
    conflicts = State(place.desk.state).conflicts()
    found.expect(not conflicts, f"the log forked: {conflicts}")


def _rules(place: ChaosSite, crowd: Crowd, seen: SignedNote) -> Rules:
    """Everything is checked that can be: the witness's word, what people hold, and the key."""
    held: Counter[str] = Counter()
    for receipt in crowd.answered.values():
        held[receipt.stream] = max(held[receipt.stream], receipt.last_seq + 1)
    manifest = {stream: Known(count, over=False) for stream, count in held.items()}
    outside = Outside(anchors=(seen,), manifest=manifest)
    return Rules(place.desk.policy, time.time_ns() // 1000, outside, KEY)


def _take(found: Judgement, report: Report) -> None:
    found.verdict = report.verdict
    found.entries, found.checkpoints = report.entries, report.checkpoints
    found.faults += [f"{each.code} {each.where}: {each.detail}" for each in report.findings]
    found.expect(report.entries == report.tree_size == found.size, "not all is in the log")
