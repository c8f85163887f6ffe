"""The spot-check order (domain.md f.1, f.2): recorded with its authority, or refused on record.

The order comes as a signal, which has no answer: whatever arrives, something stands on the trail
and the campaign goes on unharmed. Each site it is about becomes an inspection of its own.
"""

from pydantic import JsonValue, ValidationError

from duban.domain.campaign.commands import SpotCheckOrder
from duban.domain.campaign.inspections import number_spot_checks
from duban.domain.campaign.proof import is_paper
from duban.domain.campaign.work import Work
from duban.domain.entity.permits import authorise
from duban.domain.errors import Code, RuleViolation
from duban.domain.plan import UnitKind
from duban.domain.roles import Action, Right


def read_order(payload: JsonValue) -> SpotCheckOrder:
    """Return the order a signal carries. Raises `RuleViolation` SIGNAL_MALFORMED."""
    try:
        return SpotCheckOrder.model_validate(payload)
    except ValidationError as error:
        fields = sorted({".".join(map(str, each["loc"])) or "-" for each in error.errors()})
        raise RuleViolation(Code.SIGNAL_MALFORMED, fields=fields) from None


def order_spot_check(work: Work, order: SpotCheckOrder) -> None:
    """Record an order that is authorised, designated and in scope (f.2)."""
    _check_order(work, order)
    opened = number_spot_checks(work, order)
    campaign = work.campaign
    number = campaign.spot_checks_ordered + 1
    key = f"S{number:04d}"
    work.say_only(
        "spot_check",
        key,
        {
            "id": key,
            "theme": order.theme,
            "scope": list(order.scope),
            "authorising_doc": order.authorising_doc,
            "ordering_body": order.ordering_body,
            "designation_doc": order.designation_doc,
            "repeat_reason": order.repeat_reason,
            "status": "ordered",
            **({"inspections": list[JsonValue](opened)} if opened else {}),
        },
    )
    work.set(campaign.no, campaign, spot_checks_ordered=number)
    work.emit("campaign:spot_check:ordered", ("spot_check", key), basis_doc=order.authorising_doc)


def _check_order(work: Work, order: SpotCheckOrder) -> None:
    if not work.campaign.is_live:
        raise RuleViolation(Code.STAGE_NOT_LIVE, stage=work.campaign.stage.value)
    authorise(work, Action.ORDER_SPOT_CHECK, Right.CREATE, Right.APPROVE)
    if not is_paper(order.authorising_doc):
        raise RuleViolation(Code.SPOT_CHECK_NOT_AUTHORISED, theme=order.theme)
    for code in order.scope:
        work.unit(code)
    body = work.unit(order.ordering_body)
    if body.kind is not UnitKind.BODY and not order.designation_doc:
        raise RuleViolation(Code.SPOT_CHECK_BODY_NOT_DESIGNATED, body=body.code)
