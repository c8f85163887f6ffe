"""`duban ticket`: new tickets become problems, known ones do not, wrong rows go back (O11, K10)."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from duban.cli.ticket_import import CHUNK
from duban.contracts import Receipt
from duban.domain.campaign.commands import AnyCommand, RegisterProblem
from duban.domain.errors import Code, RuleViolation
from duban.domain.problem.words import ProblemSource, TicketKind
from duban.domain.tickets import request_of
from duban.errors import Unavailable
from tests.cli.world import NO, FakeGateway, World
from tests.support.builders import Desk

HEAD = "工单编号,受理时间,工单类型,诉求内容,承办单位,来电人,联系电话,领导批示"


class Registering(FakeGateway):
    """A gateway that gives problems numbers, or the world's answer for a ticket."""

    def __init__(self, world: "Live") -> None:
        super().__init__(world)
        self._live = world

    async def execute(self, no: str, command: AnyCommand) -> Receipt:
        """Register a problem of the campaign, once per request id."""
        assert isinstance(command, RegisterProblem)
        self._live.sent.append(command)
        answer = self._live.answers.get(command.registration.source_ref)
        if answer is not None:
            raise answer
        known = self._live.registered
        number = known.setdefault(command.request_id, f"{no}-{len(known) + 1:04}")
        return self._receipt().model_copy(update={"object_id": number})


class Live(World):
    """A world whose campaign registers problems."""

    def __init__(self) -> None:
        super().__init__(Desk().planned())
        self.registered: dict[str, str] = {}
        self.answers: dict[str, Exception] = {}

    @property
    def services(self) -> Any:
        """The doors, with a gateway that registers."""
        return replace(super().services, gateway=self._door(lambda: Registering(self)))


@pytest.fixture
def world() -> Live:
    return Live()


def a_list(tmp_path: Path, *rows: str) -> str:
    path = tmp_path / "tickets.csv"
    path.write_bytes("\n".join([HEAD, *rows]).encode("gb18030"))
    return str(path)


def imported(world: World, path: str, *words: str, status: int = 0) -> dict[str, Any]:
    answer = world.call("ticket", "import", NO, path, *words, "-o", "json")
    assert answer.status == status, answer.err
    told: dict[str, Any] = json.loads(answer.out)
    return told


ROW = "T-1,2019-03-01 09:12,咨询,窗口无人,U01,李四,13912345678,阅"


def test_o11_each_valid_row_becomes_a_problem_through_the_gateway(
    world: Live, tmp_path: Path
) -> None:
    told = imported(world, a_list(tmp_path, ROW, "T-2,2019/3/2,投诉,李四来电：无人,,李四,,"))

    assert (told["new"], told["known"], told["wrong"]) == (2, 0, 0)
    first, second = (each.registration for each in world.sent if isinstance(each, RegisterProblem))
    assert (first.source, first.source_ref, first.from_person) == (
        ProblemSource.HOTLINE,
        "T-1",
        True,
    )
    assert (first.found_on, first.unit) == ("2019-03-01", "U01")
    assert first.ticket is not None
    assert first.ticket.kind is TicketKind.INQUIRY
    assert second.unit is None
    assert {each.request_id for each in world.sent} == {request_of("T-1"), request_of("T-2")}


def test_l13_the_caller_stands_neither_in_a_command_nor_on_the_trail(
    world: Live, tmp_path: Path
) -> None:
    told = imported(world, a_list(tmp_path, "T-1,2019-03-01,,李四13912345678反映,,李四,x,阅"))

    said = "".join(each.model_dump_json() for each in [*world.sent, *world.outside])
    assert "李四" not in said
    assert "139" not in said
    assert (told["personal"], told["hidden"], told["ignored"]) == (
        ["来电人", "联系电话"],
        1,
        ["领导批示"],
    )


