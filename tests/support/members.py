"""What the desks of problems, clues and inspections share beyond a campaign's."""

from datetime import date
from typing import Any, TypeVar

from duban.domain.entity.member import Member
from tests.support.builders import MachineDesk

M = TypeVar("M", bound=Member[Any, Any])


class MemberDesk(MachineDesk[M]):
    """A member of the builders' campaign."""

    @property
    def record(self) -> Any:
        """The member's record."""
        return self.machine.record

    @property
    def state(self) -> str:
        """The member's state."""
        return str(self.record.state)

    @property
    def tags(self) -> list[str]:
        """The tags of everything said so far, without the noun."""
        return [event.tag.partition(":")[2] for event in self.events]

    def clock(self, code: str, holder: str | None = None) -> Any:
        """Return the open clock of a kind, or None."""
        return next(
            (
                each
                for each in self.machine.state.deadline.values()
                if each.code.value == code and holder in (None, each.holder)
            ),
            None,
        )

    def due(self, code: str) -> date:
        """Return the day to which the open clock of a kind runs."""
        due: date = self.clock(code).current_due_on
        return due
