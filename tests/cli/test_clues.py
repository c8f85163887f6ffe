"""`duban clue`: every row of its table, the report with its seal, who sees what, the status."""

import csv
import hashlib
import io
import json
import re
import shlex
from pathlib import Path
from typing import Any, get_args

import pytest

from duban.cli.clue_decisions import CLUE_DECISIONS
from duban.cli.clues import lookup_of
from duban.cli.decisions import Decision
from duban.domain.campaign.commands import ReportClue
from duban.domain.clue import commands as k
from duban.domain.custody import Deed, Wish
from duban.domain.entity.given import LinkedProblem
from duban.domain.roles import Role
from duban.proof.sealing import OpeningKey
from duban.texts.examples import EXAMPLES
from tests.cli.world import NO, Answer, World
from tests.support.builders import Desk, a_plan
from tests.support.clues import LOOKUP, MATTER, PEOPLE, ClueDesk
from tests.support.clues import NO as CLUE
from tests.support.problems import ProblemDesk, a_registration

SECRET = "反映人张某，手机13800000000"


class FakeCustody:
    """Keeps what was sealed, and opens it again."""

    def __init__(self) -> None:
        self.pool = None
        self.sealed: list[tuple[Wish, str]] = []
        self.opened: list[Wish] = []

    async def seal(self, wish: Wish, who: Any, text: str, recipient: Any) -> str:
        self.sealed.append((wish, text))
        return "sealed#7"

    async def open_identity(self, wish: Wish, who: Any, key: Any) -> tuple[str, str]:
        self.opened.append(wish)
        return "custody#4", SECRET


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(Desk(a_plan(people=PEOPLE)))
    made.clue = ClueDesk()
    made.custody = FakeCustody()

    async def posts(*_: Any) -> list[Any]:
        return []

    monkeypatch.setattr("duban.store.reading.posts", posts)
    return made


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, str]:
    """A custodian's pair of keys and a file with an identity."""
    key = OpeningKey.make("whistle-2019")
    named = {"key": key.format(), "pub": key.public.format(), "identity": SECRET}
    for name, text in named.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {name: str(tmp_path / name) for name in named}


def done(answer: Answer) -> str:
    """Return what a line printed that must be done."""
    assert answer.status == 0, answer.err
    return answer.out


def test_the_table_holds_every_command_but_that_of_the_account() -> None:
    union = get_args(get_args(k.AnyClueCommand)[0])

    assert {each.command for each in CLUE_DECISIONS} == {*union} - {k.WriteUpClue}


@pytest.mark.parametrize("row", CLUE_DECISIONS, ids=lambda row: row.path)
def test_every_row_makes_its_command_and_the_command_comes_back(
    world: World, row: Decision
) -> None:
    done(world.call(*shlex.split(EXAMPLES[row.path])[1:], "--role", "office"))

    no, asked = world.clues_asked[-1]
    assert (no, type(asked.command)) == (CLUE, row.command)
    assert asked.command.actor.role is Role.OFFICE
    assert row.command.model_validate_json(asked.command.model_dump_json()) == asked.command


def test_a_decision_is_given_the_bodies_and_every_post_of_who_acts(world: World) -> None:
    done(world.call("clue", "retaliation", CLUE, "--fact", "调岗", "--as", "CG-1"))

    given = world.clues_asked[-1][1].given
    assert {each.unit for each in given.people if each.role is Role.LIAISON} == set()
    assert any(each.id == "CG-1" for each in given.people)


def test_materials_are_named_by_their_hashes(world: World, tmp_path: Path) -> None:
    paper = tmp_path / "谈话记录.txt"
    paper.write_bytes(b"talk")
    words = ["clue", "transfer", CLUE, "--receiver", "judicial_body", "--addressee", "检察院"]
    words += ["--letter", "1号", "--as", "OF-1"]

    done(world.call(*words, "--material", f"谈话记录={paper}"))

    [material] = world.clues_asked[-1][1].command.materials  # type: ignore[union-attr]
    assert material.digest == hashlib.sha256(b"talk").hexdigest()
    assert "usage.material" in world.call(*words, "--material", "谈话记录").err
    assert "seal.unreadable" in world.call(*words, "--material", "a=nowhere.txt").err


REPORT = ["clue", "report", NO, "--source", "inspection", "--known-on", "2019-03-04"]


