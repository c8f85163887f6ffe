"""The tree of the whole log, put together from its ranges, beside what the database keeps of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import asyncpg

from duban.proof.merkle import EMPTY_ROOT, Frontier
from duban.proof.tiles import HEIGHT, WIDTH, tile_root
from duban.store.findings import Finding
from duban.verify.ranges import Part, judge_tile
from duban.verify.signatures import CheckpointRow

Tile = tuple[int, int]
"""A tile by level and place."""


@dataclass(slots=True)
class Tree:
    """Grows by parts in their order. `roots` and `frontiers` are those at the sizes asked for."""

    frontier: Frontier = field(default_factory=Frontier)
    frontiers: dict[int, Frontier] = field(default_factory=dict)
    tile_roots: list[bytes] = field(default_factory=list)

    def take(self, part: Part) -> None:
        """Add the next part at the tree's end."""
        for cut, own in part.frontiers.items():
            self.frontiers[cut] = self.frontier.join(own)
        self.frontier = self.frontiers[part.end]
        self.tile_roots += part.tile_roots

    def root_at(self, size: int) -> bytes | None:
        """Return the root at a size that was asked for; None if the tree is smaller."""
        if size == 0:
            return EMPTY_ROOT
        found = self.frontiers.get(size)
        return found.root() if found else None

    def judge_checkpoints(self, rows: Sequence[CheckpointRow]) -> list[Finding]:
        """Recompute the root and the frontier of every checkpoint there ever was."""
        found: list[Finding] = []
        for row in rows:
            where = f"checkpoint {row.size}"
            known = self.frontiers.get(row.size)
            if known is None:
                told = f"the log has {self.frontier.size} entries only"
                found.append(Finding("CKPT_ROOT", where, told))
                continue
            if known.root() != row.root:
                found.append(Finding("CKPT_ROOT", where, "the entries lead to another root"))
            if known.encode() != row.frontier:
                found.append(Finding("FRONTIER", where, "not the roots of its subtrees"))
        return found

    def judge_tiles(
        self, higher: Mapping[Tile, asyncpg.Record], extent: Mapping[int, int]
    ) -> list[Finding]:
        """Recompute the tiles above the lowest level, and look for some that cannot be there yet.

        `extent` tells the place of the last stored tile of each level.
        """
        found: list[Finding] = []
        level, roots = 0, self.tile_roots
        while roots or level in extent:
            last = extent.get(level, -1)
            if last >= len(roots):
                told = f"the level has {len(roots)} full tiles only"
                found.append(Finding("TILE", f"tile {level}/{last}", told))
            level, below, roots = level + 1, roots, []
            for index in range(len(below) >> HEIGHT):
                hashes = b"".join(below[index * WIDTH : (index + 1) * WIDTH])
                roots.append(tile_root(hashes))
                found += judge_tile(level, index, hashes, roots[-1], higher.get((level, index)))
        return found
