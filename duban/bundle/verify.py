#!/usr/bin/env python3
"""Check a bundle of Duban's trail without Duban: python3 -I verify.py BUNDLE --policy FILE.

One file, Python 3.8 or newer, standard library only, no network. It reads a bundle (the zip file or
the unpacked folder) and says in Chinese and English what holds, what does not and where, and what
it could not check. Keys are taken from the policy file you bring along, never from the bundle.

Exit status: 0 all of it holds and is anchored outside of the log's operator; 1 something does not
hold; 2 the bundle cannot be read, or the command line is wrong; 3 nothing is wrong, but it cannot
be concluded (no policy or anchor, too few cosignatures, nothing to check).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import multiprocessing
import os
import re
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = "duban-bundle/v1"
ANCHOR = "duban-anchor/v1"
HOLDS, BROKEN, UNREADABLE, OPEN = 0, 1, 2, 3

LOG, WITNESS = 1, 4
NOBODY = "none"

HASH = 32
KEY_ID = 4
THOUSAND = 1000
WIDTH = 256
GROUP = 64
LEAF_MAX = 0xFFFF
LINE_MAX = 1 << 20
CHUNK = 1 << 20
KEPT = 10_000
EMPTY_ROOT = hashlib.sha256(b"").digest()

MANIFEST, CHECKPOINT, OLDER = "manifest.json", "checkpoint", "checkpoints.jsonl"
PAYLOADS, POLICY, SELF = "payloads.jsonl", "policy.txt", "verify.py"
REVEALED, ERASED = "audit:seal:revealed", "audit:payload:erased"


class Unreadable(Exception):
    """The bundle, the policy or the anchor cannot be read; nothing is known."""


class Wrong(Exception):
    """One thing is not as it must be: its code, what is said of it, and the byte if known."""

    def __init__(self, code: str, byte: int | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code, self.byte, self.params = code, byte, params


# --- What is said -------------------------------------------------------------------------------

# Code: (Chinese, English). Codes are those of the audit design; the first table means exit 1.
FAULTS = {
    "MANIFEST": ("清单与内容不符：{what}", "the manifest does not fit what is there: {what}"),
    "DIGEST": ("文件字节与清单摘要不符", "the file's bytes do not fit its digest in the manifest"),
    "MISSING_FILE": ("缺少文件", "the file is missing"),
    "EXTRA_FILE": ("清单未列的文件，无从核对", "the file is not listed; nothing vouches for it"),
    "CONTAINER": (
        "压缩包不是导出时的原样（自行重新打包的，请解开后核验文件夹）：{what}",
        "the zip is not as it was exported (if you packed it anew, check the folder): {what}",
    ),
    "PARSE": ("内容无法解读：{what}", "it cannot be read: {what}"),
    "NONCANONICAL": ("不是规定的唯一写法", "the bytes are not the one way to write this"),
    "LEAF_HASH": ("留痕字节与其哈希不符", "the entry's bytes do not hash to its leaf"),
    "TILE": ("哈希块与留痕不符", "the tile does not hold the hashes of the entries"),
    "INCLUSION": ("证明路径不通向检查点的根", "the proof does not lead to the checkpoint's root"),
    "INDEX_GAP": ("序号不连续：{what}", "indices are missing: {what}"),
    "DUP_LEAF": ("同一条留痕出现两次", "the same entry is there twice"),
    "ORDER": ("未按序号排列", "it does not stand in the order of indices"),
    "CKPT_ROOT": (
        "检查点（{size} 条）的根与重新计算的不同",
        "the root of the checkpoint of {size} is not what the entries give",
    ),
    "CKPT_ORIGIN": ("日志名称不符：{what}", "it is of another log: {what}"),
    "CKPT_SIG": (
        "检查点没有名册中日志密钥的有效签名",
        "no signature by a log key of the policy fits the checkpoint",
    ),
    "COSIG_BAD": ("见证签名无效：{what}", "the cosignature does not fit: {what}"),
    "COSIG_TIME": ("见证时间倒退：{what}", "the witness's time runs backwards: {what}"),
    "FORK": (
        "与另处持有的 {size} 条时的根不同：历史被改写",
        "it differs from the root held elsewhere for {size} entries: history was rewritten",
    ),
    "CONSISTENCY": (
        "{size} 条时的检查点不是最新检查点的前段",
        "the checkpoint of {size} does not begin the newest one",
    ),
    "WRITER": ("写入账户不在名册内：{what}", "written by a login not allowed: {what}"),
    "DUP_ORDINAL": ("记录流序号重复", "this ordinal of the stream is there twice"),
    "ORDINAL_GAP": ("记录流缺少序号：{what}", "ordinals of the stream are missing: {what}"),
    "CLOSED_COUNT": (
        "封存条数 {said}，实有 {found}",
        "{said} entries said when it was closed, {found} are there",
    ),
    "PAYLOAD": ("正文与承诺不符（{what}）", "the body is not what was committed to ({what})"),
    "PAYLOAD_ORPHAN": ("正文没有对应的承诺（{what}）", "no entry commits to this body ({what})"),
    "REVEAL": ("启封内容并非 {what} 当时所密封", "what it reveals is not what {what} sealed"),
    "ERASURE_NOT_DONE": ("称已删除的正文仍在（{what}）", "what it erased is still here ({what})"),
}
DOUBTS = {
    "UNANCHORED": (
        "{what} 条（含）以后没有外部凭据：须用另处取得的名册（--policy）或锚（--anchor）",
        "nothing outside vouches from entry {what} on: bring your own --policy or --anchor",
    ),
    "QUORUM": (
        "第 {what} 条（含）以后见证数不足",
        "too few witnesses cosigned from entry {what} on",
    ),
    "TRUNCATED": (
        "锚为 {size} 条，导出时只到 {what} 条：导出在先，或尾部被截",
        "the anchor is of {size} entries, the bundle ends at {what}: it is older, or was cut",
    ),
    "NOT_AVAILABLE": (
        "包内没有通向 {size} 条时锚的证明；请带 --anchor 重新导出",
        "the bundle holds no proof towards the anchor of {size}; export again with --anchor",
    ),
    "EMPTY": ("没有任何留痕可核", "there was no entry to check"),
}
WORDS = {
    "title": ("督办留痕核验", "Duban bundle check"),
    "holds": ("成立：", "What holds:"),
    "faults": ("不成立：", "What does not hold:"),
    "doubts": ("不能断定：", "What cannot be concluded:"),
    "unchecked": ("未能核对：", "What was not checked:"),
    "index": ("序号", "index"),
    "byte": ("字节", "byte"),
    "more": ("另有 {count} 处未逐一列出", "{count} more are not listed one by one"),
    "verdict0": ("结论：成立", "Verdict: IT HOLDS"),
    "verdict0fast": (
        "结论：哈希与签名成立（--fast，其余未核）",
        "Verdict: HASHES AND SIGNATURES HOLD (--fast, nothing else was checked)",
    ),
    "verdict1": ("结论：不成立", "Verdict: IT DOES NOT HOLD"),
    "verdict2": ("结论：无法读取：{what}", "Verdict: IT CANNOT BE READ: {what}"),
    "verdict3": ("结论：不能断定", "Verdict: IT CANNOT BE CONCLUDED"),
    "log": ("日志 {origin}，{size} 条，根 {root}", "log {origin}, {size} entries, root {root}"),
    "hashed": (
        "{count} 条留痕的字节与哈希相符，都在检查点的树内",
        "the bytes of {count} entries are those of the tree of the checkpoint",
    ),
    "digests": ("{count} 个文件与清单摘要相符", "{count} files fit their digests in the manifest"),
    "canonical": ("各条留痕均为唯一规定写法", "every entry is written in the one canonical way"),
    "signed": ("{count} 个检查点有日志签名", "{count} checkpoints are signed by the log"),
    "consistent": (
        "{count} 个较早检查点都是最新检查点的前段",
        "{count} older checkpoints begin the newest one",
    ),
    "quorum": (
        "前 {size} 条由见证方联署：{who}",
        "the first {size} entries are cosigned by witnesses: {who}",
    ),
    "anchored": (
        "与另处持有的锚相同（{size} 条）",
        "it agrees with the anchor held elsewhere ({size} entries)",
    ),
    "streams": (
        "{count} 条记录流序号连续，{closed} 条已封存且条数相符",
        "the ordinals of {count} streams are dense; {closed} are closed with the right count",
    ),
    "payloads": ("{count} 件正文与承诺相符", "{count} bodies are what was committed to"),
    "revealed": ("{count} 件启封与密封时的承诺相符", "{count} reveals are what was sealed"),
    "writers": ("写入账户均在名册内", "every entry was written by an allowed login"),
    "no_key": (
        "日志签名与见证：没有外部名册（包内名册不作凭据）",
        "signatures and witnesses: no policy from outside (the one in the bundle counts nothing)",
    ),
    "no_writers": ("写入账户：名册未列", "writers: the policy names none"),
    "committed": (
        "{count} 项承诺的正文不在包内（密封、个人信息或已删除）",
        "{count} commitments whose bodies are not here (sealed, personal or erased)",
    ),
    "open": (
        "{count} 条记录流未封存：其后是否还有留痕，须看较新的导出",
        "{count} streams are open: whether more follows, only a newer export tells",
    ),
    "fast": (
        "留痕写法、记录流序号、写入账户、正文（--fast）",
        "form of the entries, ordinals, writers, bodies (--fast)",
    ),
    "beyond": (
        "所述是否属实、发生时间、查询用的列与索引、与 Temporal 的核对、导出之后的事",
        "whether it is true and when it occurred, columns for searching, Temporal, what came later",
    ),
    "others": (
        "其他记录流的留痕（本包只导出一个专项）",
        "entries of other streams (this bundle is of one campaign)",
    ),
}


class Finding(NamedTuple):
    """One thing that does not hold or cannot be concluded, and where."""

    code: str
    file: str
    number: int | None = None
    entry: str | None = None
    byte: int | None = None
    params: dict[str, Any] = {}  # noqa: RUF012 - never changed

    def words(self, place: int) -> str:
        """Return what is said of it; `place` 0 is Chinese, 1 English."""
        said = (FAULTS.get(self.code) or DOUBTS[self.code])[place]
        return said.format(**{name: plain(value) for name, value in self.params.items()})

    def where(self, place: int) -> str:
        """Return file, index, entry and byte as far as they are known."""
        parts = [plain(self.file)]
        if self.number is not None:
            parts.append(f"{WORDS['index'][place]} {self.number}")
        if self.entry is not None:
            parts.append(plain(self.entry))
        if self.byte is not None:
            parts.append(f"{WORDS['byte'][place]} {self.byte}")
        return "  ".join(parts)


class Report:
    """All that was found, what holds, and what was not checked."""

    def __init__(self) -> None:
        self.faults: list[Finding] = []
        self.doubts: list[Finding] = []
        self.count = 0
        self.holds: list[tuple[str, dict[str, Any]]] = []
        self.unchecked: list[tuple[str, dict[str, Any]]] = []

    def note(self, finding: Finding) -> None:
        """Add a finding. Only the first ten thousand are kept, all are counted."""
        if finding.code in DOUBTS:
            self.doubts.append(finding)
            return
        self.count += 1
        if len(self.faults) < KEPT:
            self.faults.append(finding)

    def wrong(self, file: str, error: Wrong, index: int | None = None, base: int = 0) -> None:
        """Add what an exception tells; its byte counts from `base`."""
        byte = None if error.byte is None else base + error.byte
        self.note(Finding(error.code, file, index, None, byte, error.params))

    def hold(self, key: str, **params: Any) -> None:
        """Say that something holds."""
        self.holds.append((key, params))

    def skip(self, key: str, **params: Any) -> None:
        """Say that something was not checked."""
        self.unchecked.append((key, params))

    def has(self, *codes: str) -> bool:
        """Say whether a fault of one of these codes was found."""
        return any(each.code in codes for each in self.faults)

    @property
    def status(self) -> int:
        """The exit status."""
        if self.count:
            return BROKEN
        return OPEN if self.doubts else HOLDS


def plain(value: Any) -> str:
    """Return a value as text that cannot steer a terminal."""
    text = str(value)
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)[:500]


# --- Ed25519 (RFC 8032 5.1), verification only ---------------------------------------------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_NEUTRAL = (0, 1, 1, 0)


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the signature (64 bytes) of the message is by this key (32 bytes).

    S must be below the group's order, and R is compared by its bytes.
    """
    key = _point(public) if len(public) == HASH else None
    scalar = int.from_bytes(signature[HASH:], "little")
    if key is None or len(signature) != 2 * HASH or scalar >= _L:
        return False
    hashed = hashlib.sha512(signature[:HASH] + public + message).digest()
    factor = int.from_bytes(hashed, "little") % _L
    x, y, z, t = key
    return _encode(_sum_of(scalar, factor, (_P - x, y, z, _P - t))) == signature[:HASH]


