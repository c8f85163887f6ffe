"""Refusals that several entities give."""

from duban.domain.errors import Code, RuleViolation


def out_of_order(object_id: str, state: str, wanted: str) -> RuleViolation:
    """Return the refusal STATE_ORDER of a step that an object is not ready for as it stands."""
    return RuleViolation(Code.STATE_ORDER, id=object_id, state=str(state), wanted=str(wanted))
