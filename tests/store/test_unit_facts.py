"""Facts of units for a draw, counted on the real schema from ledger and boxes (f.2, f.3)."""

from datetime import date
from typing import Any

import asyncpg
import pytest

from duban.contracts import Record
from duban.domain.campaign.inspection_records import Coming
from duban.domain.draw.basis import UnitFacts
from duban.inspection_contracts import DrawnTarget, SealedTarget
from duban.proof.rings import KeyRing, new_key
from duban.store.audit import AuditStore
from duban.store.sealed_draws import SealedDraws
from tests.store.test_sealed_draws import DRAWN, WHERE
from tests.support.inspection_draws import NO, frozen
from tests.support.rings import RING
from tests.support.unit_facts import STREAM, a_card, doubted, made, to_freeze, units

NAMES = units(U01="市政务服务中心", U02="市市场监督管理局")
OTHERS = KeyRing.parse(new_key())
ELSEWHERE = units("RL-2019", D7="市政务服务中心", U02="市司法局")


async def facts(store: AuditStore, *records: Record, **asked: Any) -> dict[str, UnitFacts]:
    """Store entries and return what they tell of units on 3 June 2019; `asked` changes the draw."""
    results = await store.append([NAMES, ELSEWHERE, *records])
    assert [each.error for each in results] == [None] * len(results)
    return await SealedDraws(store.pool, RING).facts(to_freeze().model_copy(update=asked))


async def test_a_unit_of_which_nothing_is_known_is_left_out(store: AuditStore) -> None:
    assert await facts(store) == {}


async def test_f2_contacts_of_the_month_count_over_all_kinds_and_campaigns(
    store: AuditStore,
) -> None:
    found = await facts(
        store,
        made("BE-2019-I0001", "U01", "2019-06-01T09:00:00+08:00"),
        made("BE-2019-I0002", "U01", "2019-06-02T09:00:00+08:00", theme="别的", draw=None),
        made("BE-2019-I0003", "U01", "2019-05-31T09:00:00+08:00", theme="别的"),
        made("RL-2019-I0001", "D7", "2019-06-03T08:00:00+08:00", theme="别的"),
        made("RL-2019-I0002", "U02", "2019-06-03T08:00:00+08:00"),
    )

    assert (found["U01"].contacts, found["U01"].same_theme_on) == (3, date(2019, 6, 1))
    assert "U02" not in found


async def test_l12_the_day_of_an_inspection_is_that_of_shanghai(store: AuditStore) -> None:
    found = await facts(store, made("BE-2019-I0001", "U01", "2019-05-31T16:30:00Z"))

    assert (found["U01"].contacts, found["U01"].same_theme_on) == (1, date(2019, 6, 1))


@pytest.mark.parametrize(
    ("at", "draw", "drawn"),
    [
        ("2019-04-01T00:00:00+08:00", {"no": "2019-BE-001"}, True),
        ("2019-03-31T23:59:00+08:00", {"no": "2019-BE-001"}, False),
        ("2019-04-02T09:00:00+08:00", None, False),
    ],
)
async def test_f3_a_unit_drawn_since_the_phase_began_was_seen(
    store: AuditStore, at: str, draw: dict[str, str] | None, *, drawn: bool
) -> None:
    found = await facts(store, made("BE-2019-I0001", "U01", at, draw=draw))

    assert found["U01"].drawn_this_cycle is drawn


async def test_nobody_who_was_not_there_yet_is_a_contact(store: AuditStore) -> None:
    waiting = made("BE-2019-I0001", "U01", "", arrival=None, target=None)

    assert await facts(store, waiting) == {}


