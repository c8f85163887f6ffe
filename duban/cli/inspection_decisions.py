"""People's decisions about inspections as a table: verb, command and how its fields are typed."""

from typing import ClassVar, Final

from duban.cli.decisions import Decision
from duban.cli.inspection_parsing import read_as
from duban.domain.entity.command import Command
from duban.domain.inspection import commands as k
from duban.domain.inspection.field import Fact


class TypedItem(Fact, Command):
    """A fact as it is typed, an option for each of its fields; it is sent as a `RecordItem`."""

    SENT_AS: ClassVar[type[Command]] = k.RecordItem

    def sent(self) -> k.RecordItem:
        """Return the command as the inspection takes it."""
        said = {name: getattr(self, name) for name in Fact.model_fields}
        return k.RecordItem(fact=Fact(**said), actor=self.actor, request_id=self.request_id)


_READS: Final = read_as("")


def _row(
    verb: str,
    command: type[Command],
    *positional: str,
    names: dict[str, str] | None = None,
    **flags: str,
) -> Decision:
    return Decision("inspection", verb, command, positional, flags, names or {}, reads=_READS)


INSPECTION_DECISIONS: tuple[Decision, ...] = (
    _row("authorise", k.AuthoriseInspection),
    _row("amend-scope", k.AmendScope),
    _row("notice", k.GiveNotice),
    _row(
        "check-in",
        k.CheckIn,
        names={"attendees": "attendee", "notices": "notice", "briefings": "briefing"},
    ),
    _row("leak", k.ReportLeak),
    _row("abort", k.AbortInspection),
    _row("record", TypedItem),
    _row("withdraw", k.WithdrawItem, "item"),
    _row("sign", k.SignRecord),
    _row("opinion", k.TakeOpinion, refused="--refused/--heard"),
    _row("conclude", k.DraftConclusion, names={"upheld": "uphold", "left_out": "leave_out"}),
    _row("issue", k.IssueConclusion),
    _row("feedback", k.FeedBack),
    _row("review", k.RequestReview),
    _row("decide-review", k.DecideReview, names={"dropped": "drop"}),
    _row("link-finding", k.LinkFinding, "finding", "problem"),
    _row("exemplar", k.NameExemplar, "finding"),
    _row("close", k.CloseInspection),
)
"""Every command of `duban.domain.inspection.commands`, but that of `duban inspection release`."""