def test_a_report_gets_its_number_and_tells_the_campaign_nothing_else(world: World) -> None:
    done(world.call(*REPORT, "--urgent", "--phoned-at", "2019-03-04T08:30", "--as", "SU-1"))

    [command] = world.sent
    assert isinstance(command, ReportClue)
    assert (command.report.known_to, command.report.urgent) == ("supervision_group", True)
    assert str(command.report.phoned_at) == "2019-03-04 00:30:00+00:00"
    assert world.clues_asked == []


def test_a_unit_s_report_says_which_unit_knew(world: World) -> None:
    done(world.call(*REPORT, "--as", "U01-H1"))

    assert world.sent[-1].report.known_to == "U01"  # type: ignore[union-attr]


def test_the_reporter_s_identity_leaves_the_process_sealed_and_in_no_other_way(
    world: World, keys: dict[str, str]
) -> None:
    told = ["--reporter", "citizen", "--matter", MATTER, "--object-unit", "U02"]
    sealing = ["--identity", keys["identity"], "--recipient", keys["pub"], "--custodian", "SU-2"]

    answer = world.call(*REPORT, *told, *sealing, "--as", "SU-1")

    assert answer.status == 0, answer.err
    [(wish, sealed)] = world.custody.sealed
    assert wish.deed is Deed.SEAL_IDENTITY
    assert json.loads(sealed)["reporter"] == SECRET
    [(_, asked)] = world.clues_asked
    assert asked.command.sealed == "sealed#7"  # type: ignore[union-attr]
    assert SECRET not in str([each.plain() for each in world.sent]) + asked.model_dump_json()
    [number] = re.findall(r"[0-9a-f]{16}", answer.err)
    assert asked.command.lookup == lookup_of(number)  # type: ignore[union-attr]


def test_of_a_sealed_clue_what_it_is_about_is_sealed_too(
    world: World, keys: dict[str, str]
) -> None:
    words = ["clue", "write-up", CLUE, "--reporter", "anonymous", "--access", "sealed"]
    words += ["--matter", MATTER, "--recipient", keys["pub"], "--custodian", "SU-2"]

    done(world.call(*words, "--as", "SU-1"))

    [(_, sealed)] = world.custody.sealed
    assert json.loads(sealed)["matter"] == MATTER
    assert MATTER not in world.clues_asked[-1][1].model_dump_json()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([*REPORT, "--matter", "x"], "usage.reporter_class"),
        ([*REPORT, "--reporter", "neighbour"], "usage.BadParameter"),
        (["clue", "report", NO, "--source", "gossip", "--known-on", "2019-03-04"], "BadParameter"),
        (["clue", "write-up", CLUE, "--reporter", "citizen", "--access", "sealed"], "recipient"),
        (["clue", "write-up", "BE-2019-C0099", "--reporter", "body", "--matter", "x"], "not_found"),
        (["clue", "show", "BE-2019-C0099"], "clue.not_found"),
        (["clue", "close", "BE-2019-C0099", "--opinion", "x"], "clue.not_found"),
        (["clue", "status", "0" * 16], "clue.no_such_number"),
    ],
)
def test_what_cannot_be_read_or_found_says_so(world: World, words: list[str], code: str) -> None:
    answer = world.call(*words)

    assert answer.status in (2, 4)
    assert code in answer.err
    assert world.clues_asked == []


def test_the_problem_that_a_clue_led_to_is_looked_up(world: World) -> None:
    words = ["clue", "link-problem", CLUE, "BE-2019-0042", "--as", "OF-1"]
    done(world.call(*words))
    world.problem = ProblemDesk(a_registration(source="clue", source_ref=CLUE), no="BE-2019-0042")
    done(world.call(*words))

    known = LinkedProblem(no="BE-2019-0042", source="clue", source_ref=CLUE)
    assert [asked.given.problem for _, asked in world.clues_asked] == [None, known]


# Reading ----------------------------------------------------------------------------------------


def listed(world: World, person: str, *words: str) -> list[dict[str, Any]]:
    """Return the rows that a person sees."""
    out = done(world.call("clue", "list", "-o", "json", "--as", person, *words))
    found: list[dict[str, Any]] = json.loads(out)
    return found


