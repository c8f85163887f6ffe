"""The only translation of a refusal outwards: RuleViolation to ApplicationError and its code."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from duban.domain.errors import RuleViolation


def refusal(why: RuleViolation) -> ApplicationError:
    """Return the error that carries a refusal's code (its type) and params (its detail)."""
    return ApplicationError(str(why), dict(why.params), type=why.code.value, non_retryable=True)
