"""`duban audit search`, `tail`, `feed`, `stats`: answers, files, interruptions, and who may."""

import csv
import hashlib
import json
from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from duban.cli import search_commands, streaming
from duban.domain.campaign import commands as c
from duban.domain.events import Event, Outcome
from duban.domain.reading import Asked, Reading
from duban.store.canonical import StoredEntry
from duban.store.errors import DatabaseUnavailable
from duban.store.trail import TrailFilter
from tests.cli.ledger_reader import FakeReader
from tests.cli.world import NO, World
from tests.support.builders import Desk


@pytest.fixture
def world() -> World:
    desk = Desk()
    desk.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    return World(desk.at("2019-03-05"))


def test_a_page_of_a_search(world: World) -> None:
    answer = world.call("audit", "search", "--text", "会议纪要", "--lang", "zh", "--limit", "1")
    assert answer.status == 0
    assert "到期前提醒" in answer.out
    assert "--after" in answer.err
    [query] = world.readings
    assert (query.tag, query.actor.id) == ("trail:query:executed", "OF-1")
    assert query.detail["asked"] == {"text": "会议纪要", "limit": 1}


def test_a_search_says_what_it_does_not_know_yet(world: World) -> None:
    world.unindexed = 12
    assert "12 new entries" in world.call("audit", "search", "--text", "会议").err
    assert "12" not in world.call("audit", "search", "--campaign", NO).err
    assert "12 new entries" in world.call("audit", "search", "--on-behalf-of", "P-1").err


def test_all_entries_as_lines_of_json(world: World) -> None:
    answer = world.call("audit", "search", "--all", "-o", "jsonl")
    lines = [json.loads(line) for line in answer.out.splitlines()]
    assert [line["seq"] for line in lines] == [e.seq for e in reversed(world.entries())]
    assert set(lines[0]) >= {"id", "recorded_us", "recorded_by", "stream", "actor", "occ"}
    export = world.readings[-1]
    assert export.tag == "trail:export:created"
    assert export.detail["asked"] == {
        "limit": 50,
        "all": True,
        "format": "jsonl",
        "file": "-",
        "rows": len(lines),
        "sha256": hashlib.sha256(answer.out.encode()).hexdigest(),
    }


