"""What an inspection hears: of its draw, of its campaign, and what its sealed target was."""

from datetime import datetime

from pydantic import Field

from duban.domain.draw.drawing import Target
from duban.domain.inspection.field import DIGEST
from duban.domain.model import Ident, Model, Text
from duban.domain.problem.news import CampaignNews
from duban.domain.roles import Actor


class DrawnNews(Model):
    """A target was drawn. Of it the commitment is told, and no more (SEC1).

    `release_at` is when its leader may read it; left out, the policy says when. `hands` are who
    ran the draw and who witnessed it (SOD5).
    """

    draw: Ident
    commitment: str = Field(pattern=DIGEST)
    release_at: datetime | None = None
    hands: tuple[Ident, ...] = ()


class VoidedNews(Model):
    """A draw was made void, with its reason; the order stands and waits for another draw."""

    draw: Ident
    reason: Text


class InspectionNews(Model):
    """What a campaign lets one inspection know: one of three. Heard twice, it changes nothing.

    News of draws tell themselves apart by the draw's number, in whatever order they come; news of
    the campaign by the ordinal of their entry.
    """

    actor: Actor
    drawn: DrawnNews | None = None
    voided: VoidedNews | None = None
    campaign: CampaignNews | None = None


class TargetUnsealed(Target):
    """What the activity read from the sealed target after check-in; checked before it is kept."""
