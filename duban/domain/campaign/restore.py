"""A campaign's state rebuilt from its trail alone (domain.md l.1): the fold of its events."""

from collections.abc import Iterable

from duban.domain.campaign.records import SavedReceipt
from duban.domain.campaign.state import CampaignState, apply
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event, Outcome
from duban.domain.policy import PolicyVersion

UNKNOWN_FINGERPRINT = ""
"""The trail keeps who asked for what and under which id, not the bytes of the request."""

CREATED = "campaign:campaign:created"
REGISTERED = "campaign:register:recorded"
SIGNAL = "OrderSpotCheck"


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


def continued(state: CampaignState, events: Iterable[Event]) -> CampaignState:
    """Return `state`, led on by events that are on the trail already."""
    for event in events:
        apply(state, event)
        _note_answer(state, event)
    return state


def _note_answer(state: CampaignState, event: Event) -> None:
    # A refused command may be sent again under its id; a signal, refused or not, may not.
    unanswered = event.outcome is Outcome.REJECTED and event.detail.get("command") != SIGNAL
    if event.request_id is None or unanswered or event.tag in (CREATED, REGISTERED):
        return
    known = state.receipts.get(event.request_id)
    state.receipts[event.request_id] = SavedReceipt(
        fingerprint=UNKNOWN_FINGERPRINT,
        first_seq=known.first_seq if known else event.seq,
        last_seq=event.seq,
        object_type=event.object_type,
        object_id=event.object_id,
    )
    while len(state.receipts) > state.policy.receipts_kept:
        state.receipts.pop(next(iter(state.receipts)))
