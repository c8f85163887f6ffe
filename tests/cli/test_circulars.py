"""`duban circular`: entries as history, the person apart; what repeats them is told (K87, d.7)."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from duban.store.earlier import MOST
from tests.cli.ledger_reader import FakeReader
from tests.cli.world import World
from tests.domain.test_circulars import an_entry
from tests.support.builders import Desk, units
from tests.support.problems import ProblemDesk

PROBLEM = "BE-2019-0042"
HEAD = "通报文号,序号,通报日期,被通报单位,通报事项,问题类型,涉及人员,处理结果,内部批注"
UNIT = next(each.name for each in units() if each.code == "U03")
ROW = f"庆作风办通报〔2018〕3号,2,2018-12-20,{UNIT},离岗27分钟,不作为,张三（科员）,诫勉,阅"


@pytest.fixture
def world() -> World:
    world = World(Desk())
    world.problem = ProblemDesk(no=PROBLEM).triaged(problem_type="inaction")
    return world


def imported(world: World, tmp_path: Path, *rows: str, status: int = 0) -> dict[str, Any]:
    path = tmp_path / "circulars.csv"
    path.write_text("\n".join([HEAD, *rows]), "utf-8")
    answer = world.call("circular", "import", str(path), "-o", "json")
    assert answer.status == status, answer.err
    told: dict[str, Any] = json.loads(answer.out)
    return told


def test_k87_entries_are_recorded_and_a_second_import_changes_nothing(
    world: World, tmp_path: Path
) -> None:
    told = imported(world, tmp_path, ROW)
    assert (told["new"], told["known"], told["ignored"]) == (1, 0, ["内部批注"])
    assert "张三" not in "".join(each.model_dump_json() for each in world.outside)

    again = imported(world, tmp_path, ROW)

    assert (again["new"], again["known"], len(world.outside)) == (0, 1, 1)


def test_k87_history_is_not_written_anew(world: World, tmp_path: Path) -> None:
    imported(world, tmp_path, ROW)

    told = imported(world, tmp_path, ROW.replace("27", "72"), status=3)

    assert [each["code"] for each in told["problems"]] == ["row.differs"]
    assert (told["new"], told["known"], told["wrong"]) == (0, 0, 1)


def test_k87_who_may_not_draft_circulars_takes_none_over(world: World, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"{HEAD}\n{ROW}", "utf-8")

    answer = world.call("circular", "import", str(path), "--as", "CO-1")

    assert (answer.status, "role.not_permitted" in answer.err, world.outside) == (3, True, [])


def test_entries_are_listed_without_the_person(world: World, tmp_path: Path) -> None:
    imported(world, tmp_path, ROW, ROW.replace(",2,2018", ",3,2017"))

    rows = json.loads(world.call("circular", "list", "--year", "2018", "-o", "json").out)
    assert [(row["item"], row["unit"]) for row in rows] == [(2, UNIT)]
    table = world.call("circular", "list", "--unit", UNIT, DUBAN_LANG="zh").out
    assert "不作为" in table
    assert "张三" not in table


SHOW = ("circular", "show", "庆作风办通报〔2018〕3号", "2")


def test_d2_the_person_is_shown_to_who_may_read_the_trail_and_that_is_recorded(
    world: World, tmp_path: Path
) -> None:
    imported(world, tmp_path, ROW)

    assert "张三" not in world.call(*SHOW).out
    assert world.readings == []
    assert "张三（科员）" in world.call(*SHOW, "--person", "--as", "SU-1").out
    refused = world.call(*SHOW, "--person", "--as", "U03-L1")

    assert (refused.status, "张三" in refused.out) == (3, False)
    assert [each.outcome for each in world.readings] == ["accepted", "rejected"]


def test_an_entry_that_is_not_there_says_so(world: World) -> None:
    for item in ("2", "two"):
        answer = world.call(*SHOW[:3], item)
        assert (answer.status, "circular.not_found" in answer.err) == (4, True)


def test_the_form_is_written(world: World, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"

    assert world.call("circular", "template", str(form)).status == 0
    assert form.exists()


NAMED = ("--principal-leader", "U03-L1", "--handler", "U03-H1", "--basis-doc", "交办单")


def earlier(world: World) -> list[str]:
    answer = world.call("problem", "assign", PROBLEM, "U03", *NAMED)
    assert answer.status == 0, answer.err
    return [each.no for each in world.asked[-1][1].given.earlier]


def test_k87_an_assignment_is_given_the_entries_of_the_same_unit_and_type(
    world: World, tmp_path: Path
) -> None:
    other = [
        ROW.replace(",2,", ",3,").replace("不作为", "乱作为"),
        ROW.replace(",2,", ",4,").replace(UNIT, "别的单位"),
    ]
    imported(world, tmp_path, ROW, *other)

    assert earlier(world) == ["庆作风办通报〔2018〕3号#2"]


def test_d7_the_newest_of_history_are_given(world: World) -> None:
    for item in range(1, MOST + 10):
        entry = an_entry(item, unit=UNIT, circular=f"{item}号")
        change = {"kind": "circular", "id": entry.key, "after": entry.plain()}
        world.outside.append(_event(change))

    assert len(earlier(world)) == MOST


def _event(*changes: dict[str, Any]) -> Any:
    event = ProblemDesk().events[0]
    return type(event).model_validate({**event.plain(), "changes": changes})


class Elsewhere(FakeReader):
    """A ledger with a second campaign, whose codes are its own."""

    async def objects(self, kind: str, scope: Any = None, where: Any = None) -> Any:
        """Return what is known, and the other campaign's objects."""
        own = list(await super().objects(kind, scope, where))
        other = [row for row in OTHER.get(kind, []) if scope in (None, row["campaign"])]
        wanted = (where or {}).items()
        return own + [row for row in other if all(row.get(k) == v for k, v in wanted)]


