"""A small campaign for the questions: its entries, one more made by hand, and a request."""

from datetime import date

from duban.domain.campaign import commands as c
from duban.domain.events import Event
from duban.questions import Entry
from tests.support.builders import Desk, proof
from tests.support.stories import told


def entries_of(desk: Desk) -> list[Entry]:
    return told(desk.events)


def with_event(desk: Desk, **fields: object) -> list[Entry]:
    """Return the campaign's entries and one more, made by hand from the last."""
    last = desk.events[-1]
    fields = {"seq": last.seq + 1, "changes": (), "detail": {}, **fields}
    return told([*desk.events, Event.model_validate({**dict(last), **fields})])


def asked_for(desk: Desk, task: str = "T-01", unit: str = "U01") -> str:
    """Ask for five days more for an item of 20 working days; return the number of the request."""
    item = {"task": task, "matter": "窗口整改", "limit": "20wd"}
    desk.do(c.AssignItem, "CG-1", **item)
    clocks = [each for each in desk.campaign.state.deadline.values() if each.code == "DL10"]
    desk.at("2019-04-08").do(
        c.RequestExtension,
        f"{unit}-L1",
        deadline=clocks[-1].id,
        reason_class=c.ReasonClass.FUNDING,
        reason="资金未到位",
        work_done="已完成采购",
        what_differs="资金下月到位",
        evidence=proof(),
        new_due_on=date(2019, 5, 10),
        signed_by=f"{unit}-L1",
    )
    return list(desk.campaign.state.extension)[-1]
