"""Draws of inspections: lists, secrets and targets are opened here, in memory (f.3, f.4, SEC1).

What comes back is hashes, or a target sealed to the key of one person; the target itself only
after check-in, and everything once a draw is revealed. The first result of each step is kept sealed
before it is told, so that a worker that dies between the two leaves no other behind (ADR 0025).
"""

import secrets
from typing import Final, Protocol

from temporalio import activity

from duban.domain import sampling
from duban.domain.campaign.draw_answers import DrawDone, DrawFrozen, DrawRevealed
from duban.domain.draw.basis import UnitFacts
from duban.domain.draw.drawing import Pick, Target, commitment, picks
from duban.domain.draw.freezing import Frozen, freeze
from duban.domain.draw.places import Lists
from duban.domain.draw.record import DrawRecord, RevealedTarget
from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection.news import TargetUnsealed
from duban.inspection_contracts import (
    BURN_ACTIVITY,
    DRAW_ACTIVITY,
    FREEZE_ACTIVITY,
    HAND_ACTIVITY,
    LEADER,
    REVEAL_ACTIVITY,
    UNSEAL_TARGET_ACTIVITY,
    DrawnTarget,
    Handed,
    SealedTarget,
    ToDrawTargets,
    ToFreeze,
    ToHand,
    ToReveal,
)
from duban.proof.sealing import SealKey, seal

SYSTEM: Final = "system"


class TargetKeeper(Protocol):
    """What these activities need of a store; `duban.store.door.Door` is one.

    What is kept is made at the first asking: whoever asks again gets the same.
    """

    async def lists(self, asked: ToFreeze) -> Lists | None:
        """Return the lists that were handed in; None when there are none, or others."""

    async def facts(self, asked: ToFreeze) -> dict[str, UnitFacts]:
        """Return what is known of units on the day of a draw, sealed targets included."""

    async def frozen(self, stream: str, draw: str) -> Frozen | None:
        """Return what a draw is made from, if it is frozen."""

    async def keep_frozen(self, stream: str, frozen: Frozen) -> Frozen:
        """Keep what a draw is made from."""

    async def secret(self, stream: str, draw: str, *, made: bytes | None = None) -> bytes:
        """Return the secret of a draw of inspections; `made` is kept where there was none."""

    async def target(self, asked: SealedTarget) -> DrawnTarget | None:
        """Return a sealed target; None where it was burned."""

    async def keep_target(self, asked: SealedTarget, drawn: DrawnTarget) -> DrawnTarget:
        """Keep a target."""

    async def burn(self, asked: SealedTarget, by: str) -> None:
        """Burn a target and the secret that would give it away."""