def test_o11_a_second_import_of_the_same_file_changes_nothing(world: Live, tmp_path: Path) -> None:
    path = a_list(tmp_path, ROW)
    imported(world, path)
    said, sent = len(world.outside), len(world.sent)

    told = imported(world, path)

    assert (told["new"], told["known"]) == (0, 1)
    assert (len(world.outside), len(world.sent)) == (said, sent)


def test_o11_a_number_of_another_campaign_is_known(world: Live, tmp_path: Path) -> None:
    imported(world, a_list(tmp_path, ROW))
    for event in list(world.outside):
        changes = [
            c.model_copy(update={"after": {**c.after, "campaign": "RL-2019"}})
            for c in event.changes
        ]
        world.outside.append(event.model_copy(update={"changes": tuple(changes)}))
    world.sent.clear()

    told = imported(world, a_list(tmp_path, ROW))

    assert (told["new"], told["known"], world.sent) == (0, 1, [])


def test_o11_an_import_that_broke_off_is_gone_on_with(world: Live, tmp_path: Path) -> None:
    world.answers["T-2"] = Unavailable("temporal.unreachable", address="-")
    path = a_list(tmp_path, ROW, "T-2,2019-03-01,,无人,,,,")
    answer = world.call("ticket", "import", NO, path)
    assert (answer.status, len(world.registered)) == (6, 1)

    world.answers.clear()
    told = imported(world, path)

    assert (told["new"], told["known"], len(world.registered)) == (1, 1, 2)


def test_o11_a_problem_whose_note_was_lost_is_found(world: Live, tmp_path: Path) -> None:
    path = a_list(tmp_path, ROW)
    imported(world, path)
    del world.outside[1:]
    assert world.desk is not None
    [event] = world.outside
    row = {"no": "BE-2019-0001", "source": "hotline", "source_ref": "T-1"}
    found = event.changes[0].model_copy(
        update={"kind": "problem", "id": row["no"], "after": row, "before": {}}
    )
    world.outside.append(event.model_copy(update={"changes": (found,)}))
    world.sent.clear()

    told = imported(world, path)

    assert (told["new"], told["known"], world.sent) == (0, 1, [])
    assert world.outside[-1].tag == "hotline:tickets:registered"


def test_o11_what_another_import_registers_at_the_same_time_is_known(
    world: Live, tmp_path: Path
) -> None:
    world.answers["T-1"] = RuleViolation(Code.REQUEST_REUSED, request_id="x")

    told = imported(world, a_list(tmp_path, ROW))

    assert (told["new"], told["known"], told["wrong"]) == (0, 1, 0)


def test_wrong_rows_go_back_with_their_reason_and_the_rest_is_taken(
    world: Live, tmp_path: Path
) -> None:
    world.answers["T-4"] = RuleViolation(Code.STAGE_ORDER, stage="closed", heard=["plan", "watch"])
    rows = [
        ROW,
        "T-2,何时,,无人,U09,,,",
        "T-3,2019-12-01,,无人,,,,",
        "T-4,2019-03-01,,无人,,王五,,",
    ]

    told = imported(world, a_list(tmp_path, *rows), status=3)

    assert (told["new"], told["wrong"]) == (1, 3)
    codes = [f"{each['row']} {each['code']}" for each in told["problems"]]
    assert codes == ["3 cell.not_a_date", "3 cell.unit_unknown", "4 date.ahead", "5 stage.order"]
    back = Path(told["errors"])
    assert back == tmp_path / "tickets-errors.csv"
    lines = back.read_text("utf-8-sig").splitlines()
    assert lines[0] == f"{HEAD},字段,错误"
    assert len(lines) == 4
    assert lines[1].startswith("T-2,何时,,无人,U09,,,,受理时间; 承办单位,")


def test_the_report_is_told_in_words_and_the_error_file_may_be_named(
    world: Live, tmp_path: Path
) -> None:
    path, back = a_list(tmp_path, ROW, "T-2,何时,,无人,,,,"), tmp_path / "back.xlsx"

    answer = world.call("ticket", "import", NO, path, "--errors", str(back), DUBAN_LANG="zh")

    assert answer.status == 3
    assert "新登记 1，已有 0，有误 1。" in answer.out
    assert "来电人信息不导入：来电人、联系电话。" in answer.out
    assert "第3行 受理时间列  cell.not_a_date" in answer.err
    assert back.exists()


