"""Who may do what: bodies and roles, the permission matrix (domain.md b.3) as data.

The separation rules (b.4) that need more than a role stand in `duban.domain.entity.permits`.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from pydantic import Field

from duban.domain.errors import Code, RuleViolation
from duban.domain.model import Ident, Model, Text


class Role(StrEnum):
    """The columns of the permission matrix (domain.md b.3)."""

    LEADING_GROUP = "leading_group"
    OFFICE = "office"
    COORDINATION_GROUP = "coordination_group"
    SUPERVISION_GROUP = "supervision_group"
    PUBLICITY_GROUP = "publicity_group"
    CAMPAIGN_GROUP = "campaign_group"
    PRINCIPAL_LEADER = "principal_leader"
    LIAISON = "liaison"
    INSPECTION_TEAM = "inspection_team"
    EXTERNAL_DECIDER = "external_decider"
    SYSTEM = "system"


UNIT_ROLES = frozenset({Role.PRINCIPAL_LEADER, Role.LIAISON})
"""Roles that act for one unit and for no other."""


class Actor(Model):
    """Who did it: person, the role acted in, the unit, and for whom when deputising (SOD10)."""

    id: Ident
    role: Role
    unit: Ident | None = None
    on_behalf_of: Ident | None = None
    delegation_id: Ident | None = None


SYSTEM = Actor(id="system", role=Role.SYSTEM)
"""The worker itself. It may remind, compute, draw, draft, import and flag; no more (SOD11)."""


class FormerUnit(Model):
    """A unit a person has left, for SOD3 and SOD6."""

    unit: Ident
    left_on: date


class Person(Model):
    """A person of the register with the role held; a person with two roles has two entries.

    `left` says that the post was given up; the entry stays for what was done in it.
    """

    id: Ident
    name: Text
    role: Role
    unit: Ident | None = None
    title: str = ""
    former_units: tuple[FormerUnit, ...] = Field(default=())
    left: bool = False

    @property
    def key(self) -> str:
        """The register's key: one person may hold several roles."""
        return f"{self.id}:{self.role.value}"


class Delegation(Model):
    """A recorded deputising: who, for whom, scope, from-to, basis document (SOD10)."""

    id: str
    deputy: Ident
    principal: Ident
    role: Role
    scope: tuple[str, ...] = ()
    from_on: date
    until_on: date
    basis_doc: Text


class Right(StrEnum):
    """The codes of the matrix; READ and NOTIFIED give no right to act."""

    CREATE = "C"
    APPROVE = "A"
    EXECUTE = "E"
    READ_ALL = "R"
    READ_OWN = "r"
    NOTIFIED = "N"
    PROPOSE = "P"
    NONE = "-"
    FORBIDDEN = "X"


class Action(StrEnum):
    """The rows of the matrix (domain.md b.3); the value is the row number and its slug."""

    CREATE_CAMPAIGN = "01.create_campaign"
    SET_POLICY = "02.set_policy"
    DRAFT_PLAN = "03.draft_plan"
    REVIEW_PLAN = "04.review_plan"
    APPROVE_PLAN = "05.approve_plan"
    SUBMIT_UNIT_PLAN = "06.submit_unit_plan"
    REVIEW_UNIT_PLAN = "07.review_unit_plan"
    ACCEPT_TASK = "08.accept_task"
    ADJUDICATE_RETURN = "09.adjudicate_return"
    REGISTER_PROBLEM = "10.register_problem"
    ASSIGN_PROBLEM = "11.assign_problem"
    REPLY = "12.reply"
    CLASSIFY_REPLY = "13.classify_reply"
    REQUEST_CLOSE = "14.request_close"
    VERIFY = "15.verify"
    SIGN_OFF = "16.sign_off"
    LOOK_BACK = "17.look_back"
    REQUEST_EXTENSION = "18.request_extension"
    DECIDE_FIRST_EXTENSION = "19.decide_first_extension"
    DECIDE_LONG_EXTENSION = "20.decide_long_extension"
    DECIDE_GOAL_EXTENSION = "21.decide_goal_extension"
    REMIND = "22.remind"
    YELLOW_CARD = "23.yellow_card"
    RED_CARD = "24.red_card"
    PHASE_REVIEW = "25.phase_review"
    ORDER_SPOT_CHECK = "26.order_spot_check"
    RUN_DRAW = "27.run_draw"
    READ_SEALED_TARGET = "28.read_sealed_target"
    INSPECTION_RECORD = "29.inspection_record"
    REVIEW_CONCLUSION = "30.review_conclusion"
    REPORT_CLUE = "31.report_clue"
    TRANSFER_CLUE = "32.transfer_clue"
    DRAFT_CIRCULAR = "33.draft_circular"
    SIGN_CIRCULAR = "34.sign_circular"
    EXPOSE_IN_MEDIA = "35.expose_in_media"
    OPEN_TRIGGER = "36.open_trigger"
    PROPOSE_ACCOUNTABILITY = "37.propose_accountability"
    DECIDE_ACCOUNTABILITY = "38.decide_accountability"
    APPEAL = "39.appeal"
    WEEKLY_DIGEST = "40.weekly_digest"
    PUBLISH_SCOREBOARD = "41.publish_scoreboard"
    CLOSE_CAMPAIGN = "42.close_campaign"
    QUERY_AUDIT = "43.query_audit"
    READ_WHISTLE_BLOWER = "44.read_whistle_blower"
    ALTER_AUDIT = "45.alter_audit"


