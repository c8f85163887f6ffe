"""The keys of the log: read from a file or the environment, never from the database.

The first key signs. A second line tells the key before it, while one takes over from the other:
the old private key, which signs beside the new one until the change is in the log; or only its
public key, if the private one is lost. Lines that begin with `#` are comments.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from duban.proof.errors import NoteError
from duban.proof.notes import ED25519, SECRET_MARK, SignerKey, VerifierKey
from duban.sequencer.errors import LogError

_LINES: Final = 2


@dataclass(frozen=True, slots=True)
class Keys:
    """The key that signs, and the one before it while they change over."""

    key: SignerKey
    old: SignerKey | VerifierKey | None = None

    @property
    def origin(self) -> str:
        """The name of the log, which is that of its key."""
        return self.key.name


def key_name(key: SignerKey | VerifierKey) -> str:
    """Return name and id of a key: what a checkpoint is remembered to be signed by."""
    public = key.public if isinstance(key, SignerKey) else key
    return f"{public.name}+{public.key_id.hex()}"


def read_keys(told: str) -> Keys:
    """Read keys; `told` is a key line, several of them, or the path of a file that holds them.

    Raises:
        LogError: `log.key_invalid`, `log.key_name`. Nothing that was read stands in it.
    """
    try:
        text = told if told.startswith(SECRET_MARK) else Path(told).read_text(encoding="utf-8")
        lines = [each.strip() for each in text.splitlines()]
        said = [each for each in lines if each and not each.startswith("#")]
        if not 1 <= len(said) <= _LINES:
            raise LogError("log.key_invalid", reason=f"{len(said)} lines")
        key = SignerKey.parse(said[0])
        keys = Keys(key, _old(said[1]) if len(said) > 1 else None)
    except (OSError, UnicodeDecodeError) as error:
        raise LogError("log.key_invalid", reason=type(error).__name__) from None
    except NoteError as error:
        raise LogError("log.key_invalid", reason=str(error)) from None
    if key.algorithm != ED25519:
        raise LogError("log.key_invalid", reason="a witness's key")
    if keys.old is not None and keys.old.name != key.name:
        raise LogError("log.key_name", name=keys.old.name, origin=key.name)
    return keys


def _old(line: str) -> SignerKey | VerifierKey:
    return SignerKey.parse(line) if line.startswith(SECRET_MARK) else VerifierKey.parse(line)
