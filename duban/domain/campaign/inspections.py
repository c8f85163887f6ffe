"""Inspections of a campaign (domain.md f.1, f.2): ordered, planned, numbered, heard of.

An inspection is a workflow of its own. Here stands what an order needs to be judged, what one that
is not yet opened is made from, and which units were seen how often. Before check-in a campaign
knows no drawn target (SEC1): drawn ones are held to the budget where they are drawn.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from duban.domain.campaign import inspection_commands as c
from duban.domain.campaign.draw_records import Draw
from duban.domain.campaign.inspection_records import (
    DrawTerms,
    InspectionLine,
    UnitSeen,
    month_of,
)
from duban.domain.campaign.proof import is_paper
from duban.domain.campaign.work import Work
from duban.domain.entity.permits import authorise, person_of
from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection.kinds import check_order, require_entitled, rule_of
from duban.domain.inspection.records import Order
from duban.domain.inspection.standing import InspectionStanding
from duban.domain.inspection.words import Choice, InspectionKind, InspectionState
from duban.domain.roles import Action, Right, Role, not_permitted

PLANNED: Final = "campaign:inspection:planned"


def plan_inspection(work: Work, command: c.PlanInspection) -> None:
    """Put an inspection of a planned kind on the plan (f.1); it is authorised afterwards."""
    rule = rule_of(command.kind)
    authorise(work, Action.ORDER_SPOT_CHECK, Right.CREATE, Right.APPROVE, Right.PROPOSE)
    if work.actor.role not in rule.planned_by:
        raise not_permitted(work.actor, Action.ORDER_SPOT_CHECK.value, sorted(rule.planned_by))
    said = command.model_dump(include=Order.model_fields.keys() & c.PlanInspection.model_fields)
    lines = number(work, command, {**said, "kind": command.kind, "choice": command.choice})
    work.emit(PLANNED, ("inspection_line", lines[0].no), basis_doc=command.plan_ref or None)


def number_spot_checks(work: Work, order: c.SpotCheckOrder) -> list[str]:
    """Give the inspections of a spot check their numbers; without leaders there are none."""
    if not order.leaders:
        return []
    said = order.model_dump(include=Order.model_fields.keys() & c.SpotCheckOrder.model_fields)
    said |= {"kind": InspectionKind.SPOT_CHECK, "choice": Choice.DRAWN}
    said["starts_on"] = order.starts_on or work.today
    said["ends_on"] = order.ends_on or work.campaign.close_on
    return [each.no for each in number(work, order, said)]


def number(
    work: Work, asked: c.SpotCheckOrder | c.PlanInspection, said: dict[str, object]
) -> list[InspectionLine]:
    """Plan a line for each site of an order, under numbers that are never used again.

    Raises `RuleViolation`: what `check_order` refuses; INSPECTION_LEADERS where there is neither
    one leader nor one for each site; ACTOR_UNKNOWN or ACTOR_ROLE_NOT_HELD for who leads no team;
    INSPECTION_OVER_BUDGET and INSPECTION_REPEATED for a named unit (f.2).
    """
    body = work.unit(asked.ordering_body)
    for code in asked.scope:
        work.unit(code)
    leaders = asked.leaders * asked.sites if len(asked.leaders) == 1 else asked.leaders
    if len(leaders) != asked.sites:
        raise RuleViolation(Code.INSPECTION_LEADERS, sites=asked.sites, leaders=len(leaders))
    orders = [
        _order(work, {**said, "leader": leader, "body_kind": body.kind}) for leader in leaders
    ]
    if orders[0].unit is not None:
        _check_burden(work, orders[0], orders[0].unit)
    return _lines(work, orders, asked)


def _order(work: Work, said: dict[str, object]) -> Order:
    order = Order.model_validate({**said, "signer": work.actor.id})
    person_of(work, order.leader, Role.INSPECTION_TEAM)
    check_order(order, work.policy)
    if not rule_of(order.kind).planned:
        require_entitled(order, order.body_kind)
    return order


def _lines(
    work: Work, orders: list[Order], asked: c.SpotCheckOrder | c.PlanInspection
) -> list[InspectionLine]:
    campaign = work.campaign
    start, last = campaign.inspections_ordered + 1, campaign.inspections_ordered + len(orders)
    lines = [
        InspectionLine(
            no=f"{campaign.no}-I{serial:04d}",
            first=f"{campaign.no}-I{start:04d}",
            **order.model_dump(include={"kind", "theme", "leader", "starts_on", "unit"}),
            phase=campaign.current_phase,
            state=_begins(order),
            order=order,
            ordered_by=work.actor,
            request_id=asked.request_id,
            terms=_terms(order, asked) if order.choice is Choice.DRAWN else None,
        )
        for serial, order in enumerate(orders, start=start)
    ]
    for line in lines:
        work.put(line.no, line)
    work.set(campaign.no, campaign, inspections_ordered=last)
    return lines


def _begins(order: Order) -> InspectionState:
    planned = rule_of(order.kind).planned
    return InspectionState.PLANNED if planned else InspectionState.AUTHORISED


def _terms(order: Order, asked: c.SpotCheckOrder | c.PlanInspection) -> DrawTerms:
    return DrawTerms(
        scope=order.scope,
        inspectors=asked.inspectors,
        quotas=asked.quotas,
        budget_doc=order.budget_doc or "",
        repeat_reason=order.repeat_reason or "",
    )


def _check_burden(work: Work, order: Order, unit: str) -> None:
    """f.2: so many contacts a unit and month, and no theme again so soon, unless approved."""
    seen, month = work.seen.get(unit, UnitSeen()), month_of(order.starts_on)
    coming = list(_coming(work, unit))
    contacts = seen.contacts.get(month, 0) + sum(month_of(e.starts_on) == month for e in coming)
    budget = work.policy.inspection.contacts_per_month
    if contacts >= budget and not is_paper(order.budget_doc):
        raise RuleViolation(
            Code.INSPECTION_OVER_BUDGET, unit=unit, month=month, contacts=contacts, budget=budget
        )
    days = work.policy.repeat_theme_days
    near = timedelta(days=days)
    for day in (
        *_days_of(seen, order.theme),
        *(e.starts_on for e in coming if e.theme == order.theme),
    ):
        if abs(order.starts_on - day) <= near and not order.repeat_reason:
            raise RuleViolation(
                Code.INSPECTION_REPEATED,
                unit=unit,
                theme=order.theme,
                on=day.isoformat(),
                days=days,
            )


def _days_of(seen: UnitSeen, theme: str) -> Iterator[date]:
    if theme in seen.themes:
        yield seen.themes[theme]


def _coming(work: Work, unit: str) -> Iterator[InspectionLine]:
    """Yield what is planned for a named unit and has not been made yet."""
    for line in work.all(InspectionLine):
        if line.unit == unit and line.on is None and line.state is not InspectionState.ABORTED:
            yield line


def take_note(work: Work, news: InspectionStanding) -> bool:
    """Note how an inspection stands; return whether that is news. After check-in its unit is."""
    line = work.find(InspectionLine, news.no)
    if line is None or news.seq <= line.heard:
        return False
    came = line.on is None and news.on is not None
    drawn = work.find(Draw, line.draw or "")
    if came and drawn is not None:
        work.set(drawn.no, drawn, is_used=True)
    work.set(
        news.no,
        line,
        heard=news.seq,
        state=news.state,
        unit=news.unit or line.unit,
        on=news.on,
        phase=work.campaign.current_phase if came else line.phase,
        is_over=news.is_over,
        order=None,
        ordered_by=None,
        request_id=None,
    )
    work.emit("campaign:inspection:noted", ("inspection_line", news.no))
    return True


def effect_unchecked(work: Work) -> Iterator[str]:
    """K46: every member unit is asked for its effect in each phase; yield those that were not."""
    phase = work.campaign.current_phase
    for unit in work.members:
        if phase not in work.seen.get(unit.code, UnitSeen()).effect:
            yield unit.code
