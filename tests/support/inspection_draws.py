"""Draws of inspections made up from a number: lists, facts, terms, and the record of each."""

from datetime import date, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from duban.domain import sampling
from duban.domain.campaign import commands as c
from duban.domain.campaign.draw_records import Draw, DrawState
from duban.domain.draw.basis import Terms, UnitFacts
from duban.domain.draw.drawing import Pick, committed, picks
from duban.domain.draw.freezing import Frozen, freeze
from duban.domain.draw.places import Candidate, Lists, Place, Tie, TieKind
from duban.domain.draw.record import DrawRecord, RevealedTarget, Sibling, SiblingState
from duban.domain.draw.sheets import sheets
from duban.domain.errors import RuleViolation
from duban.domain.events import Change, Event
from duban.domain.policy import PolicyVersion
from duban.domain.sampling import Exclusion
from tests.support.scenes import scene

CAMPAIGN = "BE-2019"
NO = "2019-BE-002"
DAY = date(2019, 6, 3)
SECRET = bytes(range(32))
NUMBER = "见证人随机数-7351"
POLICY = PolicyVersion()


SIBLINGS = (
    Sibling(no="2019-BE-001", purpose="look_back", state=SiblingState.VOIDED, void_reason="有误"),
    Sibling(no=NO, purpose="inspection", state=SiblingState.DRAWN),
)


def place(unit: str, serial: int = 1, **fields: Any) -> Place:
    """Return a site of a unit."""
    return Place(site=f"{unit}-S{serial}", name=f"{unit}第{serial}窗口", unit=unit, **fields)


def person(serial: int, *ties: Tie) -> Candidate:
    """Return somebody of the pool."""
    return Candidate(person=f"IN-{serial}", name=f"检查员{serial}", ties=ties)


def tie(unit: str, kind: TieKind = TieKind.OWN_UNIT, left_on: date | None = None) -> Tie:
    """Return what binds somebody to a unit."""
    return Tie(unit=unit, kind=kind, left_on=left_on)


LEADER = "IN-1"
LISTS = Lists(
    places=tuple(place(f"U0{n}", serial) for n in range(1, 6) for serial in (1, 2)),
    pool=(person(1, tie("U05")), person(2, tie("U01")), *(person(n) for n in range(3, 7))),
    excluded=(Exclusion(site="U02-S2", reason="停业装修"),),
)
"""Ten sites of five units; the leader is of U05, and IN-2 of U01."""

FACTS = {
    "U01": UnitFacts(unit="U01", complaints=9, red_on=date(2019, 5, 20)),
    "U02": UnitFacts(unit="U02", drawn_this_cycle=True),
    "U03": UnitFacts(unit="U03", contacts=4),
    "U04": UnitFacts(unit="U04", same_theme_on=date(2019, 1, 4), false_rectification=True),
}


def terms(**fields: Any) -> Terms:
    """Return terms of a draw for two inspections, with other values where they are given."""
    usual: dict[str, Any] = {
        "draw": NO,
        "inspections": ("BE-2019-I0001", "BE-2019-I0002"),
        "leaders": (LEADER,),
        "theme": "窗口服务",
        "scope": tuple(f"U0{n}" for n in range(1, 6)),
        "inspectors": 2,
        "on": DAY,
    }
    return Terms(**{**usual, **fields})


def frozen(lists: Lists = LISTS, **fields: Any) -> Frozen:
    """Return what the usual draw is made from."""
    return freeze(lists, terms(**fields), FACTS, POLICY)


def salt(pick: Pick) -> str:
    """Return a salt; in earnest it is chance."""
    return sha256(pick.inspection.encode()).hexdigest()


def revealed(made: Frozen, secret: bytes = SECRET, number: str = NUMBER) -> DrawRecord:
    """Return the honest record of a draw, the second of its year after a void one."""
    seed = sampling.seed(secret, NO, (made.pop_hash, made.params_hash), number)
    found = picks(seed, made)
    return DrawRecord(
        campaign=CAMPAIGN,
        frozen=made,
        commit=sampling.commit(secret),
        run_by=("SU-1",),
        number=number,
        witnesses=("SU-2",),
        secret=secret.hex(),
        seed=seed.hex(),
        targets=tuple(shown(pick) for pick in found),
        siblings=SIBLINGS,
    )


def shown(pick: Pick) -> RevealedTarget:
    """Return a target as it is revealed."""
    told = committed(pick, salt(pick))
    return RevealedTarget(inspection=pick.inspection, commitment=told, pick=pick, salt=salt(pick))


def made_up(number: int) -> Frozen:
    """Return a draw made up from a number; of lists that are refused, the next that are not."""
    chance = Random(number)  # noqa: S311 - what is made up must come out again
    while True:
        try:
            return _made_up(chance)
        except RuleViolation:
            continue


