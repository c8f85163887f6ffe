"""From the last verified checkpoint: what is looked at again, what is not and is said to be not."""

from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from duban.domain.custody import Deed, Wish
from duban.domain.roles import Role
from duban.errors import DubanError
from duban.proof.tiles import WIDTH
from duban.store.pool import SEQUENCER, open_pool
from duban.store.projector import catch_up
from duban.verify.report import Report, Verdict
from duban.verify.resume import spans
from duban.verify.state import State, read_state, write_state
from tests.support.attack_tools import VICTIM, append, keep_only
from tests.support.keeping import KEPT, custody_of, who
from tests.support.tampering import (
    LOG_KEY,
    SIZES,
    Owner,
    Reference,
    sequence,
    stream_of,
    verified,
)

OPEN = stream_of(1)
"""A stream that is not closed and may go on."""


async def first_run(dsn: str, reference: Reference) -> State:
    """Verify all of it and return what that leaves."""
    report = await verified(dsn, reference.rules(keeps=True))
    assert report.verdict is Verdict.HOLDS
    assert report.state is not None
    return report.state


async def grown(dsn: str, entries: int = 5) -> None:
    admin = await asyncpg.connect(dsn)
    await append(Owner(admin, dsn), OPEN, entries)
    await admin.close()
    await sequence(dsn, [LOG_KEY])


async def again(dsn: str, reference: Reference, state: State, **changed: object) -> Report:
    return await verified(dsn, reference.rules(since=state, keeps=True, **changed))


async def test_the_next_run_looks_at_what_is_new_and_says_so(
    copy: str, reference: Reference
) -> None:
    state = await first_run(copy, reference)
    await grown(copy)
    report = await again(copy, reference, state)

    assert (report.verdict, report.findings) == (Verdict.HOLDS, [])
    assert state.first == SIZES[-1] // WIDTH * WIDTH > 0
    assert (report.earlier, report.entries) == (state.first, SIZES[-1] + 5 - state.first)
    assert report.tree_size == SIZES[-1] + 5
    [left] = [each for each in report.unchecked if each.what == "earlier"]
    assert (left.count, left.since[:4].isdigit()) == (state.first, True)
    whole = await verified(copy, reference.rules(keeps=True))
    assert (whole.root, whole.streams, whole.closed_streams) == (
        report.root,
        report.streams,
        report.closed_streams,
    )
    assert report.state is not None
    assert whole.state is not None
    assert replace(report.state, at_us=0) == replace(whole.state, at_us=0)


async def test_a_state_is_the_same_after_it_lay_in_a_file(
    copy: str, reference: Reference, tmp_path: Path
) -> None:
    state, path = await first_run(copy, reference), tmp_path / "state"
    assert read_state(path, reference.policy) is None
    write_state(path, state)
    kept = read_state(path, reference.policy)

    assert kept == state
    assert [each.name for each in tmp_path.iterdir()] == ["state"]
    assert kept is not None
    assert (await again(copy, reference, kept)).verdict is Verdict.HOLDS


async def test_what_was_changed_since_is_found(copy: str, reference: Reference) -> None:
    state = await first_run(copy, reference)
    await grown(copy)
    admin = await asyncpg.connect(copy)
    await Owner(admin, copy).edit(SIZES[-1] + 2, "督办", "通过")
    await admin.close()
    report = await again(copy, reference, state)

    assert "LEAF_HASH" in report.counts
    assert report.verdict is Verdict.TAMPERED
    assert report.state is None


async def test_an_old_entry_changed_alone_is_found_from_zero_only(
    copy: str, reference: Reference
) -> None:
    state = await first_run(copy, reference)
    admin = await asyncpg.connect(copy)
    await Owner(admin, copy).edit(VICTIM, "核实", "驳回")
    await admin.close()
    report = await again(copy, reference, state)

    # It is said plainly that these entries were not looked at once more.
    assert "LEAF_HASH" not in report.counts
    assert state.first > VICTIM
    assert [each.count for each in report.unchecked if each.what == "earlier"] == [state.first]
    assert "LEAF_HASH" in (await verified(copy, reference.rules(keeps=True))).counts


async def test_an_old_tree_rebuilt_with_the_stolen_key_is_a_fork(
    copy: str, reference: Reference
) -> None:
    state = await first_run(copy, reference)
    admin = await asyncpg.connect(copy)
    owner = Owner(admin, copy)
    await owner.edit(VICTIM, "核实", "驳回")
    await owner.rebuild(LOG_KEY)
    await admin.close()
    report = await again(copy, reference, state)

    where = {each.where for each in report.findings if each.code == "FORK"}
    assert f"state {state.size} tile 0/0" in where
    assert report.verdict is Verdict.TAMPERED


