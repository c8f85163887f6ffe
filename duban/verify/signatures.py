"""Checkpoints and cosignatures, judged by keys from outside (audit.md 3.4, 6).

Only the policy file says which keys count; a key in the database is no evidence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from duban.proof.checkpoints import Checkpoint
from duban.proof.errors import NoteError
from duban.proof.notes import Signature, SignedNote
from duban.proof.policy import Policy
from duban.store.findings import Finding

_MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    """A row of audit.checkpoint as it is stored."""

    size: int
    root: bytes
    frontier: bytes
    created_us: int
    note: str


@dataclass(frozen=True, slots=True)
class CosignatureRow:
    """A row of audit.cosignature as it is stored."""

    size: int
    witness: str
    line: str
    signed_us: int


class Notary:
    """Reads checkpoints and cosignatures with the keys of a policy. Times are microseconds."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._tolerance_us = policy.tolerance * _MICRO

    def judge(
        self, rows: Sequence[CheckpointRow], cosigned: Mapping[int, Sequence[CosignatureRow]]
    ) -> list[Finding]:
        """Return what is wrong with the checkpoints, in the order of their sizes."""
        found: list[Finding] = []
        made_us = 0
        for row in rows:
            note = self._judge_note(row, found)
            for each in cosigned.get(row.size, ()) if note else ():
                found += self._judge_cosignature(row, note, each)
            if row.created_us < made_us:
                found.append(Finding("CKPT_TIME", _where(row.size), "made before the one before"))
            made_us = row.created_us
        for size in cosigned.keys() - {row.size for row in rows}:
            found.append(Finding("COSIG_BAD", _where(size), "a cosignature of no checkpoint"))
        return found

    def judge_quorum(
        self,
        rows: Sequence[CheckpointRow],
        cosigned: Mapping[int, Sequence[CosignatureRow]],
        now_us: int,
    ) -> list[Finding]:
        """Return QUORUM if a checkpoint older than `mmd` is vouched for by no quorum.

        A witness that cosigned a later tree vouches for the earlier ones too: it was shown that
        they begin it.
        """
        reached = 0
        for row in reversed(rows):
            if self._policy.satisfied(self._cosigners(row, cosigned.get(row.size, ()))):
                reached = row.size
                break
        oldest_us = now_us - self._policy.mmd * _MICRO
        late = [row.size for row in rows if row.size > reached and row.created_us <= oldest_us]
        if not late:
            return []
        return [
            Finding("QUORUM", _where(late[-1]), f"no quorum from @{reached} to @{late[-1] - 1}")
        ]

    def judge_age(self, rows: Sequence[CheckpointRow], now_us: int) -> list[Finding]:
        """Return STALE if the newest checkpoint is too old for the policy, or there is none."""
        age = (now_us - (rows[-1].created_us if rows else 0)) / _MICRO
        if age <= self._policy.stale:
            return []
        told = f"{age:.0f} s old" if rows else "there is none"
        return [Finding("STALE", "newest checkpoint", told)]

    def _judge_note(self, row: CheckpointRow, found: list[Finding]) -> SignedNote | None:
        where = _where(row.size)
        try:
            note = SignedNote.parse(row.note)
            checkpoint = Checkpoint.parse(note.text)
        except NoteError as error:
            found.append(Finding("CKPT_SIG", where, f"not a checkpoint: {error}"))
            return None
        if checkpoint.origin != self._policy.origin:
            found.append(Finding("CKPT_ORIGIN", where, f"of the log {checkpoint.origin}"))
        elif not self._policy.signers(note):
            found.append(Finding("CKPT_SIG", where, "no key of the policy signed it"))
        if (checkpoint.size, checkpoint.root) != (row.size, row.root):
            found.append(Finding("CKPT_COLUMN", where, "the row is not what the note says"))
        return note

    def _judge_cosignature(
        self, row: CheckpointRow, note: SignedNote | None, cosigned: CosignatureRow
    ) -> list[Finding]:
        where = f"{_where(row.size)} {cosigned.witness}"
        at = self._cosigned_at(note, cosigned)
        if at is None:
            told = "not a signature of this tree by a witness of the policy"
            return [Finding("COSIG_BAD", where, told)]
        if (at, self._named(cosigned)) != (cosigned.signed_us // _MICRO, True):
            told = "the row tells another witness or time than the line"
            return [Finding("COSIG_BAD", where, told)]
        # Cosignatures tell whole seconds. Only the newest checkpoint is ever handed to a witness.
        early = row.created_us - self._tolerance_us - (at + 1) * _MICRO
        late = at * _MICRO - row.created_us - self._tolerance_us - self._policy.stale * _MICRO
        if max(early, late) <= 0:
            return []
        apart, side = (early, "before") if early > 0 else (late, "too long after")
        told = f"cosigned {apart / _MICRO:.0f} s {side} it was made"
        return [Finding("COSIG_TIME", where, told)]

    def _named(self, row: CosignatureRow) -> bool:
        """Say whether the row names the witness whose line it holds, by its key or the policy."""
        signature = _signature(row)
        names = [(each.name, each.key.name) for each in self._policy.witnesses]
        return any(
            signature is not None and signature.name == key_name and row.witness in (name, key_name)
            for name, key_name in names
        )

    def _cosigners(self, row: CheckpointRow, cosigned: Iterable[CosignatureRow]) -> set[str]:
        try:
            note = SignedNote.parse(row.note)
        except NoteError:
            return set()
        added = [each for line in cosigned if (each := _signature(line)) is not None]
        return set(self._policy.cosigned(SignedNote(note.text, tuple(added))))

    def _cosigned_at(self, note: SignedNote | None, row: CosignatureRow) -> int | None:
        signature = _signature(row)
        if note is None or signature is None:
            return None
        times = self._policy.cosigned(SignedNote(note.text, (signature,)))
        return next(iter(times.values()), None)


def _signature(row: CosignatureRow) -> Signature | None:
    try:
        return Signature.parse(row.line)
    except NoteError:
        return None


def _where(size: int) -> str:
    return f"checkpoint {size}"
