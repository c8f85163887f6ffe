"""`duban audit verify`: its statuses, its words, and what it says it did not look at."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asyncpg.exceptions import DataCorruptedError

from duban.proof.notes import ED25519, SignerKey
from duban.proof.policy import Policy
from duban.settings import Settings
from duban.store.errors import DatabaseUnavailable
from duban.verify.report import Report, Unchecked
from duban.verify.run import Rules
from duban.verify.state import State, policy_digest, read_state, write_state
from tests.cli.world import Answer, World, called

KEY = SignerKey("duban.test/log", ED25519, b"L" * 32)


@pytest.fixture
def policy(tmp_path: Path) -> str:
    path = tmp_path / "policy.txt"
    path.write_text(f"log {KEY.public.format()}\nquorum none\n", encoding="utf-8")
    return str(path)


def a_report(*codes: str, entries: int = 5) -> Report:
    report = Report(entries=entries, streams=2, closed_streams=1, checkpoints=3, tree_size=entries)
    for code in codes:
        report.note(code, "@3 campaign-01#2", "what is wrong")
    return report


def verified(
    report: Report | Exception,
    *words: str,
    lang: str = "en",
    given: list[Rules] | None = None,
    **environ: str,
) -> Answer:
    """Run it with a verification that gives this report; `given` gets what it went by."""

    async def verify(_: Settings, rules: Rules, tell: Callable[[int, int], None]) -> Report:
        if isinstance(report, Exception):
            raise report
        assert rules.policy.logs[0].key == KEY.public
        if given is not None:
            given.append(rules)
        tell(report.entries, report.entries)
        return report

    world = World()
    environ = {"DUBAN_LANG": lang, "DATABASE_URL": "postgresql://nobody@localhost/x", **environ}
    return called(("audit", "verify", *words), environ, replace(world.services, verify=verify))


@pytest.mark.parametrize(
    ("report", "status", "words"),
    [
        (a_report(), 0, "It holds"),
        (a_report("LEAF_HASH", "STALE"), 1, "It does not hold"),
        (a_report("UNANCHORED"), 3, "It cannot be told"),
        (a_report(entries=0), 3, "It cannot be told"),
    ],
)
def test_the_status_is_the_verdict(policy: str, report: Report, status: int, words: str) -> None:
    answer = verified(report, "--policy", policy)

    assert answer.status == status
    assert words in answer.err
    assert all(code in answer.out for code in report.counts)


def test_the_log_alone_can_be_asked_for(policy: str) -> None:
    given: list[Rules] = []
    report = a_report()
    report.unchecked.append(Unchecked("ledger"))

    answer = verified(report, "--policy", policy, "--log-only", given=given)
    verified(report, "--policy", policy, given=given)

    assert [each.ledger for each in given] == [False, True]
    assert "Not checked: whether the ledger is what the entries lead to" in answer.err


def test_findings_have_words_in_chinese(policy: str) -> None:
    answer = verified(a_report("LEAF_HASH"), lang="zh", DUBAN_LOG_POLICY=policy)

    assert "留痕内容被改动" in answer.out
    assert "已核验 5 条留痕、2 个序列（1 个已结束）、3 个检查点" in answer.err
    assert "不成立" in answer.err


def test_what_was_not_looked_at_is_said(policy: str) -> None:
    report = a_report()
    report.unchecked += [Unchecked("manifest"), Unchecked("words", 7)]

    answer = verified(report, "--policy", policy, "-o", "json")

    assert "Not checked: whether whole workflows never reached the trail" in answer.err
    assert "Not checked: the words of 7 entries" in answer.err
    told = json.loads(answer.out)
    assert told["unchecked"] == [{"what": "manifest", "count": 0}, {"what": "words", "count": 7}]
    assert told["verdict"] == "holds"


def test_entries_of_an_earlier_run_are_said_to_be_old(policy: str) -> None:
    report = a_report()
    report.earlier = 512
    report.unchecked.append(Unchecked("earlier", 512, "2026-11-23T01:00:00+00:00"))

    answer = verified(report, "--policy", policy)

    assert "the first 512 entries once more: they were checked on 2026-11-23 09:00" in answer.err


def a_state(path: str, **changed: Any) -> State:
    digest = policy_digest(Policy.parse(Path(path).read_text(encoding="utf-8")))
    state = State(KEY.name, digest, at_us=1, size=5, root=bytes(32), tile_roots=())
    return replace(state, **changed)


def test_a_run_that_holds_leaves_a_state_for_the_next(policy: str, tmp_path: Path) -> None:
    path, report = tmp_path / "state", a_report()
    report.state = a_state(policy)
    given: list[Rules] = []
    words = ("--policy", policy, "--state", str(path))
    first = verified(report, *words, given=given)
    report.state = a_state(policy, size=9)
    second = verified(report, *words, given=given)
    zero = verified(report, *words, "--from-zero", given=given)
    without = verified(report, "--policy", policy, given=given)

    assert [each.status for each in (first, second, zero, without)] == [0] * 4
    assert [(each.since and each.since.size, each.keeps) for each in given] == [
        (None, True),
        (5, True),
        (None, True),
        (None, False),
    ]
    assert read_state(path, given[0].policy) == report.state


@pytest.mark.parametrize("code", ["verify.state_damaged", "verify.state_other_policy"])
def test_a_state_that_cannot_be_gone_on_from_gives_no_verdict(
    policy: str, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "state"
    write_state(path, a_state(policy, policy="another"))
    if code == "verify.state_damaged":
        path.write_text(path.read_text(encoding="utf-8")[1:], encoding="utf-8")

    answer = verified(a_report(), "--policy", policy, "--state", str(path))

    assert answer.status == 2
    assert code in answer.err


def test_without_a_policy_there_is_nobody_to_trust() -> None:
    answer = verified(a_report())

    assert answer.status == 2
    assert "--policy" in answer.err


@pytest.mark.parametrize("option", ["--anchor", "--receipt", "--manifest"])
def test_files_that_cannot_be_read(policy: str, option: str, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(b"\xff\xfe not text")

    answer = verified(a_report(), "--policy", policy, option, str(rubbish))

    assert answer.status == 2
    assert "rubbish" in answer.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DatabaseUnavailable(reason="gone"), "unavailable"),
        (DataCorruptedError("invalid page in block 7"), "verify.broke_off"),
    ],
)
def test_a_trail_that_cannot_be_read_is_not_said_to_be_tampered_with(
    policy: str, error: Exception, code: str
) -> None:
    answer = verified(error, "--policy", policy)

    assert answer.status == 2
    assert code in answer.err