_COLUMNS = (
    Role.LEADING_GROUP,
    Role.OFFICE,
    Role.COORDINATION_GROUP,
    Role.SUPERVISION_GROUP,
    Role.PUBLICITY_GROUP,
    Role.CAMPAIGN_GROUP,
    Role.PRINCIPAL_LEADER,
    Role.LIAISON,
    Role.INSPECTION_TEAM,
    Role.EXTERNAL_DECIDER,
    Role.SYSTEM,
)

# One row per action, one word per column in the order above; letters as in `Right`.
_ROWS: dict[Action, str] = {
    Action.CREATE_CAMPAIGN: "A C - - - P - - - - -",
    Action.SET_POLICY: "A C P P - P - - - - -",
    Action.DRAFT_PLAN: "- R R R - C r r - - -",
    Action.REVIEW_PLAN: "- R A R - X - - - - -",
    Action.APPROVE_PLAN: "A E - - - X N N - - -",
    Action.SUBMIT_UNIT_PLAN: "- R R R - R A C - - -",
    Action.REVIEW_UNIT_PLAN: "- R A r - P X X - - -",
    Action.ACCEPT_TASK: "- R - R - r A C - - -",
    Action.ADJUDICATE_RETURN: "A A - - - P X X - - -",
    Action.REGISTER_PROBLEM: "- C C C - C C C C - C",
    Action.ASSIGN_PROBLEM: "- E - - - E N N - - -",
    Action.REPLY: "- R r R - r A C - - -",
    Action.CLASSIFY_REPLY: "- A - A - A X X - - P",
    Action.REQUEST_CLOSE: "- N - - - N A C - - -",
    Action.VERIFY: "- A - A - A X X E - -",
    Action.SIGN_OFF: "A A - - - CA X X X - X",
    Action.LOOK_BACK: "- A - A - P X X E - P",
    Action.REQUEST_EXTENSION: "- N - - - N A C - - -",
    Action.DECIDE_FIRST_EXTENSION: "- N - N - A X X - - X",
    Action.DECIDE_LONG_EXTENSION: "N A - N - P X X - - X",
    Action.DECIDE_GOAL_EXTENSION: "A P - N - P X X - - X",
    Action.REMIND: "- R R R - R N N - - E",
    Action.YELLOW_CARD: "- A - R - C N N - - E",
    Action.RED_CARD: "A C - C - P N - - - P",
    Action.PHASE_REVIEW: "A C C C - C r - - - -",
    Action.ORDER_SPOT_CHECK: "A C - C - P X X - - -",
    Action.RUN_DRAW: "- X - E - X X X - - E",
    Action.READ_SEALED_TARGET: "X X X X X X X X E - X",
    Action.INSPECTION_RECORD: "- R - A - r r r C - -",
    Action.REVIEW_CONCLUSION: "A C - X - - C - X - -",
    Action.REPORT_CLUE: "R R C C C C C C C - C",
    Action.TRANSFER_CLUE: "A E - E - P - - - A -",
    Action.DRAFT_CIRCULAR: "- C - C - P - - - - C",
    Action.SIGN_CIRCULAR: "A E - P - - N - - - X",
    Action.EXPOSE_IN_MEDIA: "A P - P E - N - - - X",
    Action.OPEN_TRIGGER: "- C - C - C - - C - C",
    Action.PROPOSE_ACCOUNTABILITY: "A P - C - P X X - - X",
    Action.DECIDE_ACCOUNTABILITY: "X X X X X X X X X A X",
    Action.APPEAL: "- N - N - - C - - A -",
    Action.WEEKLY_DIGEST: "R A r R r r - - - - E",
    Action.PUBLISH_SCOREBOARD: "A C - R E - N - - - E",
    Action.CLOSE_CAMPAIGN: "A C P P - C N - - - -",
    Action.QUERY_AUDIT: "R R - R - r r - - R -",
    Action.READ_WHISTLE_BLOWER: "X X X X X X X X X R X",
    Action.ALTER_AUDIT: "X X X X X X X X X X X",
}

MATRIX: dict[Action, dict[Role, frozenset[Right]]] = {
    action: {
        role: frozenset(Right(letter) for letter in word)
        for role, word in zip(_COLUMNS, row.split(), strict=True)
    }
    for action, row in _ROWS.items()
}


def may(role: Role, action: Action, *rights: Right) -> bool:
    """Say whether `role` holds one of `rights` in the row of `action` (domain.md b.3)."""
    return bool(MATRIX[action][role].intersection(rights))


def require(actor: Actor, action: Action, *rights: Right) -> None:
    """Refuse unless the actor's role holds one of `rights` in the row of `action`.

    Raises `RuleViolation` with ROLE_NOT_PERMITTED, or SYSTEM_MAY_NOT_DECIDE (SOD11).
    """
    if may(actor.role, action, *rights):
        return
    if actor.role is Role.SYSTEM:
        raise RuleViolation(Code.SYSTEM_MAY_NOT_DECIDE, action=action.value)
    held = [role for role in _COLUMNS if may(role, action, *rights)]
    raise not_permitted(actor, action.value, held)


def not_permitted(actor: Actor, action: str, held: Iterable[Role]) -> RuleViolation:
    """Return the refusal ROLE_NOT_PERMITTED of an act that is for the roles `held` alone."""
    return RuleViolation(
        Code.ROLE_NOT_PERMITTED,
        action=action,
        role=actor.role.value,
        held=[role.value for role in held],
    )