@pytest.mark.parametrize("kind", streaming.FORMATS)
def test_all_entries_to_a_file(world: World, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"found.{kind}"
    answer = world.call("audit", "search", "--all", "-o", kind, "--out", str(path))
    assert answer.status == 0
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert digest in answer.err
    told = world.readings[-1].detail["asked"]
    assert isinstance(told, dict)
    assert (told["sha256"], told["rows"]) == (digest, len(world.entries()))


def test_a_table_file_holds_the_rows(world: World, tmp_path: Path) -> None:
    page = tmp_path / "page.csv"
    book = tmp_path / "all.xlsx"
    world.call("audit", "search", "-o", "csv", "--out", str(page), "--limit", "2")
    world.call("audit", "search", "--all", "-o", "xlsx", "--out", str(book))
    rows = list(csv.DictReader(page.read_text(encoding="utf-8").splitlines()))
    assert [row["key"] for row in rows] == [
        f"{each.stream}#{each.seq}" for each in reversed(world.entries()[-2:])
    ]
    [sheet] = openpyxl.load_workbook(book).worksheets
    assert sheet.max_row == len(world.entries()) + 1


def test_many_rows_go_on_on_the_next_sheet(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "_SHEET_ROWS", 2)
    book = tmp_path / "all.xlsx"
    world.call("audit", "search", "--all", "-o", "xlsx", "--out", str(book))
    sheets = openpyxl.load_workbook(book).worksheets
    assert [sheet.max_row - 1 for sheet in sheets] == [2] * (len(world.entries()) // 2) + [1] * (
        len(world.entries()) % 2
    )
    assert {sheet.cell(1, 1).value for sheet in sheets} == {"at"}
    world.call("audit", "search", "--all", "--action", "x", "-o", "xlsx", "--out", str(book))
    assert [sheet.max_row for sheet in openpyxl.load_workbook(book).worksheets] == [1]


@pytest.mark.parametrize(
    "words",
    [
        ("search", "-o", "pdf"),
        ("search", "-o", "xlsx"),
        ("search", "--all"),
        ("search", "--all", "-o", "json"),
        ("search", "--limit", "1001"),
        ("list", "--limit", "1001"),
        ("tail", "-o", "csv"),
        ("feed", "--after", "-3"),
        ("feed", "--after", "x"),
        ("stats", "--by", "person"),
    ],
)
def test_what_cannot_be_asked(world: World, words: tuple[str, ...]) -> None:
    assert world.call("audit", *words).status == 2
    assert world.readings == []


async def _one_and_then(reader: FakeReader, wanted: TrailFilter) -> AsyncGenerator[StoredEntry]:
    [first, *_] = await reader.search(wanted)
    yield first
    raise BrokenPipeError


def test_what_left_before_it_broke_off_is_on_the_trail(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeReader, "every", _one_and_then)
    answer = world.call("audit", "search", "--all", "-o", "jsonl")
    assert (answer.status, len(answer.out.splitlines())) == (0, 1)
    told = world.readings[-1]
    assert (told.tag, told.detail["asked"]) == (
        "trail:export:created",
        {"limit": 50, "all": True, "format": "jsonl", "file": "-", "broken_off": True},
    )
    path = tmp_path / "all.jsonl"
    world.readings.clear()
    world.call("audit", "search", "--all", "-o", "jsonl", "--out", str(path))
    assert not list(tmp_path.iterdir()), "a file that is not whole is not handed out"
    assert [each.tag for each in world.readings] == ["trail:query:executed"]


def test_what_is_not_on_the_trail_is_not_handed_out(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = FakeReader.asks

    async def no_export(self: FakeReader, asked: Asked, person: str, now: datetime) -> Event:
        if asked.kind is Reading.EXPORT:
            raise DatabaseUnavailable(reason="away")
        return await asks(self, asked, person, now)

    monkeypatch.setattr(FakeReader, "asks", no_export)
    path = tmp_path / "all.csv"
    assert world.call("audit", "search", "--all", "-o", "csv", "--out", str(path)).status == 6
    assert not list(tmp_path.iterdir())


VERBS = ("list", "search", "tail", "feed", "stats", f"show campaign-{NO}#0")


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_not_read_is_told_so_and_leaves_an_entry(world: World, verb: str) -> None:
    answer = world.call("audit", *verb.split(), "--as", "U02-H1")
    assert (answer.status, answer.out) == (3, "")
    assert "role.not_permitted" in answer.err
    [attempt] = world.readings
    assert (attempt.outcome, attempt.actor.id) == (Outcome.REJECTED, "U02-H1")


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_reads_without_a_name(world: World, verb: str) -> None:
    answer = world.call("audit", *verb.split(), DUBAN_ACTOR="")
    assert (answer.status, answer.out) == (2, "")
    assert world.call("audit", *verb.split(), "--as", "stranger").status == 3
    assert world.readings[-1].detail["asked_by"] == "stranger"


def test_the_tail_in_the_order_of_the_log(world: World) -> None:
    count = len(world.entries())
    lines = world.call("audit", "tail", "--lines", "2").out.splitlines()
    assert [line.split()[0] for line in lines] == [str(count - 2), str(count - 1)]
    told = world.call("audit", "tail", "-o", "jsonl", "--action", "campaign:stage").out
    assert {json.loads(line)["tag"] for line in told.splitlines()} == {"campaign:stage:entered"}
    assert world.call("audit", "tail", "--campaign", "other").out == ""


def test_following_ends_cleanly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_commands, "POLL_SECONDS", 0)
    world.interrupts = KeyboardInterrupt()
    ended = world.call("audit", "tail", "-f", "--lines", "1")
    world.interrupts = BrokenPipeError()
    gone = world.call("audit", "feed", "--follow")
    assert (ended.status, len(ended.out.splitlines()), ended.err) == (0, 1, "")
    assert (gone.status, len(gone.out.splitlines()), gone.err) == (0, len(world.entries()), "")


def test_the_feed_is_resumed_behind_its_last_line(world: World) -> None:
    whole = world.call("audit", "feed").out.splitlines()
    first = world.call("audit", "feed", "--limit", "1").out.splitlines()
    rest = world.call("audit", "feed", "--after", json.loads(first[0])["sequence"])
    assert first + rest.out.splitlines() == whole
    assert len(whole) == len(world.entries())


def test_stats_in_words_and_as_data(world: World) -> None:
    shown = world.call("audit", "stats", "--by", "tag", "--campaign", NO)
    told = json.loads(world.call("audit", "stats", "-o", "json").out)
    rows = world.call("audit", "stats", "-o", "csv").out
    assert "event" in shown.out
    assert "about 500 bytes, with indexes and log about 1100" in shown.err
    assert told["bytes_per_entry"] == 1100
    assert told["sizes"] == [{"table": "event", "table_bytes": 7000, "index_bytes": 700}]
    assert rows.splitlines()[:2] == ["name,counted", "campaign,3"]
    assert [each.detail["surface"] for each in world.readings] == ["audit stats"] * 3
    assert world.readings[0].object_id == NO


def test_the_search_is_made_again(world: World) -> None:
    assert world.call("audit", "reindex").out == "42 entries taken in again.\n"
