"""`duban inspection list` and `show`: each reader learns what may be known now, and no more."""

import csv
import io
import json
from typing import Any

import pytest
from rich.cells import cell_len

from tests.cli.test_inspections import a_desk, done
from tests.cli.world import NO, World
from tests.support.builders import a_calendar
from tests.support.inspections import NO as INSPECTION
from tests.support.inspections import PROBLEM, TARGET, InspectionDesk

SECRETS = (TARGET.site, TARGET.name, TARGET.address, "IN-2")


@pytest.fixture
def world() -> World:
    made = World(a_desk())
    made.calendars = [a_calendar()]
    made.inspection = InspectionDesk()
    return made


def told(world: World, *words: str) -> dict[str, Any]:
    """Return the inspection as JSON, as somebody is shown it."""
    found: dict[str, Any] = json.loads(
        done(world.call("inspection", "show", INSPECTION, "-o", "json", *words))
    )
    return found


def listed(world: World, *words: str) -> list[dict[str, Any]]:
    """Return the rows that are listed."""
    found: list[dict[str, Any]] = json.loads(
        done(world.call("inspection", "list", "-o", "json", *words))
    )
    return found


def test_without_a_name_nobody_learns_more_than_that_there_is_one(world: World) -> None:
    [row] = listed(world)
    shown = told(world)

    assert {name for name, value in row.items() if value} == {"no", "campaign", "state"}
    assert (row["no"], row["state"]) == (INSPECTION, "authorised")
    assert "order" not in shown
    assert world.readings == []


def test_k52_every_reading_by_name_is_an_entry(world: World) -> None:
    listed(world, "--as", "SU-1")
    told(world, "--as", "OF-1")
    assert "actor.unknown" in world.call("inspection", "list", "--as", "stranger").err

    assert [each.tag for each in world.readings] == ["trail:inspections:read"] * 3
    assert [each.actor.id for each in world.readings][:2] == ["SU-1", "OF-1"]
    assert world.readings[1].detail["surface"] == "inspection show"


@pytest.mark.parametrize(
    ("step", "person", "sees"),
    [
        ("drawn", "SU-1", {"order", "draw"}),
        ("drawn", "LG-1", {"order"}),
        ("drawn", "IN-1", {"order", "draw"}),
        ("released", "SU-2", {"order", "draw", "readers"}),
        ("released", "SU-1", {"order", "draw"}),
        ("on_site", "OF-1", {"order", "draw", "target"}),
        ("signed", "SU-1", {"order", "draw", "target", "readers", "signatures"}),
        ("on_site", "LG-1", {"order"}),
        ("on_site", "U03-L1", {"order"}),
        ("issued", "CG-1", {"order", "target", "conclusion"}),
        ("issued", "U03-L1", {"order", "target", "conclusion", "signatures"}),
        ("issued", "OF-1", {"order", "draw", "target", "conclusion", "signatures"}),
    ],
)
def test_rows_28_to_30_who_sees_what_when(
    world: World, step: str, person: str, sees: set[str]
) -> None:
    world.inspection = getattr(InspectionDesk(), step)()
    parts = {"order", "draw", "readers", "target", "signatures", "conclusion"}

    shown = told(world, "--as", person)

    assert {name for name in parts if shown.get(name)} == sees


@pytest.mark.parametrize("person", ["U01-L1", "CO-1", "PU-1", "CG-1", "IN-4", "DX-1"])
def test_k52_who_may_not_know_of_it_is_told_that_there_is_no_such_number(
    world: World, person: str
) -> None:
    world.inspection = InspectionDesk().released()

    answer = world.call("inspection", "show", INSPECTION, "--as", person)

    assert answer.status == 4
    assert "inspection.not_found" in answer.err
    assert listed(world, "--as", person) == []