@lru_cache(maxsize=256)
def _point(encoded: bytes) -> tuple[int, int, int, int] | None:
    """Read a point; None for what no point is written as (RFC 8032 5.1.3)."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


def binds(public: bytes) -> bool:
    """Say whether a key is a point whose order is not small: under such one anybody can sign."""
    point = _point(public)
    return point is not None and _double(_double(_double(point)))[0] % _P != 0


def _encode(point: tuple[int, int, int, int]) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(HASH, "little")


def _add(p: tuple[int, int, int, int], q: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    a = (p[1] - p[0]) * (q[1] - q[0]) % _P
    b = (p[1] + p[0]) * (q[1] + q[0]) % _P
    c = 2 * p[3] * q[3] * _D % _P
    d = 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _double(p: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    a, b = p[0] * p[0] % _P, p[1] * p[1] % _P
    h = a + b
    e = h - (p[0] + p[1]) * (p[0] + p[1]) % _P
    g = a - b
    f = 2 * p[2] * p[2] % _P + g
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _sum_of(first: int, second: int, point: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Return first * B + second * point, both at once."""
    base = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(HASH, "little"))
    assert base is not None
    table = (_NEUTRAL, base, point, _add(base, point))
    result = _NEUTRAL
    for bit in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
        result = _double(result)
        chosen = first >> bit & 1 | (second >> bit & 1) << 1
        if chosen:
            result = _add(result, table[chosen])
    return result


# --- Merkle tree (RFC 6962, RFC 9162) ------------------------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry's bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def parents(level: bytes) -> bytes:
    """Return the joined hashes one level up; an odd last one is left out."""
    ends = range(0, len(level) - len(level) % (2 * HASH), 2 * HASH)
    return digests(b"\x01", level, [(at, at + 2 * HASH) for at in ends])


def digests(prefix: bytes, data: bytes, places: Sequence[tuple[int, int]]) -> bytes:
    """Return the joined SHA-256 hashes of the pieces of `data`, each behind the prefix."""
    # A copy of a hash begun once is quicker than one begun anew, by a fifth of the whole check.
    begun, found, view = hashlib.sha256(prefix), [], memoryview(data)
    for at, end in places:
        each = begun.copy()
        each.update(view[at:end])
        found.append(each.digest())
    return b"".join(found)


def peaks(hashes: bytes) -> list[bytes]:
    """Return the roots of the perfect subtrees over joined hashes, largest first."""
    found: list[bytes] = []
    while hashes:
        if len(hashes) // HASH & 1:
            found.append(hashes[-HASH:])
        hashes = parents(hashes)
    return found[::-1]


def bagged(nodes: Sequence[bytes]) -> bytes:
    """Return the root over perfect subtrees, largest first."""
    if not nodes:
        return EMPTY_ROOT
    root = nodes[-1]
    for left in reversed(nodes[:-1]):
        root = node_hash(left, root)
    return root


