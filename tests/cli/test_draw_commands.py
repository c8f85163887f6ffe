"""`duban draw new|witness|void|reveal|list`: lists are sealed before anything is sent (SEC1)."""

import json
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from duban.cli.awaiting import PAUSES
from duban.cli.decisions import Decision
from duban.cli.draw_course import DRAW_DECISIONS
from duban.contracts import Receipt, campaign_stream
from duban.domain.campaign.draw_answers import DrawFrozen
from duban.domain.errors import Code
from duban.texts.examples import EXAMPLES
from tests.cli.test_inspections import a_desk, done
from tests.cli.world import NO, FakeGateway, World
from tests.support import checks
from tests.support.inspections import NO as INSPECTION
from tests.support.inspections import InspectionDesk

SITES = "站点编号,站点名称,所属单位\nS-1,城东大厅,U01\nS-2,城西大厅,市自然资源局\n"
POOL = "人员编号,姓名,近亲属所在单位\nIN-1,甲,\nIN-2,乙,U03\nIN-3,丙,\nIN-4,丁,\n"
DRAW = "2019-BE-001"
Answers = Callable[[str], DrawFrozen | None]


class Drawing(FakeGateway):
    """A gateway whose campaign opens draws, and hears what came of their lists."""

    def __init__(self, world: "Live") -> None:
        super().__init__(world)
        self._live = world

    async def execute(self, no: str, command: Any) -> Receipt:
        """Carry the command out, and let the campaign hear of the lists."""
        self._live.sent.append(command)
        desk = self._live.desk
        assert desk is not None
        saved = desk.campaign.handle(command, now=desk.now)
        told = self._live.answers(saved.object_id)
        if told is not None:
            desk.campaign.hear(told, now=desk.now)
        return Receipt.of(campaign_stream(no), saved)


class Live(World):
    """A world whose campaign has ordered a spot check of one site."""

    def __init__(self) -> None:
        super().__init__(checks.a_desk())
        self.inspection = InspectionDesk()
        assert self.desk is not None
        checks.order(self.desk, sites=1)
        self.answers: Answers = frozen

    @property
    def services(self) -> Any:
        """The doors, with a gateway that draws."""
        return replace(super().services, gateway=self._door(lambda: Drawing(self)))


def frozen(no: str) -> DrawFrozen:
    """Say that the lists of a draw were frozen."""
    return DrawFrozen(draw=no, size=2, pop_hash="a" * 64, params_hash="b" * 64, commit="d" * 64)


@pytest.fixture
def world() -> Live:
    return Live()


def lists(folder: Path, sites: str = SITES, pool: str = POOL) -> list[str]:
    """Write both lists, and return the words that name them."""
    for name, text in {"sites": sites, "pool": pool}.items():
        (folder / f"{name}.csv").write_bytes(text.encode("gb18030"))
    named = [f"--{name}={folder / name}.csv" for name in ("sites", "pool")]
    return ["draw", "new", INSPECTION, *named, "--as", "SU-1"]


def test_sec1_the_lists_are_sealed_and_the_campaign_hears_of_a_box(
    world: Live, tmp_path: Path
) -> None:
    out = done(world.call(*lists(tmp_path), "--exclude", "S-2=停业"))

    [(stream, sealed)] = world.outside.lists
    assert stream == campaign_stream(NO)
    assert [(each.site, each.unit) for each in sealed.places] == [("S-1", "U01"), ("S-2", "U03")]
    assert [each.person for each in sealed.pool] == ["IN-1", "IN-2", "IN-3", "IN-4"]
    assert [(each.site, each.reason) for each in sealed.excluded] == [("S-2", "停业")]
    [command] = world.sent
    assert (command.package, command.digest) == ("package-1", "c" * 64)  # type: ignore[union-attr]
    assert "S-1" not in command.model_dump_json()
    assert f"{DRAW} is frozen over 2 sites; commitment {'d' * 64}" in out


def test_l13_names_of_people_are_sealed_nowhere(world: Live, tmp_path: Path) -> None:
    done(world.call(*lists(tmp_path), "-o", "json"))

    [(_, sealed)] = world.outside.lists
    assert {each.name for each in sealed.pool} == {""}