class TargetActivities:
    """Freeze, draw, hand, unseal, burn and reveal through a keeper made once per worker."""

    def __init__(self, keeper: TargetKeeper) -> None:
        self._keeper = keeper

    @activity.defn(name=FREEZE_ACTIVITY)
    async def freeze_draw(self, asked: ToFreeze) -> DrawFrozen:
        """Have population, parameters and secret kept; lists that cannot be drawn from are told."""
        draw = asked.terms.draw
        try:
            frozen = await self._frozen(asked)
        except RuleViolation as why:
            return DrawFrozen(draw=draw, fault=why.code.value, params=why.params)
        made = secrets.token_bytes(sampling.SECRET_BYTES)
        secret = await self._keeper.secret(asked.stream, draw, made=made)
        return DrawFrozen(
            draw=draw,
            pop_hash=frozen.pop_hash,
            params_hash=frozen.params_hash,
            commit=sampling.commit(secret),
            size=len(frozen.population),
        )

    async def _frozen(self, asked: ToFreeze) -> Frozen:
        known = await self._keeper.frozen(asked.stream, asked.terms.draw)
        if known is not None:
            return known
        lists = await self._keeper.lists(asked)
        if lists is None:
            raise RuleViolation(Code.DRAW_LISTS, package=asked.lists.package)
        made = freeze(lists, asked.terms, await self._keeper.facts(asked), asked.policy)
        return await self._keeper.keep_frozen(asked.stream, made)

    @activity.defn(name=DRAW_ACTIVITY)
    async def draw_targets(self, asked: ToDrawTargets) -> DrawDone:
        """Have a target drawn and kept for each inspection; a hash of each is told."""
        frozen = await self._kept(asked.stream, asked.draw)
        places = {each.site: each for each in frozen.basis.lists.places}
        bound = {}
        for pick in await self._picks(frozen, asked):
            place = places[pick.site]
            made = Target(
                **pick.model_dump(include={"inspection", "site", "unit", "inspectors"}),
                name=place.name,
                address=place.address,
                salt=secrets.token_hex(32),
            )
            where = SealedTarget(stream=asked.stream, draw=asked.draw, inspection=pick.inspection)
            kept = await self._keeper.keep_target(
                where, DrawnTarget(target=made, covered=pick.covered)
            )
            bound[pick.inspection] = commitment(kept.target)
        return DrawDone(draw=asked.draw, commitments=bound)

    async def _kept(self, stream: str, draw: str) -> Frozen:
        frozen = await self._keeper.frozen(stream, draw)
        assert frozen is not None, "it was frozen before its commitment was told"
        return frozen

    async def _picks(self, frozen: Frozen, asked: ToDrawTargets) -> tuple[Pick, ...]:
        secret = await self._keeper.secret(asked.stream, asked.draw)
        return picks(_seed(secret, frozen, asked.number), frozen)

    @activity.defn(name=HAND_ACTIVITY)
    async def hand_target(self, asked: ToHand) -> Handed:
        """Return a target sealed to the key that its leader made a moment ago (row 28)."""
        target = await self._target(asked.target)
        key = SealKey(LEADER, bytes.fromhex(asked.key))
        return Handed(box=seal(target.model_dump_json().encode(), key).box.hex())

    @activity.defn(name=UNSEAL_TARGET_ACTIVITY)
    async def unseal_target(self, asked: SealedTarget) -> TargetUnsealed:
        """Return a target. It is asked for once the check-in is on the trail (SEC4)."""
        target = await self._target(asked)
        return TargetUnsealed(**target.__dict__)

    async def _target(self, asked: SealedTarget) -> Target:
        drawn = await self._keeper.target(asked)
        assert drawn is not None, "what is burned is asked for no more"
        return drawn.target

    @activity.defn(name=BURN_ACTIVITY)
    async def burn_target(self, asked: SealedTarget) -> None:
        """Burn a target: nobody will know any more where it would have been (SEC5, SEC6)."""
        await self._keeper.burn(asked, SYSTEM)

    @activity.defn(name=REVEAL_ACTIVITY)
    async def reveal_draw(self, asked: ToReveal) -> DrawRevealed:
        """Return everything of a draw, what is burned apart (f.3, step 8)."""
        draw = asked.draw
        frozen = await self._kept(asked.stream, draw.no)
        targets = [
            await self._revealed(asked, inspection, bound)
            for inspection, bound in draw.commitments.items()
        ]
        secret = None
        if all(each.pick for each in targets):
            secret = await self._keeper.secret(asked.stream, draw.no)
        record = DrawRecord(
            campaign=asked.campaign,
            frozen=frozen,
            commit=str(draw.commit),
            run_by=draw.run_by,
            number=str(draw.number),
            witnesses=draw.witnesses,
            secret=secret.hex() if secret else None,
            seed=_seed(secret, frozen, str(draw.number)).hex() if secret else None,
            targets=tuple(targets),
            siblings=asked.siblings,
        )
        return DrawRevealed(draw=draw.no, record=record)

    async def _revealed(self, asked: ToReveal, inspection: str, bound: str) -> RevealedTarget:
        where = SealedTarget(stream=asked.stream, draw=asked.draw.no, inspection=inspection)
        drawn = await self._keeper.target(where)
        if drawn is None:
            return RevealedTarget(inspection=inspection, commitment=bound)
        return RevealedTarget(
            inspection=inspection, commitment=bound, pick=drawn.pick, salt=drawn.target.salt
        )


def _seed(secret: bytes, frozen: Frozen, number: str) -> bytes:
    hashes = (frozen.pop_hash, frozen.params_hash)
    return sampling.seed(secret, frozen.basis.terms.draw, hashes, number)
