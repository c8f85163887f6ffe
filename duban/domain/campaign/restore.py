"""A campaign's state rebuilt from its trail alone (domain.md l.1): the fold of its events."""

from collections.abc import Iterable

from duban.domain.campaign.state import CampaignState
from duban.domain.entity.answers import continued
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event
from duban.domain.model import Document
from duban.domain.policy import PolicyVersion

CREATED = "campaign:campaign:created"


def restored(events: Iterable[Event]) -> CampaignState:
    """Return the state that the events of one campaign lead to, all of them recorded.

    Raises:
        RuleViolation: OBJECT_NOT_FOUND when the events do not begin with a campaign's creation.
    """
    history = list(events)
    policy, campaign = beginning(history)
    return continued(CampaignState(mode=str(campaign["mode"]), policy=policy), history)


def beginning(events: Iterable[Event]) -> tuple[PolicyVersion, Document]:
    """Return the ruler that a campaign was created under, and the campaign's record as it was.

    Raises:
        RuleViolation: OBJECT_NOT_FOUND when its creation is not among the events.
    """
    created = {
        change.kind: change.after
        for event in events
        if event.tag == CREATED
        for change in event.changes
    }
    if not {"policy", "campaign"} <= created.keys():
        raise RuleViolation(Code.OBJECT_NOT_FOUND, kind="campaign", id="-")
    return PolicyVersion.model_validate(created["policy"]), created["campaign"]
