"""What people ask of an inspection. No command before check-in carries a target (SEC1)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from duban.domain.entity.command import MAX_SCOPE, Command
from duban.domain.inspection.field import DIGEST, Attendee, Fact
from duban.domain.inspection.outcome import MOST, Upheld
from duban.domain.inspection.words import LocationKind, ReviewOutcome
from duban.domain.model import Ident, Model, Text


class AuthoriseInspection(Command):
    """授权: a planned inspection gets its document; a named target its team as well (f.2)."""

    type: Literal["authorise_inspection"] = "authorise_inspection"
    authorising_doc: Text
    designation_doc: Text | None = None
    team: tuple[Ident, ...] = Field(default=(), max_length=60)


class AmendScope(Command):
    """变更授权: scope, matter, object class or last day, by who authorised (S1 art. 15)."""

    type: Literal["amend_scope"] = "amend_scope"
    scope: tuple[Ident, ...] | None = Field(default=None, min_length=1, max_length=MAX_SCOPE)
    matter: Text | None = None
    object_class: Text | None = None
    ends_on: date | None = None
    doc_no: Text
    reason: Text


class GiveNotice(Command):
    """预先通知: the unit is told, where its kind allows that (f.1)."""

    type: Literal["give_notice"] = "give_notice"
    doc_no: Text


class ReleaseTarget(Command):
    """领取目标: the leader asks for the sealed target, to a key made a moment ago (SEC1).

    The signer of the order may ask for it too, once it was released (O7).
    """

    type: Literal["release_target"] = "release_target"
    key: str = Field(pattern=DIGEST)


class CheckIn(Command):
    """到达现场 (SEC4): time, place and photo; who was there, and where the team went first."""

    type: Literal["check_in"] = "check_in"
    at: AwareDatetime
    place: Text
    photo: str = Field(pattern=DIGEST)
    first_location: LocationKind
    attendees: tuple[Attendee, ...] = Field(default=(), max_length=60)
    notices: tuple[Text, ...] = Field(default=(), max_length=20)
    briefings: tuple[Text, ...] = Field(default=(), max_length=20)


class ReportLeak(Command):
    """泄密: any suspicion that the unit knew (SEC6). It ends the inspection."""

    type: Literal["report_leak"] = "report_leak"
    fact: Text


class AbortInspection(Command):
    """终止: asked for by one, carried out once another asks for it too; with its reason."""

    type: Literal["abort_inspection"] = "abort_inspection"
    reason: Text


class RecordItem(Command):
    """现场记录: one fact, item by item (f.5)."""

    type: Literal["record_item"] = "record_item"
    fact: Fact


class WithdrawItem(Command):
    """撤回: an item does not stand any more; it stays to be seen."""

    type: Literal["withdraw_item"] = "withdraw_item"
    item: Ident
    reason: Text


class SignRecord(Command):
    """签名: an inspector signs the record as it stands (f.5)."""

    type: Literal["sign_record"] = "sign_record"


class TakeOpinion(Command):
    """听取被检查单位意见: after the signatures; a refusal is noted. The team has left (DL25)."""

    type: Literal["take_opinion"] = "take_opinion"
    refused: bool = False
    words: str = Field(default="", max_length=4000)
    said_by: str = Field(default="", max_length=400)
    left_on: date


class ItemOut(Model):
    """An item that the conclusion does not use, and why."""

    item: Ident
    reason: Text


class DraftConclusion(Command):
    """起草督查结论: what is upheld by which items, and what is left out and why (i.2, 32)."""

    type: Literal["draft_conclusion"] = "draft_conclusion"
    summary: Text
    upheld: tuple[Upheld, ...] = Field(default=(), max_length=MOST)
    left_out: tuple[ItemOut, ...] = ()


class IssueConclusion(Command):
    """签发督查结论: by another than who drafted it (row 29, SOD8)."""

    type: Literal["issue_conclusion"] = "issue_conclusion"
    doc_no: Text


class FeedBack(Command):
    """反馈: the unit has the conclusion; from that day on it may ask for a review (DL26)."""

    type: Literal["feed_back"] = "feed_back"
    on: date
    told: Text


class RequestReview(Command):
    """申请复核: the unit, within 30 days (DL26, row 30)."""

    type: Literal["request_review"] = "request_review"
    grounds: Text
    doc_no: Text


class DecideReview(Command):
    """复核决定: the leading group, without anybody who took part (SOD7).

    `dropped` are the findings that a changed conclusion does not uphold.
    """

    type: Literal["decide_review"] = "decide_review"
    outcome: ReviewOutcome
    reason: Text
    doc_no: Text
    dropped: tuple[Ident, ...] = Field(default=(), max_length=MOST)


class LinkFinding(Command):
    """转入问题台账: the problem that was registered from a finding (K48, K54)."""

    type: Literal["link_finding"] = "link_finding"
    finding: Ident
    problem: Ident


class NameExemplar(Command):
    """正面典型: a finding that is worth following, and the document that says so."""

    type: Literal["name_exemplar"] = "name_exemplar"
    finding: Ident
    doc_no: Text


class CloseInspection(Command):
    """办结: every finding has become something, and nobody may ask for a review any more."""

    type: Literal["close_inspection"] = "close_inspection"
    opinion: Text


AnyInspectionCommand = Annotated[
    AuthoriseInspection
    | AmendScope
    | GiveNotice
    | ReleaseTarget
    | CheckIn
    | ReportLeak
    | AbortInspection
    | RecordItem
    | WithdrawItem
    | SignRecord
    | TakeOpinion
    | DraftConclusion
    | IssueConclusion
    | FeedBack
    | RequestReview
    | DecideReview
    | LinkFinding
    | NameExemplar
    | CloseInspection,
    Field(discriminator="type"),
]
