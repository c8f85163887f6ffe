"""`duban audit` and `duban ledger`: pages, one entry, checks and their statuses."""

import json

import pytest

from duban.domain.campaign import commands as c
from duban.store.findings import Finding
from duban.store.ledger import Difference
from tests.cli.world import NO, World
from tests.support.builders import Desk


@pytest.fixture
def world() -> World:
    desk = Desk()
    desk.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    return World(desk.at("2019-03-05"))


def test_entries_newest_first_in_words(world: World) -> None:
    answer = world.call("audit", "list", "--lang", "zh")

    first = answer.out.splitlines()[2]
    assert first.startswith("2019-03-04 09:00")
    assert "进入阶段" in answer.out
    assert "领导小组" in answer.out
    assert "已办理" in answer.out


def test_a_page_tells_where_the_next_one_begins(world: World) -> None:
    first = world.call("audit", "list", "--limit", "1", "-o", "json")
    key = json.loads(first.out)[0]["after"]

    rest = world.call("audit", "list", "--after", key, "-o", "json")

    assert f"--after {key}" in first.err
    assert "~" in key
    assert all(row["after"] != key for row in json.loads(rest.out))


def test_entries_by_action_and_outcome(world: World) -> None:
    words = ("audit", "list", "--action", "campaign:stage", "--outcome", "accepted")
    rows = json.loads(world.call(*words, "-o", "json").out)

    assert {row["tag"] for row in rows} == {"campaign:stage:entered"}
    assert rows[0]["basis"] == "会议纪要1号"
    assert json.loads(world.call("audit", "list", "--outcome", "rejected", "-o", "json").out) == []


@pytest.mark.parametrize(("option", "value"), [("--outcome", "perhaps"), ("--after", "there")])
def test_filters_that_cannot_be(world: World, option: str, value: str) -> None:
    assert world.call("audit", "list", option, value).status == 2


def test_one_entry_whole(world: World) -> None:
    reference = f"campaign-{NO}#0"

    answer = world.call("audit", "show", reference)
    told = json.loads(world.call("audit", "show", reference, "-o", "json").out)
    row = world.call("audit", "show", reference, "-o", "csv").out

    assert "campaign created" in answer.out.splitlines()[0]
    assert "duban_worker" in answer.out.splitlines()[1]
    assert (told["seq"], told["tag"]) == (0, "campaign:campaign:created")
    assert f"{reference},campaign:campaign:created" in row
    assert world.call("audit", "show", "nowhere#1").status == 4


def test_a_sound_trail(world: World) -> None:
    answer = world.call("audit", "check")
    told = json.loads(world.call("audit", "check", "-o", "json").out)

    assert answer.status == 0
    assert answer.err == "3 entries in 1 streams checked, 0 of them closed.\n"
    assert told == {"entries": 3, "streams": 1, "ok": True, "findings": []}


def test_a_broken_trail_has_its_own_status(world: World) -> None:
    world.report.append(Finding("PARSE", f"campaign-{NO}#2", "the leaf is not an entry"))

    answer = world.call("audit", "check")

    assert answer.status == 7
    assert "PARSE" in answer.out
    assert "audit.broken" in answer.err


def test_an_empty_trail_proves_nothing(world: World) -> None:
    world.report.entries = 0

    assert world.call("audit", "check").status == 7


def test_the_ledger_compared_and_folded_again(world: World) -> None:
    same = world.call("ledger", "diff")
    world.differences = [Difference("task", NO, "T-01", "different", {"a": 1}, {"a": 2})]
    differs = world.call("ledger", "diff")
    rebuilt = world.call("ledger", "rebuild")

    assert (same.status, same.err) == (0, "The ledger is what the trail tells.\n")
    assert differs.status == 7
    assert "T-01" in differs.out
    assert "ledger.differs" in differs.err
    assert rebuilt.out == "41 objects folded from the trail.\n"