async def test_f3_red_cards_complaints_and_false_rectification_weigh(store: AuditStore) -> None:
    cards = (
        a_card("C1", "U01", "2019-05-06"),
        a_card("C2", "U01", "2019-05-20"),
        a_card("C3", "U01", "2019-05-27", state="voided"),
        a_card("C4", "U01", "2019-05-28", colour="yellow"),
    )
    found = await facts(
        store,
        doubted("U01", *cards, source="inspection", from_person=True),
        doubted("U01", no="BE-2019-0002", source="hotline", from_person=False),
        doubted("U01", no="BE-2019-0003", source="self_check", false_rectification=True),
        doubted("D7", no="RL-2019-0001", source="hotline"),
        doubted("U02", a_card("C5", "U02", "2019-01-07"), no="BE-2019-0004", source="other"),
    )

    assert found["U01"] == UnitFacts(
        unit="U01", red_on=date(2019, 5, 20), complaints=3, false_rectification=True
    )
    assert found["U02"] == UnitFacts(unit="U02", red_on=date(2019, 1, 7))


async def test_f2_a_target_that_is_still_sealed_counts_as_if_it_were_today(
    store: AuditStore,
) -> None:
    sealed = SealedDraws(store.pool, RING)
    await sealed.keep_frozen(STREAM, frozen())
    await sealed.keep_target(WHERE, DRAWN)
    other = DRAWN.target.model_copy(update={"unit": "U02", "inspection": "BE-2019-I0002"})
    second = SealedTarget(stream=STREAM, draw=NO, inspection="BE-2019-I0002")
    await sealed.keep_target(second, DrawnTarget(target=other, covered=True))
    await sealed.burn(second, "system")

    found = await facts(store)

    assert found == {
        "U01": UnitFacts(
            unit="U01", contacts=1, same_theme_on=date(2019, 6, 3), drawn_this_cycle=True
        )
    }


async def test_a_target_that_was_reached_is_counted_once_by_its_day(store: AuditStore) -> None:
    await SealedDraws(store.pool, RING).keep_target(WHERE, DRAWN)

    found = await facts(store, made("BE-2019-I0001", "U01", "2019-05-30T09:00:00+08:00"))

    assert (found["U01"].contacts, found["U01"].same_theme_on) == (0, date(2019, 5, 30))


async def test_a_target_that_was_reached_is_not_opened_again(store: AuditStore) -> None:
    await SealedDraws(store.pool, OTHERS).keep_target(WHERE, DRAWN)

    found = await facts(store, made("BE-2019-I0001", "U01", "2019-06-01T09:00:00+08:00"))

    assert found["U01"].contacts == 1


async def test_f2_contacts_are_those_of_the_month_in_which_the_teams_go(store: AuditStore) -> None:
    sealed = SealedDraws(store.pool, RING)
    await sealed.keep_frozen(STREAM, frozen())
    await sealed.keep_target(WHERE, DRAWN)

    found = await facts(
        store,
        made("BE-2019-I0002", "U01", "2019-06-03T09:00:00+08:00"),
        goes_on=date(2019, 7, 1),
    )

    assert found["U01"].contacts == 1, "the one that is still to go, and none of June"


async def test_f2_what_the_plan_has_in_store_for_a_named_unit_counts_once(
    store: AuditStore,
) -> None:
    ahead = tuple(
        Coming(inspection=no, unit="U01", on_day=day, theme="问效")
        for no, day in (
            ("BE-2019-I0001", date(2019, 6, 20)),
            ("BE-2019-I0002", date(2019, 6, 21)),
            ("BE-2019-I0003", date(2019, 7, 1)),
        )
    )

    found = await facts(
        store, made("BE-2019-I0001", "U01", "2019-06-01T09:00:00+08:00"), coming=ahead
    )

    assert found["U01"].contacts == 2


async def test_a_worker_is_told_numbers_and_cannot_read_the_ledger(worker: asyncpg.Pool) -> None:
    for statement in (
        "SELECT * FROM ledger.object",
        "SELECT * FROM audit.units_alike('BE-2019')",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await worker.fetch(statement)


async def test_who_reads_the_trail_does_not_ask_as_a_worker_does(reader: asyncpg.Pool) -> None:
    for name in ("checks_of", "doubts_of"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await reader.fetch(f"SELECT * FROM audit.{name}('BE-2019')")  # noqa: S608
