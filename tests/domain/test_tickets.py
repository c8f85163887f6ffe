"""12345 tickets: one number, one problem (O11); their limit (DL24); who may take them over."""

from datetime import date
from typing import Any

import pytest

from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Outcome
from duban.domain.limits import DeadlineCode
from duban.domain.outside import Import, refused
from duban.domain.problem import commands as c
from duban.domain.problem.registration import TicketTerms
from duban.domain.problem.words import ProblemSource, RectifyClass, TicketKind
from duban.domain.roles import Action, Actor, Role
from duban.domain.tickets import (
    Taken,
    Ticket,
    misfit,
    refusal,
    registered,
    request_of,
    taking,
)
from tests.support.builders import an_actor, people, shanghai
from tests.support.problems import ProblemDesk, a_registration

NOW = shanghai("2019-04-24", "10:00")
ASKED = Import(actor=an_actor("OF-1"), file="0" * 64, request_id="import-0001", campaign="BE-2019")


def a_ticket(**changes: Any) -> Ticket:
    fields: dict[str, Any] = {
        "no": "庆12345〔2019〕000123号",
        "title": "窗口无人",
        "description": "窗口无人办理",
        "received_on": date(2019, 4, 17),
        "unit": "U03",
    }
    return Ticket(**{**fields, **changes})


def assigned(terms: TicketTerms | None, of: RectifyClass, limit: str = "") -> ProblemDesk:
    desk = ProblemDesk(a_registration(source=ProblemSource.HOTLINE, ticket=terms))
    desk.do(c.TriageProblem, "OF-1", problem_type="inaction", rectify_class=of, target="有人")
    named = {"principal_leader": "U03-L1", "handler": "U03-H1", "basis_doc": "交办单"}
    desk.do(c.AssignProblem, "OF-1", unit="U03", limit=limit, **named)
    return desk


INQUIRY = TicketTerms(kind=TicketKind.INQUIRY)
AHEAD = TicketTerms(kind=TicketKind.COMPLAINT, due_on=date(2019, 5, 4))
PAST = TicketTerms(kind=TicketKind.COMPLAINT, due_on=date(2019, 4, 24))


@pytest.mark.parametrize(
    ("terms", "of", "limit", "code", "due"),
    [
        (TicketTerms(), "immediate", "", "DL24", date(2019, 4, 30)),
        (TicketTerms(), "time_limited", "", "DL24", date(2019, 4, 30)),
        (INQUIRY, "immediate", "", "DL24I", date(2019, 4, 28)),
        (AHEAD, "immediate", "", "DL24", date(2019, 5, 4)),
        (PAST, "immediate", "", "DL24", date(2019, 4, 30)),
        (AHEAD, "time_limited", "2wd", "DL24", date(2019, 4, 26)),
        (AHEAD, "long_term", "", "DL11", date(2019, 7, 24)),
        (None, "immediate", "", "DL09", date(2019, 4, 30)),
    ],
)
def test_dl24_a_ticket_has_its_own_limit(
    terms: TicketTerms | None, of: str, limit: str, code: str, due: date
) -> None:
    desk = assigned(terms, RectifyClass(of), limit)

    clocks = {each.code: each for each in desk.problem.state.deadline.values()}
    assert set(clocks) == {DeadlineCode.ACCEPT, DeadlineCode(code)}
    assert clocks[DeadlineCode(code)].current_due_on == due


def test_dl24_a_limit_by_hand_keeps_to_the_cap() -> None:
    with pytest.raises(RuleViolation) as why:
        assigned(AHEAD, RectifyClass.IMMEDIATE, "61wd")

    assert why.value.code is Code.DEADLINE_OVER_CAP


def test_dl24_a_returned_ticket_keeps_its_limit_at_the_next_unit() -> None:
    desk = assigned(AHEAD, RectifyClass.IMMEDIATE)
    desk.do(c.RequestProblemReturn, "U03-L1", grounds="不归我管", legal_basis="三定方案")
    moved = {"new_unit": "U02", "new_leader": "U02-L1", "new_handler": "U02-H1"}
    desk.do(c.AdjudicateProblemReturn, "OF-1", upheld=True, reason="应归U02", **moved)

    clocks = [each for each in desk.problem.state.deadline.values() if each.code == "DL24"]
    assert [(each.holder, each.current_due_on) for each in clocks] == [("U02", date(2019, 5, 4))]


