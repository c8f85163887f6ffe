"""The catalogue is complete: every code, value, tag, command and option, in both languages."""

import ast
from enum import StrEnum
from string import Formatter

import pytest

from duban.cli.decisions import DECISIONS
from duban.contracts import Mode
from duban.doctor import Level
from duban.domain import calendars, counting, deadlines, errors, events, limits, plan, policy, roles
from duban.domain.campaign import commands, draw_proof, draw_records, records, state
from duban.domain.campaign.conditions import CONDITIONS
from duban.domain.clue import sight as clue_sight
from duban.domain.clue import words as clue_words
from duban.domain.clue.state import ClueState as ClueTables
from duban.domain.draw import freezing as draw_freezing
from duban.domain.draw import places as draw_places
from duban.domain.draw import record as draw_record
from duban.domain.draw import trail as draw_trail
from duban.domain.entity import records as shared_records
from duban.domain.inspection import sight as inspection_sight
from duban.domain.inspection import words as inspection_words
from duban.domain.inspection.state import InspectionState as InspectionTables
from duban.domain.problem import records as problem_records
from duban.domain.problem import words as problem_words
from duban.domain.problem.state import ProblemState as ProblemTables
from duban.seeds import CalendarFault
from duban.texts import Language, explain, known, term, text
from duban.texts.catalogue import CATALOGUE
from tests.support.sources import calls, modules, product
from tests.support.tags import tags

SHOWN: dict[type[StrEnum], str] = {
    calendars.DayKind: "day",
    commands.DocumentKind: "document",
    commands.Gate: "gate",
    commands.GoalDecision: "goal_decision",
    commands.ReasonClass: "reason",
    counting.ClockStopGround: "clock_stop",
    counting.TimeUnit: "span",
    deadlines.DeadlineStatus: "deadline_status",
    events.Outcome: "outcome",
    Level: "level",
    Mode: "mode",
    plan.DetailPoint: "detail",
    plan.Difficulty: "difficulty",
    plan.Direction: "direction",
    plan.UnitKind: "unit_kind",
    limits.DeadlineCode: "deadline",
    policy.Recipient: "recipient",
    roles.Action: "action",
    roles.Role: "role",
    records.CampaignStage: "stage",
    shared_records.EvidenceKind: "evidence",
    shared_records.ExtensionState: "extension_state",
    records.GoalState: "goal_state",
    records.PhaseStatus: "phase_status",
    records.PlanState: "plan_state",
    records.TaskState: "task_state",
    clue_words.ClueState: "clue_state",
    clue_words.ClueSource: "clue_source",
    clue_words.ReporterClass: "reporter",
    clue_words.ClueNature: "nature",
    clue_words.Receiver: "receiver",
    clue_words.Handling: "handling",
    clue_words.ClueAccess: "clue_access",
    clue_words.ClueOutcome: "clue_outcome",
    clue_words.ClueTrigger: "clue_trigger",
    clue_sight.Sight: "sight",
    inspection_sight.FieldGroup: "field_group",
    inspection_words.InspectionKind: "inspection_kind",
    inspection_words.InspectionState: "inspection_state",
    inspection_words.NoticeRule: "notice_rule",
    inspection_words.Choice: "target_choice",
    inspection_words.LocationKind: "location",
    inspection_words.Invariant: "invariant",
    inspection_words.Method: "method",
    inspection_words.ServiceRule: "service_rule",
    inspection_words.Score: "score",
    inspection_words.FindingKind: "finding_kind",
    inspection_words.ReviewOutcome: "review_outcome",
    inspection_words.InspectionEnd: "inspection_end",
    inspection_words.InspectionTrigger: "inspection_trigger",
    problem_words.ProblemState: "problem_state",
    problem_words.ProblemSource: "source",
    problem_words.ProblemType: "problem_type",
    problem_words.Severity: "severity",
    problem_words.TicketKind: "ticket_kind",
    problem_words.RectifyClass: "rectify_class",
    problem_words.AccessLevel: "access",
    problem_words.FinalGround: "final_ground",
    problem_words.LookBackMethod: "look_back",
    problem_words.DrawMark: "draw_mark",
    draw_records.DrawState: "draw_state",
    draw_proof.DrawFault: "draw_fault",
    draw_record.RecordFault: "draw_fault",
    draw_record.DrawDoubt: "draw_doubt",
    draw_trail.TrailFault: "draw_fault",
    draw_freezing.ExclusionCode: "draw_exclusion",
    draw_places.TieKind: "tie",
    problem_records.ReplyClass: "reply_class",
    problem_records.CardState: "card_state",
}
"""Every enum whose values people see, and the prefix of its words."""

ERRORS = {
    "AlreadyExists",
    "AuditBroken",
    "DubanError",
    "NotFound",
    "StackError",
    "StoreError",
    "Unavailable",
    "UsageFault",
}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def is_chinese(said: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in said)


@pytest.mark.parametrize("code", errors.Code)
def test_every_refusal_has_a_sentence_with_a_next_step(code: errors.Code) -> None:
    chinese, english = CATALOGUE[code]

    assert chinese.endswith("。")
    assert english.endswith(".")


@pytest.mark.parametrize(
    ("prefix", "value"), [(SHOWN[kind], value) for kind in SHOWN for value in kind]
)
def test_every_value_has_a_word(prefix: str, value: StrEnum) -> None:
    assert known(f"{prefix}.{value}")


@pytest.mark.parametrize("tag", sorted(tags()))
def test_every_event_has_a_name(tag: str) -> None:
    assert known(f"tag.{tag}")


