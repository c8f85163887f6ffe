"""Policies: which logs are trusted, and whose cosignatures make a checkpoint count (tlog-policy).

A policy is a file that whoever checks the trail keeps for themselves; keys are never taken from
the database. Words are parted by spaces or tabs, lines end with a newline alone, and a line whose
first word begins with `#` is a comment. The lines of C2SP, where groups and the quorum name only
what stands above them, and a name is a member once at most:

    log <vkey> [<url>]                       a log; the name of its key is its origin
    witness <name> <vkey> [<url>]            a witness and where it listens
    group <name> <n|any|all> <name>...       holds when that many of its members do
    quorum <name|none>                       what must hold for a checkpoint; exactly once

Duban's own lines, all of which may be left out; times are whole seconds:

    origin <origin>        which log is the trail's; needed only beside logs of other origins
    writer <login>...      logins that may write entries; without such a line that is not judged
    tolerance <seconds>    by how much clocks may differ (2)
    mmd <seconds>          the longest time from an entry to a checkpoint that holds it (60)
    stale <seconds>        the age at which the newest cosigned checkpoint is too old (180)
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from duban.proof.errors import NoteError, PolicyError
from duban.proof.notes import COSIGNATURE, ED25519, SignedNote, VerifierKey
from duban.proof.points import binds

NO_QUORUM: Final = "none"
"""The quorum that holds without any cosignature."""

_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BLANKS = re.compile(r"[ \t]+")
_MANY = 1 << 16
_WORDS = {
    "log": (1, 2),
    "witness": (2, 3),
    "group": (3, _MANY),
    "quorum": (1, 1),
    "origin": (1, 1),
    "writer": (1, _MANY),
    "tolerance": (1, 1),
    "mmd": (1, 1),
    "stale": (1, 1),
}
"""How many words each keyword takes, at least and at most."""


class PolicyFault(StrEnum):
    """What can be wrong with a policy file."""

    CONTROL_CHARACTER = "policy_file.control_character"
    KEYWORD = "policy_file.keyword"
    WORDS = "policy_file.words"
    KEY = "policy_file.key"
    KEY_TWICE = "policy_file.key_twice"
    KEY_WEAK = "policy_file.key_weak"
    NAME_TWICE = "policy_file.name_twice"
    NAME_UNKNOWN = "policy_file.name_unknown"
    MEMBER_TWICE = "policy_file.member_twice"
    THRESHOLD = "policy_file.threshold"
    NUMBER = "policy_file.number"
    LINE_TWICE = "policy_file.line_twice"
    QUORUM_MISSING = "policy_file.quorum_missing"
    ORIGIN_UNKNOWN = "policy_file.origin_unknown"


@dataclass(frozen=True, slots=True)
class Log:
    """A log that is trusted. The name of its key is its origin."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: its name within the policy, its key, and the URL below which it is asked."""

    name: str
    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses and earlier groups, of which `threshold` make the group hold."""

    name: str
    threshold: int
    members: tuple[str, ...]

    def line(self) -> str:
        """Return the line of the file."""
        words = {1: "any", len(self.members): "all"}
        needed = words.get(self.threshold, str(self.threshold))
        return " ".join(["group", self.name, needed, *self.members])


@dataclass(frozen=True, slots=True)
class Policy:
    """What a checkpoint must have to be trusted, and by what the trail is judged.

    `quorum` names a witness, a group or `NO_QUORUM`. `origin` is None when there are logs of
    several origins and no line says which is meant. `tolerance`, `mmd` and `stale` are seconds.
    """

    logs: tuple[Log, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str
    origin: str | None = None
    writers: tuple[str, ...] = ()
    tolerance: int = 2
    mmd: int = 60
    stale: int = 180

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a policy file.

        Raises:
            PolicyError: the first line that is wrong, and why (a `PolicyFault`).
        """
        reader = _Reader()
        for number, line in enumerate(text.split("\n"), start=1):
            reader.number = number
            reader.take(line)
        return cls(
            logs=tuple(reader.logs),
            witnesses=tuple(reader.witnesses),
            groups=tuple(reader.groups),
            quorum=reader.quorum(),
            origin=reader.origin(),
            writers=tuple(reader.writers),
            **reader.seconds,
        )

    def format(self) -> str:
        """Return a file that says this and nothing else; `parse` reads the same policy from it."""
        lines = [_joined("log", each.key.format(), each.url) for each in self.logs]
        lines += [_joined("witness", w.name, w.key.format(), w.url) for w in self.witnesses]
        lines += [each.line() for each in self.groups]
        lines += [f"quorum {self.quorum}"]
        lines += [f"origin {self.origin}"] if self.origin else []
        lines += [f"writer {each}" for each in self.writers]
        lines += [f"tolerance {self.tolerance}", f"mmd {self.mmd}", f"stale {self.stale}"]
        return "".join(f"{each}\n" for each in lines)

    def satisfied(self, cosigners: Iterable[str]) -> bool:
        """Say whether the witnesses of these names (the policy's) are a quorum together."""
        held = {each.name for each in self.witnesses} & set(cosigners)
        for group in self.groups:
            if len(held.intersection(group.members)) >= group.threshold:
                held.add(group.name)
        return self.quorum == NO_QUORUM or self.quorum in held

    def log_keys(self, origin: str) -> tuple[VerifierKey, ...]:
        """Return the keys that may sign for a log; several while one takes over from another."""
        return tuple(each.key for each in self.logs if each.key.name == origin)

    def signers(self, note: SignedNote) -> tuple[VerifierKey, ...]:
        """Return the keys of the log that the note names in its first line, and that signed it."""
        keys = self.log_keys(note.text.partition("\n")[0])
        return tuple(k for k in keys if any(k.verifies(note.text, s) for s in note.signatures))

    def cosigned(self, note: SignedNote) -> dict[str, int]:
        """Return the names of the witnesses that cosigned the note, and when.

        Times are seconds since 1970; of several cosignatures of one witness the latest counts.
        """
        times: dict[str, int] = {}
        for witness in self.witnesses:
            for signature in note.signatures:
                if (at := witness.key.cosigned_at(note.text, signature)) is not None:
                    times[witness.name] = max(at, times.get(witness.name, 0))
        return times


