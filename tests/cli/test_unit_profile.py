"""`duban unit profile`: what groups share about a unit, each as far as he may know it (K84)."""

import json
from pathlib import Path
from typing import Any

import pytest

from duban.cli.services import Row, Services
from tests.cli.ledger_world import LedgerWorld, LiveReader
from tests.support.clues import MATTER, ClueDesk

CIRCULAR: Row = {"id": "通报1号#3", "issued_on": "2018-05-02", "unit": "U03", "matter": "窗口离岗"}


class ProfileReader(LiveReader):
    """Knows an entry of a circular besides."""

    async def objects(self, kind: str, scope: Any = None, where: Any = None) -> list[Row]:
        return [CIRCULAR] if kind == "circular" else await super().objects(kind, scope, where)


class ProfileWorld(LedgerWorld):
    """Unit U03 with three problems, one of them explained away twice, and a clue about it."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        problem = self.more[0].rectifying()
        problem.classified()
        problem.classified()
        self.more[1].triaged(access_level="confidential")
        self.clue = ClueDesk().written(object_unit="U03")

    @property
    def services(self) -> Services:
        """The doors, with a reader that knows a circular."""
        doors = super().services
        fields = {name: getattr(doors, name) for name in doors.__dataclass_fields__}
        return Services(**{**fields, "reader": self._door(lambda: ProfileReader(self))})


@pytest.fixture
def world(tmp_path: Path) -> ProfileWorld:
    return ProfileWorld(tmp_path)


def profile(world: ProfileWorld, who: str) -> dict[str, list[Row]]:
    answer = world.call("unit", "profile", "U03", "--as", who, "-o", "json")
    assert answer.status == 0, answer.err
    rows: list[Row] = json.loads(answer.out)
    kinds = dict.fromkeys(row["kind"] for row in rows)
    return {kind: [row for row in rows if row["kind"] == kind] for kind in kinds}


def test_k84_the_office_sees_problems_cards_clues_and_circulars(world: ProfileWorld) -> None:
    found = profile(world, "OF-1")

    assert [each["no"] for each in found["problem"]] == [
        "BE-2019-0001",
        "BE-2019-0002",
        "BE-2019-0003",
    ]
    assert [each["matter"].split()[0] for each in found["card"]] == ["yellow"]
    assert [each["matter"] for each in found["clue"]] == [MATTER]
    assert [each["no"] for each in found["circular"]] == [CIRCULAR["id"]]


def test_k84_other_groups_see_of_what_is_restricted_that_it_is_there(world: ProfileWorld) -> None:
    found = profile(world, "CO-1")

    assert [each["no"] for each in found["problem"]] == ["BE-2019-0001", "BE-2019-0003"]
    assert [(each["matter"], each["state"]) for each in found["clue"]] == [(None, None)]


@pytest.mark.parametrize("who", ["U03-L1", "DX-1"])
def test_k84_no_unit_and_nobody_outside_sees_a_profile(world: ProfileWorld, who: str) -> None:
    answer = world.call("unit", "profile", "U03", "--as", who)

    assert answer.status == 3
    assert world.readings[-1].outcome == "rejected"


def test_k84_every_look_is_on_the_trail(world: ProfileWorld) -> None:
    answer = world.call("unit", "profile", "U03", "--as", "CO-1", DUBAN_LANG="zh")

    assert "窗口离岗" in answer.out
    assert "有此线索" in answer.out
    assert [each.tag for each in world.readings] == ["trail:profile:read"]
    asked: Any = world.readings[0].detail["asked"]
    assert asked["unit"] == "U03"