def included(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether the proof leads from the leaf to the root (RFC 9162 2.1.3.2)."""
    return 0 <= index < size and _climb(index, size - 1, leaf, proof)[1] == root


def consistent(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Say whether the proof shows the old tree (size, root) to begin the new (RFC 9162 2.1.4.2)."""
    if not 0 < old[0] < new[0]:
        return old == new and not proof
    path = list(proof) if old[0] & (old[0] - 1) else [old[1], *proof]
    if not path:
        return False
    node, last = old[0] - 1, new[0] - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    return _climb(node, last, path[0], path[1:]) == (old[1], new[1])


def _climb(
    node: int, last: int, start: bytes, proof: Sequence[bytes]
) -> tuple[bytes | None, bytes | None]:
    before = whole = start
    for hashed in proof:
        if last == 0:
            return None, None
        if node & 1 or node == last:
            before, whole = node_hash(hashed, before), node_hash(hashed, whole)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            whole = node_hash(whole, hashed)
        node, last = node >> 1, last >> 1
    return (before, whole) if last == 0 else (None, None)


# --- Notes, keys, policies, anchors (C2SP signed-note, tlog-checkpoint, -cosignature, -policy) ---


class Key(NamedTuple):
    """A public key of a policy."""

    name: str
    algorithm: int
    public: bytes
    id: bytes

    @classmethod
    def parse(cls, written: str) -> Key:
        """Read `name+id+base64`. Raises `ValueError`."""
        name, number, encoded = written.split("+", 2)
        body = unbase64(encoded)
        key_id = hashlib.sha256(name.encode() + b"\n" + body).digest()[:KEY_ID]
        if (
            not name
            or len(body) != 1 + HASH
            or body[0] not in (LOG, WITNESS)
            or key_id.hex() != number
        ):
            raise ValueError(f"not a key: {written[:120]}")
        return cls(name, body[0], body[1:], key_id)

    def signed_at(self, note: Note, body: bytes) -> int | None:
        """Return the time of a signature by this key (0 for a log's); None if it does not fit."""
        text = note.text.encode()
        if self.algorithm == LOG:
            return 0 if ed25519(self.public, text, body) else None
        at = int.from_bytes(body[:8], "big")
        timed = f"cosignature/v1\ntime {at}\n".encode() + text
        return at if ed25519(self.public, timed, body[8:]) else None


class Note(NamedTuple):
    """A checkpoint with its signature lines (name, key id, body); nothing of it is verified."""

    text: str
    origin: str
    size: int
    root: bytes
    lines: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def parse(cls, note: str) -> Note:
        """Read a note, written in the one way there is. Raises `Wrong`."""
        text, mark, rest = note.rpartition("\n\n")
        text += "\n"
        parts = text.split("\n")
        try:
            origin, size, root = parts[0], int(parts[1]), unbase64(parts[2])
            lines = tuple(_signature(each) for each in rest.split("\n")[:-1])
        except (ValueError, IndexError) as error:
            raise Wrong("PARSE", what="checkpoint") from error
        again = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
        if not mark or again != text or not origin or len(root) != HASH or size < 0:
            raise Wrong("PARSE", what="checkpoint")
        if not lines or not note.endswith("\n"):
            raise Wrong("PARSE", what="checkpoint")
        return cls(text, origin, size, root, lines)

    def by(self, key: Key) -> list[bytes]:
        """Return the bodies of the lines that name a key."""
        return [body for name, number, body in self.lines if (name, number) == (key.name, key.id)]


def _signature(line: str) -> tuple[str, bytes, bytes]:
    dash, name, encoded = line.split(" ")
    body = unbase64(encoded)
    if dash != "\u2014" or not name or len(body) <= KEY_ID:
        raise ValueError(line)
    return name, body[:KEY_ID], body[KEY_ID:]


def unbase64(text: str) -> bytes:
    """Read base64 that is written in the one way there is. Raises `ValueError`."""
    found = base64.b64decode(text, validate=True)
    if base64.b64encode(found).decode() != text:
        raise ValueError("not base64 as it is written")
    return found


class Policy:
    """Whom the reader trusts: log keys, witnesses, groups, quorum; origin and writers.

    A policy file of C2SP tlog-policy; lines `origin` and `writer` are Duban's, those about time
    (`tolerance`, `mmd`, `stale`) are for the check of a live trail.
    """

    def __init__(self, text: str) -> None:
        self.logs: list[Key] = []
        self.witnesses: dict[str, Key] = {}
        self.groups: dict[str, tuple[int, tuple[str, ...]]] = {}
        self.members: set[str] = set()
        self.once: dict[str, str] = {}
        self.writers: set[str] = set()
        self.publics: set[bytes] = set()
        for number, line in enumerate(text.split("\n"), 1):
            words = re.split("[ \t]+", line.strip(" \t"))
            try:
                if _CONTROL.search(line):
                    raise ValueError(line)
                if words[0] and not words[0].startswith("#"):
                    self._read(words[0], words[1:])
            except (ValueError, IndexError) as error:
                raise Unreadable(f"policy, line {number}: {words[0]}") from error
        if not self.logs or "quorum" not in self.once:
            raise Unreadable("policy: no log key, or no quorum")
        origins = {each.name for each in self.logs}
        if self.once.get("origin", min(origins)) not in origins:
            raise Unreadable("policy: its origin is that of no log")

    def _read(self, word: str, rest: list[str]) -> None:
        least, most = _WORDS.get(word, (1, 1))
        if not least <= len(rest) <= most:
            raise ValueError(word)
        if word == "log":
            self.logs.append(self._unused(_of_kind(Key.parse(rest[0]), LOG)))
        elif word == "witness":
            key = self._unused(_of_kind(Key.parse(rest[1]), WITNESS))
            self.witnesses[self._fresh(rest[0])] = key
        elif word == "group":
            self._group(self._fresh(rest[0]), rest[1], tuple(rest[2:]))
        elif word == "writer":
            self.writers.update(rest)
        else:
            self._once(word, rest[0])

    def _unused(self, key: Key) -> Key:
        """Take a public key once only: one witness under two names would be a quorum of two."""
        if key.public in self.publics or not binds(key.public):
            raise ValueError(key.name)
        self.publics.add(key.public)
        return key

    def _fresh(self, name: str) -> str:
        if name in self.witnesses or name in self.groups or name == NOBODY:
            raise ValueError(name)
        return name

    def _group(self, name: str, threshold: str, members: tuple[str, ...]) -> None:
        needed = {"any": 1, "all": len(members)}.get(threshold) or _whole(threshold)
        known = all(each in self.witnesses or each in self.groups for each in members)
        twice = len(set(members)) != len(members) or self.members & set(members)
        if not 0 < needed <= len(members) or twice or not known:
            raise ValueError(name)
        self.members.update(members)
        self.groups[name] = needed, members

    def _once(self, word: str, value: str) -> None:
        if word not in ("quorum", "origin", "tolerance", "mmd", "stale") or word in self.once:
            raise ValueError(word)
        if word == "quorum" and value not in (*self.witnesses, *self.groups, NOBODY):
            raise ValueError(value)
        if word in ("tolerance", "mmd", "stale"):
            _whole(value)
        self.once[word] = value

    @property
    def witnessed(self) -> bool:
        """Whether the policy asks for any witness."""
        return self.once["quorum"] != NOBODY

    def satisfied(self, cosigners: Iterable[str]) -> bool:
        """Say whether these witnesses are a quorum; without witnesses nothing is."""
        return self.witnessed and self._has(self.once["quorum"], set(cosigners))

    def _has(self, name: str, cosigners: set[str]) -> bool:
        if name not in self.groups:
            return name in cosigners
        needed, members = self.groups[name]
        return sum(self._has(each, cosigners) for each in members) >= needed

    def keys(self, origin: str) -> list[Key]:
        """Return the keys that may sign for a log: their name is its origin."""
        if self.once.get("origin", origin) != origin:
            return []
        return [key for key in self.logs if key.name == origin]


_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_WORDS = {"log": (1, 2), "witness": (2, 3), "group": (3, 1 << 20), "writer": (1, 1 << 20)}
_DIGITS = 9


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise ValueError(text)
    return int(text)


def _of_kind(key: Key, algorithm: int) -> Key:
    if key.algorithm != algorithm:
        raise ValueError(key.name)
    return key


class Anchor(NamedTuple):
    """What somebody else holds of the log: origin, size and root."""

    origin: str
    size: int
    root: bytes


def anchor_line(origin: str, size: int, root: bytes) -> str:
    """Return the line that is printed: origin, size, root, and a check against misreading."""
    said = f"{ANCHOR} {origin} {size} {root.hex()}"
    return f"{said} {hashlib.sha256(said.encode()).hexdigest()[:8]}"


def read_anchors(text: str) -> list[Anchor]:
    """Read printed lines, or one checkpoint. Raises `Unreadable`."""
    if not text.lstrip().startswith(ANCHOR):
        try:
            note = Note.parse(text)
        except Wrong as error:
            raise Unreadable("the anchor is neither a line nor a checkpoint") from error
        return [Anchor(note.origin, note.size, note.root)]
    return [_anchor(" ".join(each.split())) for each in text.splitlines() if each.strip()]


def _anchor(line: str) -> Anchor:
    try:
        head, size, root, _ = line.rsplit(" ", 3)
        found = Anchor(head[len(ANCHOR) + 1 :], int(size), bytes.fromhex(root))
    except ValueError as error:
        raise Unreadable(f"not an anchor: {line[:120]}") from error
    if anchor_line(*found) != line.lower().replace(found.origin.lower(), found.origin, 1):
        raise Unreadable(f"the anchor is mistyped: {line[:120]}")
    return found


# --- Bundles: a zip file as it was exported, or a folder -----------------------------------------

_NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)*")
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_BIG = (1 << 31) - 1
_MANY = 0xFFFF
_DAY = 0x21
_MODE = 0o100644 << 16


