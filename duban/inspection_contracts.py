"""What client, worker and store agree on about inspections and their draws (see `contracts`)."""

from datetime import date, timedelta

from pydantic import BaseModel

from duban.contracts import ClueInput, ProblemInput
from duban.domain.campaign.draw_records import Draw, SealedLists
from duban.domain.campaign.inspection_records import Coming
from duban.domain.draw.basis import Terms
from duban.domain.draw.drawing import Pick, Target
from duban.domain.draw.record import Sibling
from duban.domain.entity.given import LinkedRegister
from duban.domain.inspection.commands import AnyInspectionCommand
from duban.domain.inspection.creation import InspectionStart
from duban.domain.inspection.news import InspectionNews
from duban.domain.inspection.state import InspectionState
from duban.domain.model import Model
from duban.domain.policy import PolicyVersion

INSPECTION_WORKFLOW = "Inspection"
INSPECTION_NEWS = "inspection_news"
"""The signal by which an inspection lets its campaign know how it stands."""

OPEN_INSPECTION_ACTIVITY = "open_inspection"
TELL_INSPECTIONS_ACTIVITY = "tell_inspections"
FREEZE_ACTIVITY = "freeze_draw"
DRAW_ACTIVITY = "draw_targets"
REVEAL_ACTIVITY = "reveal_draw"
HAND_ACTIVITY = "hand_target"
UNSEAL_TARGET_ACTIVITY = "unseal_target"
BURN_ACTIVITY = "burn_target"

LEADER = "team-leader"
"""What the key of whoever reads a target is called, by both sides of its box."""


class InspectionInput(BaseModel):
    """How a run of the inspection workflow begins: anew, or where the last run left off.

    `told` says that the campaign knows how the inspection stands.
    """

    start: InspectionStart | None = None
    state: InspectionState | None = None
    clock_offset: timedelta = timedelta(0)
    unproven: tuple[int, ...] = ()
    told: bool = False

    def new(self) -> InspectionStart:
        """Return what a new inspection is made from."""
        assert self.start is not None
        return self.start


MemberInput = ProblemInput | ClueInput | InspectionInput
"""How a run of a member of a campaign begins."""


class InspectionAsked(Model):
    """A command for an inspection, and what the ledger knows that it is given with it."""

    command: AnyInspectionCommand
    given: LinkedRegister = LinkedRegister()


class InspectionsToTell(Model):
    """News for some inspections, by their numbers."""

    numbers: tuple[str, ...]
    news: InspectionNews


class ToFreeze(Model):
    """A draw of inspections that is to be frozen: by what terms, from which sealed lists.

    `since` is the first day of the cycle: a unit that was drawn since then was seen in it.
    `goes_on` is the first working day on which the teams may go, in whose month they are a contact,
    and `coming` are the contacts that the plan has in store (f.2).
    """

    stream: str
    campaign: str
    terms: Terms
    lists: SealedLists
    policy: PolicyVersion
    since: date
    goes_on: date | None = None
    coming: tuple[Coming, ...] = ()


class ToDrawTargets(Model):
    """A frozen draw whose witness has said the `number`."""

    stream: str
    draw: str
    number: str


class ToReveal(Model):
    """A draw that was made, all around it, and the reason why it may be told now."""

    stream: str
    campaign: str
    draw: Draw
    siblings: tuple[Sibling, ...]


class SealedTarget(Model):
    """What one inspection was given by a draw: the stream is that of its campaign."""

    stream: str
    draw: str
    inspection: str


class DrawnTarget(Model):
    """What is kept of a target, and whether its coin asked for a unit not yet drawn."""

    target: Target
    covered: bool

    @property
    def pick(self) -> Pick:
        """What a record of the draw shows of it."""
        said = self.target.model_dump(include={"inspection", "site", "unit", "inspectors"})
        return Pick(**said, covered=self.covered)


class ToHand(Model):
    """A sealed target, and the public key (X25519, hex) of the leader who may read it."""

    target: SealedTarget
    key: str


class Handed(Model):
    """A target sealed to the key of its leader (hex); nobody else can open it."""

    box: str
