"""The docket: numbers of problems, how each open one stands, and what its gates make of it."""

import json
from datetime import date, timedelta
from typing import Any

from duban.domain.campaign import commands as c
from duban.domain.campaign.docket import news_of, to_open
from duban.domain.campaign.state import CampaignState
from duban.domain.campaign.words import Gate
from duban.domain.errors import Code
from duban.domain.problem.standing import ProblemNews, is_news, standing
from duban.domain.problem.words import ProblemState
from duban.domain.roles import Role
from tests.support.builders import Desk, a_calendar, people
from tests.support.problems import ProblemDesk, a_registration

FIRST = "BE-2019-0001"


def registered(desk: Desk, by: str = "SU-1", **changes: Any) -> str:
    """Register a problem and return its number."""
    said = a_registration(found_on="2019-03-05", **{"unit": "U01", **changes})
    return desk.do(c.RegisterProblem, by, registration=said).object_id


def heard(desk: Desk, state: ProblemState, seq: int = 5, no: str = FIRST, **fields: Any) -> None:
    """Let the campaign hear how a problem stands."""
    desk.campaign.hear(ProblemNews(no=no, seq=seq, state=state, **fields), now=desk.now)


def test_numbers_are_handed_out_in_their_order_and_never_twice() -> None:
    desk = Desk().implementing()

    assert [registered(desk) for _ in range(3)] == [FIRST, "BE-2019-0002", "BE-2019-0003"]
    heard(desk, ProblemState.MERGED)
    assert registered(desk) == "BE-2019-0004"


def test_b3_row_10_a_unit_registers_what_it_found_at_itself() -> None:
    desk = Desk().implementing()
    said = a_registration(unit="U02", found_on="2019-03-05")

    assert desk.refused(c.RegisterProblem, "U01-L1", registration=said).code is (
        Code.ROLE_OUT_OF_SCOPE
    )
    assert registered(desk, "U01-L1") == FIRST
    assert desk.refused(c.RegisterProblem, "LG-1", registration=said).code is (
        Code.ROLE_NOT_PERMITTED
    )


def test_a_problem_may_be_registered_before_its_unit_is_known() -> None:
    desk = Desk().implementing()

    assert registered(desk, unit=None) == FIRST
    assert desk.campaign.state.docket[FIRST].unit is None


def test_what_is_registered_names_a_unit_of_the_campaign_and_a_day_that_has_come() -> None:
    desk = Desk().implementing()
    ahead = a_registration(unit="U01", found_on="2019-12-24")
    strange = a_registration(unit="U77", found_on="2019-03-05")

    assert desk.refused(c.RegisterProblem, "SU-1", registration=ahead).code is Code.DATE_AHEAD
    assert desk.refused(c.RegisterProblem, "SU-1", registration=strange).code is (
        Code.OBJECT_NOT_FOUND
    )


def test_a_problem_is_made_from_what_was_registered_until_it_is_heard_of() -> None:
    desk = Desk().implementing()
    registered(desk)
    state = desk.campaign.state

    start = to_open(state, FIRST, timedelta(0))
    assert start is not None
    assert (start.no, start.campaign, start.actor.id) == (FIRST, "BE-2019", "SU-1")
    leaders = {p.unit for p in start.given.people if p.role is Role.PRINCIPAL_LEADER}
    assert leaders == {"U01"}
    heard(desk, ProblemState.REGISTERED, seq=0)
    assert to_open(state, FIRST, timedelta(0)) is None
    assert to_open(state, "BE-2019-0077", timedelta(0)) is None


def test_news_as_old_as_what_is_known_changes_nothing() -> None:
    desk = Desk().implementing()
    registered(desk)
    heard(desk, ProblemState.ASSIGNED, seq=5, unit="U01", due_on=date(2019, 5, 6))
    said = len(desk.events)

    heard(desk, ProblemState.TRIAGED, seq=4)
    heard(desk, ProblemState.ASSIGNED, seq=5)

    assert len(desk.events) == said
    assert desk.campaign.state.docket[FIRST].due_on == date(2019, 5, 6)


def test_a_problem_that_comes_back_stands_in_the_docket_again() -> None:
    desk = Desk().implementing()
    registered(desk)
    heard(desk, ProblemState.WATCHED, seq=20)
    assert desk.campaign.state.docket == {}

    heard(desk, ProblemState.REOPENED, seq=30)

    assert desk.campaign.state.docket[FIRST].state is ProblemState.REOPENED


def missing(desk: Desk, gate: Gate, condition: str) -> tuple[str, ...]:
    """Return what a condition of a gate lacks."""
    found = desk.campaign.gate(gate, now=desk.now)
    return next(each.missing for each in found if each.id == condition)


def test_g2_2_what_was_due_is_closed_or_its_breach_is_answered() -> None:
    desk = Desk().implementing()
    registered(desk)
    heard(desk, ProblemState.RECTIFYING, seq=5, due_on=date(2019, 4, 1))
    assert missing(desk, Gate.G2, "G2.2") == (FIRST,)

    heard(desk, ProblemState.RECTIFYING, seq=6, due_on=date(2019, 4, 1), is_answered=True)
    assert missing(desk, Gate.G2, "G2.2") == ()
    heard(desk, ProblemState.RECTIFYING, seq=7, due_on=date(2019, 6, 3))
    assert missing(desk, Gate.G2, "G2.2") == ()


