"""The kinds of inspections (f.1) and what their orders must say (f.2), as one table."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from duban.domain.calendars import Calendar
from duban.domain.deadlines import at
from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection.records import Order
from duban.domain.inspection.words import Choice, InspectionKind, NoticeRule
from duban.domain.plan import UnitKind
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Role

K, R = InspectionKind, Role


class KindRule(NamedTuple):
    """A row of f.1.

    `notice` holds the ways in which the target may be chosen and the notice that goes with each;
    `needs` what the order of this kind must say beyond what every order says. An order that is
    `planned` waits for its authorisation; the others come with it.
    """

    planned_by: frozenset[Role]
    ordered_by: frozenset[Role]
    notice: Mapping[Choice, NoticeRule]
    needs: tuple[str, ...]
    planned: bool = True


_BODIES = frozenset({R.LEADING_GROUP, R.OFFICE, R.SUPERVISION_GROUP})

KINDS: Mapping[InspectionKind, KindRule] = {
    K.OPEN_AND_COVERT_VISIT: KindRule(
        planned_by=frozenset({R.SUPERVISION_GROUP}),
        ordered_by=frozenset({R.SUPERVISION_GROUP}),
        # The covert part (暗访) is drawn and told to nobody, the open part (明察) is planned.
        notice={Choice.DRAWN: NoticeRule.NONE, Choice.NAMED: NoticeRule.ALLOWED},
        needs=("plan_ref", "matter", "object_class"),
    ),
    K.KEY_INSPECTION: KindRule(
        planned_by=frozenset({R.LEADING_GROUP, R.OFFICE}),
        ordered_by=frozenset({R.LEADING_GROUP, R.OFFICE}),
        notice={Choice.NAMED: NoticeRule.SHORT},
        needs=("plan_ref", "matter", "object_class", "criteria"),
    ),
    K.THEMATIC_INSPECTION: KindRule(
        planned_by=frozenset({R.CAMPAIGN_GROUP}),
        # 须经授权: the campaign group proposes (row 26), a body authorises.
        ordered_by=_BODIES,
        notice={Choice.DRAWN: NoticeRule.ALLOWED, Choice.NAMED: NoticeRule.ALLOWED},
        needs=("plan_ref", "matter"),
    ),
    K.SPOT_CHECK: KindRule(
        planned_by=frozenset(),
        ordered_by=_BODIES,
        notice={Choice.DRAWN: NoticeRule.NONE},
        needs=("authorising_doc",),
        planned=False,
    ),
    K.PERIODIC_EFFECT_CHECK: KindRule(
        planned_by=frozenset({R.OFFICE}),
        ordered_by=frozenset({R.LEADING_GROUP, R.OFFICE}),
        notice={Choice.NAMED: NoticeRule.SCHEDULED},
        needs=("plan_ref", "phase"),
    ),
}
"""f.1. A look-back stands on the problem it looks back on (`duban lookback`), so it is no row."""


def rule_of(kind: InspectionKind) -> KindRule:
    """Return the row of a kind. Raises `RuleViolation` INSPECTION_KIND for a look-back."""
    if kind not in KINDS:
        raise RuleViolation(Code.INSPECTION_KIND, kind=kind.value)
    return KINDS[kind]


def notice_of(order: Order) -> NoticeRule:
    """Return what the order's kind says of notice to the unit."""
    return KINDS[order.kind].notice[order.choice]


def is_unannounced(order: Order) -> bool:
    """Whether nobody of the unit may know beforehand: 不发通知、不打招呼 (K52)."""
    return notice_of(order) is NoticeRule.NONE


def check_order(order: Order, policy: PolicyVersion) -> None:
    """Refuse an order that does not say what its kind must say, with all that is missing (K50).

    A drawn target may not be told by its scope: an order to draw among fewer units than the
    policy's least number would say in the clear which unit it will be (SEC1). Such a check is
    an open one, or its scope is widened; the population of the draw stays sealed either way.
    Raises `RuleViolation` INSPECTION_KIND, INSPECTION_INCOMPLETE or INSPECTION_SCOPE_TELLS.
    """
    rule = rule_of(order.kind)
    missing = list(_missing(order, rule))
    if missing:
        raise RuleViolation(Code.INSPECTION_INCOMPLETE, kind=order.kind.value, missing=missing)
    require_scope(order, policy)


def require_scope(order: Order, policy: PolicyVersion) -> None:
    """Refuse a scope that tells the target (SEC1). Raises `RuleViolation`."""
    fewest, there = policy.inspection.fewest_units, len(set(order.scope))
    if order.choice is Choice.DRAWN and there < fewest:
        raise RuleViolation(Code.INSPECTION_SCOPE_TELLS, fewest=fewest, there=there)


def _missing(order: Order, rule: KindRule) -> Iterator[str]:
    if order.choice not in rule.notice:
        yield "choice"
    if order.ends_on < order.starts_on:
        yield "ends_on"
    if (order.unit is None) == (order.choice is Choice.NAMED):
        yield "unit"
    yield from (name for name in rule.needs if not getattr(order, name))


def require_entitled(order: Order, body: UnitKind) -> None:
    """f.2: a document, and a body that may inspect; a department only where it is designated.

    Raises `RuleViolation` SPOT_CHECK_NOT_AUTHORISED or SPOT_CHECK_BODY_NOT_DESIGNATED, as for
    the order of a spot check.
    """
    if not order.authorising_doc.strip():
        raise RuleViolation(Code.SPOT_CHECK_NOT_AUTHORISED, theme=order.theme)
    if body is not UnitKind.BODY and not (order.designation_doc or "").strip():
        raise RuleViolation(Code.SPOT_CHECK_BODY_NOT_DESIGNATED, body=order.ordering_body)


def release_of(order: Order, today: date, policy: PolicyVersion, calendar: Calendar) -> datetime:
    """Return from when the leader may read: the morning of the first working day (SEC1)."""
    day = calendar.next_working_day(max(order.starts_on, today))
    return at(day, policy.inspection.release_hour)
