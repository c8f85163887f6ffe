"""The columns of the rectification ledger (d.6): the exact list, and when a ledger changes what."""

from duban.domain.problem.columns import COLUMNS, FOUND, STATES_OF, By, known_to
from duban.domain.problem.commands import AssignProblem, TriageProblem
from duban.domain.problem.registration import Registration
from duban.domain.problem.tables import MOVES
from duban.domain.problem.words import AccessLevel
from duban.domain.problem.words import ProblemState as P
from duban.domain.roles import Role
from duban.texts import Language
from duban.workbook.ledger_words import FIELDS, head

D6 = """
序号 seq; 问题编号 problem_no; 所属专项 campaign; 问题来源 source;
来源编号 source_ref; 发现时间 found_at; 责任单位 responsible_unit; 具体问题 description;
问题类型 problem_type; 严重程度 severity; 是否硬骨头 hard_bone; 整改类别 rectify_class;
整改目标 target; 整改措施 measures; 牵头单位 lead_unit; 协办单位 assisting_units;
责任领导 principal_leader; 责任人 handler; 交办时间 assigned_at; 整改时限 due_at;
延期次数 extension_count; 进展情况 latest_progress; 解释次数 explanation_count; 完成情况 result;
佐证材料 evidence_refs; 复查人 verifier; 复查时间 verified_at; 复查结论 verify_result;
公示情况 public_notice; 销号时间 signed_off_at; 销号签字 signers; 回头看时间/结果 lookback;
反弹次数 recurrence_no; 黄牌/红牌 cards; 问责情况 accountability_ref; 密级/知悉范围 access_level;
备注 note
"""


def test_d6_the_headings_and_fields_are_those_of_the_domain_in_order() -> None:
    listed = [tuple(each.split()) for each in D6.split(";")]

    assert [(head(field, Language.ZH), field) for field in FIELDS] == listed
    assert [column.field for column in COLUMNS] == [field for _, field in listed]


def test_d1_a_ledger_changes_only_what_its_command_may_change_then() -> None:
    for by, wanted in ((By.TRIAGE, P.TRIAGED), (By.ASSIGN, P.ASSIGNED)):
        from_there = {state for state, moves in MOVES.items() if wanted in moves}
        assert STATES_OF[by] == from_there - {P.RETURN_PENDING}


def test_every_field_of_the_commands_has_its_column() -> None:
    own = {"type", "request_id", "actor"}
    names = {"responsible_unit": "unit", "due_at": "limit", "assisting_units": "assisting"}
    told = {
        by: {names.get(column.field, column.field) for column in COLUMNS if column.by is by}
        for by in By
    }

    assert {*TriageProblem.model_fields} - own - told[By.TRIAGE] == {"opinion"}
    lacking = {"leader_in_charge", "basis_doc"}
    assert {*AssignProblem.model_fields} - own - told[By.ASSIGN] == lacking
    said = {{"found_at": "found_on", "responsible_unit": "unit"}.get(f, f) for f in FOUND}
    assert {*Registration.model_fields} - said == {"title", "from_person", "ticket"}


def test_b3_43_what_is_confidential_is_known_to_those_who_handle_it() -> None:
    assert known_to(Role.OFFICE) == tuple(AccessLevel)
    assert known_to(Role.PRINCIPAL_LEADER) == tuple(AccessLevel)
    assert known_to(Role.COORDINATION_GROUP) == (AccessLevel.OPEN, AccessLevel.INTERNAL)
    assert known_to(Role.EXTERNAL_DECIDER) == (AccessLevel.OPEN,)
