"""Which columns each kind of object has, in lists and alone, in the order people expect."""

from duban.cli.output import Column, Row
from duban.cli.session import Session
from duban.texts import explain, worded


def _subject(session: Session, row: Row) -> str:
    return f"{session.term('kind', row.get('object_type'))} {row.get('object_id', '')}".strip()


def _limit(session: Session, row: Row) -> str:
    amount = row.get("amount")
    unit = session.term("span", row.get("unit"))
    return unit if amount is None else f"{amount} {unit}"


def _light(session: Session, row: Row) -> str:
    return session.say(f"light.{row['light']}")


def _holder(session: Session, row: Row) -> str:
    return session.term("role", row.get("holder"))


def _provisional(session: Session, row: Row) -> str:
    return session.say("provisional") if row.get("provisional") else ""


def _missing(session: Session, row: Row) -> str:
    return worded("missing", row["missing"], session.lang) if row["missing"] else ""


def _reason(session: Session, row: Row) -> str:
    """Return why: what the person wrote, or what the rules said."""
    if row.get("code"):
        return explain(str(row["code"]), row["params"], session.lang)
    return str(row.get("reason") or "")


CAMPAIGNS = (
    Column("no"),
    Column("title"),
    Column("stage", "stage"),
    Column("current_phase", right=True),
    Column("plan_state", "plan_state"),
    Column("launch_on"),
    Column("close_on"),
    Column("lead_group_title"),
    Column("mode", "mode"),
)
PROBLEMS = (
    Column("no"),
    Column("title"),
    Column("unit"),
    Column("problem_type", "problem_type"),
    Column("rectify_class", "rectify_class"),
    Column("state", "problem_state"),
    Column("handler"),
    Column("breach_level", right=True),
    Column("yellow_count", right=True),
    Column("red_count", right=True),
    Column("explanations", right=True),
    Column("stagnant"),
)
PROBLEM = (
    Column("campaign"),
    *PROBLEMS,
    Column("description"),
    Column("source", "source"),
    Column("source_ref"),
    Column("found_on"),
    Column("severity", "severity"),
    Column("hard_bone"),
    Column("access_level", "access"),
    Column("target"),
    Column("principal_leader"),
    Column("leader_in_charge"),
    Column("replies", right=True),
    Column("explanation_streak", right=True),
    Column("rejections", right=True),
    Column("signed_off_on"),
    Column("recurrence_no", right=True),
    Column("recurs"),
    Column("earlier_signers"),
    Column("successor"),
)
CLUES = (
    Column("no"),
    Column("source", "clue_source"),
    Column("received_at"),
    Column("object"),
    Column("matter"),
    Column("nature", "nature"),
    Column("handling", "handling"),
    Column("decided_by"),
    Column("addressee"),
    Column("sent_at"),
    Column("received_by"),
    Column("feedback_on"),
    Column("clue_outcome", "clue_outcome"),
    Column("told_on"),
    Column("access_level", "clue_access"),
)
"""线索台账 (domain.md d.6), in its order."""
CLUE = (
    Column("campaign"),
    *CLUES,
    Column("state", "clue_state"),
    Column("reporter_class", "reporter"),
    Column("major"),
    Column("acknowledged_by"),
    Column("chased", right=True),
    Column("returns", right=True),
    Column("retaliation"),
    Column("withheld"),
    Column("sealed"),
    Column("custodian"),
)
EVIDENCE = (
    Column("id"),
    Column("kind", "evidence"),
    Column("title"),
    Column("media_type"),
    Column("size", right=True),
    Column("captured_at"),
    Column("added_at"),
    Column("added_by"),
    Column("older"),
    Column("elsewhere"),
    Column("superseded_by"),
    Column("digest"),
)
TASKS = (
    Column("campaign"),
    Column("no"),
    Column("title"),
    Column("lead_unit"),
    Column("handler"),
    Column("difficulty", "difficulty"),
    Column("state", "task_state"),
    Column("due_on"),
    Column("breach_level", right=True),
    Column("yellow_count", right=True),
    Column("stagnant"),
)
TASK = (
    *TASKS,
    Column("focus"),
    Column("target_object"),
    Column("problem"),
    Column("measures"),
    Column("effect_measure"),
    Column("evidence_definition"),
    Column("assisting_units"),
    Column("principal_leader"),
    Column("leader_in_charge"),
    Column("clauses"),
    Column("core_duty"),
    Column("accepted_by"),
    Column("item_plan_doc"),
    Column("claimed_by"),
    Column("verified_by"),
    Column("defects"),
    Column("rejections", right=True),
    Column("returns", right=True),
    Column("red_count", right=True),
    Column("cards_score", right=True),
    Column("disposition"),
    Column("last_action_on"),
)
GOALS = (
    Column("campaign"),
    Column("id"),
    Column("task"),
    Column("phase", right=True),
    Column("measure"),
    Column("baseline", right=True),
    Column("current_value", right=True),
    Column("target", right=True),
    Column("unit_of_measure"),
    Column("state", "goal_state"),
    Column("due_on"),
)
GOAL = (
    *GOALS,
    Column("direction", "direction"),
    Column("data_source"),
    Column("claimed_value", right=True),
    Column("claimed_by"),
    Column("verified_value", right=True),
    Column("verified_by"),
    Column("carried_from_phase", right=True),
    Column("decision_doc"),
    Column("decision_reason"),
)
UNITS = (
    Column("campaign"),
    Column("code"),
    Column("name"),
    Column("kind", "unit_kind"),
    Column("parent"),
    Column("must_plan"),
    Column("plan_state", "plan_state"),
    Column("plan_doc"),
)
PEOPLE = (
    Column("campaign"),
    Column("id"),
    Column("name"),
    Column("role", "role"),
    Column("unit"),
    Column("title"),
    Column("left"),
)
DEADLINES = (
    Column("light", shown=_light),
    Column("campaign"),
    Column("id"),
    Column("code", "deadline"),
    Column("object_id", shown=_subject),
    Column("holder", shown=_holder),
    Column("start_on"),
    Column("amount", shown=_limit),
    Column("original_due_on"),
    Column("current_due_on"),
    Column("provisional", shown=_provisional),
    Column("days_left", right=True),
    Column("extensions", right=True),
    Column("next_rung", "rung"),
    Column("next_at"),
    Column("status", "deadline_status"),
)
DEADLINE = (
    *DEADLINES,
    Column("matter"),
    Column("due_at"),
    Column("calendar_version", right=True),
    Column("sent", "rung"),
    Column("met_at"),
    Column("breached_at"),
    Column("breach_level", right=True),
    Column("remedial_on"),
    Column("held_at"),
    Column("stopped_from"),
    Column("stop_ground", "clock_stop"),
    Column("stop_proof"),
)
EXTENSIONS = (
    Column("campaign"),
    Column("id"),
    Column("deadline"),
    Column("object_id", shown=_subject),
    Column("unit"),
    Column("reason_class", "reason"),
    Column("reason"),
    Column("old_due_on"),
    Column("new_due_on"),
    Column("working_days", right=True),
    Column("nth", right=True),
    Column("decider", "role"),
    Column("state", "extension_state"),
    Column("decided_by"),
    Column("repeated_reason"),
    Column("easy_first"),
)
NOTICES = (
    Column("sent_at"),
    Column("campaign"),
    Column("rung", "rung"),
    Column("document", "paper"),
    Column("recipient"),
    Column("recipient_role", "role"),
    Column("recipient_unit"),
    Column("object_id", shown=_subject),
    Column("matter"),
    Column("due_on"),
    Column("provisional", shown=_provisional),
    Column("late"),
)
ENTRIES = (
    Column("at"),
    Column("key"),
    Column("tag", "tag"),
    Column("actor"),
    Column("role", "role"),
    Column("unit"),
    Column("object_id", shown=_subject),
    Column("outcome", "outcome"),
    Column("code"),
    Column("reason", shown=_reason),
    Column("basis"),
)
CONDITIONS = (
    Column("id"),
    Column("condition", shown=lambda session, row: session.term("gate", row["id"])),
    Column("met"),
    Column("missing", shown=_missing),
)