def test_no_name_is_kept_for_an_event_that_is_never_said() -> None:
    named = {key.removeprefix("tag.") for key in CATALOGUE if key.startswith("tag.")}

    assert named == tags()


@pytest.mark.parametrize(
    "condition", sorted({name for row in CONDITIONS.values() for name, _ in row})
)
def test_every_gate_condition_has_a_sentence(condition: str) -> None:
    assert known(f"gate.{condition}")


@pytest.mark.parametrize("rung", policy.PolicyVersion().rungs, ids=lambda rung: rung.code)
def test_every_rung_and_its_paper_have_a_word(rung: policy.Rung) -> None:
    assert known(f"rung.{rung.code}")
    assert known(f"paper.{rung.document}")


_OWN = {*ProblemTables.MODELS, *ClueTables.MODELS, *InspectionTables.MODELS} - set(
    state.CampaignState.MODELS
)
PROBLEM_KINDS = sorted(_OWN)


@pytest.mark.parametrize(
    "kind", [*state.CampaignState.MODELS, *PROBLEM_KINDS, "notice", "spot_check"]
)
def test_every_kind_of_object_has_a_word(kind: str) -> None:
    assert known(f"kind.{kind}")


@pytest.mark.parametrize("fault", CalendarFault)
def test_every_fault_of_a_calendar_file_has_a_sentence(fault: CalendarFault) -> None:
    assert known(fault)


def raised_codes() -> set[str]:
    """Return every code that an error outside the rules is raised with, or has by its class."""
    found = set()
    for module in product():
        for name, call in calls(module.tree):
            first = call.args[0] if call.args else None
            if name.split(".")[-1] in ERRORS and isinstance(first, ast.Constant):
                found.add(str(first.value))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                found |= {
                    str(each.value.value)
                    for each in node.body
                    if isinstance(each, ast.Assign)
                    and ast.unparse(each.targets[0]) == "code"
                    and isinstance(each.value, ast.Constant)
                }
    return found


def test_every_error_has_a_sentence() -> None:
    found = raised_codes()

    assert len(found) > len(ERRORS)
    assert sorted(code for code in found if not known(code)) == []


def keys_said() -> set[str]:
    """Return every whole key that the command line asks the catalogue for."""
    return {
        call.args[0].value
        for module in modules("duban/cli", "duban/rehearsal")
        for name, call in calls(module.tree)
        if name.split(".")[-1] in {"say", "print", "text"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_every_text_the_program_asks_for_is_there() -> None:
    said = keys_said()

    assert len(said) > 50
    assert sorted(key for key in said if not known(key)) == []


def test_both_languages_take_the_same_params() -> None:
    different = [
        key
        for key, (chinese, english) in CATALOGUE.items()
        if placeholders(chinese) != placeholders(english)
    ]

    assert different == []


def test_sentences_in_chinese_are_chinese_and_in_english_are_not() -> None:
    # The kinds of days in a calendar file, and the sheets and columns of a plan, have one name.
    english = {key for key, (_, said) in CATALOGUE.items() if is_chinese(said)}
    chinese = {
        key for key, (said, _) in CATALOGUE.items() if placeholders(said) and not is_chinese(said)
    }

    own = ("file.", "cell.", "column.", "sheet.", "fault.", "calendar_file.", "plan_file.")
    assert {key for key in english if not key.startswith(own)} == set()
    assert chinese == {"demo.bar", "demo.campaign", "doctor.python.ok"}


def test_no_chinese_stands_in_the_command_line_itself() -> None:
    found = [
        each.at(node)
        for each in modules("duban/cli", "duban/doctor.py")
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and is_chinese(node.value)
        and not is_docstring(each.tree, node)
    ]

    assert found == []


def is_docstring(tree: ast.AST, node: ast.Constant) -> bool:
    return any(isinstance(each, ast.Expr) and each.value is node for each in ast.walk(tree))


def test_a_missing_param_shows_as_a_dash() -> None:
    assert "done in: —" in text("stage.order", Language.EN, stage="plan")


def test_lists_are_joined_as_the_language_does() -> None:
    assert "甲、乙" in text("plan.invalid", Language.ZH, missing=["甲", "乙"])
    assert "a, b" in text("plan.invalid", Language.EN, missing=["a", "b"])


def test_codes_among_params_become_words() -> None:
    params: dict[str, object] = {
        "action": "01.create_campaign",
        "role": "liaison",
        "held": ["office"],
    }

    said = explain("role.not_permitted", params, Language.ZH)

    assert said.startswith("“联络员”无权办理此事（立项、中止、终止）")
    assert "领导小组办公室" in said


def test_a_code_may_have_its_own_sentence_for_a_param() -> None:
    assert "done in: draft" in explain("stage.order", {"heard": ["draft"]}, Language.EN)
    assert "ahead is G1" in explain("stage.order", {"gate": "G1"}, Language.EN)


def test_an_unmet_condition_is_named_by_its_sentence() -> None:
    said = explain("gate.unmet", {"gate": "G1", "unmet": ["G1.6: T-01, T-02", "odd"]}, Language.EN)

    assert "G1.6 every task is accepted (T-01, T-02), odd" in said


def test_a_code_from_a_newer_part_is_shown_as_it_is() -> None:
    assert explain("x.new", {"id": 1}, Language.ZH) == "x.new {'id': 1}"
    assert explain("x.new", {}, Language.ZH) == "x.new"
    assert term("stage", "x", Language.ZH) == "x"


def test_every_decision_has_its_help() -> None:
    assert all(known(f"cmd.{each.path}") for each in DECISIONS)
