"""Going on from the last verification: what its state stands for, what is looked at once more.

The database's tree must still begin with the tiles that were verified. What was read of the entries
before them is taken from the state, never from the database.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

import asyncpg

from duban.proof.policy import Policy
from duban.proof.tiles import WIDTH, tile_root
from duban.store.findings import Finding
from duban.store.ordinals import Seen
from duban.verify.outside import Outside
from duban.verify.payloads import Told
from duban.verify.queries import SQL
from duban.verify.report import Report, Unchecked
from duban.verify.signatures import CheckpointRow
from duban.verify.state import State, cut, frontier_of, policy_digest
from duban.verify.trees import Tree

_MICRO: Final = 1_000_000


def spans(first: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """Yield ranges that cover [first, end), each a subtree (or begun one) of the whole tree."""
    while first < end:
        step = min(longest, first & -first or longest)
        yield first, min(first + step, end)
        first += step


@dataclass(slots=True)
class Taken:
    """What a run has taken in of the entries before a boundary, copied when it gets there."""

    boundary: int
    tile_roots: tuple[bytes, ...] = ()
    streams: dict[str, Seen] = field(default_factory=dict)
    told: Told = field(default_factory=Told)

    def keep(self, tree: Tree, streams: Mapping[str, Seen], told: Told) -> None:
        """Copy what was seen, if the tree has just reached the boundary."""
        if tree.frontier.size == self.boundary:
            self.tile_roots = tuple(tree.tile_roots)
            # Texts that are gone were explained, or nothing is left for the next run.
            self.streams, self.told = deepcopy(dict(streams)), deepcopy(replace(told, missing={}))

    def state(self, policy: Policy, newest: CheckpointRow, now_us: int) -> State:
        """Return what the next run may go on from, after one that holds."""
        return State(
            origin=policy.origin or "",
            policy=policy_digest(policy),
            at_us=now_us,
            size=newest.size,
            root=newest.root,
            tile_roots=self.tile_roots,
            streams=self.streams,
            told=self.told,
        )


def usable(state: State | None, size: int, report: Report) -> State | None:
    """Return the state if the log of `size` entries can still begin with what it stands for.

    Otherwise that is a finding, and everything is to be checked from zero.
    """
    if state is None:
        return None
    if size < state.size:
        told = f"{state.size} entries were verified, {size} are there"
        report.take([Finding("TRUNCATED", f"state {state.size}", told)])
        return None
    report.earlier = state.first
    since = datetime.fromtimestamp(state.at_us / _MICRO, UTC).isoformat(timespec="seconds")
    if state.first:
        report.unchecked.append(Unchecked("earlier", state.first, since))
    return state


async def judge_earlier(
    connection: asyncpg.Connection, state: State, tree: Tree, told: Told
) -> list[Finding]:
    """Return where the database's tree is not the one that was verified, by its tiles' roots.

    Earlier texts are not read again, so every erasure has to explain itself in `told`.

    Raises:
        asyncpg.PostgresError: PostgreSQL cannot answer.
    """
    found: list[Finding] = []
    for each in told.erased:
        told.missing.setdefault(each.erasure.target, each.where)
    where, differs = f"state {state.size}", "not the tree that was verified then"
    rows = await connection.fetch(SQL["tile_roots"], len(state.tile_roots))
    stored = {row["tile_index"]: row["root"] for row in rows}
    others = [n for n, root in enumerate(state.tile_roots) if stored.get(n) != root]
    if others:
        found.append(Finding("FORK", f"{where} tile 0/{others[0]}", differs))
    if tree.root_at(state.size) != state.root:
        found.append(Finding("FORK", where, differs))
    return found


async def earlier_hashes(
    connection: asyncpg.Connection, state: State, tree: Tree, outside: Outside
) -> dict[int, bytes]:
    """Return the leaf hashes before the state's end that receipts ask for; give the tree its roots.

    The database's tiles are taken at their word only where they lead to the roots that were
    verified; of others nothing is known, and what leads there is not honoured.

    Raises:
        asyncpg.PostgresError: PostgreSQL cannot answer.
    """
    hashes: dict[int, bytes] = {}
    sizes = {each for each in outside.sizes() if each < state.first}
    indices = {each for each in outside.indices() if each < state.first}
    for number in sorted({each // WIDTH for each in sizes | indices}):
        rows = await connection.fetch(SQL["tiles"], 0, number, number + 1)
        if [tile_root(row["hashes"]) for row in rows] != [state.tile_roots[number]]:
            continue
        leaves, begins = list(cut(rows[0]["hashes"])), number * WIDTH
        before = frontier_of(state.tile_roots[:number])
        for size in _within(sizes, begins):
            tree.frontiers[size] = before.extend(leaves[: size - begins])
        hashes |= {index: leaves[index - begins] for index in _within(indices, begins)}
    return hashes


def _within(numbers: Iterable[int], begins: int) -> list[int]:
    return [each for each in numbers if begins <= each < begins + WIDTH]
