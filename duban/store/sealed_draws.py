"""Draws of inspections: lists, what is drawn from, secrets and targets, each in a sealed box.

They are sealed under a key ring that the database never sees, each for its own place (ADR 0025).
The first box of a place stays, whoever asked for it and however often; what is burned does not come
back.
"""

import secrets
from hashlib import sha256
from typing import Final, TypeVar

import asyncpg
from pydantic import BaseModel

from duban.domain.campaign.draw_records import SealedLists
from duban.domain.draw.basis import UnitFacts
from duban.domain.draw.freezing import Frozen
from duban.domain.draw.places import Lists
from duban.inspection_contracts import (
    DrawnTarget,
    SealedTarget,
    ToFreeze,
)
from duban.proof.errors import SealError
from duban.proof.rings import Box, KeyRing
from duban.store.errors import SealedBoxBurned, SealedBoxLost
from duban.store.pool import reachable
from duban.store.queries import SQL
from duban.store.unit_facts import Checked, facts_of

B = TypeVar("B", bound=BaseModel)

LISTS: Final = "lists"
FROZEN: Final = "frozen"
CHANCE: Final = "secret"
TARGET: Final = "target"
_PURPOSES: Final = {LISTS: "population", FROZEN: "population", CHANCE: "secret", TARGET: "target"}


class SealedDraws:
    """The sealed boxes of draws of inspections.

    All methods raise `DatabaseUnavailable` when PostgreSQL does not answer, and those that open a
    box `SealedBoxLost` where the ring does not open it.
    """

    def __init__(self, pool: asyncpg.Pool, ring: KeyRing) -> None:
        self._pool = pool
        self._boxes = {kind: ring.boxes(purpose) for kind, purpose in _PURPOSES.items()}

    async def hand_in(self, stream: str, lists: Lists) -> SealedLists:
        """Seal the lists of a draw for a campaign; return how `OpenInspectionDraw` names them.

        Nothing of them stands anywhere in the clear: the name is random, the digest is of the box.
        """
        package = secrets.token_hex(16)
        box = await self._keep(stream, LISTS, package, lists.model_dump_json().encode())
        return SealedLists(package=package, digest=sha256(box.box).hexdigest())

    async def lists(self, asked: ToFreeze) -> Lists | None:
        """Return the lists that were handed in; None when there are none, or others."""
        box = await self._box(asked.stream, LISTS, asked.lists.package)
        if box is None or sha256(box.box).hexdigest() != asked.lists.digest:
            return None
        body = self._opened(asked.stream, LISTS, asked.lists.package, box)
        return Lists.model_validate_json(body)

    async def frozen(self, stream: str, draw: str) -> Frozen | None:
        """Return what a draw is made from, if it is frozen."""
        box = await self._box(stream, FROZEN, draw)
        if box is None:
            return None
        return Frozen.model_validate_json(self._opened(stream, FROZEN, draw, box))

    async def keep_frozen(self, stream: str, frozen: Frozen) -> Frozen:
        """Keep what a draw is made from; return what is kept."""
        draw = frozen.basis.terms.draw
        return await self._kept(stream, FROZEN, draw, frozen)

    async def secret(self, stream: str, draw: str, *, made: bytes | None = None) -> bytes:
        """Return the secret of a draw; `made` is kept where there was none."""
        if made is not None:
            await self._keep(stream, CHANCE, draw, made)
        return self._opened(stream, CHANCE, draw, await self._there(stream, CHANCE, draw))

    async def target(self, asked: SealedTarget) -> DrawnTarget | None:
        """Return a sealed target; None where it was burned."""
        key = _target(asked)
        try:
            box = await self._there(asked.stream, TARGET, key)
        except SealedBoxBurned:
            return None
        return DrawnTarget.model_validate_json(self._opened(asked.stream, TARGET, key, box))

    async def keep_target(self, asked: SealedTarget, drawn: DrawnTarget) -> DrawnTarget:
        """Keep a target; return what is kept."""
        return await self._kept(asked.stream, TARGET, _target(asked), drawn)

    async def burn(self, asked: SealedTarget, by: str) -> None:
        """Burn a target and the secret of its draw: with the secret it could be drawn again."""
        for kind, key in ((TARGET, _target(asked)), (CHANCE, asked.draw)):
            with reachable():
                await self._pool.execute(SQL["burn_sealed"], asked.stream, kind, key, by)

    async def facts(self, asked: ToFreeze) -> dict[str, UnitFacts]:
        """Return what is known of units on the day of a draw, sealed targets included."""
        with reachable():
            checks = await self._pool.fetch(SQL["checks_of"], asked.campaign)
            doubts = await self._pool.fetch(SQL["doubts_of"], asked.campaign)
            rows = await self._pool.fetch(SQL["all_sealed"], asked.stream, TARGET)
        checked = {row["inspection"]: Checked(**row) for row in checks}
        themes: dict[str, str] = {}
        for row in rows:
            draw, _, inspection = row["key"].partition("/")
            if inspection in checked:
                # The team was there, and the ledger tells where: its box stays shut.
                continue
            body = self._opened(asked.stream, TARGET, row["key"], Box(row["key_id"], row["box"]))
            unit = DrawnTarget.model_validate_json(body).target.unit
            if draw not in themes:
                themes[draw] = await self._theme(asked.stream, draw)
            on = asked.goes_on or asked.terms.on
            checked[inspection] = Checked(inspection, unit, on, themes[draw], drawn=True)
        for each in asked.coming:
            checked.setdefault(each.inspection, Checked(**each.model_dump(), drawn=False))
        return facts_of(checked.values(), [dict(row) for row in doubts], asked)

    async def _theme(self, stream: str, draw: str) -> str:
        frozen = await self.frozen(stream, draw)
        return frozen.basis.terms.theme if frozen else ""

    async def _kept(self, stream: str, kind: str, key: str, value: B) -> B:
        box = await self._keep(stream, kind, key, value.model_dump_json().encode())
        return type(value).model_validate_json(self._opened(stream, kind, key, box))

    async def _keep(self, stream: str, kind: str, key: str, body: bytes) -> Box:
        """Keep a body unless there is one; return the box that is there."""
        made = self._boxes[kind].seal(body, _place(stream, kind, key))
        with reachable():
            await self._pool.execute(SQL["keep_sealed"], stream, kind, key, made.key_id, made.box)
        return await self._there(stream, kind, key)

    async def _there(self, stream: str, kind: str, key: str) -> Box:
        box = await self._box(stream, kind, key)
        if box is None:
            raise SealedBoxLost(kind=kind, of=key, key="-")
        return box

    async def _box(self, stream: str, kind: str, key: str) -> Box | None:
        with reachable():
            row = await self._pool.fetchrow(SQL["sealed"], stream, kind, key)
        if row is not None and row["box"] is None:
            raise SealedBoxBurned(kind=kind, of=key)
        return Box(row["key_id"], row["box"]) if row is not None else None

    def _opened(self, stream: str, kind: str, key: str, box: Box) -> bytes:
        try:
            return self._boxes[kind].open(box, _place(stream, kind, key))
        except SealError as error:
            raise SealedBoxLost(kind=kind, of=key, key=box.key_id.hex()) from error


def _place(stream: str, kind: str, key: str) -> str:
    return f"{stream}|{kind}|{key}"


def _target(asked: SealedTarget) -> str:
    return f"{asked.draw}/{asked.inspection}"
