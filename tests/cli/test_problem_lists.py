"""`duban problem list`: pages, filters by codes and words, counts, and tables aligned by cells."""

import json
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.cli.ledger_world import LedgerWorld, a_desk
from tests.cli.world import NO


@pytest.fixture
def world(tmp_path: Path) -> LedgerWorld:
    """Five problems, of which the second is triaged and the fourth at another unit."""
    world = LedgerWorld(tmp_path, count=5)
    world.more[1].triaged(hard_bone=True, severity="major")
    world.more[3] = a_desk(4, unit="U02", source="hotline")
    return world


def listed(world: LedgerWorld, *words: str) -> list[str]:
    answer = world.call("problem", "list", *words, "-o", "json")
    assert answer.status == 0, answer.err
    found: list[dict[str, Any]] = json.loads(answer.out)
    return [each["no"].rpartition("-")[2] for each in found]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), "12345"),
        (("--campaign", "XX"), ""),
        (("--state", "triaged"), "2"),
        (("--state", "发现登记", "--state", "研判定性"), "12345"),
        (("--unit", "U02"), "4"),
        (("--type", "服务制度不落实"), "2"),
        (("--severity", "重大"), "2"),
        (("--class", "time_limited"), "2"),
        (("--source", "12345热线"), "4"),
        (("--hard-bone",), "2"),
        (("--breached",), ""),
        (("--stagnant",), ""),
        (("--recurred",), ""),
        (("--streak", "1"), ""),
        (("--text", "3号窗口 群众"), "3"),
        (("--after", f"{NO}-0003"), "45"),
    ],
)
def test_problems_are_found_by(world: LedgerWorld, words: tuple[str, ...], found: str) -> None:
    assert listed(world, *words) == [f"000{each}" for each in found]


def test_pages_under_a_filter_hold_every_problem_once(world: LedgerWorld) -> None:
    seen: list[str] = []
    after: tuple[str, ...] = ()
    while page := listed(world, "--text", "窗口", "--limit", "2", *after):
        seen += page
        after = ("--after", f"{NO}-{page[-1]}")

    assert seen == ["0001", "0002", "0003", "0004", "0005"]


def test_a_page_says_how_to_go_on_and_the_last_one_does_not(world: LedgerWorld) -> None:
    first = world.call("problem", "list", "--limit", "3")
    last = world.call("problem", "list", "--limit", "3", "--after", f"{NO}-0003")

    assert f"--after {NO}-0003" in first.err
    assert (last.status, last.err) == (0, "")


def test_counts_are_by_state_in_the_order_of_the_way(world: LedgerWorld) -> None:
    answer = world.call("problem", "list", "--count", "-o", "csv")

    assert answer.out == "state,counted\nregistered,4\ntriaged,1\n"


@pytest.mark.parametrize(
    "words", [("--state", "gone"), ("--type", "gossip"), ("--after", "0003"), ("--streak", "0")]
)
def test_what_is_no_filter_is_said(world: LedgerWorld, words: tuple[str, ...]) -> None:
    answer = world.call("problem", "list", *words)

    assert answer.status == 2
    assert words[0] in answer.err


def test_tables_are_aligned_by_cells(world: LedgerWorld) -> None:
    world.more[0] = a_desk(1, title="窗口")
    lines = world.call("problem", "list", DUBAN_LANG="zh").out.splitlines()
    at = [line.index("U0") for line in lines[2:]]

    cells = {cell_len(line[:place]) for line, place in zip(lines[2:], at, strict=True)}
    assert len(lines) == 7
    assert len(cells) == 1


def test_confidential_problems_are_counted_for_the_nameless_and_not_shown(
    world: LedgerWorld,
) -> None:
    world.more[2].triaged(access_level="confidential")

    answer = world.call("problem", "list", "-o", "csv")
    counted = world.call("problem", "list", "--count", "-o", "csv")

    assert f"{NO}-0003" not in answer.out
    assert "1 " in answer.err
    assert counted.out == "state,counted\nregistered,3\ntriaged,1\n"


@pytest.mark.parametrize(("who", "sees"), [("OF-1", True), ("DX-1", False)])
def test_who_reads_a_confidential_problem_is_judged_by_role_and_on_the_trail(
    world: LedgerWorld, who: str, sees: bool
) -> None:
    world.more[2].triaged(access_level="confidential")

    found = listed(world, "--as", who)
    shown = world.call("problem", "show", f"{NO}-0003", "--as", who)

    assert ("0003" in found) is sees
    assert shown.status == (0 if sees else 3)
    assert sees or "problem.confidential" in shown.err
    assert [each.tag for each in world.readings] == ["trail:query:executed"] * 2


def test_a_word_cannot_be_tried_on_what_is_confidential(world: LedgerWorld) -> None:
    world.more[2].triaged(access_level="confidential")

    answer = world.call("problem", "list", "--text", "2号窗口")

    assert f"{NO}-0003" not in answer.out
    assert "1 " not in answer.err


def test_more_problems_than_are_counted_are_told_as_at_least(world: LedgerWorld) -> None:
    world.counts_at_most = 4
    words = ("problem", "list", "--count", "--text", "窗口")

    chinese, english = (world.call(*words, DUBAN_LANG=lang) for lang in ("zh", "en"))
    found = json.loads(world.call(*words, "-o", "json").out)

    assert "5000 个以上" in chinese.err
    assert "Over 5000 problems" in english.err
    assert found == [
        {"state": "registered", "counted": 3, "at_least": True},
        {"state": "triaged", "counted": 1, "at_least": True},
    ]
    assert "at_least\nregistered,3,true" in world.call(*words, "-o", "csv").out


def test_none_among_those_that_were_counted_is_not_told_as_none(world: LedgerWorld) -> None:
    world.counts_at_most = 1
    words = ("problem", "list", "--count", "--text", "窗口", "--state", "triaged")

    answer = world.call(*words, "-o", "json")

    assert json.loads(answer.out) == [{"state": None, "counted": 0, "at_least": True}]
    assert "5000" in answer.err


def test_counts_that_are_whole_say_so(world: LedgerWorld) -> None:
    world.counts_at_most = 4
    bounded = ("--text", "3号窗口")

    answers = [world.call("problem", "list", "--count", *w, "-o", "json") for w in ((), bounded)]

    for answer, total in zip(answers, (5, 1), strict=True):
        found = json.loads(answer.out)
        assert sum(each["counted"] for each in found) == total
        assert not any(each["at_least"] for each in found)
        assert answer.err == ""
