"""After a standstill the alarms act in goes, in the same order as in one."""

from duban.domain.campaign import commands as c
from tests.support.builders import Desk, shanghai

BACK = shanghai("2019-04-10", "10:00")


def _asleep() -> Desk:
    desk = Desk()
    desk.do(c.Establish, "LG-1", doc_no="纪要1号")
    return desk


def _said(desk: Desk) -> list[tuple[str, str]]:
    return [(each.tag, each.object_id) for each in desk.campaign.state.unrecorded]


def test_alarms_in_goes_say_what_they_say_in_one() -> None:
    at_once, in_goes = _asleep(), _asleep()
    at_once.campaign.tick(now=BACK)
    goes = 0
    while in_goes.campaign.is_behind(now=BACK):
        in_goes.campaign.tick(now=BACK, at_most=4)
        goes += 1
    assert goes > 3
    assert _said(in_goes) == _said(at_once)
    assert not at_once.campaign.is_behind(now=BACK)


def test_one_go_stops_where_it_is_told_to() -> None:
    desk = _asleep()
    before = len(_said(desk))
    desk.campaign.tick(now=BACK, at_most=1)
    assert len(_said(desk)) == before + 1
    assert desk.campaign.is_behind(now=BACK)
