"""`duban inspection`: every row of its table, the order and its fate, the sealed target."""

import hashlib
import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from duban.cli.awaiting import PAUSES
from duban.cli.decisions import Decision
from duban.cli.inspection_decisions import INSPECTION_DECISIONS
from duban.domain.campaign import commands as c
from duban.domain.entity.given import LinkedProblem
from duban.domain.inspection import commands as k
from duban.domain.roles import Role
from duban.inspection_contracts import LEADER, Handed
from duban.proof.sealing import OpeningKey
from duban.texts.examples import EXAMPLES
from tests.cli.outside import handed
from tests.cli.world import NO, Answer, FakeGateway, World
from tests.support.builders import Desk, a_plan, shanghai
from tests.support.inspections import EVERYBODY, TARGET, InspectionDesk
from tests.support.inspections import NO as INSPECTION
from tests.support.problems import ProblemDesk, a_registration

ORDER = shlex.split(EXAMPLES["inspection.order"])[1:]


def _without_leader() -> list[str]:
    at = ORDER.index("--leader")
    return [*ORDER[1:at], *ORDER[at + 2 :]]


def a_desk() -> Desk:
    desk = Desk(a_plan(people=EVERYBODY))
    desk.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    return desk


@pytest.fixture
def world() -> World:
    made = World(a_desk())
    made.inspection = InspectionDesk()
    return made


def done(answer: Answer) -> str:
    """Return what a line printed that must be done."""
    assert answer.status == 0, answer.err
    return answer.out


def asked(world: World, *words: str) -> Any:
    """Run a line that must be done, and return the command that the inspection was asked."""
    done(world.call("inspection", *words))
    return world.inspections_asked[-1][1].command


def test_the_table_holds_every_command_but_that_of_the_release() -> None:
    union = get_args(get_args(k.AnyInspectionCommand)[0])
    made = {getattr(each.command, "SENT_AS", each.command) for each in INSPECTION_DECISIONS}

    assert made == {*union} - {k.ReleaseTarget}


@pytest.mark.parametrize("row", INSPECTION_DECISIONS, ids=lambda row: row.path)
def test_every_row_makes_its_command_and_the_command_comes_back(
    world: World, row: Decision
) -> None:
    command = asked(world, *shlex.split(EXAMPLES[row.path])[2:], "--role", "office")

    assert world.inspections_asked[-1][0] == INSPECTION
    assert type(command) is getattr(row.command, "SENT_AS", row.command)
    assert command.actor.role is Role.OFFICE
    assert type(command).model_validate_json(command.model_dump_json()) == command


def test_a_check_in_is_read_with_moment_photo_and_attendees(world: World, tmp_path: Path) -> None:
    photo = tmp_path / "门口.jpg"
    photo.write_bytes(b"photo")
    words = ["check-in", INSPECTION, "--at", "2019-04-25T10:00", "--place", "大厅"]
    words += ["--photo", str(photo), "--first-location", "hall", "--notice", "电话"]
    words += ["--attendee", "窗口负责人:U03", "--attendee", "组员::IN-2", "--as", "IN-1"]

    command = asked(world, *words)

    assert command.at == shanghai("2019-04-25", "10:00")
    assert command.photo == hashlib.sha256(b"photo").hexdigest()
    told = [(each.post, each.unit, each.person) for each in command.attendees]
    assert told == [("窗口负责人", "U03", None), ("组员", None, "IN-2")]
    assert (command.notices, command.briefings) == (("电话",), ())


def test_k07_k03_a_fact_is_read_with_its_tests_and_proof(world: World) -> None:
    words = shlex.split(EXAMPLES["inspection.record"])[2:]

    fact = asked(world, *words, "--pledge", "当日办结|broken|暗访试办", "--forms", "2").fact

    assert (fact.post, fact.method, fact.forms) == ("窗口工作人员", "visit", 2)
    assert (fact.service.rule, fact.service.passed) == ("first_contact", False)
    assert (fact.pledge.pledge, fact.pledge.kept, fact.pledge.how) == (
        *("当日办结", False, "暗访试办"),
    )
    assert [(each.title, each.digest) for each in fact.evidence] == [("照片", "ab" * 32)]