def _made_up(chance: Random) -> Frozen:
    units = [f"U{n:02d}" for n in range(1, chance.randint(3, 12))]
    strata = chance.choice(([], ["A", "B"]))
    places = tuple(
        place(
            unit,
            serial,
            front_line=chance.random() < 0.9,
            stratum=chance.choice(strata) if strata else None,
        )
        for unit in units
        for serial in range(1, chance.randint(2, 4))
    )
    left_out = chance.sample([each.site for each in places], k=chance.randint(0, 1))
    lists = Lists(
        places=places,
        pool=tuple(_somebody(chance, n, units) for n in range(1, 10)),
        excluded=tuple(Exclusion(site=site, reason="停业") for site in left_out),
    )
    facts = {unit: _facts(chance, unit) for unit in units if chance.random() < 0.9}
    return freeze(lists, _terms(chance, units, by_stratum=bool(strata)), facts, POLICY)


def _terms(chance: Random, units: list[str], *, by_stratum: bool) -> Terms:
    k = chance.randint(2, 4)
    return terms(
        inspections=tuple(f"BE-2019-I{n:04d}" for n in range(1, k + 1)),
        leaders=tuple(f"IN-{n}" for n in range(1, chance.randint(2, 3))),
        scope=tuple(chance.sample(units, k=len(units) - 1)),
        inspectors=chance.randint(1, 3),
        quotas={"A": k - 1, "B": 1} if by_stratum else {},
        budget_doc=chance.choice(("", "领批〔2019〕3号")),
        repeat_reason=chance.choice(("", "群众再次反映")),
    )


def _somebody(chance: Random, serial: int, units: list[str]) -> Candidate:
    bound = chance.sample(units, k=chance.choice((0, 0, 1, 2)))
    return person(
        serial,
        *(tie(unit, chance.choice(list(TieKind)), _some_day(chance, 1500)) for unit in bound),
    )


def _facts(chance: Random, unit: str) -> UnitFacts:
    return UnitFacts(
        unit=unit,
        contacts=chance.randint(0, 5),
        same_theme_on=_some_day(chance, 60),
        drawn_this_cycle=chance.random() < 0.5,
        red_on=_some_day(chance, 180),
        complaints=chance.choice((0, 0, 3, 5, 8)),
        false_rectification=chance.random() < 0.2,
    )


def _some_day(chance: Random, days: int) -> date | None:
    return chance.choice((None, DAY - timedelta(days=chance.randint(0, days))))


def on_the_trail(record: DrawRecord, *, whole: bool = False) -> list[Event]:
    """Return the entries of a campaign that made, after a void draw, the draw of a record."""
    desk = scene("void_asked")
    desk.do(c.DecideVoidDraw, "OF-1", draw="2019-BE-001", approved=True, reason="属实")
    events = list(desk.events)
    frozen_ = record.frozen
    hashes = {"pop_hash": frozen_.pop_hash, "params_hash": frozen_.params_hash}
    commitments = {each.inspection: each.commitment for each in record.targets}
    steps: list[tuple[str, dict[str, Any]]] = [
        ("asked", _asked(record)),
        ("committed", {"state": "committed", "commit": record.commit, **hashes}),
        ("witnessed", {"number": record.number, "witnesses": list(record.witnesses)}),
        ("drawn", {"state": "drawn", "commitments": commitments}),
    ]
    for verb, after in steps:
        who = {"asked": record.run_by, "witnessed": record.witnesses}.get(verb, ("SYSTEM",))
        change = Change(kind="draw", id=record.no, after=after)
        events.append(_entry(events, verb, who[0], change))
    parts = [Change(kind="draw_record", id=each.key, after=each.plain()) for each in sheets(record)]
    if whole:
        parts = [Change(kind="draw_record", id=record.no, after=record.plain())]
    events.append(_entry(events, "revealed", "SU-1", *parts))
    return events


def _asked(record: DrawRecord) -> dict[str, Any]:
    """Return a draw of inspections as its campaign gives it a number."""
    draw = Draw(
        no=record.no,
        purpose="inspection",
        phase=1,
        state=DrawState.ASKED,
        policy_version=record.frozen.basis.rules.policy,
        run_by=record.run_by,
        frozen_on=record.frozen.basis.terms.on,
    )
    return draw.plain()


def _entry(events: list[Event], verb: str, who: str, *changes: Change) -> Event:
    return events[-1].model_copy(
        update={
            "seq": len(events),
            "tag": f"campaign:draw:{verb}",
            "object_type": "draw",
            "object_id": NO,
            "actor": events[-1].actor.model_copy(update={"id": who}),
            "detail": {},
            "changes": changes,
        }
    )
