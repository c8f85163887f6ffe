"""Who may sign off in a campaign, where the one who leads it must not (SOD4)."""

from duban.domain.campaign.records import CampaignRecord, Task
from duban.domain.campaign.work import Work
from duban.domain.entity.permits import (
    authorise,
    check_register,
    check_scope,
    not_separated,
    sod1_not_the_claimant,
)
from duban.domain.roles import Action, Right, Role


def sod4_not_the_auditor(work: Work, campaign: CampaignRecord) -> None:
    """SOD4: where the supervision group leads, office or coordination group signs off."""
    if campaign.lead_body is not Role.SUPERVISION_GROUP:
        return
    if work.actor.role not in (Role.OFFICE, Role.COORDINATION_GROUP, Role.LEADING_GROUP):
        raise not_separated("SOD4", work)


def authorise_instead(work: Work, action: Action) -> None:
    """Authorise a sign-off or look-back; SOD4 changes who may where the supervision group leads.

    There the coordination group may, which b.3 does not say, and the supervision group may not.
    """
    campaign = work.campaign
    swapped = (
        campaign.lead_body is Role.SUPERVISION_GROUP and work.actor.role is Role.COORDINATION_GROUP
    )
    if swapped:
        check_register(work)
        check_scope(work, action)
    else:
        authorise(work, action, Right.APPROVE)
    sod4_not_the_auditor(work, campaign)


def may_sign_off(work: Work, task: Task) -> None:
    """Refuse all but the signers of b.3 row 16, with SOD1 and SOD4."""
    authorise_instead(work, Action.SIGN_OFF)
    sod1_not_the_claimant(work, task.claimed_by, task.claimed_by_unit)