class Member(NamedTuple):
    """A file of a zip: where its header and its bytes begin, how long it is, its CRC."""

    name: str
    header: int
    start: int
    size: int
    crc: int


class Bundle:
    """The files of a bundle by name: in their order, and each found at once among thousands."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self.members: dict[str, Member] = {}
        self.ignored = 0
        if self.path.is_dir():
            self.names = dict.fromkeys(sorted(self._walk()))
        else:
            with self.path.open("rb") as file:
                for member in _members(file, self.path.stat().st_size):
                    self.members[member.name] = member
            self.names = dict.fromkeys(sorted(self.members))

    def _walk(self) -> Iterator[str]:
        for folder, inner, files in os.walk(str(self.path)):
            # What operating systems and interpreters drop into folders is no part of a bundle.
            inner[:] = [each for each in inner if each[0] != "." and each[:2] != "__"]
            for each in files:
                if each[0] != ".":
                    yield (Path(folder) / each).relative_to(self.path).as_posix()

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes in pieces. Raises `OSError` and `KeyError`."""
        member = self.members.get(name)
        if member is None and self.members:
            raise KeyError(name)
        place = self.path if member else self.path / name
        with place.open("rb") as file:
            left = member.size if member else -1
            file.seek(member.start if member else 0)
            while left:
                chunk = file.read(CHUNK if left < 0 else min(CHUNK, left))
                if not chunk:
                    return
                left -= len(chunk) if left > 0 else 0
                yield chunk

    def read(self, name: str) -> bytes:
        """Return all bytes of a small file. Raises `OSError` and `KeyError`."""
        return b"".join(self.chunks(name))

    def lines(self, name: str) -> Iterator[tuple[int, bytes]]:
        """Yield the lines of a file with the byte each begins at. Raises `Wrong` at a long one."""
        rest, at = b"", 0
        for chunk in self.chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield at, line
                at += len(line) + 1
            if len(rest) > LINE_MAX:
                raise Wrong("PARSE", at, what="line")
        if rest:
            raise Wrong("PARSE", at, what="line")


def _members(file: Any, size: int) -> list[Member]:
    """Walk the zip from its first byte; every byte must be what the export wrote."""
    found: list[Member] = []
    at = 0
    while True:
        file.seek(at)
        head = file.read(_LOCAL.size)
        if head[:4] != b"PK\x03\x04" or len(head) < _LOCAL.size:
            break
        crc, packed, length, named, extra = _LOCAL.unpack(head)[6:]
        name = file.read(named).decode("ascii", "replace")
        start = at + _LOCAL.size + named
        again = _local(name, crc, length)
        if head != again or extra or packed != length or not _NAME.fullmatch(name):
            raise Wrong("CONTAINER", _differ(head, again) + at, what=name)
        found.append(Member(name, at, start, length, crc))
        at = start + length
    if not found:
        raise Unreadable("it is neither a folder nor a zip of the export")
    file.seek(at)
    rest, again = file.read(min(size - at, 1 << 30) if at <= size else 0), _directory(found, at)
    names = [each.name for each in found]
    if rest != again or len(set(names)) != len(names):
        raise Wrong("CONTAINER", at + _differ(rest, again), what="directory")
    return found


def _local(name: str, crc: int, length: int) -> bytes:
    head = (b"PK\x03\x04", 20, 0, 0, 0, _DAY, crc, length, length, len(name), 0)
    return _LOCAL.pack(*head)


def _directory(members: Sequence[Member], at: int) -> bytes:
    """Return the end of a zip as the export writes it (with zip64 where it is needed)."""
    records = b"".join([_record(each) for each in members])
    count, size, end = len(members), len(records), b""
    if count > _MANY or at > _BIG or size > _BIG:
        place = at + size
        end = _END64.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, at)
        end += _LOCATOR.pack(b"PK\x06\x07", 0, place, 1)
    few, small, low = min(count, 0xFFFF), min(size, 0xFFFFFFFF), min(at, 0xFFFFFFFF)
    return records + end + _END.pack(b"PK\x05\x06", 0, 0, few, few, small, low, 0)


def _record(member: Member) -> bytes:
    extra, version, offset = b"", 20, member.header
    if offset > _BIG:
        extra, version, offset = struct.pack("<HHQ", 1, 8, offset), 45, 0xFFFFFFFF
    sizes = (member.crc, member.size, member.size, len(member.name), len(extra), 0, 0, 0)
    head = (b"PK\x01\x02", version, 3, version, 0, 0, 0, 0, _DAY, *sizes, _MODE, offset)
    return _CENTRAL.pack(*head) + member.name.encode() + extra


def _differ(first: bytes, second: bytes) -> int:
    """Return the place of the first byte that differs."""
    shared = min(len(first), len(second))
    return next((at for at in range(shared) if first[at] != second[at]), shared)


# --- Canonical JSON and leaves -------------------------------------------------------------------


class Said(NamedTuple):
    """What one entry says, as far as the checks need it, and where it stands."""

    number: int
    file: str
    byte: int
    by: str = ""
    camp: Any = None
    stream: str | None = None
    seq: int = 0
    closing: int | None = None
    commitments: Any = None
    sealed: str | None = None
    tells: Any = None

    @property
    def name(self) -> str | None:
        """`stream#seq`, by which people find the entry."""
        return self.sealed if self.stream is None else f"{self.stream}#{self.seq}"


def canonical(raw: bytes) -> Any:
    """Return a JSON value that is written in the one canonical way. Raises `Wrong`."""
    try:
        value = json.loads(raw.decode(), parse_float=_never, parse_constant=_never)
        again = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except UnicodeDecodeError as error:
        raise Wrong("PARSE", error.start, what="UTF-8") from error
    except json.JSONDecodeError as error:
        place = len(error.doc[: error.pos].encode())
        raise Wrong("PARSE", place, what=f"JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise Wrong("PARSE", 0, what="JSON") from error
    written = again.encode("utf-8", "surrogatepass")
    if written != raw:
        raise Wrong("NONCANONICAL", _differ(written, raw))
    return value


def _never(_: str) -> Any:
    raise ValueError("only whole numbers")


def in_profile(value: Any, depth: int = 64) -> bool:
    """Say whether a value keeps to the restricted profile of the trail."""
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, int):
        return abs(value) < 1 << 53
    if isinstance(value, (dict, list)) and depth == 0:
        return False
    if isinstance(value, dict):
        return "".join(value).isascii() and all(in_profile(v, depth - 1) for v in value.values())
    return value is None or all(in_profile(each, depth - 1) for each in value)


def said_by(raw: bytes, index: int, file: str, byte: int) -> Said:
    """Return what an entry says. Raises `Wrong` when its bytes are not a leaf of the trail."""
    leaf = canonical(raw)
    if not in_profile(leaf):
        raise Wrong("NONCANONICAL", 0)
    try:
        said = _said(leaf, Said(index, file, byte))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Wrong("PARSE", 0, what="leaf") from error
    return said


def _said(leaf: Any, said: Said) -> Said:
    by, fields = leaf["by"], leaf["e"]
    if sorted(leaf) != ["at", "by", "e"] or type(leaf["at"]) is not int or type(by) is not str:
        raise ValueError("at, by, e")
    sealed = str(fields.get("id", "")) if fields.get("sealed") else None
    said = said._replace(by=by, camp=fields.get("camp"), commitments=fields.get("c"), sealed=sealed)
    if sealed is not None and "stream" not in fields:
        return said
    stream, seq, closing = fields["stream"], fields["seq"], fields.get("closing")
    if type(stream) is not str or type(seq) is not int or seq < 0:
        raise ValueError("stream, seq")
    if closing is not None and (type(closing) is not int or closing < 1):
        raise ValueError("closing")
    telling = fields.get("tag") in (REVEALED, ERASED) and fields.get("outcome") == "accepted"
    tells = (fields["tag"], dict(fields["detail"])) if telling else None
    return said._replace(stream=stream, seq=seq, closing=closing, tells=tells)


