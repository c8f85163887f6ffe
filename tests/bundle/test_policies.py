"""The single file refuses the policies that Duban itself refuses, and reads the others alike."""

import pytest

from duban.bundle.verify import Policy, Unreadable
from duban.proof import policy
from tests.proof.test_policy import LOG, WRONG


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_policy_is_refused_here_too(name: str) -> None:
    text, fault, *_ = WRONG[name]
    # Nothing but what is wrong is to be the reason, so what is merely missing is added.
    if fault is not policy.PolicyFault.QUORUM_MISSING and "quorum" not in text:
        text = f"{text}\nquorum none"
    if LOG not in text:
        text = f"{LOG}\n{text}"

    with pytest.raises(Unreadable):
        Policy(f"{text}\n")


def test_a_policy_is_read_alike() -> None:
    text = f"{LOG}\nquorum none\nwriter a b\ntolerance 3\n"
    ours, alone = policy.Policy.parse(text), Policy(text)

    assert alone.writers == set(ours.writers)
    assert [each.name for each in alone.logs] == [each.key.name for each in ours.logs]
