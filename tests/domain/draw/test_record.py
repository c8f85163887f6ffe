"""f.3, steps 8 and 9: what is revealed of a draw, judged by itself; sheets for the trail."""

from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.draw.record import (
    DrawDoubt,
    DrawRecord,
    RecordFault,
    Sibling,
    SiblingState,
    doubts,
    faults,
)
from duban.domain.draw.sheets import SHEET_CHARS, Sheet, joined, sheets
from duban.domain.entity.entries import PARCEL_BYTES
from duban.domain.events import Change
from tests.support.draws import drawn
from tests.support.inspection_draws import NO, frozen, person, place, revealed
from tests.support.scenes import scene

F = RecordFault


@pytest.fixture
def record() -> DrawRecord:
    """Return an honest record."""
    return revealed(frozen())


def with_siblings(record: DrawRecord, *siblings: Sibling) -> list[RecordFault]:
    """Return what is found of a record with other siblings."""
    return faults(record.model_copy(update={"siblings": siblings}))


def burned(record: DrawRecord, **fields: Any) -> DrawRecord:
    """Return the record of the same draw with its first target burned."""
    first = record.targets[0].model_copy(update={"pick": None, "salt": None})
    told = {"targets": (first, *record.targets[1:]), "secret": None, "seed": None, **fields}
    return record.model_copy(update=told)


def test_an_honest_record_has_no_fault_and_no_doubt(record: DrawRecord) -> None:
    assert (faults(record), doubts(record), record.no) == ([], [], NO)


def test_a_burned_target_keeps_the_secret_sealed_and_the_draw_says_so(record: DrawRecord) -> None:
    told = burned(record)

    assert (faults(told), doubts(told)) == ([], [DrawDoubt.BURNED])


def test_what_is_shown_beside_a_burned_target_still_opens_its_commitment(
    record: DrawRecord,
) -> None:
    told = burned(record)
    other = told.targets[1].model_copy(update={"salt": "0" * 64})

    assert faults(told.model_copy(update={"targets": (told.targets[0], other)})) == [F.TARGETS]


def test_a_secret_that_is_shown_though_a_target_burned_is_still_computed(
    record: DrawRecord,
) -> None:
    told = burned(record, secret=record.secret, seed=record.seed)

    assert (faults(told), doubts(told)) == ([], [DrawDoubt.BURNED])
    assert faults(told.model_copy(update={"targets": told.targets[::-1]})) == [F.PICKS]


def test_a_draw_whose_secret_is_not_revealed_is_not_concluded(record: DrawRecord) -> None:
    told = record.model_copy(update={"secret": None, "seed": None, "targets": ()})

    assert (faults(told), doubts(told)) == ([], [DrawDoubt.NOT_REVEALED])


def test_a_secret_that_is_no_bytes_is_not_the_one_committed_to(record: DrawRecord) -> None:
    told = record.model_copy(update={"secret": "nonsense"})

    assert faults(told) == [F.COMMITMENT, F.SEED, F.PICKS]


def test_f3_9_a_void_draw_has_a_reason(record: DrawRecord) -> None:
    first, own = record.siblings

    assert with_siblings(record, first.model_copy(update={"void_reason": None}), own) == [
        F.VOID_REASON
    ]


def test_f3_9_numbers_run_from_one_and_hold_the_draws_own(record: DrawRecord) -> None:
    first, own = record.siblings
    third = Sibling(no="2019-BE-003", purpose="look_back", state=SiblingState.DRAWN)

    assert with_siblings(record, first, own, third) == []
    for wrong in ((own,), (first, third), (own, first), (first,), ()):
        assert with_siblings(record, *wrong) == [F.NUMBER]


def test_f3_9_a_number_without_a_year_is_none(record: DrawRecord) -> None:
    terms = record.frozen.basis.terms.model_copy(update={"draw": "BE-2"})
    basis = record.frozen.basis.model_copy(update={"terms": terms})
    told = record.model_copy(update={"frozen": record.frozen.model_copy(update={"basis": basis})})

    assert F.NUMBER in faults(told)


@pytest.mark.parametrize("field", ["run_by", "witnesses"])
def test_sod5_nobody_at_all_is_not_somebody_else(record: DrawRecord, field: str) -> None:
    assert faults(record.model_copy(update={field: ()})) == [F.SAME_PERSON]


def test_lists_of_which_no_draw_may_be_made_are_found(record: DrawRecord) -> None:
    frozen_ = record.frozen
    pool = tuple(each for each in frozen_.pool if each.person != "IN-1")
    lists = frozen_.basis.lists.model_copy(update={"pool": pool})
    basis = frozen_.basis.model_copy(update={"lists": lists})
    told = record.model_copy(update={"frozen": frozen_.model_copy(update={"basis": basis})})

    assert F.BASIS in faults(told)


def test_a_population_without_a_site_does_not_draw(record: DrawRecord) -> None:
    made = record.frozen.model_copy(update={"population": ()})

    assert set(faults(record.model_copy(update={"frozen": made}))) == {
        F.SITES, F.POPULATION, F.PICKS
    }  # fmt: skip


def large() -> DrawRecord:
    """Return the record of a draw from six hundred sites."""
    units = [f"U{n:02d}" for n in range(60)]
    lists = frozen().basis.lists.model_copy(
        update={
            "places": tuple(place(unit, serial) for unit in units for serial in range(10)),
            "pool": tuple(person(n) for n in range(1, 40)),
            "excluded": (),
        }
    )
    return revealed(frozen(lists, scope=tuple(units)))


def test_a_record_larger_than_an_entry_comes_in_sheets_that_fit() -> None:
    record = large()
    found = sheets(record)

    assert len(found) > 10
    assert joined(reversed(found)) == record
    for each in found:
        change = Change(kind="draw_record", id=each.key, after=each.plain())
        assert len(change.model_dump_json().encode()) < PARCEL_BYTES
    assert [found[0].key, found[-1].key] == [f"{NO}/001", f"{NO}/{len(found):03d}"]


def test_f3_9_what_a_record_says_of_each_draw_of_its_campaign() -> None:
    desk = scene("void_asked")
    open_ = desk.campaign.state.draw["2019-BE-001"]
    desk.do(c.DecideVoidDraw, "OF-1", draw=open_.no, approved=True, reason="属实")
    void = desk.campaign.state.draw[open_.no]
    done = drawn(desk)

    assert [Sibling.of(each).state for each in (open_, void, done)] == ["open", "voided", "drawn"]
    assert Sibling.of(void) == Sibling(
        no="2019-BE-001", purpose="look_back", state=SiblingState.VOIDED, void_reason="总体有误"
    )


def test_sheets_that_lack_one_or_say_nothing_are_no_record(record: DrawRecord) -> None:
    found = sheets(record)

    assert joined(found) == record
    assert joined(found[1:]) is None
    assert joined(()) is None
    assert joined([Sheet(draw=NO, sheet=1, of=1, text="{}")]) is None
    assert max(len(each.text) for each in found) <= SHEET_CHARS