OTHER: dict[str, list[dict[str, Any]]] = {
    "unit": [
        {"campaign": "RL-2019", "code": "R7", "name": f" {UNIT}"},
        {"campaign": "RL-2019", "code": "U03", "name": "别的单位"},
    ],
    "problem": [
        {
            "campaign": "RL-2019",
            "no": f"RL-2019-000{number}",
            "unit": unit,
            "problem_type": "inaction",
            "signed_off_on": "2019-04-01",
            "signatures": [{"person": "CG-9"}],
        }
        for number, unit in enumerate(("R7", "U03"), 1)
    ],
    "extension": [
        {
            "campaign": "RL-2019",
            "id": key,
            "deadline": "D1",
            "object_type": "task",
            "object_id": "T-01",
            "unit": "R7",
            "reason_class": reason,
            "reason": "系统未建成",
            "work_done": "半",
            "what_differs": "系统将上线",
            "signed_by": "R7-L1",
            "evidence": [],
            "old_due_on": "2019-04-01",
            "new_due_on": "2019-04-12",
            "working_days": 8,
            "nth": 1,
            "decider": "campaign_group",
            "requested_by": "R7-H1",
            "requested_on": "2019-03-25",
        }
        for key, reason in (("E0001", "system_building"), ("E0002", "funding"))
    ],
}


class Wide(World):
    """A world of two campaigns."""

    @property
    def services(self) -> Any:
        """The doors, with a reader of both."""
        return replace(super().services, reader=self._door(lambda: Elsewhere(self)))


def test_d7_problems_of_all_campaigns_count_by_the_units_name() -> None:
    wide = Wide(Desk())
    wide.problem = ProblemDesk(no=PROBLEM).triaged(problem_type="inaction")

    assert earlier(wide) == ["RL-2019-0001"]


def test_ext6_like_cases_of_all_campaigns_are_given_under_ids_of_their_own() -> None:
    wide = Wide(Desk())
    desk = ProblemDesk(no=PROBLEM).rectifying()
    wide.problem = desk
    own = {**OTHER["extension"][0], "id": f"{PROBLEM}/E01"}
    own.pop("campaign")
    wide.outside.append(_event({"kind": "extension", "id": own["id"], "after": own}))

    words = ("decide-extension", PROBLEM, own["id"], "--yes", "--reason", "同意", "--as", "CG-1")
    answer = wide.call("problem", *words)

    assert answer.status == 0, answer.err
    assert [each.id for each in wide.asked[-1][1].given.alike] == ["RL-2019/E0001"]
