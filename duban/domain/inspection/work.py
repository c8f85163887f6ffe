"""One decision of an inspection in the making, and the words it uses for what it reads."""

from collections.abc import Iterator

from duban.domain.entity.given import LinkedProblem
from duban.domain.entity.member import MemberWork
from duban.domain.entity.notices import people_in, tell_at_once
from duban.domain.entity.permits import sod6_not_of_the_unit
from duban.domain.inspection.field import Item
from duban.domain.inspection.outcome import Finding
from duban.domain.inspection.records import InspectionRecord
from duban.domain.inspection.state import InspectionState as State
from duban.domain.inspection.tables import MOVES
from duban.domain.inspection.words import InspectionState, InspectionTrigger
from duban.domain.roles import Person, Role


class Work(MemberWork[InspectionRecord, InspectionState]):
    """The scratch of one decision of an inspection."""

    NOUN = "inspection"
    RECORD = InspectionRecord
    MOVES = MOVES

    @property
    def inspection(self) -> InspectionRecord:
        """The inspection as this decision sees it."""
        return self.record

    @property
    def linked(self) -> LinkedProblem | None:
        """The problem that came with the message."""
        assert isinstance(self._state, State)
        return self._state.linked

    def say(self, tag: str, **said: object) -> None:
        """Emit an event about the inspection; its unit is named from check-in on, not before."""
        target = self.inspection.target
        self.emit(tag, self.subject, unit=target.unit if target else None, **said)  # type: ignore[arg-type]

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
        sod6_not_of_the_unit(self, target.unit if target else None)

    def raise_trigger(self, trigger: InspectionTrigger, **said: object) -> None:
        """Put a question to people: the supervision group and the leading group (g.1, SOD11)."""
        asked = [*people_in(self, Role.SUPERVISION_GROUP), *people_in(self, Role.LEADING_GROUP)]
        key = f"{self.inspection.no}/{trigger.value}/{self.next_seq}"
        tell_at_once(self, trigger.value, key, asked, self.subject)
        self.say("inspection:trigger:raised", trigger=trigger.value, **said)
