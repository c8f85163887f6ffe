"""What a decision about a problem is given: of others' requests, of earlier problems, of people."""

from typing import Any

from duban.domain.model import Document
from duban.domain.problem import commands as c
from duban.domain.problem.state import Register
from duban.store.given import asked_about, on_other_problems
from duban.store.ledger import Row
from tests.support.builders import an_actor, people
from tests.support.problem_cases import a_desk, asked_for
from tests.support.problems import NO, ProblemDesk

CAMPAIGN = "BE-2019"


class Ledger:
    """Objects by kind, as the ledger tells them."""

    def __init__(self, **rows: list[Row]) -> None:
        self._rows = rows

    async def __call__(
        self, kind: str, scope: str | None = None, where: Document | None = None
    ) -> list[Row]:
        """Return what fits; a kind that is never asked for is not there."""
        assert scope in (None, CAMPAIGN)
        wanted = (where or {}).items()
        return [row for row in self._rows[kind] if all(row[k] == v for k, v in wanted)]


def _asked(desk: ProblemDesk, no: str = NO) -> Row:
    """The request that stands on a desk, under the number of another problem."""
    extension = desk.problem.state.extension[f"{NO}/E01"].plain()
    return {**extension, "id": f"{no}/E01", "campaign": CAMPAIGN}


async def _given(desk: ProblemDesk, command: Any, **rows: list[Row]) -> Register:
    units: list[Row] = [{"campaign": CAMPAIGN, "code": "U03", "name": "市自然资源局"}]
    ledger = Ledger(**{"unit": units, "circular": [], **rows})
    asked = await asked_about(ledger, desk.record.plain(), command, people())
    assert asked.command == command
    return asked.given


async def test_ext6_a_decision_is_given_the_requests_on_all_other_problems() -> None:
    desk = a_desk().rectifying()
    key = asked_for(desk, desk.due("DL10").replace(month=5, day=31))
    decide = desk.command(c.DecideExtension, "CG-1", extension=key, approved=True, reason="-")
    rows = [_asked(desk, no) for no in (NO, f"{NO}0", "BE-2019-0002")]

    given = await _given(desk, decide, extension=rows)

    assert [each.id for each in given.alike] == [f"{NO}0/E01", "BE-2019-0002/E01"]


async def test_d7_an_assignment_is_given_like_problems_that_were_signed_off() -> None:
    desk = a_desk().triaged()
    said = {"unit": "U03", "principal_leader": "U03-L1", "handler": "U03-H1", "basis_doc": "-"}
    like = {"unit": "U03", "problem_type": "service_rule"}
    closed = {**like, "signed_off_on": "2019-03-29", "signatures": [{"person": "OF-1"}]}
    rows: list[Row] = [
        {**closed, "no": "BE-2019-0002"},
        {**closed, "no": "BE-2019-0003", "unit": "U01"},
        {**closed, "no": "BE-2019-0004", "problem_type": "inaction"},
        {**closed, "no": "BE-2019-0005", "signed_off_on": None},
    ]

    given = await _given(desk, desk.command(c.AssignProblem, "OF-1", **said), problem=rows)

    assert [(each.no, each.signers) for each in given.earlier] == [("BE-2019-0002", ("OF-1",))]


async def test_a_decision_is_given_who_acts_and_the_units_it_names() -> None:
    desk = a_desk().triaged()
    said = {"unit": "U03", "principal_leader": "U03-L1", "handler": "U03-H1", "basis_doc": "-"}

    handed = await _given(desk, desk.command(c.AssignProblem, "OF-1", **said), problem=[])
    taken = await _given(desk.assigned(), desk.command(c.AcceptProblem, "U03-L1"))

    assert {each.unit for each in handed.people} == {None, "U03"}
    assert [each.id for each in handed.people if each.unit is None] == ["OF-1"]
    assert [each.id for each in taken.people] == ["U03-L1"]
    assert (taken.delegations, taken.alike, taken.earlier) == ((), (), ())


async def test_sod10_a_deputy_s_decision_is_given_the_delegation_and_both_persons() -> None:
    desk = a_desk().assigned()
    row = {
        "id": "DG-1",
        "deputy": "U03-D1",
        "principal": "U03-L1",
        "role": "principal_leader",
        "from_on": "2019-04-01",
        "until_on": "2019-05-01",
        "basis_doc": "授权书",
    }
    deputy = an_actor("U03-D1").model_copy(
        update={"on_behalf_of": "U03-L1", "delegation_id": "DG-1"}
    )
    command = desk.command(c.AcceptProblem, "U03-L1", actor=deputy)
    ledger = Ledger(delegation=[row, {**row, "id": "DG-2"}])

    given = (await asked_about(ledger, desk.record.plain(), command, people())).given

    assert {each.id for each in given.people} == {"U03-D1", "U03-L1"}
    assert [each.id for each in given.delegations] == ["DG-1"]


async def test_d5_a_file_is_known_from_other_problems() -> None:
    rows: list[Row] = [
        {"id": f"{no}/F01", "digest": digest}
        for no, digest in ((NO, "a"), ("BE-2019-0003", "a"), ("BE-2019-0002", "a"), ("X-1", "b"))
    ]

    found = await on_other_problems(Ledger(evidence=rows), "a", NO)

    assert found == ("BE-2019-0002", "BE-2019-0003")