async def test_a_log_cut_short_is_found_and_all_is_looked_at(
    copy: str, reference: Reference
) -> None:
    state = await first_run(copy, reference)
    admin = await asyncpg.connect(copy)
    await keep_only(Owner(admin, copy), SIZES[2])
    await admin.close()
    report = await again(copy, reference, state)

    found = {(each.code, each.where) for each in report.findings}
    assert ("TRUNCATED", f"state {SIZES[-1]}") in found
    assert (report.earlier, report.entries) == (0, SIZES[2])


async def test_a_log_grown_again_from_an_older_backup_is_a_fork(
    copy: str, reference: Reference
) -> None:
    state = await first_run(copy, reference)
    admin = await asyncpg.connect(copy)
    await keep_only(Owner(admin, copy), SIZES[3])
    await append(Owner(admin, copy), OPEN, 200)
    await admin.close()
    await sequence(copy, [LOG_KEY])
    report = await again(copy, reference, state)

    assert ("FORK", f"state {SIZES[-1]}") in {(e.code, e.where) for e in report.findings}


async def test_older_anchors_and_receipts_are_judged_by_the_tiles(
    copy: str, reference: Reference
) -> None:
    state = await first_run(copy, reference)
    outside = reference.outside
    assert min(each.proof.index for each in outside.receipts) < state.first
    assert min(outside.sizes()) < state.first
    admin = await asyncpg.connect(copy)
    await Owner(admin, copy).do(
        "UPDATE audit.tile SET hashes = overlay(hashes PLACING '\\x00ff' FROM 65)"
    )
    await admin.close()
    report = await again(copy, reference, state)

    # A tile that does not lead to the verified root proves nothing, so nothing is honoured by it.
    assert {"RECEIPT", "TRUNCATED"} <= set(report.counts)


async def test_a_receipt_of_another_entry_does_not_pass(copy: str, reference: Reference) -> None:
    state = await first_run(copy, reference)
    first, *rest = reference.outside.receipts
    forged = replace(first, leaf_hash=bytes(32))
    outside = replace(reference.outside, receipts=(forged, *rest))
    report = await again(copy, reference, state, outside=outside)

    assert set(report.counts) == {"RECEIPT_BAD"}


@pytest.mark.parametrize("cut", [0, 64, 65, 200, -2])
async def test_a_damaged_state_is_no_state(
    cut: int, copy: str, reference: Reference, tmp_path: Path
) -> None:
    path = tmp_path / "state"
    write_state(path, await first_run(copy, reference))
    whole = bytearray(path.read_bytes())
    whole[cut] ^= 1
    for damaged in (bytes(whole), path.read_bytes()[:cut]):
        path.write_bytes(damaged)
        with pytest.raises(DubanError) as refused:
            read_state(path, reference.policy)
        assert refused.value.code == "verify.state_damaged"


async def test_a_forged_state_does_not_make_a_fork_pass(copy: str, reference: Reference) -> None:
    state = await first_run(copy, reference)
    shifted = replace(state, tile_roots=(bytes(32), *state.tile_roots[1:]))
    report = await again(copy, reference, shifted)

    assert {"FORK", "CKPT_ROOT"} <= set(report.counts)


async def test_a_state_of_another_log_or_policy_is_refused(
    copy: str, reference: Reference, tmp_path: Path
) -> None:
    path, policy = tmp_path / "state", reference.policy
    state = await first_run(copy, reference)
    write_state(path, replace(state, origin="other.test/log"))
    with pytest.raises(DubanError, match="verify.state_other_log"):
        read_state(path, policy)
    write_state(path, state)
    with pytest.raises(DubanError, match="verify.state_other_policy"):
        read_state(path, replace(policy, writers=("somebody",)))


async def test_an_erasure_granted_later_is_explained_by_what_was_asked_earlier(
    copy: str, reference: Reference
) -> None:
    async with custody_of(copy) as custody:
        wish = Wish(deed=Deed.REQUEST, subject=f"{KEPT}#1", basis="个人信息保护法第四十七条")
        request = await custody.request(wish, who("OF-1", Role.OFFICE), "name")
    await grown(copy, 300)
    pool = await open_pool(copy, role_login=SEQUENCER)
    await catch_up(pool)
    await pool.close()
    state = await first_run(copy, reference)
    assert state.first > SIZES[-1] + 1
    async with custody_of(copy) as custody:
        await custody.approve(Wish(deed=Deed.ERASE, subject=request), who())
    await sequence(copy, [LOG_KEY])

    assert (await again(copy, reference, state)).findings == []
    forgetful = replace(state, told=replace(state.told, requests={}))
    found = (await again(copy, reference, forgetful)).findings
    assert {each.code for each in found} == {"PAYLOAD_MISSING"}


def test_ranges_are_subtrees_of_the_whole() -> None:
    assert list(spans(0, 700, 256)) == [(0, 256), (256, 512), (512, 700)]
    assert list(spans(768, 4000, 1024)) == [(768, 1024), (1024, 2048), (2048, 3072), (3072, 4000)]
    assert list(spans(768, 768, 1024)) == []
