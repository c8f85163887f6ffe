"""A small campaign for the questions: its entries, one more made by hand, and a request."""

from datetime import date
from functools import cache
from typing import Any

from duban.domain.campaign import commands as c
from duban.domain.events import Event
from duban.questions import Entry
from tests.support.builders import Desk, proof
from tests.support.problems import ProblemDesk, a_registration
from tests.support.stories import told


def entries_of(desk: Desk) -> list[Entry]:
    return told(desk.events)


def approved() -> Desk:
    """Return a desk at which the plan has just been approved: its tasks are sent out."""
    desk = Desk()
    desk.do(c.Establish, "LG-1", doc_no="纪要1号")
    desk.at("2019-03-06").do(c.SubmitPlan, "CG-1", doc_no="方案1号")
    desk.do(c.ReviewPlan, "CO-1", passed=True, doc_no="审核1号", opinion="同意")
    desk.do(c.ApprovePlan, "LG-1", doc_no="批复1号")
    return desk


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
        c.RequestExtension, f"{unit}-L1", **a_request(clocks[-1].id, unit, date(2019, 5, 10))
    )
    return list(desk.campaign.state.extension)[-1]


def a_request(deadline: str, unit: str, new_due_on: date) -> dict[str, Any]:
    """Return the fields of a complete request for a later date."""
    return {
        "deadline": deadline,
        "reason_class": c.ReasonClass.FUNDING,
        "reason": "资金未到位",
        "work_done": "已完成采购",
        "what_differs": "资金下月到位",
        "evidence": proof(),
        "new_due_on": new_due_on,
        "signed_by": f"{unit}-L1",
    }


def with_problems(*problems: ProblemDesk) -> list[Entry]:
    """Return the entries of a campaign that is being implemented, and of its problems."""
    return [*_implementing(), *(entry for each in problems for entry in told(each.events))]


@cache
def _implementing() -> list[Entry]:
    return told(Desk().implementing().events)


def a_problem(serial: int = 1, **changes: Any) -> ProblemDesk:
    """Return the desk of a problem with a number of its own; `changes` are of its registration."""
    start = {name: changes.pop(name) for name in ("actor", "given") if name in changes}
    return ProblemDesk(a_registration(**changes), no=f"BE-2019-{serial:04}", **start)