def commitment(salt: bytes, body: bytes) -> str:
    """Return what an entry tells of a body."""
    return hashlib.sha256(b"audit-commit/v1\0" + salt + body).hexdigest()


def name_of(raw: bytes) -> str | None:
    """Return `stream#seq` of bytes that may have been altered, if they still tell it."""
    found = re.search(rb'"seq":(\d{1,16}),"stream":"([^"\\]{1,200})"', raw)
    return found and f"{found.group(2).decode('utf-8', 'replace')}#{found.group(1).decode()}"


# --- The whole log: entry bundles and tiles ------------------------------------------------------


class Unit(NamedTuple):
    """What one piece of the log gave: up to 16,384 entries, hashed and read."""

    roots: bytes
    tails: dict[int, list[bytes]]
    mismatches: list[tuple[int, int, str | None]]
    findings: list[Finding]
    said: list[Said]


class Task(NamedTuple):
    """One piece of work: entry bundles from `first` on, for a log of `size` entries."""

    first: int
    bundles: int
    size: int
    wanted: tuple[int, ...]
    fast: bool


_SHARED: dict[str, Bundle] = {}


def _share(bundle: Bundle) -> None:
    _SHARED["bundle"] = bundle


def work(task: Task) -> Unit:
    """Hash and read the entries of one piece."""
    unit = Unit(b"", {}, [], [], [])
    roots = []
    for number in range(task.first, task.first + task.bundles):
        hashes = _hash_bundle(_SHARED["bundle"], number, task, unit)
        for size in task.wanted:
            if size // WIDTH == number:
                unit.tails[size] = peaks(hashes[: size % WIDTH * HASH])
        if len(hashes) == WIDTH * HASH:
            roots.append(peaks(hashes)[0])
    return unit._replace(roots=b"".join(roots))


def _hash_bundle(bundle: Bundle, number: int, task: Task, unit: Unit) -> bytes:
    """Return the leaf hashes of one entry bundle, compared with the tile's."""
    width = min(WIDTH, task.size - number * WIDTH)
    file, tile = tile_name("entries", number, width), tile_name("0", number, width)
    data, told = _file(bundle, file, unit), _file(bundle, tile, unit)
    starts, sound = _split(data)
    found = digests(b"\x00", data, starts)
    if not sound or len(starts) != width:
        at = starts[-1][1] if starts else 0
        unit.findings.append(Finding("PARSE", file, None, None, at, {"what": f"!= {width}"}))
    if found != told:
        _compare((found, told), (data, starts), number, unit)
    if not task.fast:
        _listen(data, starts, (file, number * WIDTH), unit)
    return (found + told[len(found) :])[: width * HASH].ljust(width * HASH, b"\0")


def _file(bundle: Bundle, name: str, unit: Unit) -> bytes:
    try:
        return bundle.read(name)
    except (OSError, KeyError):
        unit.findings.append(Finding("MISSING_FILE", name))
        return b""


def _split(data: bytes) -> tuple[list[tuple[int, int]], bool]:
    """Return where the entries of a bundle begin and end, and whether they fill it."""
    starts: list[tuple[int, int]] = []
    at, end = 0, len(data)
    while at < end:
        start = at + 2
        at = start + (data[start - 2] << 8) + (data[start - 1] if start <= end else 0)
        if at > end or len(starts) == WIDTH:
            return starts, False
        starts.append((start, at))
    return starts, True


