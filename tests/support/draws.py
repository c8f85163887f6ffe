"""Campaigns with problems that are signed off, and the steps of a draw, in short words."""

from datetime import date
from typing import Any

from duban.domain import sampling
from duban.domain.campaign import commands as c
from duban.domain.campaign.draw_records import Draw, DrawSecret
from duban.domain.problem.standing import LookedBack, ProblemNews
from duban.domain.problem.words import ProblemState
from tests.support.builders import Desk
from tests.support.problems import a_registration

DRAW = "2019-BE-001"
SECRET = bytes(range(32))
SIGNED = {"U01": 6, "U02": 1, "U03": 5}
"""How many problems of each unit are signed off: the share of a fifth draws 2, 1 and 1."""


def problem(serial: int) -> str:
    """Return the number of a problem."""
    return f"BE-2019-{serial:04d}"


def hears(desk: Desk, no: str, **news: Any) -> None:
    """Let the campaign hear of a problem, by default that it is watched over since 3 April."""
    known = desk.campaign.state.docket.get(no)
    fields: dict[str, Any] = {
        "no": no,
        "seq": len(desk.events) + 1000,
        "state": ProblemState.WATCHED,
        "unit": known.unit if known else "U01",
        "signed_off_on": date(2019, 4, 3),
    }
    desk.campaign.hear(ProblemNews(**{**fields, **news}), now=desk.now)


def with_signed_off(desk: Desk, **units: int) -> Desk:
    """Register problems of units and let all be signed off in phase 1."""
    for unit, count in (units or SIGNED).items():
        for _ in range(count):
            said = a_registration(found_on="2019-03-05", unit=unit)
            receipt = desk.do(c.RegisterProblem, "SU-1", registration=said)
            hears(desk, receipt.object_id, unit=unit)
    return desk


def the_draw(desk: Desk, no: str = DRAW) -> Draw:
    """Return a draw as the campaign keeps it."""
    return desk.campaign.state.draw[no]


def take(desk: Desk, no: str = DRAW, *, secret: bytes = SECRET, opened: bool = False) -> None:
    """Let the campaign take in the hash of a secret, or the secret."""
    told = DrawSecret(
        draw=no, commit=sampling.commit(secret), secret=secret.hex() if opened else None
    )
    desk.campaign.hear(told, now=desk.now)


def committed(desk: Desk, by: str = "SU-2", **fields: Any) -> Desk:
    """Open a draw and have its secret committed to."""
    receipt = desk.do(c.OpenLookBackDraw, by, **fields)
    take(desk, receipt.object_id)
    return desk


def drawn(desk: Desk, by: str = "SU-2", witness: str = "SU-1", **fields: Any) -> Draw:
    """Open a draw, witness it, and return it drawn."""
    no = desk.do(c.OpenLookBackDraw, by, **fields).object_id
    take(desk, no)
    desk.do(c.WitnessDraw, witness, draw=no, number="见证人随机数-7351")
    take(desk, no, opened=True)
    return the_draw(desk, no)


def looks_back(desk: Desk, draw: Draw, no: str, *, passed: bool = True) -> None:
    """Let the campaign hear what a look-back of a drawn problem found."""
    found = LookedBack(batch=draw.no, on=desk.now.date(), passed=passed)
    unit = next(each.stratum for each in draw.picks if each.site == no)
    if passed:
        hears(desk, no, unit=unit, look_back=found)
        return
    state = ProblemState.REOPENED
    hears(desk, no, unit=unit, look_back=found, state=state, signed_off_on=None)
