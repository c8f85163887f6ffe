"""What a log asks of a witness: what it holds, and its cosignature. Nothing here is ever raised.

A witness that is away, slow or lying must not stop the log: whatever comes back is checked against
the policy's keys, and what does not stand the test is an `Answer` that says so.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import aiohttp

from duban.proof.checkpoints import Checkpoint
from duban.proof.errors import NoteError
from duban.proof.notes import Signature, SignedNote
from duban.proof.policy import Policy, Witness
from duban.witness.messages import (
    ADD_CHECKPOINT,
    MAX_BYTES,
    Submission,
    cosignatures_of,
    note_of,
    size_of,
)

TIMEOUT_SECONDS: Final = 5.0
"""How long one request may take, connecting included, unless said otherwise."""

_OK, _CONFLICT, _ERRORS, _SERVER = 200, 409, 400, 500
_LONGEST_DETAIL: Final = 200
_LATEST: Final = 253_402_300_799
"""The last second of the year 9999; a time after it could not be kept."""


class Outcome(StrEnum):
    """What became of a request."""

    HELD = "held"
    """It holds `size` (and, above 0, `checkpoint`, which the log signed)."""
    COSIGNED = "cosigned"
    """It cosigned: `cosignatures`."""
    CONFLICT = "conflict"
    """It holds another `size` than was said, no larger than the checkpoint: prove from there."""
    AHEAD = "ahead"
    """It says that it holds more than the checkpoint: a lie, or a log cut short; ask `size`."""
    FORKED = "forked"
    """It holds another root of the checkpoint's own size, by its word."""
    REFUSED = "refused"
    """It does not know the log, its key, or this proof; `detail` has its words."""
    UNTRUSTED = "untrusted"
    """What it said cannot be checked with the policy's keys, or is no answer; ignore it."""
    AWAY = "away"
    """It could not be reached, was too slow, or failed itself."""


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A cosignature that was checked: whose (the policy's name), the line, when (s since 1970)."""

    witness: str
    signature: Signature
    at: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness said. `size` is set for HELD, CONFLICT, AHEAD and FORKED.

    With HELD may come when it cosigned what it holds, and what its clock says (s since 1970).
    """

    witness: str
    outcome: Outcome
    size: int | None = None
    checkpoint: Checkpoint | None = None
    cosignatures: tuple[Cosignature, ...] = ()
    detail: str = ""
    clock: int | None = None


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    body: str


class WitnessClient:
    """Asks one witness of a policy, which has a URL.

    Args:
        session: what requests are made with; it is the caller's, to open and to close.
        policy: its log keys say whether a checkpoint that a witness tells of is the log's.
        witness: whom to ask, and the only one whose cosignatures are taken from its answers.
        timeout: seconds that one request may take.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        policy: Policy,
        witness: Witness,
        *,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._session = session
        self._policy = policy
        self._witness = witness
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._url = (witness.url or "").rstrip("/")

    @property
    def name(self) -> str:
        """The witness's name in the policy."""
        return self._witness.name

    async def size(self, origin: str) -> Answer:
        """Ask how much of a log it holds: HELD, REFUSED, UNTRUSTED or AWAY.

        A size above 0 counts only with a checkpoint that the log signed, so no witness can stop a
        log by an invented one.
        """
        reply = await self._ask("GET", "", None)
        if isinstance(reply, Answer):
            return reply
        if reply.status != _OK:
            return self._failed(reply)
        try:
            said = json.loads(reply.body)
            told = [each for each in said["logs"] if each["origin"] == origin]
            if not told:
                return self._answer(Outcome.REFUSED, "the log is not known there")
            held = self._held(origin, told[0]["size"], told[0]["checkpoint"])
            return replace(held, clock=_time(said.get("time")))
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
            return self._answer(Outcome.UNTRUSTED, f"{type(error).__name__}: {error}")

    async def add(self, old: int, proof: Sequence[bytes], note: SignedNote) -> Answer:
        """Hand a checkpoint in, with the proof that it continues the tree of size `old`.

        Returns COSIGNED, CONFLICT, AHEAD, FORKED, REFUSED, UNTRUSTED or AWAY.
        """
        try:
            tree = Checkpoint.parse(note.text)
        except NoteError as error:
            return self._answer(Outcome.REFUSED, str(error))
        reply = await self._ask(
            "POST", ADD_CHECKPOINT, Submission(old, tuple(proof), note).format()
        )
        if isinstance(reply, Answer):
            return reply
        if reply.status == _CONFLICT:
            return self._conflict(reply.body, old, tree.size)
        if reply.status != _OK:
            return self._failed(reply)
        return self._cosigned(note, reply.body)

    def _held(self, origin: str, size: object, written: str | None) -> Answer:
        if written is None and size == 0:
            return replace(self._answer(Outcome.HELD), size=0)
        if written is None:
            return self._answer(Outcome.UNTRUSTED, f"no checkpoint is shown for {size!r}")
        note = note_of(written)
        tree = Checkpoint.parse(note.text)
        if (tree.origin, tree.size) != (origin, size) or not self._policy.signers(note):
            return self._answer(Outcome.UNTRUSTED, "the log did not sign what it tells of")
        held = replace(self._answer(Outcome.HELD), size=tree.size, checkpoint=tree)
        return replace(held, cosignatures=self._own(note, note.signatures))

    def _own(self, note: SignedNote, lines: Iterable[Signature]) -> tuple[Cosignature, ...]:
        """Return what of these the witness's key signed, at a possible time."""
        return tuple(
            Cosignature(self.name, line, at)
            for line in lines
            if (at := self._witness.key.cosigned_at(note.text, line)) is not None and at <= _LATEST
        )

    def _cosigned(self, note: SignedNote, body: str) -> Answer:
        try:
            lines = cosignatures_of(body)
        except NoteError as error:
            return self._answer(Outcome.UNTRUSTED, str(error))
        found = self._own(note, lines)
        if not found:
            return self._answer(
                Outcome.UNTRUSTED, "no cosignature is by the key of the policy, at a possible time"
            )
        return replace(self._answer(Outcome.COSIGNED), cosignatures=found)

    def _conflict(self, body: str, old: int, new: int) -> Answer:
        size = size_of(body.removesuffix("\n"))
        if size is None:
            return self._answer(Outcome.UNTRUSTED, f"no size: {body[:_LONGEST_DETAIL]!r}")
        if size > new:
            return replace(self._answer(Outcome.AHEAD), size=size)
        if size == old == new:
            return replace(self._answer(Outcome.FORKED), size=size)
        if size == old:
            return self._answer(Outcome.UNTRUSTED, f"it holds {size} and refuses to go on from it")
        return replace(self._answer(Outcome.CONFLICT), size=size)

    def _failed(self, reply: _Reply) -> Answer:
        # A stranger's words are shown quoted, so that they cannot pass for another line.
        detail = f"{reply.status} {reply.body[:_LONGEST_DETAIL].strip()!r}"
        if reply.status >= _SERVER:
            return self._answer(Outcome.AWAY, detail)
        outcome = Outcome.REFUSED if reply.status >= _ERRORS else Outcome.UNTRUSTED
        return self._answer(outcome, detail)

    def _answer(self, outcome: Outcome, detail: str = "") -> Answer:
        return Answer(self.name, outcome, detail=detail)

    async def _ask(self, method: str, path: str, body: bytes | None) -> _Reply | Answer:
        if not self._url:
            return self._answer(Outcome.AWAY, "the policy gives no URL")
        try:
            async with self._session.request(
                method,
                f"{self._url}/{path}",
                data=body,
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                told = await response.content.read(MAX_BYTES + 1)
                while len(told) <= MAX_BYTES and not response.content.at_eof():
                    told += await response.content.read(MAX_BYTES + 1 - len(told))
                if len(told) > MAX_BYTES:
                    return self._answer(Outcome.UNTRUSTED, "the answer is too long")
                return _Reply(response.status, told.decode())
        except UnicodeDecodeError as error:
            return self._answer(Outcome.UNTRUSTED, str(error))
        except (aiohttp.ClientError, OSError, ValueError, RuntimeError) as error:
            return self._answer(Outcome.AWAY, f"{type(error).__name__}: {error}".strip(": "))


def _time(said: object) -> int | None:
    """Return a time that a stranger tells, if it is one."""
    if not isinstance(said, int) or isinstance(said, bool):
        return None
    return said if 0 <= said <= _LATEST else None
