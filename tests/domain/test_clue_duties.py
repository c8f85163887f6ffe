"""Who may do what with a clue: rows 31, 32 and 44, recusal, three people for three levels."""

from datetime import date
from typing import Any

import pytest

from duban.domain.clue import commands as c
from duban.domain.clue.words import ClueAccess, Handling
from duban.domain.entity.command import Command
from duban.domain.entity.given import LinkedRegister
from duban.domain.errors import Code
from duban.domain.events import Outcome
from duban.domain.roles import Delegation, Role
from tests.support.clues import LOOKUP, MATTER, PEOPLE, ClueDesk, a_package, a_result
from tests.support.scenes import ACTORS

JUDGED: dict[str, Any] = {"nature": "duty_crime", "handling": "transfer", "opinion": "-"}
DECIDED: dict[str, Any] = {"nature": "duty_crime", "handling": "keep", "reason": "-", "doc_no": "-"}
RECEIPT: dict[str, Any] = {"accepted": True, "signed_by": "DX-1", "receipt": "-"}
TOLD: dict[str, Any] = {"words": "-", "channel": "-"}
CUSTODIANS = {Role.OFFICE, Role.SUPERVISION_GROUP}
TRIGGERS = {Role.OFFICE, Role.SUPERVISION_GROUP, Role.CAMPAIGN_GROUP, Role.INSPECTION_TEAM}

WHO: list[tuple[type[Command], str, dict[str, Any], set[Role]]] = [
    (c.AcknowledgeClue, "written", {}, CUSTODIANS | {Role.LEADING_GROUP}),
    (c.TriageClue, "written", JUDGED, CUSTODIANS | {Role.CAMPAIGN_GROUP}),
    (c.DecideClue, "reviewed", DECIDED, CUSTODIANS),
    (c.TransferClue, "decided", a_package(), CUSTODIANS),
    (c.RecordReceipt, "transferred", RECEIPT, CUSTODIANS | {Role.EXTERNAL_DECIDER}),
    (c.RecordResult, "received", a_result(), CUSTODIANS | {Role.EXTERNAL_DECIDER}),
    (c.TellReporter, "resulted", TOLD, CUSTODIANS),
    (c.CloseClue, "answered", {"opinion": "-"}, CUSTODIANS),
    (c.FlagRetaliation, "written", {"fact": "调岗"}, TRIGGERS),
    (c.DesignateCustodian, "written", {"person": "OF-1", "doc_no": "-"}, {Role.LEADING_GROUP}),
]


def brought(step: str) -> ClueDesk:
    """Bring a clue so far by the second people of each body; the first are free to act."""
    desk = ClueDesk().written()
    if step in ("reviewed", "decided", "transferred", "received", "resulted", "answered"):
        desk.screened("CG-2").reviewed("SU-2")
    if step in ("decided", "transferred", "received", "resulted", "answered"):
        desk.decided("OF-2")
    if step in ("transferred", "received", "resulted", "answered"):
        desk.transferred("OF-2")
    for name in ("received", "resulted", "answered"):
        if (
            step
            in {
                "received": ("received", "resulted", "answered"),
                "resulted": ("resulted", "answered"),
                "answered": ("answered",),
            }[name]
        ):
            getattr(desk, name)()
    return desk


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("command", "step", "fields", "allowed"), WHO, ids=lambda each: getattr(each, "__name__", "")
)
def test_rows_31_32_and_44_say_who_may(
    command: type[Command], step: str, fields: dict[str, Any], allowed: set[Role], role: Role
) -> None:
    desk, given = brought(step), {**fields, "actor": ACTORS[role]}
    if role in allowed:
        desk.do(command, "OF-1", **given)
        return
    expected = Code.SYSTEM_MAY_NOT_DECIDE if role is Role.SYSTEM else Code.ROLE_NOT_PERMITTED
    assert desk.refused(command, **given).code is expected


def test_row_32_a_major_clue_is_the_leading_group_s_to_decide() -> None:
    desk = ClueDesk().reviewed(major=True)

    assert desk.clock("DL17C").holder == "leading_group"
    assert desk.refused(c.DecideClue, "OF-1", **DECIDED).code is Code.ROLE_NOT_PERMITTED
    assert desk.refused(c.DecideClue, "DX-1", **DECIDED).code is Code.ROLE_NOT_PERMITTED
    assert desk.decided("LG-1", handling=Handling.KEEP).record.decided_by == "LG-1"


def test_what_was_called_major_once_stays_so_and_the_urgent_is_major() -> None:
    desk = ClueDesk().screened(major=True).reviewed()
    urgent = ClueDesk(urgent=True).reviewed()

    assert desk.record.major
    assert urgent.record.major


def test_sod8_three_levels_are_three_people() -> None:
    desk = ClueDesk().screened("SU-1")
    again = desk.refused(c.TriageClue, "SU-1", **JUDGED)
    desk.reviewed("SU-2")

    assert (again.code, again.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "SOD8")
    for person in ("SU-1", "SU-2"):
        assert desk.refused(c.DecideClue, person, **DECIDED).code is Code.DUTY_NOT_SEPARATED


def test_sod8_binds_a_deputy_by_what_the_one_deputised_for_has_done() -> None:
    desk = ClueDesk().screened("SU-1")
    given = Delegation(
        id="G0001",
        deputy="OF-1",
        principal="SU-1",
        role=Role.SUPERVISION_GROUP,
        from_on=date(2019, 4, 1),
        until_on=date(2019, 5, 1),
        basis_doc="委托书",
    )
    desk.clue.be_given(LinkedRegister(people=PEOPLE, delegations=(given,)))
    deputy = {"id": "OF-1", "role": "supervision_group", "on_behalf_of": "SU-1"}

    why = desk.refused(c.TriageClue, actor=deputy, **JUDGED)

    assert (why.code, why.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "SOD8")