@pytest.mark.parametrize("step", ["drawn", "released"])
@pytest.mark.parametrize("person", ["IN-1", "SU-1", "SU-2", "OF-1", "LG-1", None])
def test_sec1_before_check_in_no_answer_holds_the_target(
    world: World, step: str, person: str | None
) -> None:
    world.inspection = getattr(InspectionDesk(), step)()
    who = ["--as", person] if person else []

    said = [
        done(world.call("inspection", verb, *words, "-o", form, *who))
        for verb, words in (("show", [INSPECTION]), ("list", []))
        for form in ("table", "json", "csv")
    ]

    assert [each for each in SECRETS if any(each in out for out in said)] == []


def test_the_picture_tells_the_way_the_readers_and_what_was_left_out(world: World) -> None:
    desk = InspectionDesk().released().noted().noted(what="台账不全")
    items = list(desk.inspection.state.inspection_item)
    draft = {**desk.a_draft(), "left_out": ({"item": items[1], "reason": "证据不足"},)}
    draft["upheld"] = draft["upheld"][:1]
    desk.signed().recorded()
    world.inspection = desk.issued(**draft).linked()
    world.now = desk.now

    out = done(world.call("inspection", "show", INSPECTION, "--as", "SU-1", DUBAN_LANG="zh"))

    for said in ("已抽取（密封）", "在现场", "IN-1（2019-04-25 08:00 起，1 次）", TARGET.name):
        assert said in out
    assert f"不采用 {items[1]}：证据不足（IN-1）" in out
    assert f"{INSPECTION}/F01  问题  离岗27分钟，群众排队等候  → {PROBLEM}" in out
    assert "发现转入台账" not in out


def test_what_still_has_to_come_is_told_with_whose_desk_it_is_on(world: World) -> None:
    world.inspection = InspectionDesk().issued()
    world.now = world.inspection.now

    out = done(world.call("inspection", "show", INSPECTION, "--as", "SU-1", DUBAN_LANG="zh"))

    assert "尚未转入台账" in out
    assert "2019-04-26  发现转入台账  监督问责组" in out


def test_a_review_and_a_refusal_to_say_anything_are_told(world: World) -> None:
    desk = InspectionDesk().signed().recorded(refused=True, words="")
    world.inspection = desk.reviewed("changed", dropped=(f"{INSPECTION}/F01",))
    world.now = desk.now

    out = done(world.call("inspection", "show", INSPECTION, "--as", "SU-1", DUBAN_LANG="zh"))

    for said in ("拒绝表示意见", "复核后不再成立", "复核（U03-L1 申请）：变更"):
        assert said in out


def test_the_clock_of_a_unit_is_not_shown_to_who_may_not_know_which_unit_it_is(
    world: World,
) -> None:
    planned = {"choice": "named", "by": "OF-1"}
    world.inspection = InspectionDesk(**planned).fed_back()
    world.now = world.inspection.now

    seen = {each["holder"] for each in told(world, "--as", "U03-L1")["deadlines"]}
    ordered = {each["holder"] for each in told(world, "--as", "LG-1")["deadlines"]}

    assert (seen, ordered) == ({"U03", "supervision_group"}, set())


def test_lists_go_by_campaign_kind_state_and_page(world: World) -> None:
    as_su = ("--as", "SU-1")

    assert len(listed(world, *as_su, "--campaign", NO, "--kind", "spot_check")) == 1
    assert listed(world, *as_su, "--campaign", "XX-2019") == []
    assert listed(world, *as_su, "--kind", "key_inspection") == []
    assert listed(world, *as_su, "--state", "closed") == []
    assert listed(world, *as_su, "--after", INSPECTION) == []


def test_columns_are_aligned_by_cells_in_chinese(world: World) -> None:
    world.inspection = InspectionDesk().issued()
    world.now = world.inspection.now

    out = done(world.call("inspection", "list", "--as", "SU-1", DUBAN_LANG="zh"))
    head, *_, row = [line for line in out.splitlines() if line.strip()]
    assert cell_len(head[: head.index("主题")]) == cell_len(row[: row.index("窗口首问负责")])
    shown = done(world.call("inspection", "show", INSPECTION, "--as", "SU-1", "-o", "csv"))
    names, values = csv.reader(io.StringIO(shown))
    assert dict(zip(names, values, strict=True))["site_name"] == TARGET.name
