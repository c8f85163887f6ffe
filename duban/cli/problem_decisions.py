"""People's decisions about problems as a table: verb, command and how its fields are typed."""

from duban.cli.decisions import Decision
from duban.cli.problem_parsing import READ_PROBLEM_AS
from duban.domain.entity.command import Command
from duban.domain.problem import commands as p

_YES = "--yes/--no"


def _row(
    verb: str,
    command: type[Command],
    *positional: str,
    names: dict[str, str] | None = None,
    **flags: str,
) -> Decision:
    return Decision("problem", verb, command, positional, flags, names or {}, reads=READ_PROBLEM_AS)


PROBLEM_DECISIONS: tuple[Decision, ...] = (
    _row(
        "triage",
        p.TriageProblem,
        names={"problem_type": "type"},
        hard_bone="--hard-bone/--no-hard-bone",
    ),
    _row("assign", p.AssignProblem, "unit", names={"assisting": "assist"}),
    _row("accept", p.AcceptProblem),
    _row("return", p.RequestProblemReturn),
    _row("adjudicate-return", p.AdjudicateProblemReturn, upheld=_YES),
    _row("disprove", p.DisproveProblem),
    _row("merge", p.MergeProblem, "into"),
    _row("transfer", p.TransferProblem),
    _row("watch", p.WatchProblem, names={"campaign": "by_campaign"}),
    _row("submit-plan", p.SubmitRectificationPlan, names={"measures": "measure"}),
    _row("review-plan", p.ReviewRectificationPlan, passed="--passed/--returned"),
    _row(
        "reply",
        p.ReplyToProblem,
        names={"actions": "action", "measures": "done", "requests": "request"},
    ),
    _row("classify", p.ClassifyReply, "reply", "counts"),
    _row("contest", p.ContestClass, "reply"),
    _row("decide-contest", p.DecideContest, "reply", upheld=_YES),
    _row("decide-card", p.DecideCard, "card", approved=_YES),
    _row("void-card", p.VoidCard, "card"),
    _row("object-to-fact", p.ObjectToFact),
    _row("decide-objection", p.DecideObjection, "petition", upheld=_YES),
    _row("final-answer", p.RequestFinalAnswer, "ground", sealed="--sealed/--unsealed"),
    _row("review-final-answer", p.ReviewFinalAnswer, "petition", passed="--passed/--returned"),
    _row("decide-final-answer", p.DecideFinalAnswer, "petition", approved=_YES),
    _row("extend", p.RequestExtension, "deadline"),
    _row("decide-extension", p.DecideExtension, "extension", approved=_YES),
    _row("remedy", p.SetRemedialDate, "deadline"),
    _row("stop", p.StopClock, "deadline"),
    _row("resume", p.ResumeClock, "deadline"),
    _row(
        "request-close",
        p.RequestClose,
        names={"answers": "answer"},
        contact_made="--contacted/--not-contacted",
        satisfied="--satisfied/--unsatisfied",
    ),
    _row(
        "verify",
        p.VerifyProblem,
        names={"defects": "defect"},
        passed="--passed/--rejected",
        on_site="--on-site/--desk",
    ),
    _row("object", p.ObjectToClose),
    _row("sign-off", p.CloseProblem),
    _row(
        "look-back",
        p.RecordLookBack,
        "method",
        passed="--passed/--failed",
        deliberate="--deliberate/--not-deliberate",
    ),
    _row("reopen", p.ReopenProblem),
    _row("make-long-term", p.MakeLongTerm, "successor"),
    _row("milestone", p.RecordMilestone),
    _row("conclude-assistance", p.ConcludeAssistance, "unit"),
    _row("name-person", p.NamePerson),
    _row("withdraw-person", p.WithdrawPerson, "concerned"),
)
"""Every command of `duban.domain.problem.commands`, but that of `duban evidence add`."""
