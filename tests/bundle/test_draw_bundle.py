"""A record of a draw held against a bundle: the single file finds what the domain finds."""

import asyncio
import json
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from duban.bundle import Wanted, draw_verify, write_bundle
from duban.domain.draw.record import DrawRecord, SiblingState, faults
from duban.domain.draw.trail import trail_faults
from duban.domain.events import Event, Outcome
from tests.bundle.boxes import SELF as VERIFY
from tests.bundle.boxes import policy_file, run
from tests.bundle.log import POLICY, MemoryLog, leaf_of
from tests.support.inspection_draws import CAMPAIGN, NO, frozen, on_the_trail, person, revealed

SELF = Path(draw_verify.__file__)
Change = Callable[[list[Event]], None]


@cache
def record() -> DrawRecord:
    """Return an honest record."""
    return revealed(frozen())


def bundle(path: Path, events: list[Event], campaign: str | None = CAMPAIGN) -> Path:
    """Write a bundle of a log that holds a campaign's entries."""
    leaves = [leaf_of(each, f"campaign-{CAMPAIGN}", CAMPAIGN) for each in events]
    log = MemoryLog(leaves, [len(leaves)])
    return asyncio.run(write_bundle(log, Wanted(campaign, POLICY), path)).path


def place(events: list[Event], verb: str) -> int:
    """Return where the entry of a step stands."""
    own = [(each.tag, each.object_id) for each in events]
    return own.index((f"campaign:draw:{verb}", NO))


def said(verb: str, **after: Any) -> Change:
    """Return a change of what the entry of a step says."""

    def change(events: list[Event]) -> None:
        at = place(events, verb)
        [told] = events[at].changes
        other = told.model_copy(update={"after": {**told.after, **after}})
        events[at] = events[at].model_copy(update={"changes": (other,)})

    return change


def by(verb: str, who: str) -> Change:
    """Return a change of who did a step."""

    def change(events: list[Event]) -> None:
        at = place(events, verb)
        actor = events[at].actor.model_copy(update={"id": who})
        events[at] = events[at].model_copy(update={"actor": actor})

    return change


def refused(verb: str) -> Change:
    """Return a change by which a step was refused."""

    def change(events: list[Event]) -> None:
        at = place(events, verb)
        events[at] = events[at].model_copy(update={"outcome": Outcome.REJECTED})

    return change


def number_first(events: list[Event]) -> None:
    """Let the number be said before the commitment."""
    one, other = place(events, "committed"), place(events, "witnessed")
    events[one], events[other] = (
        events[other].model_copy(update={"seq": events[one].seq}),
        events[one].model_copy(update={"seq": events[other].seq}),
    )


def another_draw(events: list[Event]) -> None:
    """Let the campaign have made a third draw before the reveal."""
    at = place(events, "drawn")
    [told] = events[at].changes
    other = told.model_copy(update={"id": "2019-BE-003"})
    events[at] = events[at].model_copy(update={"changes": (told, other)})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (said("committed", commit="0" * 64), "differs"),
        (said("committed", pop_hash="0" * 64), "differs"),
        (said("committed", params_hash="0" * 64), "differs"),
        (said("witnessed", number="7352"), "differs"),
        (said("witnessed", witnesses=["SU-3"]), "differs"),
        (said("drawn", commitments={}), "differs"),
        (by("asked", "SU-9"), "differs"),
        (by("witnessed", "SU-9"), "differs"),
        *((refused(verb), "order") for verb in draw_verify.STEPS),
        (number_first, "order"),
        (another_draw, "hidden"),
        (said("asked", state="voided"), None),
        (said("drawn", state="voided"), "hidden"),
    ],
)
def test_f3_what_the_trail_said_otherwise_both_find(
    tmp_path: Path, change: Change, code: str | None
) -> None:
    events = on_the_trail(record())
    change(events)

    report = draw_verify.check(record().model_dump_json(), str(bundle(tmp_path / "b.zip", events)))

    assert report.faults == [each.value for each in trail_faults(events, record())]
    assert report.faults == ([code] if code else [])