def test_items_and_findings_may_be_named_in_short_or_in_full(world: World) -> None:
    first = asked(world, "withdraw", INSPECTION, "R01", "--reason", "重复", "--as", "IN-2")
    linked = asked(world, "link-finding", INSPECTION, f"{INSPECTION}/F01", "BE-2019-0042")
    drafted = asked(world, *shlex.split(EXAMPLES["inspection.conclude"])[2:])

    assert (first.item, linked.finding) == (f"{INSPECTION}/R01", f"{INSPECTION}/F01")
    assert drafted.upheld[0].items == (f"{INSPECTION}/R01", f"{INSPECTION}/R02")
    assert [(each.item, each.reason) for each in drafted.left_out] == [
        (f"{INSPECTION}/R03", "证据不足")
    ]


def test_quotas_leaders_and_scope_of_a_plan_are_read(world: World) -> None:
    words = shlex.split(EXAMPLES["inspection.plan"])[1:]

    done(world.call(*words, "--quota", "east=2", "--quota", "west=1", "--leader", "IN-2"))

    command = world.sent[-1]
    assert isinstance(command, c.PlanInspection)
    assert command.quotas == {"east": 2, "west": 1}
    assert command.leaders == ("IN-1", "IN-2")


@pytest.mark.parametrize(
    ("verb", "more", "code"),
    [
        ("check-in", ["--at", "十点"], "usage.not_a_moment"),
        ("check-in", ["--attendee", ":U03"], "usage.attendee"),
        ("check-in", ["--photo", "nowhere.jpg"], "seal.unreadable"),
        ("record", ["--service", "first_contact"], "usage.service"),
        ("record", ["--service", "smile=passed"], "usage.BadParameter"),
        ("record", ["--pledge", "当日办结"], "usage.pledge"),
        ("conclude", ["--uphold", "problem:标题"], "usage.upheld"),
        ("conclude", ["--leave-out", "R03"], "usage.left_out"),
        ("plan", ["--quota", "east"], "usage.quota"),
    ],
)
def test_what_cannot_be_read_says_how_it_is_typed(
    world: World, verb: str, more: list[str], code: str
) -> None:
    answer = world.call(*shlex.split(EXAMPLES[f"inspection.{verb}"])[1:], *more)

    assert answer.status == 2
    assert code in answer.err
    assert (world.inspections_asked, world.sent) == ([], [])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["sign", "BE-2019-I0099"], "inspection.not_found"),
        (["sign", "BE-2019-0001"], "inspection.not_found"),
        (["release", "BE-2019-I0099"], "inspection.not_found"),
        (["show", "BE-2019-I0099"], "inspection.not_found"),
        (_without_leader(), "usage.leaders"),
    ],
)
def test_what_is_not_there_is_not_asked_for(world: World, words: list[str], code: str) -> None:
    answer = world.call("inspection", *words)

    assert answer.status in (2, 4)
    assert code in answer.err
    assert (world.inspections_asked, world.orders) == ([], [])


def test_k48_the_problem_of_a_finding_is_looked_up(world: World) -> None:
    words = ["link-finding", INSPECTION, "F01", "BE-2019-0042", "--as", "SU-1"]
    asked(world, *words)
    source = f"{INSPECTION}/F01"
    world.problem = ProblemDesk(
        a_registration(source="inspection", source_ref=source), no="BE-2019-0042"
    )
    asked(world, *words)

    known = LinkedProblem(no="BE-2019-0042", source="inspection", source_ref=source)
    assert [each.given.problem for _, each in world.inspections_asked] == [None, known]


def test_sec1_before_check_in_nobody_of_a_unit_is_given_and_then_those_of_the_unit(
    world: World,
) -> None:
    asked(world, "leak", INSPECTION, "--fact", "清场", "--as", "SU-1")
    world.inspection = InspectionDesk().on_site()
    asked(world, "sign", INSPECTION, "--as", "IN-2")

    before, there = ({p.unit for p in each.given.people} for _, each in world.inspections_asked)
    assert before == {None, "U15"}
    assert there == {None, "U15", "U03"}


# The order ----------------------------------------------------------------------------------------


class Ordering(FakeGateway):
    """A gateway whose campaign hears an order, a while after it was sent."""

    async def order_spot_check(self, no: str, order: Any) -> None:
        """Let the campaign of the world hear it, unless nobody is there to."""
        self._world.orders.append(order)
        if self._world.desk is not None and self._world.answer is None:
            self._world.desk.campaign.order_spot_check(order, now=self._world.desk.now)


