"""The one exception of the domain and the closed list of its refusal codes."""

from enum import StrEnum


class Code(StrEnum):
    """Every reason for which the rules say no. Stable, dotted, translated in `duban.texts`."""

    # Who may.
    ACTOR_UNKNOWN = "actor.unknown"
    ACTOR_ROLE_NOT_HELD = "actor.role_not_held"
    ROLE_NOT_PERMITTED = "role.not_permitted"
    ROLE_OUT_OF_SCOPE = "role.out_of_scope"
    READING_OUT_OF_SCOPE = "reading.out_of_scope"
    DELEGATION_INVALID = "delegation.invalid"
    DUTY_NOT_SEPARATED = "duty.not_separated"
    SYSTEM_MAY_NOT_DECIDE = "system.may_not_decide"
    # Shape and references.
    COMMAND_MALFORMED = "command.malformed"
    SIGNAL_MALFORMED = "signal.malformed"
    REQUEST_REUSED = "request.reused"
    OBJECT_NOT_FOUND = "object.not_found"
    UNIT_UNKNOWN = "unit.unknown"
    BASIS_MISSING = "basis.missing"
    REASON_MISSING = "reason.missing"
    DOCUMENT_MISSING = "document.missing"
    # Plans.
    PLAN_INVALID = "plan.invalid"
    PLAN_IN_PAST = "plan.in_past"
    PLAN_TOO_LARGE = "plan.too_large"
    CLOCK_OFFSET_ON_LIVE = "clock.offset_on_live"
    # Stages and gates.
    STAGE_ORDER = "stage.order"
    STAGE_NOT_LIVE = "stage.not_live"
    GATE_UNMET = "gate.unmet"
    STATE_ORDER = "state.order"
    # Calendar and deadlines.
    CALENDAR_OUT_OF_RANGE = "calendar.out_of_range"
    CALENDAR_NOT_NEWER = "calendar.not_newer"
    SPAN_NOT_UNDERSTOOD = "span.not_understood"
    DEADLINE_ON_REST_DAY = "deadline.on_rest_day"
    DATE_AHEAD = "date.ahead"
    DEADLINE_IN_PAST = "deadline.in_past"
    DEADLINE_NOT_OPEN = "deadline.not_open"
    DEADLINE_OVER_CAP = "deadline.over_cap"
    CLOCK_STOP_GROUND = "clock_stop.ground"
    # Extensions (EXT1-EXT8).
    EXTENSION_AFTER_EXPIRY = "extension.after_expiry"
    EXTENSION_TOO_LATE = "extension.too_late"
    EXTENSION_INCOMPLETE = "extension.incomplete"
    EXTENSION_TOO_MANY = "extension.too_many"
    EXTENSION_TOO_LONG = "extension.too_long"
    EXTENSION_NOT_LATER = "extension.not_later"
    EXTENSION_WRONG_DECIDER = "extension.wrong_decider"
    EXTENSION_UNEQUAL = "extension.unequal_treatment"
    EXTENSION_PENDING = "extension.pending"
    # Problems (d.2, d.3).
    SIGNATURE_MISSING = "signature.missing"
    CLOSE_INCOMPLETE = "close.incomplete"
    NOTICE_RUNNING = "notice.running"
    OBJECT_TOO_MANY = "object.too_many"
    EVIDENCE_TOO_LARGE = "evidence.file_too_large"
    EVIDENCE_TYPE = "evidence.file_type"
    # Clues (g.7).
    CLUE_CONTENT = "clue.content"
    CLUE_ROUTE = "clue.route"
    CLUE_SOURCE = "clue.not_its_source"
    CASE_UNTOUCHABLE = "case.untouchable"
    NOT_CUSTODIAN = "identity.not_custodian"
    # Goals and evidence.
    EVIDENCE_INSUFFICIENT = "evidence.insufficient"
    GOAL_BELOW_TARGET = "goal.below_target"
    VALUE_NOT_A_NUMBER = "value.not_a_number"
    # Random draws (f.3).
    DRAW_POPULATION = "draw.population"
    DRAW_TOO_FEW = "draw.too_few"
    DRAW_TOO_LARGE = "draw.too_large"
    DRAW_POOL = "draw.pool"
    DRAW_LEADER = "draw.leader_not_in_pool"
    DRAW_EXCLUSION = "draw.exclusion_unknown"
    DRAW_QUOTAS = "draw.quotas"
    # Spot checks (f.2).
    SPOT_CHECK_NOT_AUTHORISED = "spot_check.not_authorised"
    SPOT_CHECK_BODY_NOT_DESIGNATED = "spot_check.body_not_designated"
    # Orders of inspections (f.2, f.3).
    INSPECTION_LEADERS = "inspection.leaders"
    INSPECTION_OVER_BUDGET = "inspection.over_budget"
    INSPECTION_REPEATED = "inspection.repeated"
    DRAW_UNFINISHED = "draw.unfinished"
    DRAW_LISTS = "draw.lists"
    # Inspections (f.1, f.4, f.5).
    INSPECTION_KIND = "inspection.kind"
    INSPECTION_INCOMPLETE = "inspection.incomplete"
    INSPECTION_SCOPE_TELLS = "inspection.scope_tells"
    INSPECTION_TEAM = "inspection.team"
    INSPECTION_NOT_TEAM = "inspection.not_of_the_team"
    INSPECTION_UNANNOUNCED = "inspection.unannounced"
    INSPECTION_TOO_EARLY = "inspection.too_early"
    INSPECTION_OUT_OF_SCOPE = "inspection.out_of_scope"
    TARGET_NOT_YET = "target.not_yet"
    TARGET_NOT_YOURS = "target.not_yours"
    TARGET_OPEN = "target.open"
    RECORD_EMPTY = "record.empty"
    RECORD_UNSIGNED = "record.unsigned"
    CONCLUSION_ITEMS = "conclusion.items"
    FINDING_SOURCE = "finding.not_its_source"
    FINDING_ORPHANS = "finding.orphans"
    REVIEW_LATE = "review.late"
    REVIEW_OPEN = "review.open"


class RuleViolation(Exception):
    """The rules refuse this; nothing has changed.

    `code` is stable and decides everything a program does; `params` fill the translated sentence.
    Values of `params` are JSON scalars, or lists of them.
    """

    def __init__(self, code: Code, **params: str | int | list[str]) -> None:
        super().__init__(f"{code.value} {params}" if params else code.value)
        self.code = code
        self.params = params
