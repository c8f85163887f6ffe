"""What client, worker and store agree on: names, ids, and the values that cross between them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from pydantic import BaseModel

from duban.domain.campaign.creation import CampaignStart
from duban.domain.campaign.state import CampaignState
from duban.domain.clue.commands import AnyClueCommand
from duban.domain.clue.creation import ClueStart
from duban.domain.clue.state import ClueState
from duban.domain.entity.given import LinkedRegister
from duban.domain.entity.records import SavedReceipt
from duban.domain.events import Event
from duban.domain.model import Model
from duban.domain.problem.commands import AnyProblemCommand
from duban.domain.problem.creation import ProblemStart
from duban.domain.problem.news import CampaignNews
from duban.domain.problem.state import ProblemState, Register

TASK_QUEUE = "duban"
CAMPAIGN_WORKFLOW = "Campaign"
RECEIPTS_WORKFLOW = "Receipts"
PROBLEM_WORKFLOW = "Problem"
PROBLEM_NEWS = "problem_news"
"""The signal by which a problem lets its campaign know how it stands."""

CLUE_WORKFLOW = "Clue"
CLUE_NEWS = "clue_news"
"""The signal by which a clue lets its campaign know whether a receipt is owed."""

RECORD_ACTIVITY = "record_events"
OPEN_ACTIVITY = "open_problem"
TELL_ACTIVITY = "tell_problems"
OPEN_CLUE_ACTIVITY = "open_clue"
TELL_CLUES_ACTIVITY = "tell_clues"
PROVE_ACTIVITY = "prove_entries"
SEAL_ACTIVITY = "seal_draw_secret"
UNSEAL_ACTIVITY = "open_draw_secret"


class Mode(StrEnum):
    """Whether a database (and a workflow) is the real record or a rehearsal; never both."""

    LIVE = "live"
    REHEARSAL = "rehearsal"


class Record(Model):
    """A run of events of one stream, ready for the trail. `seq` of the events is dense."""

    stream: str
    campaign: str | None
    mode: Mode
    events: tuple[Event, ...]


class Recorded(Model):
    """The trail's answer to a record. `ahead` holds what stands in its place, if something does.

    Then nothing was stored: the trail wins, and the entity follows it (ADR 0009).
    """

    ahead: tuple[Event, ...] = ()


class ToProve(Model):
    """Entries of one stream, by their ordinals, whose place in the log is to be proved."""

    stream: str
    seqs: tuple[int, ...]


class EntryReceipt(Model):
    """The proof of the entry at `seq`: C2SP tlog-proof with the entry's bytes in it."""

    seq: int
    proof: str


class Proofs(Model):
    """What the log gave for entries that were asked for; it went on without the `missing` ones."""

    receipts: tuple[EntryReceipt, ...] = ()
    missing: tuple[int, ...] = ()


class Receipt(Model):
    """The answer to a decision: it is on the trail, from `first_seq` to `last_seq`."""

    stream: str
    first_seq: int
    last_seq: int
    object_type: str
    object_id: str
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, stream: str, saved: SavedReceipt) -> Self:
        """Return the receipt for an answer that the campaign keeps."""
        return cls(stream=stream, **saved.model_dump(exclude={"fingerprint"}))


class CampaignInput(BaseModel):
    """How a run of the campaign workflow begins: anew, or where the last run left off.

    `unproven` are the decisions of weight whose proof the last run did not get, `untold` what its
    problems do not know yet.
    """

    start: CampaignStart | None = None
    state: CampaignState | None = None
    clock_offset: timedelta = timedelta(0)
    unproven: tuple[int, ...] = ()
    untold: tuple[CampaignNews, ...] = ()

    def new(self) -> CampaignStart:
        """Return what a new campaign is made from."""
        assert self.start is not None
        return self.start


class CampaignSummary(Model):
    """Where a campaign stands, in a few words; lists come from the ledger.

    `recorded` entries are on the trail by now; None is what releases before that field say.
    """

    no: str
    stage: str
    phase: int
    next_seq: int
    open_deadlines: int
    next_alarm: datetime | None
    recorded: int | None = None


