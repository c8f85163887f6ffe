"""`duban audit export`, `proof`, `verify-entry`, `consistency`, `anchor`: answers and statuses."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from duban.bundle import BundleError, Growth, Wanted, verify, write_bundle
from duban.bundle.archive import Archive
from duban.domain.campaign import commands as c
from duban.domain.events import Event
from duban.errors import Unavailable
from duban.proof.checkpoints import Checkpoint
from duban.proof.merkle import consistency_proof, inclusion_proof, root_of
from duban.proof.policy import Policy
from duban.proof.proofs import EntryProof
from tests.bundle.boxes import checked
from tests.bundle.log import BARE, POLICY, MemoryLog, sample
from tests.cli.world import NO, World
from tests.support.builders import Desk


class FakeArchive(Archive):
    """Takes bundles, proofs and anchors out of a log in memory."""

    def __init__(self, log: MemoryLog) -> None:
        self.log = log
        self.wanted: list[Wanted] = []

    def _at(self, level: int, index: int) -> bytes:
        return root_of(self.log.held[index << level : (index + 1) << level])

    async def export(self, wanted: Wanted, out: Path) -> object:  # type: ignore[override]
        """Write a bundle."""
        self.wanted.append(wanted)
        return await write_bundle(self.log, wanted, out)

    async def proof(self, reference: str) -> EntryProof:
        """Prove the entry whose index is the ordinal of the reference."""
        index, size = int(reference.rpartition("#")[2]), len(self.log.leaves)
        hashes = tuple(inclusion_proof(index, size, self._at))
        return EntryProof(index, hashes, self.log.note(size), self.log.leaves[index])

    async def growth(self, old: int, new: int) -> Growth:
        """Prove growth."""
        hashes = tuple(consistency_proof(old, new, self._at))
        return Growth(self.log.note(old), self.log.note(new), hashes)

    async def anchor(self, policy: Policy | None) -> Checkpoint:
        """Return the newest checkpoint, an older one under a policy."""
        return Checkpoint.parse(self.log.note(9 if policy else 14).text)


class Lost(list[Event]):
    """A trail that has gone away."""

    def append(self, _: Event) -> None:
        """Take nothing."""
        raise Unavailable("database.unavailable", reason="gone")


@pytest.fixture
def world() -> World:
    desk = Desk()
    desk.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    made = World(desk.at("2019-03-05"))
    made.archive = FakeArchive(sample())
    return made


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.txt"
    path.write_text(POLICY, encoding="utf-8")
    return path


def test_an_export_is_an_entry_itself(world: World, tmp_path: Path, policy: Path) -> None:
    out = tmp_path / "out.zip"

    answer = world.call("audit", "export", "--campaign", NO, str(out), "--policy", str(policy))

    assert answer.status == 0
    assert "7 entries of 1 streams up to the checkpoint of 14" in answer.out
    assert "verify.py" in answer.err
    assert checked(out).status == 0
    query, export = world.readings
    assert (query.tag, export.tag) == ("trail:query:executed", "trail:export:created")
    asked = export.detail["asked"]
    assert isinstance(asked, dict)
    assert (asked["file"], asked["rows"], asked["size"]) == ("out.zip", 7, 14)
    assert str(asked["sha256"]) in answer.out


def test_the_whole_log_with_what_others_hold(world: World, tmp_path: Path, policy: Path) -> None:
    anchor = tmp_path / "anchor"
    anchor.write_text(world.call("audit", "anchor").out, encoding="utf-8")
    out = str(tmp_path / "out.zip")

    answer = world.call(
        "audit", "export", "--all", out, "--anchor", str(anchor), DUBAN_LOG_POLICY=str(policy)
    )

    assert answer.status == 0
    [wanted] = world.archive.wanted
    assert (wanted.campaign, wanted.policy, wanted.anchors) == (None, POLICY, (14,))


def test_a_refused_export_writes_nothing(world: World, tmp_path: Path) -> None:
    out = tmp_path / "out.zip"

    answer = world.call("audit", "export", "--campaign", NO, str(out), "--as", "NOBODY")

    assert answer.status == 3
    assert not out.exists()
    assert world.archive.wanted == []
    assert [each.outcome.value for each in world.readings] == ["rejected"]


def test_an_export_that_is_not_recorded_is_not_handed_out(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.zip"
    export = world.archive.export

    async def then_away(wanted: Wanted, path: Path) -> object:
        written = await export(wanted, path)
        world.readings = Lost(world.readings)
        return written

    monkeypatch.setattr(world.archive, "export", then_away)

    answer = world.call("audit", "export", "--campaign", NO, str(out))

    assert answer.status == 6
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [(), ("--all", "--campaign", NO), ("--all", "--policy", "x"), ("--all", "--anchor", "x")],
)
def test_exports_that_cannot_be(world: World, tmp_path: Path, words: tuple[str, ...]) -> None:
    answer = world.call("audit", "export", str(tmp_path / "out.zip"), *words)

    assert answer.status in (1, 2)
    assert world.readings == []


def test_an_anchor_that_is_none_and_a_place_that_cannot_be(world: World, tmp_path: Path) -> None:
    (tmp_path / "anchor").write_text("nonsense", encoding="utf-8")
    words = ("audit", "export", "--all")

    out = str(tmp_path / "out.zip")
    assert world.call(*words, out, "--anchor", str(tmp_path / "anchor")).status == 2
    assert "bundle.folder" in world.call(*words, str(tmp_path / "no" / "out.zip")).err
    (tmp_path / "out.zip").touch()
    assert "bundle.exists" in world.call(*words, out).err


def test_an_entry_proven_and_verified(world: World, tmp_path: Path, policy: Path) -> None:
    path = str(tmp_path / "entry.tlog-proof")
    printed = world.call("audit", "proof", "campaign-BE-2019#3").out
    written = world.call("audit", "proof", "campaign-BE-2019#3", "--out", path)

    assert (written.status, Path(path).read_text(encoding="utf-8")) == (0, printed)
    assert world.call("audit", "proof", "campaign-BE-2019#3", "--out", path).status == 2
    held = world.call("audit", "verify-entry", path, "--policy", str(policy))
    assert (held.status, held.out.splitlines()[0]) == (
        0,
        "It holds: index 3, among the 14 entries of duban.test/trail.",
    )
    assert '"stream":"campaign-BE-2019"' in held.out
    untold = world.call("audit", "verify-entry", path)
    assert (untold.status, untold.out) == (3, "")
    assert "UNANCHORED" in untold.err


def test_false_proofs(world: World, tmp_path: Path, policy: Path) -> None:
    path = tmp_path / "entry"

    def verified(proof: EntryProof, text: str = POLICY) -> tuple[int, str]:
        path.write_text(proof.format(), encoding="utf-8")
        policy.write_text(text, encoding="utf-8")
        answer = world.call("audit", "verify-entry", str(path), "--policy", str(policy))
        return answer.status, answer.err

    real = asyncio.run(world.archive.proof("x#3"))
    other = EntryProof(4, real.hashes, real.checkpoint, real.extra)
    bare = EntryProof(3, real.hashes, real.checkpoint)
    stripped = EntryProof(3, real.hashes, sample(witnesses=()).note(14), real.extra)
    unsigned = EntryProof(3, real.hashes, sample(origin="other/log").note(14), real.extra)

    assert verified(real) == (0, "")
    assert verified(other)[1].startswith("LEAF_HASH")
    assert verified(bare)[0] == 1
    assert verified(stripped)[0] == 3
    assert verified(real, BARE)[0] == 3
    assert verified(unsigned)[0] == 1
    path.write_text("nonsense", encoding="utf-8")
    assert world.call("audit", "verify-entry", str(path)).status == 2


def test_growth_is_told_as_it_would_be_to_a_witness(world: World) -> None:
    answer = world.call("audit", "consistency", "4", "9")

    assert (answer.status, answer.err) == (0, "The checkpoint of 4 begins that of 9.\n")
    assert answer.out.startswith("old 4\n")
    world.archive.growth = lambda *_: _false(world)
    assert world.call("audit", "consistency", "4", "9").status == 7


async def _false(world: World) -> Growth:
    return Growth(world.archive.log.note(4), world.archive.log.note(9), ())


def test_an_anchor_is_a_line_and_a_picture(world: World, tmp_path: Path, policy: Path) -> None:
    picture = tmp_path / "anchor.png"

    answer = world.call("audit", "anchor", "--png", str(picture))
    cosigned = world.call("audit", "anchor", "--policy", str(policy))

    [held] = verify.read_anchors(answer.out)
    assert (held.origin, held.size) == ("duban.test/trail", 14)
    assert verify.read_anchors(cosigned.out)[0].size == 9
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert world.call("audit", "anchor", "--png", str(tmp_path / "no" / "x.png")).status == 2


def test_what_the_archive_refuses_has_its_code(world: World) -> None:
    async def none(_: Policy | None) -> Checkpoint:
        raise BundleError("bundle.no_checkpoint")

    world.archive = SimpleNamespace(anchor=none)

    answer = world.call("audit", "anchor")

    assert answer.status == 1
    assert answer.err.startswith("bundle.no_checkpoint  The log has no checkpoint yet.")
