"""SOD3: nobody decides an extension for a unit of his own, now or within three years (b.4)."""

from datetime import date
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.errors import Code
from duban.domain.roles import Actor, FormerUnit, Person, Role
from tests.support.builders import Desk, a_plan, people
from tests.support.scenes import a_request, scene

_YES: dict[str, Any] = {"extension": "E0001", "approved": True, "reason": "理由成立"}
_ASK = c.RequestExtension


def _decider(**changes: Any) -> Desk:
    """Return a campaign with a request of U01 and a decider who has to do with U01."""
    third = Person(id="CG-3", name="专项组3号", role=Role.CAMPAIGN_GROUP, **changes)
    desk = Desk(a_plan(people=(*people(), third))).implementing()
    desk.do(_ASK, "U01-L1", **a_request("D0013"))
    return desk


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"unit": "U01"}, True),
        ({"former_units": (FormerUnit(unit="U01", left_on=date(2016, 4, 1)),)}, True),
        ({"former_units": (FormerUnit(unit="U01", left_on=date(2016, 3, 31)),)}, False),
        ({"former_units": (FormerUnit(unit="U02", left_on=date(2019, 1, 1)),)}, False),
    ],
)
def test_sod3_nobody_decides_for_a_unit_he_belongs_to_or_left(
    changes: dict[str, Any], refused: bool
) -> None:
    desk = _decider(**changes)
    actor = Actor(id="CG-3", role=Role.CAMPAIGN_GROUP, unit=changes.get("unit"))
    if refused:
        refusal = desk.refused(c.DecideExtension, actor=actor, **_YES)
        assert (refusal.code, refusal.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "SOD3")
    else:
        desk.do(c.DecideExtension, "CG-1", actor=actor, **_YES)


def test_sod3_binds_a_person_in_every_role() -> None:
    leader = Person(id="U01-L1", name="主要负责人", role=Role.CAMPAIGN_GROUP)
    desk = Desk(a_plan(people=(*people(), leader))).implementing()
    desk.do(_ASK, "U01-H1", **a_request("D0013"))
    actor = Actor(id="U01-L1", role=Role.CAMPAIGN_GROUP)
    assert desk.refused(c.DecideExtension, actor=actor, **_YES).params["rule"] == "SOD3"


def test_sod3_binds_a_deputy() -> None:
    desk = scene("asked")
    days = {"from_on": date(2019, 4, 1), "until_on": date(2019, 4, 30), "basis_doc": "授权"}
    deputy: dict[str, Any] = {"deputy": "U01-H1", "principal": "CG-1", "role": Role.CAMPAIGN_GROUP}
    desk.do(c.RecordDelegation, "OF-1", **deputy, **days)
    actor = Actor(id="U01-H1", role=Role.CAMPAIGN_GROUP, unit="U15", on_behalf_of="CG-1")
    assert desk.refused(c.DecideExtension, actor=actor, **_YES).params["rule"] == "SOD3"


def test_sod3_three_years_before_a_29_february() -> None:
    desk = scene("asked")
    leaving = {"former_units": (FormerUnit(unit="U01", left_on=date(2017, 2, 28)),)}
    person = desk.campaign.state.person["LG-1:leading_group"]
    desk.campaign.state.person[person.key] = person.model_copy(update=leaving)
    desk.at("2020-02-29")
    assert desk.refused(c.DecideExtension, "LG-1", **_YES).params["rule"] == "SOD3"
