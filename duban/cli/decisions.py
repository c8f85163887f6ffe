"""People's decisions as one table: noun, verb, command and how its fields are typed."""

from collections.abc import Mapping
from typing import NamedTuple

from duban.cli.inspection_parsing import READ_ORDER_AS
from duban.cli.parsing import READ_AS, ReadAs
from duban.domain.campaign import commands as c
from duban.domain.entity.command import Command


class Decision(NamedTuple):
    """One row: `duban NOUN VERB NO [positional] [options]` makes `command`.

    `positional` fields stand behind the campaign's number; `flags` gives the two words of a yes or
    no; `names` gives an option another name than its field has.
    """

    noun: str
    verb: str
    command: type[Command]
    positional: tuple[str, ...] = ()
    flags: dict[str, str] = {}  # noqa: RUF012 -- read only, as the whole table
    names: dict[str, str] = {}  # noqa: RUF012 -- read only, as the whole table
    reads: Mapping[tuple[str, str], ReadAs] = READ_AS

    def read_as(self, field: str) -> ReadAs | None:
        """Return how a repeated option is read; None for a field that is typed once, as it is."""
        return self.reads.get((self.command.__name__, field)) or self.reads.get(("*", field))

    @property
    def path(self) -> str:
        """The key of the command's texts."""
        return f"{self.noun}.{self.verb}"


_PASSED = {"passed": "--passed/--returned"}
_SEVERAL = {"leaders": "leader", "quotas": "quota"}

DECISIONS: tuple[Decision, ...] = (
    Decision("campaign", "establish", c.Establish),
    Decision("campaign", "submit-plan", c.SubmitPlan),
    Decision("campaign", "review-plan", c.ReviewPlan, flags=_PASSED, names={"details": "detail"}),
    Decision("campaign", "approve-plan", c.ApprovePlan),
    Decision("campaign", "submit-unit-plan", c.SubmitUnitPlan, ("unit",)),
    Decision("campaign", "review-unit-plan", c.ReviewUnitPlan, ("unit",), flags=_PASSED),
    Decision("campaign", "file-document", c.FileDocument, ("kind",)),
    Decision(
        "campaign",
        "sign-gate",
        c.SignGate,
        ("gate",),
        flags={"override": "--override/--no-override"},
    ),
    Decision("campaign", "call-review", c.CallReview),
    Decision("campaign", "order-makeup", c.OrderMakeup),
    Decision("campaign", "suspend", c.Suspend),
    Decision("campaign", "resume", c.Resume),
    Decision("campaign", "terminate", c.Terminate, names={"dispositions": "dispose"}),
    Decision("campaign", "archive", c.Archive),
    Decision("campaign", "change-lead-group", c.ChangeLeadGroup),
    Decision("campaign", "replace-person", c.ReplacePerson, ("leaving",), names={"role": "post"}),
    Decision(
        "campaign", "delegate", c.RecordDelegation, ("deputy", "principal"), names={"role": "post"}
    ),
    Decision("task", "accept", c.AcceptTask, ("task",)),
    Decision("task", "request-return", c.RequestTaskReturn, ("task",)),
    Decision(
        "task", "adjudicate-return", c.AdjudicateReturn, ("task",), flags={"upheld": "--yes/--no"}
    ),
    Decision("task", "submit-item-plan", c.SubmitItemPlan, ("task",)),
    Decision("task", "assign-item", c.AssignItem, ("task",)),
    Decision("task", "claim", c.ClaimTask, ("task",)),
    Decision("task", "verify", c.VerifyTask, ("task",), flags=_PASSED, names={"defects": "defect"}),
    Decision("task", "close", c.CloseTask, ("task",)),
    Decision("task", "cancel", c.CancelTask, ("task",)),
    Decision("goal", "record", c.RecordGoalValue, ("goal",)),
    Decision("goal", "claim", c.ClaimGoal, ("goal",)),
    Decision("goal", "verify", c.VerifyGoal, ("goal",), flags={"on_site": "--on-site/--desk"}),
    Decision("goal", "decide", c.DecideGoal, ("goal", "decision")),
    Decision("deadline", "extend", c.RequestExtension, ("deadline",)),
    Decision(
        "deadline",
        "decide-extension",
        c.DecideExtension,
        ("extension",),
        flags={"approved": "--yes/--no"},
    ),
    Decision("deadline", "remedy", c.SetRemedialDate, ("deadline",)),
    Decision("deadline", "stop", c.StopClock, ("deadline",)),
    Decision("deadline", "resume", c.ResumeClock, ("deadline",)),
    Decision("deadline", "conclude", c.ConcludeItem, ("deadline",)),
    Decision("spot-check", "order", c.SpotCheckOrder, names=_SEVERAL, reads=READ_ORDER_AS),
    Decision(
        "inspection", "plan", c.PlanInspection, ("kind",), names=_SEVERAL, reads=READ_ORDER_AS
    ),
    Decision("lookback", "draw", c.OpenLookBackDraw, names={"excluded": "exclude"}),
    Decision("lookback", "witness", c.WitnessDraw, ("draw", "number")),
    Decision("lookback", "void", c.AskToVoidDraw, ("draw",)),
    Decision(
        "lookback", "decide-void", c.DecideVoidDraw, ("draw",), flags={"approved": "--yes/--no"}
    ),
)
"""Every command of a campaign, but those of `calendar publish`, `problem register` and draws."""

ALWAYS = frozenset({"type", "request_id", "actor"})
"""Fields that are no option of their own: they come from who asks."""


def option_of(decision: Decision, field: str) -> str:
    """Return the param's name for a field, as it is called in Python."""
    return decision.names.get(field, field)
