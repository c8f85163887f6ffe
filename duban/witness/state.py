"""What a witness must never forget: the newest checkpoint of every log, one file each.

A log has its file from `begin` on, so that one that was never seen can be told from one that was
lost. A file is replaced as a whole and reaches the disk before `keep` returns. The folder belongs
to one process at a time; two witnesses with one key could each sign another tree.
"""

import fcntl
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Final, Self

from duban.errors import DubanError
from duban.proof.checkpoints import Checkpoint
from duban.proof.errors import NoteError
from duban.proof.merkle import EMPTY_ROOT
from duban.proof.notes import SignedNote

_LOCK: Final = "lock"
_NOTE: Final = ".note"
_CONFLICTS: Final = "conflicts"
_MOST_CONFLICTS: Final = 1000


class State:
    """The folder of a witness, open from `__enter__` to `__exit__`.

    Raises:
        DubanError: `witness.state_taken` when another process has it open,
            `witness.state_broken` when a file is not what `keep` wrote,
            `witness.state_unusable` when the folder cannot be made or locked.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = (self.folder / _LOCK).open("a")
        except OSError as error:
            raise self._unusable(error) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise DubanError("witness.state_taken", folder=str(self.folder)) from None
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock:
            self._lock.close()

    def logs(self) -> dict[str, SignedNote | None]:
        """Return the newest note of every log that was begun, by its origin; None without any."""
        found = {}
        for path in sorted(self.folder.glob(f"*{_NOTE}")):
            try:
                origin, note = _read(path.read_bytes().decode())
            except (NoteError, UnicodeDecodeError, OSError) as error:
                raise DubanError("witness.state_broken", file=str(path)) from error
            if self._place(origin) != path:
                raise DubanError("witness.state_broken", file=str(path))
            found[origin] = note
        return found

    def notes(self) -> dict[str, SignedNote]:
        """Return the newest note of every log that has one, by its origin."""
        return {origin: note for origin, note in self.logs().items() if note is not None}

    def begin(self, origin: str) -> None:
        """Write down that a log is about to be seen for the first time.

        Raises:
            DubanError: `witness.state_unusable`.
        """
        try:
            _replace(self._place(origin), _nothing_of(origin))
        except OSError as error:
            raise self._unusable(error) from error

    def keep(self, note: SignedNote) -> None:
        """Make a note the newest of its log. On return it has reached the disk.

        Raises:
            OSError: it could not be written; what was kept before is still there, or this is.
        """
        _replace(self._place(Checkpoint.parse(note.text).origin), note.format())

    def keep_conflict(self, note: SignedNote) -> None:
        """Keep a note that its log should never have signed, for whoever looks into it.

        The first thousand are enough; one that cannot be written is left out, for nothing that
        the witness says depends on it.
        """
        folder = self.folder / _CONFLICTS
        with suppress(OSError):
            folder.mkdir(exist_ok=True, mode=0o700)
            if len(self.conflicts()) < _MOST_CONFLICTS:
                _replace(folder / (_digest(note.format()) + _NOTE), note.format())

    def conflicts(self) -> list[Path]:
        """Return the files of the notes that `keep_conflict` kept."""
        return sorted((self.folder / _CONFLICTS).glob(f"*{_NOTE}"))

    def _place(self, origin: str) -> Path:
        # An origin may be anything, also what is no file name.
        return self.folder / (_digest(origin) + _NOTE)

    def _unusable(self, error: OSError) -> DubanError:
        return DubanError("witness.state_unusable", folder=str(self.folder), reason=str(error))


def _nothing_of(origin: str) -> str:
    """Return what stands in the file of a log before its first note: the empty tree, unsigned."""
    return Checkpoint(origin, 0, EMPTY_ROOT).text()


def _read(written: str) -> tuple[str, SignedNote | None]:
    origin = written.partition("\n")[0]
    if written == _nothing_of(origin):
        return origin, None
    note = SignedNote.parse(written)
    return Checkpoint.parse(note.text).origin, note


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _replace(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
