"""Bundles on disk for the tests: written, unpacked, altered, sealed again, and checked."""

import asyncio
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import redirect_stdout
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from duban.bundle import Wanted, verify, write_bundle
from duban.bundle.writer import canonical
from tests.bundle.log import POLICY, MemoryLog, sample

SELF = Path(verify.__file__)


class Verdict(NamedTuple):
    """What a check said."""

    status: int
    told: dict[str, Any]

    @property
    def codes(self) -> set[str]:
        """The codes of all that was found or cannot be concluded."""
        return {each["code"] for each in [*self.told["findings"], *self.told["inconclusive"]]}

    def at(self, code: str) -> dict[str, Any]:
        """The first finding of a code."""
        both = [*self.told["findings"], *self.told["inconclusive"]]
        found: dict[str, Any] = next(each for each in both if each["code"] == code)
        return found


def checked(bundle: Path, *words: str, policy: str | None = POLICY) -> Verdict:
    """Check a bundle in this process, under a policy from outside."""
    given = verify.Given(verify.Policy(policy) if policy else None, [], "--fast" in words)
    if "--anchor" in words:
        text = Path(words[words.index("--anchor") + 1]).read_text(encoding="utf-8")
        given = given._replace(anchors=verify.read_anchors(text))
    report = verify.Check(verify.Bundle(str(bundle)), given).run()
    return Verdict(report.status, json.loads(verify.as_json(report, report.status)))


def run(*words: object, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Run the file alone, with an empty environment, as somebody without Duban would."""
    command = [python, "-I", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, env={}, cwd="/"
    )


def command(*words: object) -> tuple[int, str]:
    """Run the command in this process; return its status and what it said."""
    said = io.StringIO()
    with redirect_stdout(said):
        status = verify.main([str(each) for each in words])
    return status, said.getvalue()


def packed(path: Path, campaign: str | None, log: MemoryLog | None = None) -> Path:
    """Write a bundle of a log (that of the story) as a zip."""
    wanted = Wanted(campaign, POLICY)
    return asyncio.run(write_bundle(log or sample(), wanted, path)).path


def box(tmp_path: Path, campaign: str | None, log: MemoryLog | None = None) -> Path:
    """Write a bundle and unpack it; return the folder."""
    folder = tmp_path / "bundle"
    with zipfile.ZipFile(packed(tmp_path / "bundle.zip", campaign, log)) as archive:
        archive.extractall(folder)
    return folder


def files_of(folder: Path) -> list[str]:
    """Return the names of all files of an unpacked bundle."""
    return sorted(
        each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()
    )


def edit(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Alter a file; the change must change something."""
    path = folder / name
    before = path.read_bytes()
    after = change(before)
    assert after != before
    path.write_bytes(after)


def reseal(folder: Path, **said: object) -> None:
    """Make the manifest fit what is there, as somebody who alters a bundle would."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    names = [name for name in files_of(folder) if name != "manifest.json"]
    digests = {}
    for name in names:
        data = (folder / name).read_bytes()
        digests[name] = {"bytes": len(data), "sha256": sha256(data).hexdigest()}
    sealed = canonical({**manifest, "files": digests, **said})
    (folder / "manifest.json").write_bytes(sealed)


def policy_file(folder: Path, text: str = POLICY) -> Path:
    """Write a policy beside the bundle."""
    path = folder / "readers-policy.txt"
    path.write_text(text, encoding="utf-8")
    return path
