"""One decision of a clue in the making, and the words it uses for what it reads."""

from datetime import timedelta

from duban.domain.clue.records import ClueRecord
from duban.domain.clue.state import ClueState as State
from duban.domain.clue.tables import MOVES
from duban.domain.clue.words import ClueState
from duban.domain.counting import local_date
from duban.domain.entity.given import LinkedProblem
from duban.domain.entity.member import MemberWork
from duban.domain.entity.permits import sod6_not_of_the_unit
from duban.domain.limits import DeadlineCode


class Work(MemberWork[ClueRecord, ClueState]):
    """The scratch of one decision of a clue."""

    NOUN = "clue"
    RECORD = ClueRecord
    MOVES = MOVES

    @property
    def clue(self) -> ClueRecord:
        """The clue as this decision sees it."""
        return self.record

    @property
    def linked(self) -> LinkedProblem | None:
        """The problem that came with the message."""
        assert isinstance(self._state, State)
        return self._state.linked

    def say(self, tag: str, **said: object) -> None:
        """Emit an event about the clue itself.

        It names no unit: who reads the entries of a unit is not to find clues about it.
        """
        self.emit(tag, self.subject, **said)  # type: ignore[arg-type]

    def start_minutes(self, code: DeadlineCode, holder: str, limit: timedelta) -> None:
        """Start a clock that runs by the hour, at night and on rest days too (DL15)."""
        deadline = self.open_deadline(code, self.subject, holder)
        due = self.now + limit
        on = local_date(due)
        self.set(deadline.id, deadline, original_due_on=on, current_due_on=on, due_at=due)

    def recuse(self) -> None:
        """SOD6: nobody of the unit that a clue is about has a hand in it, in whatever role."""
        sod6_not_of_the_unit(self, self.clue.object_unit)