class ProblemInput(BaseModel):
    """How a run of the problem workflow begins: anew, or where the last run left off.

    `told` says that the campaign knows how the problem stands.
    """

    start: ProblemStart | None = None
    state: ProblemState | None = None
    clock_offset: timedelta = timedelta(0)
    unproven: tuple[int, ...] = ()
    told: bool = False

    def new(self) -> ProblemStart:
        """Return what a new problem is made from."""
        assert self.start is not None
        return self.start


class ProblemAsked(Model):
    """A command for a problem, and what the ledger knows that the problem is given with it."""

    command: AnyProblemCommand
    given: Register = Register()


class ToDraw(Model):
    """A draw of a campaign, by its stream and its number: one secret is kept for it."""

    stream: str
    draw: str


class ClueInput(BaseModel):
    """How a run of the clue workflow begins: anew, or where the last run left off.

    `told` says that the campaign knows how the clue stands.
    """

    start: ClueStart | None = None
    state: ClueState | None = None
    clock_offset: timedelta = timedelta(0)
    unproven: tuple[int, ...] = ()
    told: bool = False

    def new(self) -> ClueStart:
        """Return what a new clue is made from."""
        assert self.start is not None
        return self.start


class ClueAsked(Model):
    """A command for a clue, and what the ledger knows that the clue is given with it."""

    command: AnyClueCommand
    given: LinkedRegister = LinkedRegister()


class MemberSummary(Model):
    """Where a problem, clue or inspection stands, in a few words that tell nothing of its matter.

    Lists come from the ledger.
    """

    no: str
    state: str
    next_seq: int
    open_deadlines: int
    next_alarm: datetime | None
    recorded: int


class CluesToTell(Model):
    """News for every clue of a campaign that has numbered so many `clues`."""

    campaign: str
    clues: int
    news: CampaignNews

    def number(self, serial: int) -> str:
        """Return the number of the campaign's clue with a serial from 1 on."""
        return f"{self.campaign}-C{serial:04d}"


class ToTell(Model):
    """News for every problem of a campaign that has registered so many `problems`."""

    campaign: str
    problems: int
    news: CampaignNews

    def number(self, serial: int) -> str:
        """Return the number of the campaign's problem with a serial from 1 on."""
        return f"{self.campaign}-{serial:04d}"


def receipts_workflow(stream: str) -> str:
    """Return the id of the workflow that waits for what a campaign that is over still lacks."""
    return f"{stream}/receipts"


def campaign_stream(no: str) -> str:
    """Return the workflow id, which is also the stream, of campaign `no`."""
    return f"campaign-{no}"


def problem_stream(no: str) -> str:
    """Return the workflow id, which is also the stream, of problem `no`, such as BE-2019-0042."""
    campaign, _, serial = no.rpartition("-")
    return f"{problem_streams(campaign)}{serial}"


def problem_streams(no: str) -> str:
    """Return what the streams of all problems of campaign `no` begin with."""
    return f"{campaign_stream(no)}/problem-"


def clue_stream(no: str) -> str:
    """Return the workflow id, which is also the stream, of clue `no`, such as BE-2019-C0007."""
    campaign, _, serial = no.rpartition("-C")
    return f"{campaign_stream(campaign)}/clue-{serial}"


def inspection_stream(no: str) -> str:
    """Return the workflow id and stream of inspection `no`, such as BE-2019-I0001."""
    campaign, _, serial = no.rpartition("-I")
    return f"{campaign_stream(campaign)}/inspection-{serial}"


def noun_of(stream: str) -> str:
    """Return what kind of entity a stream is of: campaign, problem, clue or inspection."""
    below = stream.rpartition("/")[2] if "/" in stream else ""
    return next((each for each in _MARKS if below.startswith(f"{each}-")), "campaign")


def number_of(stream: str) -> str:
    """Return the number of the entity that a stream is of."""
    no = stream.removeprefix("campaign-")
    for noun, mark in _MARKS.items():
        no = no.replace(f"/{noun}-", mark)
    return no


_MARKS = {"problem": "-", "clue": "-C", "inspection": "-I"}
"""What stands before the serial in the number of each kind of entity below a campaign."""
