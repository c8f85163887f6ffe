"""What is handed to the verifier from outside, as files."""

import json
from collections.abc import Iterable
from pathlib import Path

from duban.bundle.verify import Unreadable, read_anchors
from duban.errors import DubanError
from duban.proof.checkpoints import Checkpoint
from duban.proof.errors import NoteError
from duban.proof.merkle import leaf_hash
from duban.proof.notes import SignedNote
from duban.proof.proofs import EntryProof, proofs_in
from duban.verify.outside import Known, Outside, Receipt


def read_outside(
    anchors: Iterable[Path], receipts: Iterable[Path], manifest: Path | None
) -> Outside:
    """Read anchors (signed checkpoints or printed lines), receipts and a manifest.

    A receipt is the proof file of an entry, with the entry's bytes in it, and a file may hold many;
    a manifest is JSON that gives `entries` and `over` for each stream.

    Raises:
        DubanError: `verify.unreadable` with the file and the reason.
    """
    signed: list[SignedNote] = []
    printed: list[Checkpoint] = []
    for path in anchors:
        _read_anchor(path, signed, printed)
    return Outside(
        anchors=tuple(signed),
        printed=tuple(printed),
        receipts=tuple(each for path in receipts for each in read_receipts(path)),
        manifest=_manifest(manifest) if manifest else {},
        listed=manifest is not None,
    )


def _read_anchor(path: Path, signed: list[SignedNote], printed: list[Checkpoint]) -> None:
    text = _text(path)
    try:
        note = SignedNote.parse(text)
        Checkpoint.parse(note.text)
        signed.append(note)
    except NoteError:
        try:
            printed += [Checkpoint(*each) for each in read_anchors(text)]
        except Unreadable as error:
            raise _unreadable(path, error) from error


def read_receipts(path: Path) -> list[Receipt]:
    """Read a file of receipts, one after the other.

    Raises:
        DubanError: `verify.unreadable` with the file and the reason.
    """
    return [receipt_of(each, path) for each in proofs_in(_text(path))]


def receipt_of(written: str, source: Path | str) -> Receipt:
    """Read one receipt; `source` says where it is from.

    Raises:
        DubanError: `verify.unreadable` with the source and the reason.
    """
    try:
        proof = EntryProof.parse(written)
    except NoteError as error:
        raise _unreadable(source, error) from error
    return Receipt(leaf_hash(proof.extra), proof)


def _manifest(path: Path) -> dict[str, Known]:
    try:
        said = json.loads(_text(path))
        return {
            stream: Known(entries=int(each["entries"]), over=bool(each["over"]))
            for stream, each in said.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path, error) from error


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path | str, error: Exception) -> DubanError:
    return DubanError("verify.unreadable", file=str(path), reason=str(error))