def test_sod8_who_sent_the_package_does_not_enter_its_receipt() -> None:
    desk = ClueDesk().transferred("OF-1")

    assert desk.refused(c.RecordReceipt, "OF-1", **RECEIPT).code is Code.DUTY_NOT_SEPARATED
    assert desk.received("OF-2").record.handover.entered_by == "OF-2"


@pytest.mark.parametrize(
    ("command", "step", "fields"),
    [(command, step, fields) for command, step, fields, _ in WHO[:9]],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_sod6_nobody_of_the_unit_concerned_has_a_hand_in_it(
    command: type[Command], step: str, fields: dict[str, Any]
) -> None:
    desk = brought(step)
    unit = desk.record.object_unit
    office = [each for each in desk.clue.state.person.values() if each.id == "OF-1"]
    desk.clue.state.person["OF-1:office"] = office[0].model_copy(update={"unit": unit})

    why = desk.refused(command, actor={"id": "OF-1", "role": "office", "unit": unit}, **fields)

    assert (why.code, why.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "SOD6")


def test_row_31_the_account_is_given_by_who_reported_or_a_colleague() -> None:
    desk = ClueDesk(by="SU-1")
    fields: dict[str, Any] = {"reporter_class": "anonymous", "matter": MATTER, "lookup": LOOKUP}

    assert desk.refused(c.WriteUpClue, "IN-1", **fields).code is Code.ROLE_NOT_PERMITTED
    assert desk.refused(c.WriteUpClue, "OF-1", **fields).code is Code.ROLE_NOT_PERMITTED
    desk.do(c.WriteUpClue, "SU-2", **fields)
    assert desk.refused(c.WriteUpClue, "SU-1", **fields).code is Code.STATE_ORDER


def test_nothing_is_judged_that_was_not_written_down() -> None:
    why = ClueDesk().refused(c.TriageClue, **JUDGED)

    assert (why.code, why.params["state"]) == (Code.STATE_ORDER, "unwritten")


SEALED = ClueAccess.SEALED


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"matter": " "}, ["matter"]),
        ({"sealed": None, "custodian": None}, ["sealed"]),
        ({"custodian": None}, ["custodian"]),
        ({"reporter_class": "anonymous", "sealed": None}, ["custodian"]),
        ({"access_level": SEALED}, ["-matter", "-object_unit"]),
        (
            {
                "access_level": SEALED,
                "sealed": None,
                "custodian": None,
                "reporter_class": "body",
                "matter": "",
                "object_unit": None,
                "object_person": "某科长",
            },
            ["sealed", "-object_person"],
        ),
    ],
)
def test_g7_what_an_account_must_and_must_not_tell(
    fields: dict[str, Any], missing: list[str]
) -> None:
    usual: dict[str, Any] = {
        "reporter_class": "citizen",
        "matter": MATTER,
        "object_unit": "U02",
        "sealed": "sealed#3",
        "custodian": "SU-2",
        "lookup": LOOKUP,
    }
    why = ClueDesk().refused(c.WriteUpClue, "IN-1", **{**usual, **fields})

    assert (why.code, why.params["missing"]) == (Code.CLUE_CONTENT, missing)


def test_row_44_a_custodian_is_of_the_office_or_the_supervision_group() -> None:
    desk = ClueDesk()
    fields: dict[str, Any] = {"reporter_class": "citizen", "matter": MATTER, "lookup": LOOKUP}

    why = desk.refused(c.WriteUpClue, "IN-1", **fields, sealed="sealed#3", custodian="CG-1")
    assert why.code is Code.NOT_CUSTODIAN
    desk.written()
    assert desk.record.openers == ("SU-2",)
    desk.do(c.DesignateCustodian, "LG-1", person="OF-2", doc_no="指定1号")
    assert desk.record.openers == ("OF-2",)
    named = desk.refused(c.DesignateCustodian, "LG-1", person="U01-L1", doc_no="-")
    assert named.code is Code.NOT_CUSTODIAN


def test_row_44_the_receiver_in_the_case_may_open_as_well() -> None:
    assert ClueDesk().received().record.openers == ("SU-2", "DX-1")


def test_where_nothing_is_sealed_there_is_no_custodian() -> None:
    desk = ClueDesk().written(reporter_class="anonymous", sealed=None, custodian=None)

    why = desk.refused(c.DesignateCustodian, "LG-1", person="OF-2", doc_no="-")

    assert why.code is Code.OBJECT_NOT_FOUND
    assert desk.record.openers == ()


def test_three_provisions_a_request_about_a_case_is_refused_and_stands_on_the_trail() -> None:
    desk = ClueDesk().written()
    case = {"case": "（2019）黑01刑初12号", "asked_by": "某副市长", "request": "请从轻"}
    command = desk.command(c.RequestOnCase, "SU-1", **case)

    why = desk.refused(c.RequestOnCase, "SU-1", **case)
    desk.clue.refuse(command, why, now=desk.now)

    assert why.code is Code.CASE_UNTOUCHABLE
    entry = desk.events[-1]
    assert (entry.outcome, entry.code) == (Outcome.REJECTED, "case.untouchable")
    assert entry.detail["params"] == {"case": case["case"], "asked_by": "某副市长"}