def test_g4_3_every_problem_is_done_with_or_long_term_with_a_successor() -> None:
    desk = Desk().implementing()
    registered(desk)
    assert missing(desk, Gate.G4, "G4.3") == (FIRST,)

    heard(desk, ProblemState.LONG_TERM, seq=6)
    assert missing(desk, Gate.G4, "G4.3") == ()
    heard(desk, ProblemState.SIGNED_OFF, seq=9)
    assert missing(desk, Gate.G4, "G4.3") == ()


def test_c3_a_campaign_is_not_terminated_over_open_problems() -> None:
    desk = Desk().implementing()
    registered(desk)
    owner = {"owner": "U15", "disposition": "移交"}
    tasks = tuple({"task": each, **owner} for each in ("T-01", "T-02"))
    paper: dict[str, Any] = {"reason": "撤销", "doc_no": "纪要9号"}

    why = desk.refused(c.Terminate, "LG-1", **paper, dispositions=tasks)
    assert why.params["missing"] == [FIRST]
    desk.do(c.Terminate, "LG-1", **paper, dispositions=(*tasks, {"task": FIRST, **owner}))
    assert desk.said("stage:terminated")[0].detail["problems"] == [f"{FIRST} U15: 移交"]
    heard(desk, ProblemState.ASSIGNED, seq=50)


def news(desk: Desk) -> list[Any]:
    """Return what the last events of the campaign mean to its problems."""
    found = [news_of(desk.campaign.state, each) for each in desk.events]
    return [each for each in found if each is not None]


def test_what_every_problem_must_know_becomes_news() -> None:
    desk = Desk().implementing()
    desk.do(c.Suspend, "LG-1", reason="防汛", doc_no="决定1号")
    desk.do(c.Resume, "LG-1", reason="防汛结束", doc_no="决定2号")
    body = {"lead_body": Role.SUPERVISION_GROUP, "title": "监督问责组"}
    desk.do(c.ChangeLeadGroup, "LG-1", **body, reason="-", doc_no="-")
    desk.do(c.AdoptCalendar, "OF-1", calendar=a_calendar(2), basis_doc="通知")
    successor = next(p for p in people() if p.id == "U01-L1").model_copy(update={"id": "U01-L9"})
    role = Role.PRINCIPAL_LEADER
    named: dict[str, Any] = {"leaving": "U01-L1", "role": role, "successor": successor}
    desk.do(c.ReplacePerson, "OF-1", **named, basis_doc="任免1号")

    told = {each.kind: each for each in news(desk)}
    assert set(told) == {"suspended", "resumed", "lead_body", "calendar", "register"}
    assert told["calendar"].calendar.version == 2
    assert told["lead_body"].lead_body is Role.SUPERVISION_GROUP
    assert {each.id for each in told["register"].given.people} == {"U01-L1", "U01-L9"}


def test_a_delegation_is_news_as_well() -> None:
    desk = Desk().implementing()
    given: dict[str, Any] = {"deputy": "U01-D1", "principal": "U01-L1"}
    days = {"from_on": date(2019, 4, 1), "until_on": date(2019, 4, 30)}
    role = Role.PRINCIPAL_LEADER
    desk.do(c.RecordDelegation, "OF-1", **given, role=role, **days, basis_doc="授权书")

    [told] = news(desk)
    assert told.given.delegations[0].deputy == "U01-D1"


def test_a_problem_tells_where_it_stands_when_state_unit_date_or_breach_change() -> None:
    desk = ProblemDesk().rectifying()
    said = desk.events[-1]
    assert is_news(said)
    stands = standing(desk.problem.state)
    assert (stands.state, stands.unit, stands.due_on) == ("rectifying", "U03", date(2019, 5, 23))
    assert not stands.is_answered

    desk.replies()
    assert not is_news(desk.events[-1])
    for _ in range(2):
        desk.classified()
    assert is_news(desk.events[-1])
    assert standing(desk.problem.state).is_answered


def test_two_thousand_open_problems_travel_with_their_campaign_and_come_back_whole() -> None:
    desk = Desk().implementing()
    state = desk.campaign.state
    alone = len(state.snapshot().model_dump_json())
    stands: dict[str, Any] = {"unit": "U01", "due_on": date(2019, 5, 6)}
    registered(desk)
    for serial in range(2, 2001):
        heard(desk, ProblemState.RECTIFYING, no=f"BE-2019-{serial:04d}", **stands)
        desk.events.clear()

    told = state.snapshot().model_dump_json()

    assert len(told) - alone < 128 * 1024
    again = CampaignState.model_validate_json(told)
    assert again.docket == state.docket
    assert again.docket[FIRST].registration is not None


def test_what_an_opened_problem_was_asked_for_with_does_not_travel() -> None:
    desk = Desk().implementing()
    registered(desk)
    heard(desk, ProblemState.TRIAGED)
    entry = desk.campaign.state.docket[FIRST]
    assert entry.request_id is not None

    again = CampaignState.model_validate_json(desk.campaign.state.snapshot().model_dump_json())

    assert again.docket[FIRST] == entry.model_copy(update={"request_id": None})


def test_lines_as_they_were_written_before_are_still_read() -> None:
    desk = Desk().implementing()
    registered(desk)
    heard(desk, ProblemState.RECTIFYING, unit="U01", due_on=date(2019, 5, 6))
    state = desk.campaign.state
    line = state.docket[FIRST]
    told = json.loads(state.snapshot().model_dump_json())
    assert told["docket"][FIRST] == ["U01", "rectifying", "2019-05-06", line.heard]

    told["docket"][FIRST] = line.model_dump(mode="json", exclude_defaults=True)

    assert CampaignState.model_validate_json(json.dumps(told)).docket[FIRST] == line
