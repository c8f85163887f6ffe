"""The witness itself: it cosigns a checkpoint that continues the one it cosigned before.

It never signs two roots of one size, nor a smaller tree after a larger one, because what it signs
is on its disk before anybody sees the signature.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import structlog

from duban.proof.checkpoints import Checkpoint
from duban.proof.errors import NoteError
from duban.proof.merkle import EMPTY_ROOT, verify_consistency
from duban.proof.notes import SignedNote, SignerKey
from duban.proof.policy import Policy
from duban.witness.messages import SIZE_TYPE, Submission

log = structlog.get_logger(__name__)

OK, BAD_REQUEST, FORBIDDEN, NOT_FOUND, CONFLICT, UNPROCESSABLE, UNAVAILABLE = (
    200,
    400,
    403,
    404,
    409,
    422,
    503,
)


class Memory(Protocol):
    """Where a witness keeps what it signed; `duban.witness.state.State` is the real one."""

    def notes(self) -> dict[str, SignedNote]:
        """Return the newest note of every log by its origin."""

    def keep(self, note: SignedNote) -> None:
        """Make a note the newest of its log, durably. Raises `OSError`."""

    def keep_conflict(self, note: SignedNote) -> None:
        """Keep a note that its log should never have signed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request: an HTTP status, the body, and its content type."""

    status: int
    body: str
    content_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class _Place:
    """What is to be judged: the request, its checkpoint, and what was cosigned before it."""

    asked: Submission
    tree: Checkpoint
    before: Checkpoint


class Judge:
    """Judges checkpoints for one witness. Its methods may be called from several threads.

    Args:
        policy: names the logs and their keys; what it says of witnesses does not matter here.
        key: the witness's own key.
        memory: what it signed before, and where it keeps what it signs.
        now: gives the time in whole seconds since 1970.
    """

    def __init__(
        self, policy: Policy, key: SignerKey, memory: Memory, now: Callable[[], int]
    ) -> None:
        self._policy = policy
        self._key = key
        self._memory = memory
        self._now = now
        self._newest = memory.notes()
        self._locks = {each.key.name: Lock() for each in policy.logs}

    def time(self) -> int:
        """Return what the witness's clock says, in whole seconds since 1970."""
        return self._now()

    def newest(self) -> dict[str, SignedNote | None]:
        """Return the newest cosigned note of every log of the policy, by its origin."""
        return {origin: self._newest.get(origin) for origin in sorted(self._locks)}

    def add(self, body: bytes) -> Answer:
        """Judge a request of `add-checkpoint` and cosign what stands the test."""
        try:
            asked = Submission.parse(body)
            tree = Checkpoint.parse(asked.note.text)
        except NoteError as error:
            return Answer(BAD_REQUEST, f"{error}\n")
        if tree.origin not in self._locks:
            return Answer(NOT_FOUND, "the log is not known here\n")
        signers = self._policy.signers(asked.note)
        if not signers:
            return Answer(FORBIDDEN, "no key that is known of this log signed it\n")
        if asked.old > tree.size:
            return Answer(BAD_REQUEST, "the old size is larger than the new one\n")
        # Others' signatures are not ours to keep, for nobody has checked them.
        text = asked.note.text
        signed = [s for s in asked.note.signatures if any(k.verifies(text, s) for k in signers)]
        note = SignedNote(text, tuple(signed))
        with self._locks[tree.origin]:
            return self._judge(_Place(asked, tree, self._before(tree.origin)), note)

    def _before(self, origin: str) -> Checkpoint:
        note = self._newest.get(origin)
        return Checkpoint.parse(note.text) if note else Checkpoint(origin, 0, EMPTY_ROOT)

    def _judge(self, place: _Place, note: SignedNote) -> Answer:
        tree, before = place.tree, place.before
        if place.asked.old != before.size:
            return _size(before)
        if tree.size == before.size and tree.root != before.root:
            log.error("log_forked", origin=tree.origin, size=tree.size)
            self._memory.keep_conflict(note)
            return _size(before)
        if not verify_consistency(
            before.size, tree.size, place.asked.proof, before.root, tree.root
        ):
            log.warning("proof_refused", origin=tree.origin, old=before.size, size=tree.size)
            return Answer(UNPROCESSABLE, "the proof does not lead from the old tree to the new\n")
        return self._cosign(tree, note)

    def _cosign(self, tree: Checkpoint, note: SignedNote) -> Answer:
        cosigned = self._key.cosign(note.text, self._now())
        kept = note.with_signatures([cosigned])
        try:
            self._memory.keep(kept)
        except OSError as error:
            log.error("state_not_written", origin=tree.origin, reason=str(error))
            return Answer(UNAVAILABLE, "what would be signed cannot be kept\n")
        self._newest[tree.origin] = kept
        return Answer(OK, f"{cosigned.line()}\n")


def _size(before: Checkpoint) -> Answer:
    return Answer(CONFLICT, f"{before.size}\n", SIZE_TYPE)
