"""The activities of draws of inspections: hashes leave, and a target to one key alone."""

from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.targets import TargetActivities
from duban.domain import sampling
from duban.domain.campaign.draw_answers import DrawDone, DrawFrozen, DrawRevealed
from duban.domain.campaign.draw_records import Draw, DrawState, SealedLists
from duban.domain.draw.drawing import Target, commitment
from duban.domain.draw.record import doubts, faults
from duban.domain.errors import Code
from duban.domain.inspection.news import TargetUnsealed
from duban.inspection_contracts import Handed, SealedTarget, ToDrawTargets, ToHand, ToReveal
from duban.proof.sealing import OpeningKey
from duban.store.errors import DatabaseUnavailable
from tests.support.inspection_draws import LISTS, NO, NUMBER, SIBLINGS
from tests.support.targets import FakeTargets
from tests.support.unit_facts import STREAM, to_freeze

ONE, TWO = "BE-2019-I0001", "BE-2019-I0002"
WHERE = SealedTarget(stream=STREAM, draw=NO, inspection=ONE)


class Table:
    """The activities over a keeper in memory, and their steps."""

    def __init__(self) -> None:
        self.keeper = FakeTargets()
        self._does = TargetActivities(self.keeper)

    async def run(self, name: str, asked: object) -> Any:
        """Run an activity."""
        return await ActivityEnvironment().run(getattr(self._does, name), asked)

    async def frozen(self) -> DrawFrozen:
        """Have lists handed in and frozen."""
        lists = await self.keeper.hand_in(STREAM, LISTS)
        told: DrawFrozen = await self.run("freeze_draw", to_freeze(lists=lists))
        return told

    async def drawn(self) -> DrawDone:
        """Have targets drawn."""
        asked = ToDrawTargets(stream=STREAM, draw=NO, number=NUMBER)
        told: DrawDone = await self.run("draw_targets", asked)
        return told

    async def revealed(self, frozen: DrawFrozen, done: DrawDone) -> DrawRevealed:
        """Have everything revealed."""
        draw = Draw(
            no=NO,
            purpose="inspection",
            phase=1,
            state=DrawState.DRAWN,
            policy_version="2019-1",
            run_by=("SU-1",),
            frozen_on=to_freeze().terms.on,
            commit=frozen.commit,
            number=NUMBER,
            witnesses=("SU-2",),
            commitments=done.commitments,
        )
        asked = ToReveal(stream=STREAM, campaign="BE-2019", draw=draw, siblings=SIBLINGS)
        told: DrawRevealed = await self.run("reveal_draw", asked)
        return told


@pytest.fixture
def table() -> Table:
    return Table()


async def test_only_hashes_leave_when_a_draw_is_frozen_and_the_same_again(table: Table) -> None:
    told = await table.frozen()
    again = await table.frozen()

    secret, made = table.keeper.secrets[NO], table.keeper.kept[NO]
    assert secret is not None
    assert told == again
    assert (told.commit, told.size) == (sampling.commit(secret), len(made.population))
    assert (told.pop_hash, told.params_hash) == (made.pop_hash, made.params_hash)
    assert len(secret) == sampling.SECRET_BYTES


async def test_lists_that_are_not_there_or_cannot_be_drawn_from_are_told(table: Table) -> None:
    lists = SealedLists(package="nobody", digest="0" * 64)
    told = await table.run("freeze_draw", to_freeze(lists=lists))
    few = await table.keeper.hand_in(STREAM, LISTS.model_copy(update={"pool": LISTS.pool[:2]}))
    refused = await table.run("freeze_draw", to_freeze(lists=few))

    assert (told.fault, told.params) == (Code.DRAW_LISTS.value, {"package": "nobody"})
    assert refused.fault == Code.DRAW_TOO_FEW.value
    assert (table.keeper.kept, table.keeper.secrets) == ({}, {})


async def test_targets_are_bound_by_hashes_and_drawn_once(table: Table) -> None:
    await table.frozen()
    done = await table.drawn()
    again = await table.drawn()

    kept = {no: table.keeper.targets[f"{NO}/{no}"] for no in (ONE, TWO)}
    assert done == again
    assert done.commitments == {no: commitment(each.target) for no, each in kept.items() if each}
    salts = {each.target.salt for each in kept.values() if each}
    assert len(salts) == 2


@pytest.mark.parametrize("step", ["frozen", "drawn"])
async def test_a_worker_that_dies_before_it_could_tell_has_made_it(table: Table, step: str) -> None:
    if step == "drawn":
        await table.frozen()
    table.keeper.deaths = 1
    with pytest.raises(DatabaseUnavailable):
        await getattr(table, step)()
    secrets, targets = dict(table.keeper.secrets), dict(table.keeper.targets)

    await getattr(table, step)()

    assert table.keeper.secrets == secrets
    assert {no: table.keeper.targets[no] for no in targets} == targets


async def test_a_target_is_handed_to_one_key_and_unsealed_on_site(table: Table) -> None:
    await table.frozen()
    done = await table.drawn()
    mine, other = OpeningKey.make("team-leader"), OpeningKey.make("team-leader")
    asked = ToHand(target=WHERE, key=mine.public.public.hex())
    handed: Handed = await table.run("hand_target", asked)
    unsealed: TargetUnsealed = await table.run("unseal_target", WHERE)

    box = bytes.fromhex(handed.box)
    target = Target.model_validate_json(mine.open(box).body)
    assert commitment(target) == done.commitments[ONE] == commitment(unsealed)
    with pytest.raises(ValueError, match="sealed for the key"):
        other.open(box)
    assert target.name.encode() not in box


async def test_everything_is_revealed_and_computes_again(table: Table) -> None:
    frozen, done = await table.frozen(), await table.drawn()
    record = (await table.revealed(frozen, done)).record

    assert (faults(record), doubts(record)) == ([], [])
    assert record.secret == table.keeper.secrets[NO].hex()  # type: ignore[union-attr]


async def test_sec5_what_was_burned_is_not_revealed_nor_what_would_tell_it(table: Table) -> None:
    frozen, done = await table.frozen(), await table.drawn()
    await table.run("burn_target", WHERE)
    record = (await table.revealed(frozen, done)).record

    assert (faults(record), doubts(record)) == ([], ["burned"])
    assert (record.secret, record.seed) == (None, None)
    assert [each.pick is None for each in record.targets] == [True, False]
    assert table.keeper.burned_by == {f"{NO}/{ONE}": "system"}