def test_an_honest_draw_holds_and_the_bundle_too(tmp_path: Path) -> None:
    packed = bundle(tmp_path / "b.zip", on_the_trail(record()))
    (tmp_path / "r.json").write_text(record().model_dump_json(), encoding="utf-8")

    draw = run(SELF, tmp_path / "r.json", "--bundle", packed)
    whole = run(VERIFY, packed, "--policy", policy_file(tmp_path))

    assert (draw.returncode, draw.stderr, whole.returncode) == (0, "", 0)
    assert "commitment before number, no draw left out" in draw.stdout
    assert "whether the bundle itself holds: check it with verify.py" in draw.stdout
    assert "numbers are those of the policy" not in draw.stdout


def test_an_unpacked_bundle_is_read_as_well(tmp_path: Path) -> None:
    packed = bundle(tmp_path / "b.zip", on_the_trail(record()))
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "b")

    report = draw_verify.check(record().model_dump_json(), str(tmp_path / "b"))

    assert (report.status, "on_the_trail" in report.holds) == (0, True)


def test_a_record_made_anew_by_who_knows_the_secret_is_not_what_was_committed_to(
    tmp_path: Path,
) -> None:
    lists = record().frozen.basis.lists
    kinder = lists.model_copy(update={"pool": (*lists.pool, person(7))})
    forged = revealed(frozen(kinder))
    packed = bundle(tmp_path / "b.zip", on_the_trail(record()))

    assert faults(forged) == []
    assert draw_verify.check(forged.model_dump_json()).status == 0
    assert draw_verify.check(forged.model_dump_json(), str(packed)).faults == ["differs"]


def test_k37_numbers_that_are_not_the_campaigns(tmp_path: Path) -> None:
    basis = record().frozen.basis
    rules = basis.rules.model_copy(update={"coverage_percent": 71})
    made = record().frozen.model_copy(update={"basis": basis.model_copy(update={"rules": rules})})
    told = record().model_copy(update={"frozen": made})
    packed = bundle(tmp_path / "b.zip", on_the_trail(record()))

    assert "policy" in draw_verify.check(told.model_dump_json(), str(packed)).faults


def test_a_policy_older_than_the_numbers_is_said_to_be_unchecked(tmp_path: Path) -> None:
    events = on_the_trail(record())
    first = next(at for at, each in enumerate(events) if each.tag == "campaign:campaign:created")
    changes = tuple(
        each.model_copy(
            update={"after": {n: v for n, v in each.after.items() if n != "inspection"}}
        )
        for each in events[first].changes
    )
    events[first] = events[first].model_copy(update={"changes": changes})

    report = draw_verify.check(record().model_dump_json(), str(bundle(tmp_path / "b.zip", events)))

    assert (report.faults, "ruler" in report.unchecked) == ([], True)


def test_a_sibling_that_is_void_on_the_trail_alone(tmp_path: Path) -> None:
    first, own = record().siblings
    kinder = first.model_copy(update={"state": SiblingState.DRAWN})
    told = record().model_copy(update={"siblings": (kinder, own)})
    packed = bundle(tmp_path / "b.zip", on_the_trail(record()))

    assert draw_verify.check(told.model_dump_json(), str(packed)).faults == ["hidden"]


def test_a_bundle_that_cannot_be_read_or_is_of_another_campaign(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("x")
    (tmp_path / "b").mkdir()
    (tmp_path / "odd" / "entries").mkdir(parents=True)
    odd = json.dumps({"leaf": "{}"})
    (tmp_path / "odd" / "entries" / "000.jsonl").write_text(odd + "\n")
    whole = bundle(tmp_path / "whole.zip", on_the_trail(record()), None)
    text = record().model_dump_json()

    for wrong in (tmp_path / "text", tmp_path / "b", tmp_path / "odd", whole):
        with pytest.raises(draw_verify.Unreadable):
            draw_verify.check(text, str(wrong))
    (tmp_path / "r.json").write_text(text, encoding="utf-8")
    done = run(SELF, tmp_path / "r.json", "--bundle", tmp_path / "nowhere", "--lang", "en")
    assert (done.returncode, "IT CANNOT BE READ" in done.stdout) == (2, True)


def test_entries_of_another_shape_are_unreadable() -> None:
    document = json.loads(record().model_dump_json())

    with pytest.raises(draw_verify.Unreadable):
        draw_verify.trail_faults(document, [{"tag": "campaign:draw:asked"}])
