"""A log in memory, signed and cosigned, from which bundles are exported without a database."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from duban.bundle.source import Body, LoggedEntry, Source
from duban.contracts import Mode, Record
from duban.domain.events import Event
from duban.proof.checkpoints import Checkpoint
from duban.proof.commitments import commitment
from duban.proof.merkle import leaf_hash, root_of
from duban.proof.notes import COSIGNATURE, ED25519, SignedNote, SignerKey
from duban.store.canonical import encode, entry
from duban.store.log import Node
from tests.support.entries import a_closing, an_event

ORIGIN = "duban.test/trail"
LOG = SignerKey(ORIGIN, ED25519, bytes(range(32)))
WITNESSES = tuple(SignerKey(f"w{n}.example", COSIGNATURE, bytes([n]) * 32) for n in (1, 2))
SOMEBODY = SignerKey(ORIGIN, ED25519, b"x" * 32)
AT = 1_764_000_000

POLICY = f"""# whom the readers trust
log {LOG.public.format()}
witness first {WITNESSES[0].public.format()}
witness second {WITNESSES[1].public.format()}
group both all first second
quorum both
writer duban_worker duban_sequencer
"""
BARE = f"log {LOG.public.format()}\nquorum none\n"


def leaf_of(event: Event, stream: str, campaign: str | None, by: str = "duban_worker") -> bytes:
    """The bytes the trail keeps of an event."""
    record = Record(stream=stream, campaign=campaign, mode=Mode.REHEARSAL, events=(event,))
    head = encode({"at": 1_764_000_000_000_000 + event.seq, "by": by, "e": 0})
    return head[:-2] + entry(record, event) + b"}"


def a_stream(no: str, count: int, *, closed: bool = False) -> list[bytes]:
    """The leaves of a campaign's stream."""
    plain = count - 1 if closed else count
    events = [an_event(seq) for seq in range(plain)] + ([a_closing(plain)] if closed else [])
    return [leaf_of(each, f"campaign-{no}", no) for each in events]


def committing(salt: bytes, body: bytes) -> bytes:
    """A leaf that commits to a body in the slot `text`."""
    committed = commitment(salt, body).hex()
    fields = {"c": {"text": committed}, "seq": 0, "stream": "secrets", "occ": 1, "tag": "a:b:c"}
    return encode({"at": 1, "by": "duban_worker", "e": fields})


def story() -> list[bytes]:
    """Two campaigns mixed, one closed, after the trail's first entry and before a commitment."""
    first = leaf_of(an_event(0, tag="trail:database:opened"), "trail", None)
    one, two = a_stream("BE-2019", 7, closed=True), a_stream("EX-2020", 5)
    mixed = [each for pair in zip(one, two, strict=False) for each in pair]
    return [first, *mixed, *one[5:], committing(bytes(32), "密件".encode())]


@dataclass
class MemoryLog(Source):
    """A log over leaves with checkpoints at the given sizes; fields may be altered by a test."""

    leaves: list[bytes]
    sizes: list[int]
    signers: Sequence[SignerKey] = (LOG,)
    witnesses: Sequence[SignerKey] = WITNESSES
    texts: list[Body] = field(default_factory=list)
    origin: str = ORIGIN
    held: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.held = self.held or [leaf_hash(each) for each in self.leaves]

    def note(self, size: int) -> SignedNote:
        """The checkpoint of a size."""
        text = Checkpoint(self.origin, size, root_of(self.held[:size])).text()
        lines = [key.sign(text) for key in self.signers]
        return SignedNote(text, (*lines, *(w.cosign(text, AT + size) for w in self.witnesses)))

    async def newest(self, limit: int) -> list[SignedNote]:
        """Return the newest checkpoints."""
        return [self.note(size) for size in sorted(self.sizes, reverse=True)[:limit]]

    async def covering(self, size: int) -> SignedNote | None:
        """Return the first checkpoint of so many entries."""
        return next((self.note(each) for each in sorted(self.sizes) if each >= size), None)

    async def entries(self, size: int, campaign: str | None) -> AsyncGenerator[LoggedEntry]:
        """Yield entries."""
        wanted = f'"stream":"campaign-{campaign}"'.encode() if campaign else b""
        for index, leaf in enumerate(self.leaves[:size]):
            if wanted in leaf:
                yield LoggedEntry(index, self.held[index], leaf)

    async def bodies(self, size: int, campaign: str | None) -> AsyncGenerator[Body]:
        """Yield bodies."""
        for each in self.texts if campaign is None else []:
            yield each

    async def hashes(self, nodes: Iterable[Node]) -> Mapping[Node, bytes]:
        """Return the roots of perfect subtrees."""
        return {
            (level, index): root_of(self.held[index << level : (index + 1) << level])
            for level, index in nodes
        }


def sample(**fields: object) -> MemoryLog:
    """The story as a log with three checkpoints and its one body."""
    leaves = story()
    texts = [Body(len(leaves) - 1, "text", bytes(32), "密件".encode())]
    return MemoryLog(leaves, [4, 9, len(leaves)], texts=texts, **fields)  # type: ignore[arg-type]
