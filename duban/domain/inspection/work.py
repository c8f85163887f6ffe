"""One decision of an inspection in the making, and the words it uses for what it reads."""

from collections.abc import Iterator

from duban.domain.calendars import Calendar
from duban.domain.clue.state import LinkedProblem
from duban.domain.deadlines import Deadline
from duban.domain.entity.notices import people_in, tell_at_once
from duban.domain.entity.permits import acting, not_separated
from duban.domain.entity.refusals import require_move
from duban.domain.entity.work import Work as EntityWork
from duban.domain.inspection.field import Item
from duban.domain.inspection.outcome import Finding
from duban.domain.inspection.records import InspectionRecord
from duban.domain.inspection.state import InspectionState as State
from duban.domain.inspection.tables import MOVES
from duban.domain.inspection.words import InspectionState, InspectionTrigger
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Person, Role


class Work(EntityWork):
    """The scratch of one decision of an inspection."""

    NOUN = "inspection"

    @property
    def inspection(self) -> InspectionRecord:
        """The inspection as this decision sees it."""
        return next(self.all(InspectionRecord))

    @property
    def subject(self) -> tuple[str, str]:
        """The inspection itself, as the object of an event."""
        return ("inspection", self.inspection.no)

    @property
    def calendar(self) -> Calendar:
        """The calendar version that the inspection goes by."""
        return self.get(Calendar, str(self.inspection.calendar_version))

    @property
    def is_paused(self) -> bool:
        """Never: what is sealed does not wait, and a unit's right to review does not either."""
        return False

    @property
    def linked(self) -> LinkedProblem | None:
        """The problem that came with the message."""
        assert isinstance(self._state, State)
        return self._state.linked

    def follow_date(self, deadline: Deadline) -> None:
        """Nothing of an inspection repeats the date of its clock."""

    def next_deadline_id(self) -> str:
        """Return the id of the next clock, and count it."""
        number = self.inspection.deadlines_opened + 1
        self.note(deadlines_opened=number)
        return f"{self.inspection.no}/D{number:02d}"

    def note(self, **fields: object) -> InspectionRecord:
        """Plan new values of the inspection's own fields."""
        inspection = self.inspection
        return self.set(inspection.no, inspection, **fields)

    def move(self, state: InspectionState, **fields: object) -> InspectionRecord:
        """Move the inspection along its table."""
        require_move(MOVES, self.inspection.state, state, self.inspection.no)
        return self.note(state=state, **fields)

    def say(self, tag: str, **said: object) -> None:
        """Emit an event about the inspection; its unit is named from check-in on, not before."""
        target = self.inspection.target
        self.emit(tag, self.subject, unit=target.unit if target else None, **said)  # type: ignore[arg-type]

    def start(self, code: DeadlineCode, holder: str) -> Deadline:
        """Start a clock today."""
        return self.open_deadline(code, self.subject, holder)

    def items(self) -> Iterator[Item]:
        """Yield the items of the record that stand."""
        return (each for each in self.all(Item) if each.withdrawn is None)

    def orphans(self) -> list[Finding]:
        """Return the findings of which nothing has come yet (K54)."""
        return [each for each in self.all(Finding) if each.is_orphan]

    def signer(self) -> list[Person]:
        """Return who signed the order, as the register has them; readings are shown to them."""
        signer = self.inspection.order.signer
        return [each for each in self.all(Person) if each.id == signer and not each.left][:1]

    def recuse(self) -> None:
        """SOD6: nobody of the inspected unit has a hand in its inspection, in whatever role."""
        target = self.inspection.target
        own = {each.unit for each in acting(self) if not each.left}
        if target is not None and target.unit in own:
            raise not_separated("SOD6", self)

    def raise_trigger(self, trigger: InspectionTrigger, **said: object) -> None:
        """Put a question to people: the supervision group and the leading group (g.1, SOD11)."""
        asked = [*people_in(self, Role.SUPERVISION_GROUP), *people_in(self, Role.LEADING_GROUP)]
        key = f"{self.inspection.no}/{trigger.value}/{self.next_seq}"
        tell_at_once(self, trigger.value, key, asked, self.subject)
        self.say("inspection:trigger:raised", trigger=trigger.value, **said)