def _compare(
    hashes: tuple[bytes, bytes], data: tuple[bytes, list[tuple[int, int]]], number: int, unit: Unit
) -> None:
    """Note which entries are not those of the tile; after a broken length only the first."""
    found, told = hashes
    raw, starts = data
    for place in range(max(len(found), len(told) + HASH - 1) // HASH):
        at = slice(place * HASH, (place + 1) * HASH)
        if found[at] == told[at]:
            continue
        start, end = starts[place] if place < len(starts) else (len(raw), len(raw))
        unit.mismatches.append((number * WIDTH + place, start, name_of(raw[start:end])))
        if len(found) != len(told):
            return


def _listen(data: bytes, starts: list[tuple[int, int]], where: tuple[str, int], unit: Unit) -> None:
    file, index = where
    for at, end in starts:
        try:
            unit.said.append(said_by(data[at:end], index, file, at))
        except Wrong as error:
            name = name_of(data[at:end])
            byte = at + (error.byte or 0)
            unit.findings.append(Finding(error.code, file, index, name, byte, error.params))
        index += 1


def tile_name(level: str, index: int, width: int) -> str:
    """Return the path of a tile or entry bundle (C2SP tlog-tiles)."""
    groups = [f"{index % THOUSAND:03}"]
    while index >= THOUSAND:
        index //= THOUSAND
        groups.insert(0, f"x{index % THOUSAND:03}")
    return f"tile/{level}/{'/'.join(groups)}" + ("" if width == WIDTH else f".p/{width}")


class Tree:
    """The perfect subtrees of a log, from level 8 up, and what stands beside them."""

    def __init__(self, roots: bytes, tails: dict[int, list[bytes]]) -> None:
        self.levels = [roots]
        while len(self.levels[-1]) >= 2 * HASH:
            self.levels.append(parents(self.levels[-1]))
        self.tails = tails

    def root(self, size: int) -> bytes:
        """Return the root over the first entries; `size` is one that was asked for."""
        nodes, whole, done = [], size // WIDTH, 0
        for level in range(whole.bit_length() - 1, -1, -1):
            if whole >> level & 1:
                at = (done >> level) * HASH
                nodes.append(self.levels[level][at : at + HASH])
                done += 1 << level
        return bagged(nodes + (self.tails.get(size, []) if size % WIDTH else []))


def tiles_above(roots: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the tiles of level 1 and higher with the bytes they must have."""
    level, hashes = 1, roots
    while hashes:
        for at in range(0, len(hashes), WIDTH * HASH):
            part = hashes[at : at + WIDTH * HASH]
            yield tile_name(str(level), at // (WIDTH * HASH), len(part) // HASH), part
        whole = hashes[: len(hashes) // (WIDTH * HASH) * WIDTH * HASH]
        for _ in range(8):
            whole = parents(whole)
        level, hashes = level + 1, whole


# --- The check -----------------------------------------------------------------------------------


class Given(NamedTuple):
    """What the reader brought along."""

    policy: Policy | None
    anchors: list[Anchor]
    fast: bool


class Stream:
    """How far one stream was seen: its entries may stand in any order."""

    def __init__(self) -> None:
        self.next = 0
        self.early: set[int] = set()
        self.closing: int | None = None

    def take(self, seq: int) -> bool:
        """Count an ordinal; say whether it is new."""
        if seq < self.next or seq in self.early:
            return False
        self.early.add(seq)
        while self.next in self.early:
            self.early.remove(self.next)
            self.next += 1
        return True

    @property
    def count(self) -> int:
        """How many entries were seen."""
        return self.next + len(self.early)


class Judge:
    """Takes entries one by one and keeps what has to be compared over all of them."""

    def __init__(self, report: Report, given: Given) -> None:
        self.report, self.given = report, given
        self.streams: dict[str, Stream] = {}
        self.sealed: set[str] = set()
        self.bodies: dict[tuple[int, str], tuple[str, int]] = {}
        self.camps: set[Any] = set()
        self.entries = self.missing = self.opened = self.revealed = 0
        self.told: list[Said] = []
        self.committed: dict[tuple[str | None, str], Any] = {}
        self.came: set[tuple[str | None, str]] = set()
        self.last, self.whole = -1, False

    def take(self, said: Said) -> None:
        """Check one entry against those before it."""
        writers = self.given.policy.writers if self.given.policy else set()
        if writers and said.by not in writers:
            self._note("WRITER", said, what=said.by)
        if said.stream is None:
            if said.sealed in self.sealed:
                self._note("DUP_LEAF", said)
            self.sealed.add(str(said.sealed))
        else:
            stream = self.streams.setdefault(said.stream, Stream())
            if not stream.take(said.seq):
                self._note("DUP_ORDINAL", said)
            if said.closing is not None:
                stream.closing = said.closing
            if said.seq == 0:
                self.camps.add(said.camp)
        if said.tells:
            self.told.append(said)
        self._open(said)

    def _open(self, said: Said) -> None:
        """Compare what the entry committed to with the bodies that came along."""
        slots = said.commitments if isinstance(said.commitments, dict) else {}
        for slot, committed in slots.items():
            if said.sealed is not None:
                self.committed[said.name, slot] = committed
            body = self.bodies.pop((said.number, slot), None)
            if body is None:
                self.missing += 1
            elif body[0] != committed:
                where = said._replace(file=PAYLOADS, byte=body[1])
                self._note("PAYLOAD", where, what=slot)
            else:
                self.opened += 1
                self.came.add((said.name, slot))

    def _note(self, code: str, said: Said, **params: Any) -> None:
        self.report.note(Finding(code, said.file, said.number, said.name, said.byte, params))

    def _compare_told(self) -> None:
        """Compare reveals with what was sealed, and erasures with the bodies that came along."""
        for said in self.told:
            tag, detail = said.tells
            target = str(detail.get("target")), str(detail.get("slot"))
            if tag == ERASED:
                if target in self.came:
                    self._note("ERASURE_NOT_DONE", said, what=" ".join(target))
                continue
            salt, body = str(detail.get("salt")), str(detail.get("body")).encode()
            salted = bytes.fromhex(salt) if re.fullmatch("[0-9a-f]{64}", salt) else b""
            if salted and commitment(salted, body) == self.committed.get(target):
                self.revealed += 1
            elif self.whole or target in self.committed:
                self._note("REVEAL", said, what=target[0])
        if self.revealed:
            self.report.hold("revealed", count=self.revealed)

    def finish(self) -> None:
        """Check what only the end can tell: ordinals, counts, bodies nobody committed to."""
        self._compare_told()
        for name, stream in self.streams.items():
            if stream.early:
                what = f"{stream.next} .. {min(stream.early) - 1}"
                self.report.note(Finding("ORDINAL_GAP", "-", None, name, None, {"what": what}))
            if stream.closing not in (None, stream.count):
                params = {"said": stream.closing, "found": stream.count}
                self.report.note(Finding("CLOSED_COUNT", "-", None, name, None, params))
        for (index, slot), (_, byte) in self.bodies.items():
            found = Finding("PAYLOAD_ORPHAN", PAYLOADS, index, None, byte, {"what": slot})
            self.report.note(found)

    @property
    def closed(self) -> int:
        """How many streams are closed."""
        return sum(each.closing is not None for each in self.streams.values())


class Check:
    """One run over one bundle."""

    def __init__(self, bundle: Bundle, given: Given) -> None:
        self.bundle, self.given = bundle, given
        self.report = Report()
        self.judge = Judge(self.report, given)
        self.manifest: dict[str, Any] = {}
        self.notes: list[tuple[Note, list[bytes], str, int]] = []
        self.proven: set[int] = set()
        self.roots: dict[int, bytes] = {}
        self.bodies = 0

    def run(self) -> Report:
        """Check everything; the report says what was found."""
        if not self._read_manifest():
            return self.report
        self._files()
        if self._read_checkpoints():
            self._read_payloads()
            (self._whole if self.manifest["campaign"] is None else self._part)()
            self._checkpoints()
            self._said()
            self._compare_manifest()
            self._conclude()
        return self.report

    @property
    def newest(self) -> Note:
        """The checkpoint of the bundle."""
        return self.notes[0][0]

    def _read_manifest(self) -> bool:
        if MANIFEST not in self.bundle.names:
            raise Unreadable(f"{MANIFEST} is missing")
        raw = self.bundle.read(MANIFEST)
        try:
            value = canonical(raw[:-1])
            if raw[-1:] != b"\n":
                raise Wrong("NONCANONICAL", len(raw) - 1)
            self.manifest = _manifest(value)
        except Wrong as error:
            self.report.wrong(MANIFEST, error)
            return False
        return True

    def _files(self) -> None:
        """Compare the files with the manifest's list and its digests."""
        listed, digests = self.manifest["files"], 0
        for name in self.bundle.names:
            if name not in listed and name != MANIFEST:
                self.report.note(Finding("EXTRA_FILE", name))
        for name, told in listed.items():
            if name not in self.bundle.names:
                self.report.note(Finding("MISSING_FILE", name))
            # The tree covers every byte of the entries, so the fast check need not hash them twice.
            elif not (self.given.fast and name.startswith("tile/entries/")):
                digests += 1
                self._digest(name, told)
        if not self.report.has("DIGEST", "MISSING_FILE"):
            self.report.hold("digests", count=digests)

    def _digest(self, name: str, told: dict[str, Any]) -> None:
        digest, length, crc = hashlib.sha256(), 0, 0
        for chunk in self.bundle.chunks(name):
            digest.update(chunk)
            length += len(chunk)
            crc = zlib.crc32(chunk, crc)
        if {"bytes": length, "sha256": digest.hexdigest()} != told:
            self.report.note(Finding("DIGEST", name))
        member = self.bundle.members.get(name)
        if member is not None and member.crc != crc:
            self.report.note(Finding("CONTAINER", name, byte=member.header, params={"what": "CRC"}))

    def _read_checkpoints(self) -> bool:
        """Read the newest checkpoint and the older ones; without the newest nothing can go on."""
        try:
            newest = Note.parse(self.bundle.read(CHECKPOINT).decode())
        except (Wrong, OSError, KeyError, UnicodeDecodeError):
            self.report.note(Finding("PARSE", CHECKPOINT, params={"what": "checkpoint"}))
            return False
        self.notes.append((newest, [], CHECKPOINT, 0))
        for byte, value in self._values(OLDER):
            try:
                proof = [unbase64(each) for each in value["proof"]]
                self.notes.append((Note.parse(value["note"]), proof, OLDER, byte))
            except (Wrong, ValueError, KeyError, TypeError, AttributeError):
                self.report.note(Finding("PARSE", OLDER, None, None, byte, {"what": "checkpoint"}))
        sizes = [each[0].size for each in self.notes[1:]]
        if sizes != sorted(set(sizes)) or (sizes and sizes[-1] >= newest.size):
            self.report.note(Finding("ORDER", OLDER))
        return True

    def _values(self, name: str) -> Iterator[tuple[int, Any]]:
        """Yield the values of a file of JSON lines; what cannot be read is noted."""
        if name not in self.bundle.names:
            return
        try:
            for byte, line in self.bundle.lines(name):
                try:
                    value = canonical(line)
                except Wrong as error:
                    self.report.wrong(name, error, base=byte)
                    continue
                yield byte, value
        except Wrong as error:
            self.report.wrong(name, error)

    def _read_payloads(self) -> None:
        for byte, value in self._values(PAYLOADS):
            try:
                salt, body = unbase64(value["salt"]), unbase64(value["body"])
                place = int(value["index"]), str(value["slot"])
            except (ValueError, KeyError, TypeError):
                self.report.note(Finding("PARSE", PAYLOADS, None, None, byte, {"what": "body"}))
                continue
            committed = commitment(salt, body) if len(salt) == HASH else "-"
            self.judge.bodies[place] = committed, byte
            self.bodies += 1

    # The whole log ------------------------------------------------------------------------------

    def _whole(self) -> None:
        """Recompute the tree over all entries."""
        size = self.newest.size
        bundles = min(-(-size // WIDTH), len(self.bundle.names))
        if bundles * WIDTH < size:
            self.report.note(Finding("INDEX_GAP", CHECKPOINT, params={"what": f"{size}"}))
        asked = {each[0].size for each in self.notes} | {each.size for each in self.given.anchors}
        wanted = tuple(sorted(each for each in asked if each <= size))
        tails: dict[int, list[bytes]] = {}
        roots: list[bytes] = []
        mismatches: list[tuple[int, int, str | None]] = []
        for unit in self._units(bundles, wanted):
            roots.append(unit.roots)
            tails.update(unit.tails)
            mismatches += unit.mismatches[: KEPT - len(mismatches)]
            for finding in unit.findings:
                self.report.note(finding)
            for said in unit.said:
                self.judge.take(said)
        self.judge.entries, self.judge.last = size, size - 1
        tree = Tree(b"".join(roots), tails)
        if bundles * WIDTH >= size:
            self.roots = {each: tree.root(each) for each in wanted}
        self._mismatches(mismatches)
        self._upper_tiles(tree.levels[0])

    def _units(self, bundles: int, wanted: tuple[int, ...]) -> Iterator[Unit]:
        size, fast = self.newest.size, self.given.fast
        tasks = []
        for first in range(0, bundles, GROUP):
            count = min(GROUP, bundles - first)
            inner = tuple(s for s in wanted if first <= s // WIDTH < first + count)
            tasks.append(Task(first, count, size, inner, fast))
        return spread(self.bundle, tasks)

    def _mismatches(self, found: list[tuple[int, int, str | None]]) -> None:
        """Tell altered entries from altered tiles: the signed root decides."""
        entries_hold = self.roots.get(self.newest.size) == self.newest.root
        for index, byte, name in found:
            number = index // WIDTH
            width = min(WIDTH, self.newest.size - number * WIDTH)
            if entries_hold:
                file, at = tile_name("0", number, width), index % WIDTH * HASH
                self.report.note(Finding("TILE", file, index, name, at))
            else:
                file = tile_name("entries", number, width)
                self.report.note(Finding("LEAF_HASH", file, index, name, byte))

    def _upper_tiles(self, roots: bytes) -> None:
        for name, hashes in tiles_above(roots):
            found = self.bundle.read(name) if name in self.bundle.names else None
            if found is None:
                self.report.note(Finding("MISSING_FILE", name))
            elif found != hashes:
                self.report.note(Finding("TILE", name, byte=_differ(found, hashes)))

    # The streams of one campaign ----------------------------------------------------------------

    def _part(self) -> None:
        """Follow the proof of every entry to the newest checkpoint."""
        for number in range(len(self.bundle.names)):
            name = part_name(number)
            if name not in self.bundle.names:
                break
            for byte, value in self._values(name):
                self._line(name, byte, value)

    def _line(self, file: str, byte: int, value: Any) -> None:
        try:
            index, raw = value["index"], value["leaf"].encode()
            told, proof = unbase64(value["hash"]), [unbase64(each) for each in value["proof"]]
            if type(index) is not int or sorted(value) != ["hash", "index", "leaf", "proof"]:
                raise ValueError("index")
        except (KeyError, TypeError, ValueError, AttributeError):
            self.report.note(Finding("PARSE", file, None, None, byte, {"what": "line"}))
            return
        self.judge.entries += 1
        if index <= self.judge.last:
            code = "DUP_LEAF" if index == self.judge.last else "ORDER"
            self.report.note(Finding(code, file, index, name_of(raw), byte))
        self.judge.last = max(self.judge.last, index)
        if leaf_hash(raw) != told:
            self.report.note(Finding("LEAF_HASH", file, index, name_of(raw), byte))
        if not included(index, self.newest.size, told, proof, self.newest.root):
            self.report.note(Finding("INCLUSION", file, index, name_of(raw), byte))
        if not self.given.fast:
            self._hear(raw, (file, index, byte))

    def _hear(self, raw: bytes, where: tuple[str, int, int]) -> None:
        file, index, byte = where
        try:
            self.judge.take(said_by(raw, index, file, byte))
        except Wrong as error:
            # The leaf stands inside a line, so its own byte is told beside that of the line.
            what = f"{error.params.get('what', '')} @{error.byte}"
            self.report.note(Finding(error.code, file, index, name_of(raw), byte, {"what": what}))

    # Checkpoints, manifest, conclusion ----------------------------------------------------------

    def _checkpoints(self) -> None:
        """Check roots, consistency, signatures and cosignatures of every checkpoint."""
        origin, newest = self.newest.origin, (self.newest.size, self.newest.root)
        for note, proof, file, byte in self.notes:
            if note.origin != origin:
                params = {"what": f"{note.origin} / {origin}"}
                self.report.note(Finding("CKPT_ORIGIN", file, byte=byte, params=params))
            if self.manifest["campaign"] is None:
                proven, code = self.roots.get(note.size) == note.root, "CKPT_ROOT"
            else:
                proven, code = consistent((note.size, note.root), newest, proof), "CONSISTENCY"
            if proven:
                self.proven.add(note.size)
                self.roots[note.size] = note.root
            else:
                self.report.note(Finding(code, file, None, None, byte, {"size": note.size}))
        if len(self.notes) > 1 and not self.report.has("CKPT_ROOT", "CONSISTENCY"):
            self.report.hold("consistent", count=len(self.notes) - 1)
        if self.given.policy is None:
            self.report.skip("no_key")
        else:
            self._signatures(self.given.policy)

    def _signatures(self, policy: Policy) -> None:
        """Check every checkpoint's signatures; the largest with a quorum vouches for its part."""
        best: tuple[int, list[str]] = (0, [])
        times: dict[str, int] = {}
        for note, _, file, byte in [*self.notes[1:], self.notes[0]]:
            keys = policy.keys(note.origin)
            if not keys:
                params = {"what": note.origin}
                self.report.note(Finding("CKPT_ORIGIN", file, byte=byte, params=params))
            if not any(key.signed_at(note, b) == 0 for key in keys for b in note.by(key)):
                self.report.note(Finding("CKPT_SIG", file, byte=byte))
            cosigners = self._cosigners(policy, note, (file, byte), times)
            if policy.satisfied(cosigners) and note.size in self.proven:
                best = max(best, (note.size, cosigners))
        if not self.report.has("CKPT_SIG"):
            self.report.hold("signed", count=len(self.notes))
        if best[0]:
            self.report.hold("quorum", size=best[0], who=", ".join(best[1]))
        if policy.witnessed and self.judge.last >= best[0]:
            self.report.note(Finding("QUORUM", CHECKPOINT, params={"what": best[0]}))

    def _cosigners(
        self, policy: Policy, note: Note, where: tuple[str, int], times: dict[str, int]
    ) -> list[str]:
        found = []
        for name, key in policy.witnesses.items():
            for body in note.by(key):
                at = key.signed_at(note, body)
                if at is None:
                    self._cosignature("COSIG_BAD", name, where)
                    continue
                if at < times.get(name, 0):
                    self._cosignature("COSIG_TIME", name, where)
                times[name] = at
                found.append(name)
        return found

    def _cosignature(self, code: str, name: str, where: tuple[str, int]) -> None:
        self.report.note(Finding(code, where[0], byte=where[1], params={"what": name}))

    def _said(self) -> None:
        """Finish the entries, and say what holds of them."""
        report, judge = self.report, self.judge
        if self.given.fast:
            report.skip("fast")
        else:
            judge.whole = self.manifest["campaign"] is None
            judge.finish()
            self._say_entries()
        if self.manifest["campaign"] is not None:
            report.skip("others")
        report.skip("beyond")
        tree = ("LEAF_HASH", "INCLUSION", "CKPT_ROOT", "PARSE", "INDEX_GAP", "MISSING_FILE")
        if judge.entries and not report.has(*tree):
            report.hold("hashed", count=judge.entries)

    def _say_entries(self) -> None:
        report, judge = self.report, self.judge
        if not report.has("NONCANONICAL", "PARSE"):
            report.hold("canonical")
        if not report.has("DUP_ORDINAL", "ORDINAL_GAP", "CLOSED_COUNT"):
            report.hold("streams", count=len(judge.streams), closed=judge.closed)
        if judge.opened and not report.has("PAYLOAD", "PAYLOAD_ORPHAN"):
            report.hold("payloads", count=judge.opened)
        if self.given.policy is None or not self.given.policy.writers:
            report.skip("no_writers")
        elif not report.has("WRITER"):
            report.hold("writers")
        if judge.missing > judge.revealed:
            report.skip("committed", count=judge.missing - judge.revealed)
        if len(judge.streams) > judge.closed:
            report.skip("open", count=len(judge.streams) - judge.closed)

    def _compare_manifest(self) -> None:
        """Compare what the manifest counts with what was found."""
        judge, note = self.judge, self.newest
        found: dict[str, Any] = {
            "checkpoints": len(self.notes),
            "entries": judge.entries,
            "origin": note.origin,
            "payloads": self.bodies,
            "root": note.root.hex(),
            "size": note.size,
        }
        # An entry that cannot be read hides its stream; that is found already.
        if not self.given.fast and not self.report.has("NONCANONICAL", "PARSE"):
            found["streams"] = len(judge.streams)
            if self.manifest["campaign"] is not None and judge.streams:
                camps = judge.camps - {self.manifest["campaign"]}
                found["campaign"] = min(map(str, camps)) if camps else self.manifest["campaign"]
        for name, value in found.items():
            if self.manifest[name] != value:
                what = f"{name}: {self.manifest[name]} / {value}"
                self.report.note(Finding("MANIFEST", MANIFEST, params={"what": what}))
        for name in sorted(set(self.manifest["files"]) - self._known()):
            self.report.note(Finding("EXTRA_FILE", name))

    def _known(self) -> set[str]:
        """Return the names a bundle of this size may hold."""
        names = {CHECKPOINT, OLDER, PAYLOADS, POLICY, SELF}
        if self.manifest["campaign"] is not None:
            return names | {part_name(each) for each in range(len(self.bundle.names))}
        size, level = self.newest.size, 0
        bundles = min(-(-size // WIDTH), len(self.bundle.names))
        for each in range(bundles):
            names.add(tile_name("entries", each, min(WIDTH, size - each * WIDTH)))
        while size:
            for each in range(min(-(-size // WIDTH), len(self.bundle.names))):
                names.add(tile_name(str(level), each, min(WIDTH, size - each * WIDTH)))
            level, size = level + 1, size // WIDTH
        return names

    def _conclude(self) -> None:
        """Compare with what is held elsewhere; without any of it nothing is concluded."""
        report, policy = self.report, self.given.policy
        if not self.judge.entries:
            report.note(Finding("EMPTY", "-"))
        reach = 0
        for anchor in self.given.anchors:
            reach = max(reach, self._anchor(anchor))
        if reach:
            report.hold("anchored", size=reach)
        witnessed = policy is not None and policy.witnessed
        if not witnessed and (self.judge.last >= reach or reach == 0):
            report.note(Finding("UNANCHORED", CHECKPOINT, params={"what": reach}))

    def _anchor(self, anchor: Anchor) -> int:
        """Compare with one anchor; return how many entries it vouches for."""
        if anchor.origin != self.newest.origin:
            self.report.note(Finding("CKPT_ORIGIN", CHECKPOINT, params={"what": anchor.origin}))
            return 0
        params = {"size": anchor.size, "what": self.newest.size}
        root = self.roots.get(anchor.size)
        if root == anchor.root:
            return anchor.size
        code = "FORK" if root else "NOT_AVAILABLE"
        if anchor.size > self.newest.size:
            code = "TRUNCATED"
        self.report.note(Finding(code, CHECKPOINT, params=params))
        return 0


def spread(bundle: Bundle, tasks: list[Task]) -> Iterator[Unit]:
    """Do the tasks, on all cores if there are many, and yield what they gave in their order."""
    _share(bundle)
    cores = min(len(tasks), os.cpu_count() or 1)
    pool = _pool(cores, bundle) if cores > 1 else None
    if pool is None:
        yield from map(work, tasks)
        return
    with pool:
        yield from pool.imap(work, tasks)


def _pool(cores: int, bundle: Bundle) -> Any:
    """Return processes to share the work; None where the system allows none."""
    try:
        return multiprocessing.Pool(cores, _share, (bundle,))
    except (OSError, ImportError):
        return None


def part_name(number: int) -> str:
    """Return the name of a part of the entries of one campaign."""
    return f"entries/{number:03}.jsonl"


def _manifest(value: Any) -> dict[str, Any]:
    """Check the manifest's form. Raises `Wrong`."""
    numbers = ("checkpoints", "entries", "payloads", "size", "streams")
    fields = {"campaign", "files", "format", "origin", "root", *numbers}
    if not isinstance(value, dict) or set(value) != fields or value["format"] != FORMAT:
        raise Wrong("MANIFEST", what="fields")
    files, named = value["files"], value["campaign"]
    sound = isinstance(files, dict) and all(type(value[each]) is int for each in numbers)
    if not sound or not (named is None or type(named) is str):
        raise Wrong("MANIFEST", what="types")
    bad = [name for name in files if not _NAME.fullmatch(name)]
    if bad:
        raise Wrong("MANIFEST", what=bad[0])
    return value


# --- The command ---------------------------------------------------------------------------------


def shown(report: Report, check: Check | None, places: tuple[int, ...], fast: bool) -> str:
    """Return the report as text; `places` are the languages, 0 Chinese and 1 English."""
    lines = [" / ".join(WORDS["title"][place] for place in places)]
    if check is not None and check.notes:
        note = check.newest
        params = {"origin": plain(note.origin), "size": note.size, "root": note.root.hex()}
        lines.append(_said_twice("log", params, places))
    for head, items in (("holds", report.holds), ("unchecked", report.unchecked)):
        if items:
            lines += ["", " / ".join(WORDS[head][place] for place in places)]
            lines += [f"  {_said_twice(key, params, places)}" for key, params in items]
    for head, findings in (("faults", report.faults), ("doubts", report.doubts)):
        if findings:
            lines += ["", " / ".join(WORDS[head][place] for place in places)]
            lines += [line for each in findings for line in _told(each, places)]
    if report.count > len(report.faults):
        params = {"count": report.count - len(report.faults)}
        lines.append(f"  {_said_twice('more', params, places)}")
    key = f"verdict{report.status}" + ("fast" if fast and report.status == HOLDS else "")
    return "\n".join([*lines, "", _said_twice(key, {}, places)]) + "\n"


def _told(finding: Finding, places: tuple[int, ...]) -> list[str]:
    head = f"  {finding.code:<14} {finding.where(places[0])}"
    return [head, *(f"    {finding.words(place)}" for place in places)]


def _said_twice(key: str, params: dict[str, Any], places: tuple[int, ...]) -> str:
    said = {name: plain(value) for name, value in params.items()}
    return " / ".join(WORDS[key][place].format(**said) for place in places)


def _both(finding: Finding) -> dict[str, Any]:
    place = {
        "code": finding.code,
        "file": finding.file,
        "index": finding.number,
        "entry": finding.entry,
        "byte": finding.byte,
    }
    return {**place, "zh": finding.words(0), "en": finding.words(1)}


def as_json(report: Report, status: int, problem: str | None = None) -> str:
    """Return the report as one JSON document."""
    said = [
        [dict({n: str(v) for n, v in params.items()}, key=key) for key, params in items]
        for items in (report.holds, report.unchecked)
    ]
    document: dict[str, Any] = {
        "status": status,
        "holds": said[0],
        "findings": [_both(each) for each in report.faults],
        "count": report.count,
        "inconclusive": [_both(each) for each in report.doubts],
        "unchecked": said[1],
        "problem": problem,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def given_of(args: argparse.Namespace) -> Given:
    """Read what the reader brought along. Raises `OSError` and `Unreadable`."""
    inside = Path(args.bundle).resolve()
    for each in filter(None, (args.policy, args.anchor)):
        if inside.is_dir() and inside in Path(each).resolve().parents:
            raise Unreadable(f"{each} is a part of the bundle; bring your own")
    policy = Policy(_text(args.policy)) if args.policy else None
    return Given(policy, read_anchors(_text(args.anchor)) if args.anchor else [], args.fast)


def _text(path: str) -> str:
    try:
        return Path(path).read_bytes().decode()
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path}: not UTF-8") from error


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; argparse leaves with status 2 when it is wrong."""
    parser = argparse.ArgumentParser(
        prog="verify.py", description="核验督办留痕导出包 / check a bundle of Duban's trail"
    )
    parser.add_argument("bundle", help="zip 文件或解开的文件夹 / zip file or unpacked folder")
    parser.add_argument("--policy", help="另处取得的名册 / policy file from elsewhere")
    parser.add_argument("--anchor", help="另处持有的锚 / anchor lines or checkpoint from elsewhere")
    parser.add_argument("--json", action="store_true", help="JSON")
    parser.add_argument("--lang", choices=("zh", "en"), help="只用一种语言 / one language only")
    parser.add_argument("--fast", action="store_true", help="只核哈希与签名 / hashes, signatures")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Check a bundle, say what was found, and return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = arguments(argv)
    places = (0, 1) if args.lang is None else (0 if args.lang == "zh" else 1,)
    check = None
    try:
        given = given_of(args)
        check = Check(Bundle(args.bundle), given)
        report = check.run()
    except Wrong as error:
        report = Report()
        report.wrong(Path(args.bundle).name, error)
    except (OSError, Unreadable, MemoryError) as error:
        problem = plain(str(error) or type(error).__name__)
        said = as_json(Report(), UNREADABLE, problem)
        if not args.json:
            said = _said_twice("verdict2", {"what": problem}, places) + "\n"
        sys.stdout.write(said)
        return UNREADABLE
    told = as_json(report, report.status) if args.json else shown(report, check, places, args.fast)
    sys.stdout.write(told)
    return report.status


if __name__ == "__main__":
    sys.exit(main())
