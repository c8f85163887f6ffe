"""A campaign's state rebuilt from its trail alone (domain.md l.1): the fold of its events."""

from collections.abc import Iterable

from duban.domain.campaign.state import CampaignState
from duban.domain.entity.answers import continued
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event
from duban.domain.policy import PolicyVersion

CREATED = "campaign:campaign:created"


def restored(events: Iterable[Event]) -> CampaignState:
    """Return the state that the events of one campaign lead to, all of them recorded.

    Raises:
        RuleViolation: OBJECT_NOT_FOUND when the events do not begin with a campaign's creation.
    """
    history = list(events)
    created = {
        change.kind: change.after
        for event in history
        if event.tag == CREATED
        for change in event.changes
    }
    if not {"policy", "campaign"} <= created.keys():
        raise RuleViolation(Code.OBJECT_NOT_FOUND, kind="campaign", id="-")
    policy = PolicyVersion.model_validate(created["policy"])
    state = CampaignState(mode=str(created["campaign"]["mode"]), policy=policy)
    return continued(state, history)
