"""One decision of a clue in the making, and the words it uses for what it reads."""

from datetime import timedelta

from duban.domain.calendars import Calendar
from duban.domain.clue.records import ClueRecord
from duban.domain.clue.state import ClueState as State
from duban.domain.clue.state import LinkedProblem
from duban.domain.clue.tables import MOVES
from duban.domain.clue.words import ClueState
from duban.domain.counting import local_date
from duban.domain.deadlines import Deadline
from duban.domain.entity.permits import acting, not_separated
from duban.domain.entity.refusals import require_move
from duban.domain.entity.work import Work as EntityWork
from duban.domain.limits import DeadlineCode


class Work(EntityWork):
    """The scratch of one decision of a clue."""

    NOUN = "clue"

    @property
    def clue(self) -> ClueRecord:
        """The clue as this decision sees it."""
        return next(self.all(ClueRecord))

    @property
    def subject(self) -> tuple[str, str]:
        """The clue itself, as the object of an event."""
        return ("clue", self.clue.no)

    @property
    def calendar(self) -> Calendar:
        """The calendar version that the clue goes by."""
        return self.get(Calendar, str(self.clue.calendar_version))

    @property
    def is_paused(self) -> bool:
        """Never: the clocks of a clue run on while its campaign is suspended (c.3)."""
        return False

    @property
    def linked(self) -> LinkedProblem | None:
        """The problem that came with the message."""
        assert isinstance(self._state, State)
        return self._state.linked

    def follow_date(self, deadline: Deadline) -> None:
        """Nothing of a clue repeats the date of its clock."""

    def next_deadline_id(self) -> str:
        """Return the id of the next clock, and count it."""
        number = self.clue.deadlines_opened + 1
        self.note(deadlines_opened=number)
        return f"{self.clue.no}/D{number:02d}"

    def note(self, **fields: object) -> ClueRecord:
        """Plan new values of the clue's own fields."""
        clue = self.clue
        return self.set(clue.no, clue, **fields)

    def move(self, state: ClueState, **fields: object) -> ClueRecord:
        """Move the clue along its table."""
        require_move(MOVES, self.clue.state, state, self.clue.no)
        return self.note(state=state, **fields)

    def say(self, tag: str, **said: object) -> None:
        """Emit an event about the clue itself.

        It names no unit: who reads the entries of a unit is not to find clues about it.
        """
        self.emit(tag, self.subject, **said)  # type: ignore[arg-type]

    def start(self, code: DeadlineCode, holder: str) -> Deadline:
        """Start a clock today; its notices name the number and nothing of the matter."""
        return self.open_deadline(code, self.subject, holder)

    def start_minutes(self, code: DeadlineCode, holder: str, limit: timedelta) -> None:
        """Start a clock that runs by the hour, at night and on rest days too (DL15)."""
        deadline = self.open_deadline(code, self.subject, holder)
        due = self.now + limit
        on = local_date(due)
        self.set(deadline.id, deadline, original_due_on=on, current_due_on=on, due_at=due)

    def recuse(self) -> None:
        """SOD6: nobody of the unit that a clue is about has a hand in it, in whatever role."""
        own = {each.unit for each in acting(self) if not each.left}
        if self.clue.object_unit is not None and self.clue.object_unit in own:
            raise not_separated("SOD6", self)
