"""What client, worker and store agree on: names, ids, and the values that cross between them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from pydantic import BaseModel

from duban.domain.campaign.creation import CampaignStart
from duban.domain.campaign.state import CampaignState
from duban.domain.entity.records import SavedReceipt
from duban.domain.events import Event
from duban.domain.model import Model

TASK_QUEUE = "duban"
CAMPAIGN_WORKFLOW = "Campaign"
RECEIPTS_WORKFLOW = "Receipts"
RECORD_ACTIVITY = "record_events"
PROVE_ACTIVITY = "prove_entries"


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

    `unproven` are the decisions of weight whose proof the last run did not get.
    """

    start: CampaignStart | None = None
    state: CampaignState | None = None
    clock_offset: timedelta = timedelta(0)
    unproven: tuple[int, ...] = ()

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


def receipts_workflow(stream: str) -> str:
    """Return the id of the workflow that waits for what a campaign that is over still lacks."""
    return f"{stream}/receipts"


def campaign_stream(no: str) -> str:
    """Return the workflow id, which is also the stream, of campaign `no`."""
    return f"campaign-{no}"