class Hearing(World):
    """A world whose campaign hears orders."""

    @property
    def services(self) -> Any:
        """The doors, with a gateway that orders."""
        return replace(super().services, gateway=self._door(lambda: Ordering(self)))


def test_an_order_is_sent_and_its_number_told() -> None:
    world = Hearing(a_desk())

    out = done(world.call(*ORDER))
    told = json.loads(done(world.call(*ORDER, "--request-id", "order-00002", "-o", "json")))

    assert "BE-2019-I0001" in out
    assert told["inspections"] == ["BE-2019-I0002"]
    assert (told["campaign"], told["request_id"]) == (NO, "order-00002")


def test_an_order_is_answered_once_its_inspection_is_open() -> None:
    world = Hearing(a_desk())

    async def pause(seconds: float) -> None:
        world.outside.pauses.append(seconds)
        if len(world.outside.pauses) == 2:
            world.inspection = InspectionDesk()

    world.outside.pause = pause  # type: ignore[method-assign]
    answer = world.call(*ORDER)

    assert tuple(world.outside.pauses) == PAUSES[:2]
    assert (answer.status, answer.err) == (0, "")


def test_an_inspection_that_is_long_in_opening_is_told_of_with_its_number() -> None:
    world = Hearing(a_desk())

    answer = world.call(*ORDER)

    assert tuple(world.outside.pauses) == PAUSES
    assert (answer.status, "BE-2019-I0001" in answer.out) == (0, True)
    assert "BE-2019-I0001 has its number on record and is still being opened" in answer.err


def test_f2_ten_deliveries_of_an_order_open_one_inspection() -> None:
    world = Hearing(a_desk())

    outs = {done(world.call(*ORDER)) for _ in range(10)}

    assert len(outs) == 1
    assert len(world.orders) == 10


def test_a_refused_order_is_told_with_its_code_and_status_3() -> None:
    world = Hearing(a_desk())

    answer = world.call(*ORDER, "--authorising-doc", "  无 ")

    assert answer.status == 3
    assert "spot_check" in answer.err


def test_an_order_that_nobody_hears_is_waited_for_and_says_how_to_learn_of_it() -> None:
    world = Hearing(a_desk())
    world.answer = RuntimeError("no worker")

    answer = world.call(*ORDER)

    assert answer.status == 6
    assert "--request-id request-from-cli" in answer.err
    assert tuple(world.outside.pauses) == PAUSES


# The sealed target --------------------------------------------------------------------------------


def test_sec1_the_leader_is_shown_the_target_once_and_it_is_nowhere_else(world: World) -> None:
    answer = world.call("inspection", "release", INSPECTION, "--as", "IN-1", DUBAN_LANG="zh")

    for said in (TARGET.site, TARGET.name, "U03", "市自然资源局", TARGET.address, "IN-2、IN-3"):
        assert str(said) in done(answer)
        assert str(said) not in answer.err
    assert TARGET.salt not in answer.out
    [(_, sent)] = world.inspections_asked
    assert sent.command.key == world.outside.keys[0]  # type: ignore[union-attr]
    assert TARGET.site not in sent.model_dump_json()


def test_sec3_every_release_is_asked_for_anew_with_a_key_of_its_own(world: World) -> None:
    told = [
        json.loads(done(world.call("inspection", "release", INSPECTION, "-o", "json")))
        for _ in range(2)
    ]

    assert told[0] == told[1]
    assert told[0]["inspectors"] == list(TARGET.inspectors)
    assert len(set(world.outside.keys)) == len(world.inspections_asked) == 2


class Careless(FakeGateway):
    """A gateway whose worker seals to another key than the one it was given."""

    async def hand(self, no: str, key: str) -> Handed:
        """Hand the target to somebody else."""
        return handed(OpeningKey.make(LEADER).public.public.hex())


class Mishandling(World):
    """A world in which a target is sealed to the wrong key."""

    @property
    def services(self) -> Any:
        """The doors, with a gateway that hands wrongly."""
        return replace(super().services, gateway=self._door(lambda: Careless(self)))


def test_a_box_that_was_sealed_for_another_key_is_an_alarm() -> None:
    world = Mishandling(a_desk())
    world.inspection = InspectionDesk()

    answer = world.call("inspection", "release", INSPECTION, "--as", "IN-1")

    assert answer.status == 1
    assert "inspection.box" in answer.err
    assert TARGET.site not in answer.out
