"""`duban audit manifest`, `receipts`, `verify --temporal` and `witness-status`."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from duban.errors import Unavailable
from duban.proof.checkpoints import Checkpoint
from duban.proof.merkle import leaf_hash, root_of
from duban.proof.notes import ED25519, SignedNote, SignerKey
from duban.proof.policy import Policy
from duban.proof.proofs import EntryProof
from duban.remembered import KeptReceipt, Remembered, Source
from duban.settings import Settings
from duban.verify.report import Report
from duban.verify.run import Rules
from duban.verify.standing import Standing, WitnessStanding
from duban.witness.client import Outcome
from tests.cli.world import Answer, World, called
from tests.support.builders import Desk

KEY = SignerKey("duban.test/log", ED25519, b"L" * 32)
LEAVES = [b"leaf 0", b"leaf 1"]


def a_proof(index: int) -> str:
    hashes = [leaf_hash(each) for each in LEAVES]
    text = Checkpoint(KEY.name, 2, root_of(hashes)).text()
    note = SignedNote(text, (KEY.sign(text),))
    return EntryProof(index, (hashes[1 - index],), note, LEAVES[index]).format()


class FakeMemory:
    """Two campaigns, one of which no worker could be asked about, and a receipt of each entry."""

    def __init__(self, kept: int = 2) -> None:
        self._kept = kept

    async def manifest(self) -> dict[str, Remembered]:
        return {
            "campaign-A": Remembered(7, over=True, source=Source.WORKFLOW),
            "campaign-B": Remembered(3, over=False, source=Source.HISTORY),
        }

    async def receipts(self) -> AsyncGenerator[KeptReceipt]:
        for index in range(self._kept):
            yield KeptReceipt("campaign-A", index, a_proof(index))


@pytest.fixture
def policy(tmp_path: Path) -> str:
    path = tmp_path / "policy.txt"
    path.write_text(f"log {KEY.public.format()}\nquorum none\n", encoding="utf-8")
    return str(path)


def run(*words: str, memory: FakeMemory | Exception | None = None, **doors: Any) -> Answer:
    """Run a command of the trail with these doors, as a member of the supervision group."""

    @asynccontextmanager
    async def remember(_: Settings) -> AsyncIterator[Any]:
        if isinstance(memory, Exception):
            raise memory
        yield memory or FakeMemory()

    environ = {"DUBAN_LANG": "en", "DATABASE_URL": "postgresql://nobody@localhost/x"}
    services = replace(World(Desk()).services, memory=remember, **doors)
    return called(("audit", *words), environ | {"DUBAN_ACTOR": "SU-1"}, services)


def verifying(given: list[Rules]) -> dict[str, Any]:
    async def verify(_: Settings, rules: Rules, tell: Callable[[int, int], None]) -> Report:
        given.append(rules)
        return Report(entries=5)

    return {"verify": verify}


def test_the_manifest_is_what_verify_reads(policy: str, tmp_path: Path) -> None:
    path, given = str(tmp_path / "manifest.json"), list[Rules]()
    answer = run("manifest", path)
    checked = run("verify", "--policy", policy, "--manifest", path, **verifying(given))

    assert (answer.status, checked.status) == (0, 0)
    assert "2 campaigns listed" in answer.err
    assert "No worker answered for these, so their counts may be low: campaign-B" in answer.err
    known = given[0].outside.manifest
    assert {name: (each.entries, each.over) for name, each in known.items()} == {
        "campaign-A": (7, True),
        "campaign-B": (3, False),
    }
    assert run("manifest", path).status == 2


def test_the_receipts_are_what_verify_reads(policy: str, tmp_path: Path) -> None:
    path, given = str(tmp_path / "receipts"), list[Rules]()
    answer = run("receipts", path)
    run("verify", "--policy", policy, "--receipt", path, **verifying(given))

    assert (answer.status, "2 receipts of 1 campaigns" in answer.err) == (0, True)
    assert [each.leaf_hash for each in given[0].outside.receipts] == [*map(leaf_hash, LEAVES)]
    assert Path(path).read_text(encoding="utf-8") == a_proof(0) + a_proof(1)


def test_no_receipts_no_file(tmp_path: Path) -> None:
    answer = run("receipts", str(tmp_path / "receipts"), memory=FakeMemory(0))

    assert (answer.status, "nothing was written" in answer.err) == (0, True)
    assert list(tmp_path.iterdir()) == []


def test_verify_takes_both_from_temporal(policy: str, tmp_path: Path) -> None:
    path, given = tmp_path / "manifest.json", list[Rules]()
    older = {
        "campaign-B": {"entries": 9, "over": False},
        "campaign-C": {"entries": 1, "over": True},
    }
    path.write_text(json.dumps(older), encoding="utf-8")
    words = ("--policy", policy, "--temporal", "--manifest", str(path))
    assert run("verify", *words, **verifying(given)).status == 0

    known = given[0].outside.manifest
    assert {name: each.entries for name, each in known.items()} == {
        "campaign-A": 7,
        "campaign-B": 9,
        "campaign-C": 1,
    }
    assert len(given[0].outside.receipts) == 2
    assert given[0].outside.listed


def test_without_temporal_there_is_no_verdict(policy: str) -> None:
    away = Unavailable("temporal.unreachable", address="x")
    answer = run("verify", "--policy", policy, "--temporal", memory=away, **verifying([]))

    assert (answer.status, "temporal.unreachable" in answer.err) == (2, True)


def a_standing(*codes: str) -> Standing:
    w1 = WitnessStanding("w1", Outcome.HELD, 9, "ab" * 32, 0, 1_795_395_600, 0.3)
    w2 = WitnessStanding("w2", Outcome.AWAY, 0, "", 9, detail="nobody there")
    return Standing(9, "ab" * 32, 9, [w1, w2], list(codes))


def stood(found: Standing) -> dict[str, Any]:
    async def standing(_: Settings, policy: Policy) -> Standing:
        assert policy.logs[0].key == KEY.public
        return found

    return {"standing": standing}


@pytest.mark.parametrize(
    ("codes", "status", "words"),
    [
        ((), 0, "The quorum holds"),
        (("TRUNCATED",), 1, "A witness saw another log"),
        (("QUORUM", "STALE"), 3, "too few witnesses cosigned, the newest checkpoint is too old"),
    ],
)
def test_the_witnesses_status_is_the_verdict(
    policy: str, codes: tuple[str, ...], status: int, words: str
) -> None:
    answer = run("witness-status", "--policy", policy, **stood(a_standing(*codes)))

    assert answer.status == status
    assert words in answer.err
    assert "not reachable" in answer.out
    assert "abababababababab" in answer.out


def test_the_witnesses_as_json(policy: str) -> None:
    answer = run("witness-status", "--policy", policy, "-o", "json", **stood(a_standing()))

    told = json.loads(answer.out)
    assert (told["vouched"], told["verdict"]) == (9, "holds")
    assert told["witnesses"][0]["clock_off"] == 0.3
    assert [each["outcome"] for each in told["witnesses"]] == ["held", "away"]


def test_without_a_policy_nobody_is_asked() -> None:
    answer = run("witness-status")

    assert (answer.status, "--policy" in answer.err) == (2, True)
