"""Inspections of a campaign: ordered, drawn and heard of, in short words."""

from datetime import date
from functools import cache
from typing import Any

from duban.domain.campaign import commands as c
from duban.domain.campaign.draw_answers import DrawDone, DrawFrozen, DrawRevealed
from duban.domain.campaign.draw_records import Draw
from duban.domain.campaign.inspection_records import InspectionLine
from duban.domain.draw.record import DrawRecord
from duban.domain.events import Event
from duban.domain.inspection.standing import InspectionStanding
from duban.domain.inspection.words import Choice, InspectionKind, InspectionState
from duban.domain.model import Model
from duban.domain.roles import Person, Role
from tests.support import inspection_draws as drawn
from tests.support.builders import Desk, a_plan
from tests.support.inspections import EVERYBODY

ONE, TWO = "BE-2019-I0001", "BE-2019-I0002"
DRAW = "2019-BE-001"
DIGEST = "a" * 64


def a_desk() -> Desk:
    """Return a campaign in phase 1, with five people of an inspection team on its register."""
    return _implementing().fork()


@cache
def _implementing() -> Desk:
    return Desk(a_plan(people=EVERYBODY)).implementing()


def an_order(**changes: Any) -> dict[str, Any]:
    """Return an order of a spot check for two sites, as it arrives: plain JSON."""
    return {
        "request_id": "signal-0001",
        "actor": {"id": "SU-1", "role": "supervision_group"},
        "theme": "窗口服务",
        "scope": ["U01", "U02", "U03"],
        "authorising_doc": "督查计划第3项",
        "ordering_body": "OF",
        "leaders": ["IN-1"],
        "sites": 2,
        **changes,
    }


def order(desk: Desk, **changes: Any) -> Event:
    """Deliver an order and return the last thing said."""
    desk.campaign.order_spot_check(an_order(**changes), now=desk.now)
    return desk.events[-1]


def a_plan_line(**changes: Any) -> dict[str, Any]:
    """Return the fields of a key inspection of the first unit."""
    fields: dict[str, Any] = {
        "kind": InspectionKind.KEY_INSPECTION,
        "choice": Choice.NAMED,
        "theme": "红牌整改",
        "matter": "整改落实",
        "scope": ("U01",),
        "unit": "U01",
        "object_class": "窗口",
        "plan_ref": "督查计划第5项",
        "criteria": "两次红牌",
        "ordering_body": "OF",
        "leaders": ("IN-1",),
        "starts_on": date(2019, 4, 8),
        "ends_on": date(2019, 4, 10),
    }
    return {**fields, **changes}


def line(desk: Desk, no: str = ONE) -> InspectionLine:
    """Return what a campaign keeps of an inspection."""
    return desk.campaign.state.inspection_line[no]


def the_draw(desk: Desk, no: str = DRAW) -> Draw:
    """Return a draw as the campaign keeps it."""
    return desk.campaign.state.draw[no]


def hears(desk: Desk, news: Model) -> bool:
    """Let the campaign hear something; say whether something came of it."""
    before = len(desk.events)
    desk.campaign.hear(news, now=desk.now)  # type: ignore[arg-type]
    return len(desk.events) > before


def stands(desk: Desk, no: str = ONE, **said: Any) -> bool:
    """Let the campaign hear how an inspection stands; by default it waits for its draw."""
    known = line(desk, no)
    fields: dict[str, Any] = {
        "no": no,
        "seq": len(desk.events) + 1000,
        "state": InspectionState.AUTHORISED,
        "kind": known.kind,
        "theme": known.theme,
    }
    return hears(desk, InspectionStanding(**{**fields, **said}))


def visited(desk: Desk, no: str = ONE, unit: str = "U01", on_day: date | None = None) -> None:
    """Let the campaign hear that a team was at a unit, today by default."""
    day = on_day or desk.now.date()
    stands(desk, no, state=InspectionState.ON_SITE, unit=unit, on=day)


def asked(desk: Desk, by: str = "SU-1", no: str = ONE) -> str:
    """Open the draw of an order; return its number."""
    fields = {"inspection": no, "package": "package-1", "digest": DIGEST}
    return desk.do(c.OpenInspectionDraw, by, **fields).object_id


def frozen(desk: Desk, no: str = DRAW, **said: Any) -> bool:
    """Let the campaign hear that a draw was frozen."""
    hashes = {"pop_hash": "b" * 64, "params_hash": "c" * 64, "commit": "d" * 64, "size": 6}
    return hears(desk, DrawFrozen(**{"draw": no, **hashes, **said}))


def committed(desk: Desk) -> Desk:
    """Order, open the draw, and have it committed to."""
    order(desk)
    asked(desk)
    frozen(desk)
    return desk


def done(desk: Desk, no: str = DRAW, *inspections: str) -> bool:
    """Let the campaign hear that targets were drawn."""
    bound = {each: f"{n}" * 64 for n, each in enumerate(inspections or (ONE, TWO))}
    return hears(desk, DrawDone(draw=no, commitments=bound))


def targets(desk: Desk) -> Desk:
    """Have the targets of an order drawn."""
    committed(desk)
    desk.do(c.WitnessDraw, "SU-2", draw=DRAW, number="7351")
    done(desk)
    for no in (ONE, TWO):
        stands(desk, no, state=InspectionState.DRAWN, draw=DRAW)
    return desk


def ordered(desk: Desk) -> Desk:
    """Have a spot check ordered."""
    order(desk)
    return desk


def over(desk: Desk) -> Desk:
    """Have targets drawn to which nobody goes any more."""
    targets(desk)
    for no in (ONE, TWO):
        stands(desk, no, state=InspectionState.ABORTED)
    return desk


def second_draw(desk: Desk, record: DrawRecord) -> Desk:
    """Make the draw of a record, the second of its year after one whose lists were refused."""
    order(desk, scope=["U01", "U02", "U03"])
    asked(desk)
    frozen(desk, fault="draw.population")
    asked(desk)
    made = record.frozen
    hashes = {"pop_hash": made.pop_hash, "params_hash": made.params_hash, "commit": record.commit}
    frozen(desk, record.no, **hashes)
    desk.do(c.WitnessDraw, "SU-2", draw=record.no, number=drawn.NUMBER)
    bound = {each.inspection: each.commitment for each in record.targets}
    hears(desk, DrawDone(draw=record.no, commitments=bound))
    return desk


def reveals(desk: Desk, record: DrawRecord) -> bool:
    """Let the campaign hear everything of a draw."""
    return hears(desk, DrawRevealed(draw=record.no, record=record))


def a_record() -> DrawRecord:
    """Return what is to be revealed of the second draw of a year."""
    return drawn.revealed(drawn.frozen(scope=("U01", "U02", "U03"), quotas={}, inspectors=2))


def shown(desk: Desk | None = None) -> Desk:
    """Have the second draw of a year revealed, and made before where it is not."""
    desk = desk or second_draw(a_desk(), a_record())
    visited(desk, ONE)
    visited(desk, TWO)
    desk.do(c.RevealDraw, "SU-1", draw=drawn.NO)
    assert reveals(desk, a_record())
    return desk


def both_a_leader_and_a_supervisor() -> Desk:
    """Return a campaign whose SU-1 leads inspections as well."""
    both = Person(id="SU-1", name="SU1号", role=Role.INSPECTION_TEAM)
    return Desk(a_plan(people=(*EVERYBODY, both))).implementing()
