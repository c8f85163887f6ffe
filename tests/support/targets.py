"""Sealed draws in memory, with the promises of the store, and lists to draw from."""

from hashlib import sha256

from duban.domain.campaign.draw_records import SealedLists
from duban.domain.draw.basis import UnitFacts
from duban.domain.draw.freezing import Frozen
from duban.domain.draw.places import Candidate, Lists, Place, Tie, TieKind
from duban.inspection_contracts import (
    DrawnTarget,
    SealedTarget,
    ToFreeze,
)
from duban.store.errors import DatabaseUnavailable, SealedBoxBurned

LISTS = Lists(
    places=tuple(
        Place(site=f"{unit}-S{n}", name=f"{unit}第{n}窗口", unit=unit, address=f"{n}号")
        for unit in ("U01", "U02", "U03")
        for n in (1, 2)
    ),
    pool=(
        *(Candidate(person=f"IN-{n}", name=f"检查员{n}") for n in range(1, 7)),
        Candidate(person="IN-7", ties=(Tie(unit="U01", kind=TieKind.FORMER_UNIT),)),
    ),
)
"""Six windows of three units, and seven people, of whom one was at the first unit."""


class FakeTargets:
    """The first box of a place stays; a worker dies `deaths` times after it has kept something."""

    def __init__(self) -> None:
        self.packages: dict[str, Lists] = {}
        self.kept: dict[str, Frozen] = {}
        self.secrets: dict[str, bytes | None] = {}
        self.targets: dict[str, DrawnTarget | None] = {}
        self.known: dict[str, UnitFacts] = {}
        self.burned_by: dict[str, str] = {}
        self.deaths = 0

    async def hand_in(self, stream: str, lists: Lists) -> SealedLists:
        """Keep the lists of a draw; nothing here seals anything."""
        package = f"package-{len(self.packages) + 1}"
        self.packages[package] = lists
        return SealedLists(package=package, digest=sha256(package.encode()).hexdigest())

    async def lists(self, asked: ToFreeze) -> Lists | None:
        """Return the lists that were handed in."""
        same = sha256(asked.lists.package.encode()).hexdigest() == asked.lists.digest
        return self.packages.get(asked.lists.package) if same else None

    async def facts(self, asked: ToFreeze) -> dict[str, UnitFacts]:
        """Return what the test says of units."""
        return self.known

    async def frozen(self, stream: str, draw: str) -> Frozen | None:
        """Return what a draw is made from, if it is frozen."""
        return self.kept.get(draw)

    async def keep_frozen(self, stream: str, frozen: Frozen) -> Frozen:
        """Keep what a draw is made from."""
        return self.kept.setdefault(frozen.basis.terms.draw, frozen)

    async def secret(self, stream: str, draw: str, *, made: bytes | None = None) -> bytes:
        """Return the secret of a draw."""
        secret = self.secrets.setdefault(draw, made) if made else self.secrets[draw]
        self._die()
        if secret is None:
            raise SealedBoxBurned(kind="secret", of=draw)
        return secret

    async def target(self, asked: SealedTarget) -> DrawnTarget | None:
        """Return a sealed target; None where it was burned."""
        return self.targets[_key(asked)]

    async def keep_target(self, asked: SealedTarget, drawn: DrawnTarget) -> DrawnTarget:
        """Keep a target."""
        kept = self.targets.setdefault(_key(asked), drawn)
        self._die()
        assert kept is not None
        return kept

    async def burn(self, asked: SealedTarget, by: str) -> None:
        """Burn a target and the secret of its draw."""
        self.targets[_key(asked)] = None
        self.secrets[asked.draw] = None
        self.burned_by.setdefault(_key(asked), by)

    def _die(self) -> None:
        if self.deaths:
            self.deaths -= 1
            raise DatabaseUnavailable(reason="killed before it could tell")


def _key(asked: SealedTarget) -> str:
    return f"{asked.draw}/{asked.inspection}"
