"""`duban query`: the list, an answer in every format, the same bytes later, and refusals."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from duban.domain.campaign import commands as c
from duban.proof.notes import ED25519, SignerKey
from duban.store.canonical import parse
from duban.texts import Language, text
from duban.verify.report import Report
from duban.verify.run import Rules
from tests.cli.world import NO, World, called
from tests.support.builders import Desk, shanghai
from tests.support.clues import ClueDesk
from tests.support.problems import ProblemDesk

AS_OF = ("--campaign", NO, "--as-of", "2019-04-12T18:00")


@pytest.fixture(scope="module")
def world() -> World:
    """An item of U01 is a day late; later it is mended, and the world goes on a month."""
    desk = Desk().implementing()
    desk.do(c.AssignItem, "CG-1", task="T-01", matter="窗口整改", limit="5wd")
    return World(desk.at("2019-05-06"))


def test_the_list_has_all_52_in_both_languages(world: World) -> None:
    rows = json.loads(world.call("query", "list", "-o", "json").out)
    table = world.call("query", "list", "--lang", "zh").out

    assert [row["number"] for row in rows] == list(range(1, 53))
    assert all(text(f"question.{row['number']}", Language.EN) == row["en"] for row in rows)
    assert all(row["zh"] in table and row["slug"] in table for row in rows)
    assert {row["answers"] for row in rows} == {"whole", "part", "no"}
    assert rows[25]["awaits"] == ["meetings"]
    assert "抽签" in table


def test_an_answer_as_a_table_says_what_it_rests_on(world: World) -> None:
    answer = world.call("query", "6", *AS_OF, "--lang", "zh")

    assert answer.status == 0, answer.err
    assert answer.out.startswith("6. 哪些时限逾期了")
    assert "截至 2019-04-12 18:00" in answer.out
    assert "督办函" in answer.out, "it says which facts it lacks"
    assert "仍未办结" in answer.out
    assert f"campaign-{NO}#" in answer.out


@pytest.mark.parametrize("words", [("6",), ("ask", "6"), ("breaches",), ("ask", "breaches")])
def test_a_question_by_number_or_slug(world: World, words: tuple[str, ...]) -> None:
    found = json.loads(world.call("query", *words, *AS_OF, "-o", "json").out)

    assert (found["number"], found["slug"]) == (6, "breaches")
    assert [row["object_id"] for row in found["rows"]] == ["T-01"]


def test_the_columns_of_a_file_are_codes_and_each_row_has_its_entries(world: World) -> None:
    answer = world.call("query", "6", *AS_OF, "-o", "csv")
    [row] = csv.DictReader(io.StringIO(answer.out))

    assert row["code"] == "DL10"
    assert json.loads(row["levels"]) == ["L1", "L2"]
    assert all(each.startswith(f"campaign-{NO}#") for each in json.loads(row["rests_on"]))


def test_a_workbook_holds_answer_and_question_and_the_same_bytes_each_time(
    world: World, tmp_path: Path
) -> None:
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    for each in (one, other):
        answer = world.call("query", "6", *AS_OF, "-o", "xlsx", "--out", str(each))
        assert answer.status == 0, answer.err
    book = openpyxl.load_workbook(one)

    assert book.sheetnames == ["breaches", "about"]
    assert book["breaches"].max_row == 2
    assert str(book["about"]["A2"].value).startswith("6. Which deadlines were breached")
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("output", ["table", "json", "csv"])
@pytest.mark.parametrize("number", ["1", "6", "40", "47", "49"])
def test_later_the_answer_is_what_it_was(world: World, number: str, output: str) -> None:
    def said() -> str:
        return world.call("query", number, *AS_OF, "-o", output).out

    before = said()
    assert world.desk is not None
    clock = world.desk.deadline("T-01", "DL10").id if number == "1" else None
    if clock is not None:
        world.desk.do(c.SetRemedialDate, "OF-1", deadline=clock, on="2019-05-31", reason="补课")
    world.desk.at(f"{world.desk.now + timedelta(days=3):%Y-%m-%d}")
    world.now = world.desk.now

    assert said() == before


def test_the_moment_is_read_as_shanghai_time_and_a_day_means_its_end(world: World) -> None:
    def moment(*words: str) -> str:
        found = json.loads(world.call("query", "49", "--campaign", NO, *words, "-o", "json").out)
        return str(found["moment"])

    assert moment("--as-of", "2019-04-12T17:30") == "2019-04-12T09:30:00+00:00"
    assert moment("--as-of", "2019-04-12T09:30:00Z") == "2019-04-12T09:30:00+00:00"
    assert moment("--as-of", "2019-04-12") == "2019-04-12T15:59:59.999999+00:00"
    assert moment() == world.now.isoformat()


def test_states_are_told_in_the_words_of_their_kind(world: World) -> None:
    answer = world.call("query", "49", *AS_OF, "--lang", "zh")

    assert all(word in answer.out for word in ("实施", "进行中", "推进中", "计时中", "已逾期"))


def test_rows_of_one_unit_or_object(world: World) -> None:
    def objects(*words: str) -> set[str]:
        found = json.loads(world.call("query", "40", *AS_OF, *words, "-o", "json").out)
        return {row["person"] for row in found["rows"]}

    assert objects("--unit", "U01") == objects("--object", "U01-L1") == {"U01-L1"}
    assert objects("--unit", "U99") == set()


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("26", *AS_OF), 3, "question.awaits"),
        (("meeting-promises", *AS_OF), 3, "question.awaits"),
        (("45", *AS_OF), 3, "question.awaits"),
        (("53", *AS_OF), 4, "question.not_found"),
        (("6", "--campaign", "XX"), 4, "campaign.not_found"),
        (("6", "--campaign", NO, "--as-of", "2019-03-01T08:00"), 4, "question.nothing_yet"),
        (("6", "--campaign", NO, "--as-of", "2029-03-01T08:00"), 2, "question.moment_ahead"),
        (("6", "--campaign", NO, "--as-of", "yesterday"), 2, "usage.not_a_moment"),
        (("6", *AS_OF, "-o", "xlsx"), 2, "usage.needs_out"),
        (("6",), 2, ""),
    ],
)
def test_what_cannot_be_asked(world: World, words: tuple[str, ...], status: int, code: str) -> None:
    answer = world.call("query", *words)

    assert answer.status == status
    assert code in answer.err
    assert answer.out == ""


def test_who_asks_is_on_the_trail_and_so_is_what_leaves_as_a_file(world: World) -> None:
    world.readings.clear()
    whole = json.loads(world.call("query", "6", *AS_OF, "-o", "json").out)
    world.call("query", "6", *AS_OF, "-o", "csv")
    asked, again, taken = world.readings

    assert asked.tag == again.tag == "trail:query:executed"
    assert (asked.actor.id, asked.detail["surface"]) == ("OF-1", "query ask")
    assert taken.tag == "trail:export:created"
    canonical = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    told = taken.detail["asked"]
    assert isinstance(told, dict)
    assert told["sha256"] == hashlib.sha256(canonical.encode()).hexdigest()
    assert (told["question"], told["rows"], told["format"]) == ("6", 1, "csv")


def test_who_may_not_read_the_campaign_gets_no_answer(world: World) -> None:
    world.readings.clear()
    refused = world.call("query", "6", *AS_OF, "--as", "U01-L1")
    own = world.call("query", "6", *AS_OF, "--as", "U01-L1", "--unit", "U01")

    assert (refused.status, refused.out) == (3, "")
    assert "reading.out_of_scope" in refused.err
    assert own.status == 0
    assert [each.outcome for each in world.readings] == ["rejected", "accepted"]


def a_policy_file(folder: Path) -> Path:
    key = SignerKey("duban.example.org/log", ED25519, bytes(32)).public
    path = folder / "policy.txt"
    path.write_text(f"log {key.format()}\nquorum none\n", encoding="utf-8")
    return path


def test_45_is_the_verifiers_report_once_a_policy_says_whom_to_trust(
    world: World, tmp_path: Path
) -> None:
    asked: list[int] = []

    async def verify_then(_: object, rules: Rules) -> Report:
        asked.append(rules.now_us)
        report = Report(entries=40, tree_size=38, root=bytes.fromhex("ab12"))
        report.note("LEAF_HASH", "campaign-BE-2019#3", "the tree holds another hash")
        return report

    services = replace(world.services, verify_then=verify_then)
    words = ("query", "45", *AS_OF, "--policy", str(a_policy_file(tmp_path)), "-o")
    environ = {"DATABASE_URL": "postgresql://nobody@localhost/duban", "DUBAN_ACTOR": "OF-1"}
    found = json.loads(called((*words, "json"), environ, services).out)
    shown = called((*words, "table"), {**environ, "DUBAN_LANG": "zh"}, services).out

    assert [(row["code"], row["where"], row["detail"]) for row in found["rows"]] == [
        ("TAMPERED", "40 / 38 ab12", None),
        ("LEAF_HASH", "campaign-BE-2019#3", "the tree holds another hash"),
    ]
    assert "不成立：留痕被改动" in shown
    # 18:00 on 12 April 2019 in Shanghai.
    assert asked == [1_555_063_200_000_000] * 2


def test_50_no_other_login_than_the_workers_writes_for_a_campaign(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *rest = world.entries()
    strange = parse(first.leaf.replace(b"duban_worker", b"duban_sequencer"), first.event_id)
    monkeypatch.setattr(world, "entries", lambda: [strange, *rest])

    shown = json.loads(world.call("query", "50", *AS_OF, "-o", "json").out)

    assert [(row["code"], row["detail"]) for row in shown["rows"]] == [
        ("WRITER", "duban_sequencer")
    ]


def test_a_gap_in_the_trail_is_no_ground_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(Desk().implementing().at("2019-04-12"))
    whole = world.entries()
    monkeypatch.setattr(world, "entries", lambda: [*whole[:5], *whole[6:]])

    assert world.call("query", "6", "--campaign", NO).status == 7
    shown = json.loads(world.call("query", "50", "--campaign", NO, "-o", "json").out)
    assert [row["code"] for row in shown["rows"]] == ["ORDINAL_GAP"]


@pytest.fixture(scope="module")
def with_problem(world: World) -> World:
    """The same world with a problem of its campaign."""
    other = World(world.desk)
    other.problem = ProblemDesk().signed_off()
    return other


def test_a_problem_is_asked_about_by_its_number(with_problem: World) -> None:
    asked = ("--campaign", NO, "--as-of", "2019-05-06T10:00", "--object", f"{NO}-0001")
    found = json.loads(with_problem.call("query", "9", *asked, "-o", "json").out)
    table = with_problem.call("query", "17", *asked, "--lang", "zh")

    [row] = found["rows"]
    assert (row["object_type"], row["signed_off_by"]) == ("problem", ["CG-2", "OF-1"])
    assert row["rests_on"][-1] == f"campaign-{NO}/problem-0001#19"
    assert table.status == 0, table.err
    assert all(word in table.out for word in ("公示", "观察期", "专项组", "问题"))


@pytest.mark.parametrize("number", [8, 11, 12, 14, 15, 19, 37])
def test_every_question_about_problems_has_its_table(with_problem: World, number: int) -> None:
    asked = ("--campaign", NO, "--as-of", "2019-05-06T10:00", "--lang", "zh")
    answer = with_problem.call("query", str(number), *asked)

    assert answer.status == 0, answer.err
    assert answer.out.startswith(f"{number}. {text(f'question.{number}', Language.ZH)}")


def test_questions_about_clues_read_their_own_streams_and_take_the_right_to_all() -> None:
    world = World(Desk())
    world.clue = ClueDesk("2019-03-04", "09:00")
    world.now = shanghai("2019-03-04", "10:00")

    found = json.loads(world.call("query", "35", "--campaign", NO, "-o", "json").out)

    assert [row["clue"] for row in found["rows"]] == ["BE-2019-C0001"]
    assert [each.object_id for each in world.readings] == ["all"]
    refused = world.call("query", "35", "--campaign", NO, "--as", "CG-1")
    assert "reading.out_of_scope" in refused.err
