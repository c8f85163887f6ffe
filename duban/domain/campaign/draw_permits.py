"""Who draws, who witnesses, who makes void (domain.md b.3 rows 17 and 27, SOD4, SOD5)."""

from typing import Final

from duban.domain.campaign.draw_records import Draw
from duban.domain.campaign.permits import authorise_instead
from duban.domain.campaign.work import Work
from duban.domain.entity.permits import (
    acting,
    acting_ids,
    authorise,
    check_register,
    check_scope,
    not_separated,
)
from duban.domain.roles import Action, Right, Role, not_permitted

_OUTSIDE: Final = (Role.COORDINATION_GROUP, Role.PUBLICITY_GROUP, Role.EXTERNAL_DECIDER)
"""Who may witness where the office draws: neither the office, nor who leads, nor who is drawn."""

_INSIDE: Final = frozenset({Role.OFFICE, Role.SUPERVISION_GROUP, Role.CAMPAIGN_GROUP})


def may_run(work: Work) -> None:
    """Row 27: the supervision group runs a draw; the office where that group leads (SOD4)."""
    if not _audited(work):
        authorise(work, Action.RUN_DRAW, Right.EXECUTE)
        return
    _one_of(work, (Role.OFFICE,))


def may_say_number(work: Work) -> None:
    """Row 27: the supervision group witnesses a draw; an outsider where that group leads."""
    if _audited(work):
        _one_of(work, _OUTSIDE)
        if _INSIDE & {each.role for each in acting(work) if not each.left}:
            raise not_separated("SOD4", work)
    else:
        authorise(work, Action.RUN_DRAW, Right.EXECUTE)


def had_no_hand(work: Work, draw: Draw) -> None:
    """SOD5: nobody witnesses who opened the draw, or who leads a team that is drawn for."""
    leaders = draw.terms.leaders if draw.terms else ()
    if acting_ids(work) & {*draw.run_by, *leaders}:
        raise not_separated("SOD5", work)


def may_void(work: Work) -> None:
    """Row 17: who answers for look-backs may ask that a draw be void, or agree (SOD4)."""
    authorise_instead(work, Action.LOOK_BACK)


def second_approval(work: Work, draw: Draw) -> None:
    """f.3, step 9: neither who asked for it nor who opened the draw makes it void."""
    if acting_ids(work) & {*draw.void_asked_by, *draw.run_by}:
        raise not_separated("DRAW9", work)


def _audited(work: Work) -> bool:
    return work.campaign.lead_body is Role.SUPERVISION_GROUP


def _one_of(work: Work, roles: tuple[Role, ...]) -> None:
    check_register(work)
    check_scope(work, Action.RUN_DRAW)
    if work.actor.role is Role.SUPERVISION_GROUP:
        raise not_separated("SOD4", work)
    if work.actor.role not in roles:
        raise not_permitted(work.actor, Action.RUN_DRAW.value, roles)
