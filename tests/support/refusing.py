"""A refusal as the shell makes it: nothing changes, and it stands on the trail."""

from datetime import datetime
from typing import Any

import pytest

from duban.domain.entity.command import Command
from duban.domain.entity.machine import Machine
from duban.domain.errors import RuleViolation
from duban.domain.events import Event


def refused(
    machine: Machine[Any, Any], command: Command, now: datetime
) -> tuple[Event, RuleViolation]:
    """Ask for what must be refused; return what then stands on the trail, and the refusal."""
    machine.tick(now=now)
    before = machine.state.next_seq
    with pytest.raises(RuleViolation) as why:
        machine.handle(command, now=now)
    assert machine.state.next_seq == before
    machine.refuse(command, why.value, now=now)
    assert machine.state.next_seq == before + 1
    return machine.state.unrecorded[-1], why.value