def test_o11_a_registration_from_before_tickets_is_written_as_it_was() -> None:
    """A command sent again after an upgrade must be the same words to the receipt (l.9)."""
    assert "ticket" not in a_registration().plain()
    assert "ticket" not in ProblemDesk().record.plain()
    assert a_registration(ticket=INQUIRY).plain()["ticket"] == {"kind": "inquiry", "due_on": None}


def test_k10_a_ticket_comes_from_a_person_under_its_number() -> None:
    said = a_ticket(kind=TicketKind.INQUIRY, due_on=date(2019, 5, 6)).registration

    assert (said.source, said.source_ref) == (ProblemSource.HOTLINE, "庆12345〔2019〕000123号")
    assert (said.from_person, said.found_on, said.unit) == (True, "2019-04-17", "U03")
    assert said.ticket == TicketTerms(kind=TicketKind.INQUIRY, due_on=date(2019, 5, 6))


def test_o11_the_request_id_is_made_from_the_number_alone() -> None:
    assert request_of("A-1") == request_of("A-1") != request_of("A-2")
    assert len(request_of("长" * 64)) <= 128


def test_o11_only_numbers_that_nobody_has_are_taken() -> None:
    known = {"A-1": Taken(no="A-1", campaign="RL-2019", problem="RL-2019-0001")}

    event = taking(ASKED, ("A-1", "A-2"), known, (3, NOW))

    assert event is not None
    [change] = event.changes
    assert (change.kind, change.id) == ("ticket", "A-2")
    assert change.after == {"no": "A-2", "campaign": "BE-2019", "problem": None}
    assert (event.seq, event.object_id, event.detail) == (
        3,
        "BE-2019",
        {"file": "0" * 64, "count": 1},
    )
    assert taking(ASKED, ("A-1",), known, (3, NOW)) is None


def test_o11_a_taken_number_is_noted_with_its_problem() -> None:
    event = registered(ASKED, {"A-2": "BE-2019-0007"}, (4, NOW))

    [change] = event.changes
    assert (change.before, change.after) == ({"problem": None}, {"problem": "BE-2019-0007"})


@pytest.mark.parametrize(
    ("by", "changes", "code"),
    [
        ("OF-1", {}, None),
        ("OF-1", {"received_on": date(2019, 4, 25)}, Code.DATE_AHEAD),
        ("U03-L1", {}, None),
        ("U03-L1", {"unit": "U02"}, Code.ROLE_OUT_OF_SCOPE),
        ("U03-L1", {"unit": None}, Code.ROLE_OUT_OF_SCOPE),
    ],
)
def test_what_the_campaign_would_refuse_takes_no_number(
    by: str, changes: dict[str, Any], code: Code | None
) -> None:
    why = misfit(a_ticket(**changes), an_actor(by), date(2019, 4, 24))

    assert (why and why.code) == code


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (an_actor("OF-1"), None),
        (an_actor("SU-1"), None),
        (Actor(id="ZZ-1", role=Role.OFFICE, on_behalf_of="OF-1"), None),
        (Actor(id="ZZ-1", role=Role.OFFICE), Code.ACTOR_UNKNOWN),
        (Actor(id="OF-1", role=Role.SUPERVISION_GROUP), Code.ACTOR_UNKNOWN),
        (an_actor("LG-1"), Code.ROLE_NOT_PERMITTED),
    ],
)
def test_b3_row_10_who_registers_problems_takes_tickets_over(
    actor: Actor, code: Code | None
) -> None:
    why = refused(ASKED.model_copy(update={"actor": actor}), Action.REGISTER_PROBLEM, people())

    assert (why and why.code) == code


def test_i1_a_refused_import_is_on_the_trail_and_changes_nothing() -> None:
    why = RuleViolation(Code.ROLE_NOT_PERMITTED, action="10", role="leading_group", held=["office"])

    event = refusal(ASKED, why, (0, NOW))

    assert (event.outcome, event.code) == (Outcome.REJECTED, "role.not_permitted")
    assert event.changes == ()
    assert event.detail["params"] == why.params
