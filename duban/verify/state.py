"""What a verification leaves for the next one, in a file of the verifier's own and nobody else's.

A state is worth as much as the machine it lies on. It holds the hashes of all full tiles that were
checked, so the database's tree must still begin with them, and what was seen of each stream.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from pydantic import TypeAdapter, ValidationError

from duban.errors import DubanError
from duban.proof.merkle import HASH_SIZE, Frontier
from duban.proof.policy import Policy
from duban.proof.tiles import WIDTH
from duban.store.ordinals import Seen
from duban.verify.payloads import Erased, Erasure, Revealed, Told
from duban.verify.trees import Tree

_FORM: Final = 1


@dataclass(frozen=True, slots=True)
class State:
    """What a verification that held has left of the first entries, a whole number of tiles.

    `size` and `root` are those of the newest checkpoint it saw, `at_us` is its time (microseconds,
    the verifier's clock); `policy` is the digest of the policy it went by.
    """

    origin: str
    policy: str
    at_us: int
    size: int
    root: bytes
    tile_roots: tuple[bytes, ...]
    streams: Mapping[str, Seen] = field(default_factory=dict)
    told: Told = field(default_factory=Told)

    @property
    def first(self) -> int:
        """The first entry that is to be checked again."""
        return len(self.tile_roots) * WIDTH

    def tree(self) -> Tree:
        """Return the tree of the entries before `first`."""
        frontier = frontier_of(self.tile_roots)
        return Tree(frontier, {self.first: frontier}, list(self.tile_roots))

    def format(self) -> str:
        """Return it as a file: the digest of what follows, and what follows as JSON."""
        told = {name: each for name, each in asdict(self.told).items() if name != "missing"}
        body = json.dumps(
            {
                "v": _FORM,
                "origin": self.origin,
                "policy": self.policy,
                "at": self.at_us,
                "size": self.size,
                "root": self.root.hex(),
                "tiles": base64.b64encode(b"".join(self.tile_roots)).decode(),
                "streams": {name: asdict(seen) for name, seen in self.streams.items()},
                "told": told,
            },
            ensure_ascii=False,
            sort_keys=True,
        )
        return f"{_digest(body)}\n{body}\n"

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read what `format` wrote.

        Raises:
            ValueError: it is not that.
        """
        digest, _, body = written.partition("\n")
        body = body.removesuffix("\n")
        if digest != _digest(body):
            message = "its digest is not its own"
            raise ValueError(message)
        said = json.loads(body)
        if not isinstance(said, dict) or said.get("v") != _FORM:
            message = "another form"
            raise ValueError(message)
        return cls._of(said)

    @classmethod
    def _of(cls, said: dict[str, Any]) -> Self:
        try:
            tiles = base64.b64decode(said["tiles"], validate=True)
            state = cls(
                origin=said["origin"],
                policy=said["policy"],
                at_us=int(said["at"]),
                size=int(said["size"]),
                root=bytes.fromhex(said["root"]),
                tile_roots=tuple(cut(tiles)),
                streams=_SEEN.validate_python(said["streams"]),
                told=_told(said["told"]),
            )
        except (KeyError, TypeError, AttributeError, ValidationError) as error:
            raise ValueError(str(error)) from error
        if state.first > state.size or len(state.root) != HASH_SIZE or len(tiles) % HASH_SIZE:
            message = "it cannot be of one tree"
            raise ValueError(message)
        return state


_SEEN: Final = TypeAdapter(dict[str, Seen])
_REVEALED: Final = TypeAdapter(list[Revealed])
_REQUESTS: Final = TypeAdapter(dict[int, Erasure])
_ERASED: Final = TypeAdapter(list[Erased])


def read_state(path: Path, policy: Policy) -> State | None:
    """Read a state for a run under a policy; None if there is no such file yet.

    Raises:
        DubanError: `verify.state_damaged`, `verify.state_other_log`, or `verify.state_other_policy`
            for one that was left under other keys or limits.
    """
    try:
        state = State.parse(path.read_bytes().decode())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DubanError("verify.state_damaged", file=str(path), reason=str(error)) from error
    if state.origin != policy.origin:
        raise DubanError("verify.state_other_log", file=str(path), origin=state.origin)
    if state.policy != policy_digest(policy):
        raise DubanError("verify.state_other_policy", file=str(path))
    return state


def write_state(path: Path, state: State) -> None:
    """Replace a state as a whole; what was there stays until the new one has reached the disk.

    Raises:
        DubanError: `verify.state_unwritable`.
    """
    draft = path.with_name(f"{path.name}.new")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(state.format())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise DubanError("verify.state_unwritable", file=str(path), reason=str(error)) from error


def policy_digest(policy: Policy) -> str:
    """Return by what a policy is told from another."""
    return _digest(policy.format())


def frontier_of(tile_roots: tuple[bytes, ...]) -> Frontier:
    """Return the frontier of a tree of full tiles."""
    tiles = Frontier().extend(tile_roots)
    return Frontier(tiles.size * WIDTH, tiles.nodes)


def _told(said: dict[str, Any]) -> Told:
    return Told(
        revealed=_REVEALED.validate_python(said["revealed"]),
        requests=_REQUESTS.validate_python(said["requests"]),
        erased=_ERASED.validate_python(said["erased"]),
        sealed=int(said["sealed"]),
    )


def cut(hashes: bytes) -> Iterator[bytes]:
    """Yield joined hashes one by one."""
    return (hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