def test_own_headers_are_told_on_the_line(world: Live, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("派单号,受理时间,诉求内容\nT-1,2019-03-01,无人", "utf-8")

    assert imported(world, str(path), "--column", "派单号=工单编号")["new"] == 1
    wrong = world.call("ticket", "import", NO, str(path), "--column", "派单号=某列")
    assert (wrong.status, "usage.column" in wrong.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "environ", "code"),
    [
        (("none.csv",), {}, "file.not_found"),
        (("LIST", "--as", "LG-1"), {}, "role.not_permitted"),
        (("LIST", "--as", "ZZ-9", "--role", "office"), {}, "actor.unknown"),
    ],
)
def test_what_cannot_be_taken_over_says_so(
    world: Live, tmp_path: Path, words: tuple[str, ...], environ: dict[str, str], code: str
) -> None:
    path = a_list(tmp_path, ROW)
    typed = [path if each == "LIST" else each for each in words]

    answer = world.call("ticket", "import", NO, *typed, **environ)

    assert code in answer.err
    assert (answer.status in (3, 4), world.sent) == (True, [])


def test_c1_a_campaign_that_takes_no_problems_takes_no_tickets(tmp_path: Path) -> None:
    world = World(Desk())

    answer = world.call("ticket", "import", NO, a_list(tmp_path, ROW))

    assert (answer.status, "stage.order" in answer.err, world.outside) == (3, True, [])


def test_long_lists_are_taken_in_batches(world: Live, tmp_path: Path) -> None:
    rows = [f"T-{n},2019-03-01,,无人,,,," for n in range(CHUNK + 1)]

    assert imported(world, a_list(tmp_path, *rows))["new"] == CHUNK + 1
    counts = [each.detail["count"] for each in world.outside]
    assert counts == [CHUNK, CHUNK, 1, 1]


def test_o11_two_imports_at_one_time_make_one_problem(world: Live, tmp_path: Path) -> None:
    path = a_list(tmp_path, ROW)
    imported(world, path)
    del world.outside[1:]

    told = imported(world, path)

    assert (told["new"], len(world.registered)) == (1, 1)


def test_tickets_are_listed_and_the_form_is_written(world: Live, tmp_path: Path) -> None:
    imported(world, a_list(tmp_path, ROW))

    [row] = json.loads(world.call("ticket", "list", "--campaign", NO, "-o", "json").out)
    assert (row["no"], row["problem"]) == ("T-1", "BE-2019-0001")
    assert "BE-2019-0001" in world.call("ticket", "list").out
    assert world.call("ticket", "list", "--campaign", "RL-2019", "-o", "json").out == "[]\n"
    form = tmp_path / "form.xlsx"
    assert world.call("ticket", "template", str(form)).status == 0
    assert form.exists()


HOTLINE = "--source hotline --source-ref T-1 --found-on 2019-03-01 --title 无人 --description 无人"


def test_o11_a_ticket_typed_by_hand_is_taken_as_an_imported_one(
    world: Live, tmp_path: Path
) -> None:
    words = ("problem", "register", NO, *HOTLINE.split(), "--unit", "U01")
    first, again = world.call(*words), world.call(*words)

    assert (first.status, again.status) == (0, 5)
    assert "ticket.known" in again.err
    [command] = world.sent
    assert isinstance(command, RegisterProblem)
    assert command.registration.from_person
    assert imported(world, a_list(tmp_path, ROW))["known"] == 1


def test_a_ticket_typed_by_hand_may_be_refused(world: Live) -> None:
    world.answers["T-1"] = RuleViolation(Code.UNIT_UNKNOWN, unit="U09")

    answer = world.call("problem", "register", NO, *HOTLINE.split(), "--unit", "U09")

    assert (answer.status, "unit.unknown" in answer.err) == (3, True)