class _Reader:
    """What the lines read so far have said."""

    def __init__(self) -> None:
        self.number = 0
        self.logs: list[Log] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.writers: list[str] = []
        self.seconds: dict[str, int] = {}
        self._said: dict[str, tuple[int, str]] = {}
        self._names = {NO_QUORUM}
        self._members: set[str] = set()
        self._publics: set[bytes] = set()

    def take(self, line: str) -> None:
        """Read one line."""
        if found := _CONTROL.search(line):
            raise self._wrong(PolicyFault.CONTROL_CHARACTER, f"U+{ord(found[0]):04X}")
        keyword, *words = _BLANKS.split(line.strip(" \t"))
        if not keyword or keyword.startswith("#"):
            return
        if keyword not in _WORDS:
            raise self._wrong(PolicyFault.KEYWORD, keyword)
        fewest, most = _WORDS[keyword]
        if not fewest <= len(words) <= most:
            raise self._wrong(PolicyFault.WORDS, keyword)
        readers = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "writer": self.writers.extend,
        }
        if keyword in readers:
            readers[keyword](words)
        else:
            self._once(keyword, words[0])

    def quorum(self) -> str:
        """Return the quorum; it must have been said."""
        if "quorum" not in self._said:
            raise self._wrong(PolicyFault.QUORUM_MISSING)
        return self._said["quorum"][1]

    def origin(self) -> str | None:
        """Return the origin that was named, or that of all logs if they have one."""
        origins = {each.key.name for each in self.logs}
        if "origin" not in self._said:
            return origins.pop() if len(origins) == 1 else None
        self.number, named = self._said["origin"]
        if named not in origins:
            raise self._wrong(PolicyFault.ORIGIN_UNKNOWN, named)
        return named

    def _log(self, words: list[str]) -> None:
        self.logs.append(Log(self._key(words[0], ED25519), *words[1:]))

    def _witness(self, words: list[str]) -> None:
        key = self._key(words[1], COSIGNATURE)
        self._define(words[0])
        self.witnesses.append(Witness(words[0], key, *words[2:]))

    def _group(self, words: list[str]) -> None:
        name, needed, *members = words
        for member in members:
            self._known(member, besides=NO_QUORUM)
            if member in self._members:
                raise self._wrong(PolicyFault.MEMBER_TWICE, member)
            self._members.add(member)
        needed = {"any": "1", "all": str(len(members))}.get(needed, needed)
        if not _NUMBER.fullmatch(needed) or not 1 <= int(needed) <= len(members):
            raise self._wrong(PolicyFault.THRESHOLD, needed)
        self._define(name)
        self.groups.append(Group(name, int(needed), tuple(members)))

    def _once(self, keyword: str, word: str) -> None:
        if keyword in self._said:
            raise self._wrong(PolicyFault.LINE_TWICE, keyword)
        self._said[keyword] = self.number, word
        if keyword == "quorum":
            self._known(word)
        elif keyword != "origin":
            if not _NUMBER.fullmatch(word):
                raise self._wrong(PolicyFault.NUMBER, word)
            self.seconds[keyword] = int(word)

    def _key(self, written: str, algorithm: int) -> VerifierKey:
        # Only the name is told: what stands in the wrong place may be somebody's private key.
        name = written.partition("+")[0]
        try:
            key = VerifierKey.parse(written)
        except NoteError as error:
            raise self._wrong(PolicyFault.KEY, name) from error
        if key.algorithm != algorithm:
            raise self._wrong(PolicyFault.KEY, name)
        if not binds(key.public):
            raise self._wrong(PolicyFault.KEY_WEAK, name)
        if key.public in self._publics:
            raise self._wrong(PolicyFault.KEY_TWICE, name)
        self._publics.add(key.public)
        return key

    def _define(self, name: str) -> None:
        if name in self._names:
            raise self._wrong(PolicyFault.NAME_TWICE, name)
        self._names.add(name)

    def _known(self, name: str, besides: str | None = None) -> None:
        if name not in self._names or name == besides:
            raise self._wrong(PolicyFault.NAME_UNKNOWN, name)

    def _wrong(self, fault: PolicyFault, found: str = "") -> PolicyError:
        return PolicyError(fault, self.number, found)


def _joined(*words: str | None) -> str:
    return " ".join(each for each in words if each is not None)