def test_the_register_holds_the_columns_of_d6_in_their_order(world: World) -> None:
    world.clue = ClueDesk().closed()

    out = done(world.call("clue", "list", "--campaign", NO, "-o", "csv"))

    head, row = csv.reader(io.StringIO(out))
    assert head == [
        *("no", "source", "received_at", "object", "matter", "nature", "handling", "decided_by"),
        *("addressee", "sent_at", "received_by", "feedback_on", "clue_outcome", "told_on"),
        "access_level",
    ]
    assert row[:1] + row[3:8] == [CLUE, "U02", MATTER, "duty_crime", "transfer", "OF-1"]
    assert (row[8], row[10], row[12]) == ("市监察委员会", "DX-1", "founded")


def test_who_sees_what_and_that_every_reading_is_an_entry(world: World) -> None:
    world.clue = ClueDesk().written()

    assert [row["matter"] for row in listed(world, "OF-1")] == [MATTER]
    assert [(row["no"], row["matter"], row["state"]) for row in listed(world, "CO-1")] == [
        (CLUE, None, None)
    ]
    assert listed(world, "U02-L1") == []
    assert [each.tag for each in world.readings] == ["trail:clues:read"] * 3
    assert [each.actor.id for each in world.readings] == ["OF-1", "CO-1", "U02-L1"]
    refused = world.call("clue", "list", "--as", "stranger")
    assert "actor.unknown" in refused.err


def test_pages_go_on_behind_a_number_and_a_state_can_be_asked_for(world: World) -> None:
    assert listed(world, "OF-1", "--after", CLUE) == []
    assert listed(world, "OF-1", "--state", "closed") == []
    assert len(listed(world, "OF-1", "--state", "reported", "--source", "inspection")) == 1


@pytest.mark.parametrize(
    ("desk", "word"), [("transferred", "◉"), ("written", "已报告"), ("closed", "办结")]
)
def test_show_draws_the_way(world: World, desk: str, word: str) -> None:
    world.clue = getattr(ClueDesk(), desk)()

    assert word in done(world.call("clue", "show", CLUE, "--as", "OF-1", DUBAN_LANG="zh"))


def test_show_tells_who_may_not_know_that_there_is_one_or_nothing(world: World) -> None:
    world.clue = ClueDesk().written()

    seen = done(world.call("clue", "show", CLUE, "--as", "CO-1", DUBAN_LANG="zh"))
    assert "有此线索" in seen
    assert MATTER not in seen
    assert "clue.not_found" in world.call("clue", "show", CLUE, "--as", "U02-L1").err


def test_show_gives_everything_as_json_and_a_line_as_csv_and_what_is_beside_the_way(
    world: World,
) -> None:
    world.clue = ClueDesk().decided(handling="keep")

    assert "暂存" in done(world.call("clue", "show", CLUE, DUBAN_LANG="zh"))
    told = json.loads(done(world.call("clue", "show", CLUE, "-o", "json")))
    assert (told["state"], told["deadlines"]) == ("kept", [])
    assert MATTER in done(world.call("clue", "show", CLUE, "-o", "csv"))


def test_the_reporter_learns_how_it_stands_and_no_secret_of_the_case(world: World) -> None:
    number = "9f86d081884c7d65"
    world.clue = ClueDesk().written(lookup=lookup_of(number)).transferred()

    out = done(world.call("clue", "status", number, DUBAN_LANG="zh"))
    assert out.strip() == "正在办理"
    world.clue.answered()
    told = done(world.call("clue", "status", number, DUBAN_LANG="zh"))
    assert "您反映的问题已查实处理" in told
    assert "监察" not in told
    assert LOOKUP not in told


def test_an_identity_is_opened_by_the_number_of_the_clue(
    world: World, keys: dict[str, str]
) -> None:
    world.clue = ClueDesk().received()

    answer = world.call(
        "clue", "open-identity", CLUE, "--key", keys["key"], "--basis", "核实", "--as", "SU-2"
    )

    assert done(answer).strip() == SECRET
    [wish] = world.custody.opened
    assert (wish.deed, wish.subject, wish.basis) == (Deed.OPEN_IDENTITY, "sealed#3", "核实")
    assert (wish.openers, wish.detail) == (("SU-2", "DX-1"), {"clue": CLUE})
    assert "custody#4" in answer.err