def test_one_workbook_may_hold_both_lists(world: Live, tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    done(world.call("draw", "template", str(path)))
    book = load_workbook(path)
    for title, row in {"站点": ("S-1", "城东大厅", "U01"), "检查人员库": ("IN-1", "甲")}.items():
        for place, said in enumerate(row, start=1):
            book[title].cell(2, place, said)
    book.save(path)

    words = ["draw", "new", INSPECTION, "--sites", str(path), "--pool", str(path)]
    told = json.loads(done(world.call(*words, "--as", "SU-1", "-o", "json")))

    [(_, sealed)] = world.outside.lists
    assert (len(sealed.places), len(sealed.pool)) == (1, 1)
    assert told["object_id"] == DRAW


def test_a_wrong_row_seals_and_sends_nothing_and_comes_back_beside_its_list(
    world: Live, tmp_path: Path
) -> None:
    words = lists(tmp_path, SITES + "S-3,某处,U99\n", POOL + "IN-2,又一个,\n")

    answer = world.call(*words)
    told = json.loads(world.call(*words, "-o", "json").out)

    assert answer.status == 3
    assert "cell.unit_unknown" in answer.err
    assert "row.twice" in answer.err
    assert (world.outside.lists, world.sent) == ([], [])
    assert [Path(each).name for each in told["errors"]] == [
        "sites-sites-errors.csv",
        "pool-pool-errors.csv",
    ]
    assert "某处" in Path(told["errors"][0]).read_text("utf-8-sig")


def test_lists_that_cannot_be_drawn_from_are_refused_with_the_reason(
    world: Live, tmp_path: Path
) -> None:
    world.answers = lambda no: DrawFrozen(
        draw=no, fault=Code.DRAW_TOO_FEW.value, params={"wanted": 2, "there": 1}
    )

    answer = world.call(*lists(tmp_path))

    assert answer.status == 3
    assert "2 are to be drawn and there are 1" in answer.err
    assert "void" in done(world.call("draw", "list"))


def test_a_draw_without_an_answer_keeps_its_number_and_says_where_to_look(
    world: Live, tmp_path: Path
) -> None:
    world.answers = lambda _: None

    answer = world.call(*lists(tmp_path))

    assert answer.status == 6
    assert f"The draw {DRAW} has its number" in answer.err
    assert tuple(world.outside.pauses) == PAUSES


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["draw", "new", INSPECTION, "--sites", "no.csv", "--pool", "no.csv"], "file.not_found"),
        (["draw", "new", "BE-2019-I0099", "--sites", "a", "--pool", "b"], "inspection.not_found"),
        (["draw", "new", INSPECTION, "--sites", "a", "--pool", "b", "--exclude", "S"], "exclusion"),
    ],
)
def test_what_cannot_be_read_or_found_says_so(world: Live, words: list[str], code: str) -> None:
    answer = world.call(*words)

    assert answer.status in (2, 4)
    assert code in answer.err
    assert world.outside.lists == []


@pytest.mark.parametrize("row", DRAW_DECISIONS, ids=lambda row: row.path)
def test_every_row_makes_its_command_for_the_campaign_that_the_number_names(row: Decision) -> None:
    world = World(a_desk())

    done(world.call(*shlex.split(EXAMPLES[row.path])[1:], "--role", "office"))

    command = world.sent[-1]
    assert type(command) is row.command
    assert command.draw == DRAW  # type: ignore[union-attr]
    assert row.command.model_validate_json(command.model_dump_json()) == command


def test_draws_of_both_kinds_stand_in_one_row_of_numbers(world: Live, tmp_path: Path) -> None:
    done(world.call(*lists(tmp_path)))

    [row] = json.loads(done(world.call("draw", "list", "--purpose", "inspection", "-o", "json")))
    table = done(world.call("draw", "list", DUBAN_LANG="zh"))

    assert (row["no"], row["sites"], row["k"]) == (DRAW, 2, 1)
    assert done(world.call("draw", "list", "--purpose", "look_back")) == ""
    assert done(world.call("lookback", "list")) == ""
    assert [name for name in ("terms", "lists") if name in row] == []
    assert "共 1 次，作废 0 次（0%）" in table
    assert "督查检查" in table
