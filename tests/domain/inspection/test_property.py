"""Random people, news, targets and times: what must hold of an inspection whatever happens."""

import json
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from duban.domain.counting import local_date
from duban.domain.entity.command import Command
from duban.domain.errors import RuleViolation
from duban.domain.events import Event, Outcome
from duban.domain.inspection.commands import AbortInspection, RecordItem, ReportLeak
from duban.domain.inspection.news import TargetUnsealed
from duban.domain.inspection.state import InspectionState
from duban.domain.inspection.tables import BEFORE_SITE
from tests.support.builders import a_calendar, the_calendar_before_the_notice
from tests.support.inspection_cases import INSPECTION_CASES, InspectionCase
from tests.support.inspections import EVERYBODY, TARGET, InspectionDesk, actor_of

_SCENES = ["drawn", "released", "arrived", "on_site", "noted", "recorded", "drafted", "issued"]
_GIVEN = {"person", "delegation", "linked"}
_PAST_ITS_OWN = {"unrecorded", "receipts", "next_seq", "last_event_at"}
_PEOPLE = sorted({each.id for each in EVERYBODY})
_ONWARD = [each for each in INSPECTION_CASES if each.command not in (ReportLeak, AbortInspection)]
_OTHER = TARGET.model_copy(update={"site": "SITE-12"})


class Inspections(RuleBasedStateMachine):
    """One inspection, from some moment of its life on."""

    @initialize(scene=st.sampled_from(_SCENES), early=st.booleans(), named=st.booleans())
    def begin(self, scene: str, early: bool, named: bool) -> None:
        if named:
            self.desk = InspectionDesk(by="OF-2", choice="named")
        else:
            self.desk = getattr(InspectionDesk(), scene)()
        if early:
            self.desk.inspection.state.calendar["1"] = the_calendar_before_the_notice(1)
        self.desk.given()
        self.checked = 0
        self.keys: set[str] = set()

    @rule(case=st.sampled_from(INSPECTION_CASES), person=st.sampled_from(_PEOPLE))
    def anybody_asks(self, case: InspectionCase, person: str) -> None:
        self._handle(case.asked(self.desk, **self._now(case), actor=actor_of(person)))

    @rule(data=st.data(), hours=st.integers(0, 9))
    def the_right_one_asks(self, data: st.DataObject, hours: int) -> None:
        """Somebody who may asks for what is in order now, if anything is, some hours later."""
        self.wait(0, hours, True)
        cases = [each for each in _ONWARD if self._is_heard(each)]
        if cases:
            case = data.draw(st.sampled_from(cases))
            self._handle(case.asked(self.desk, **self._now(case)))

    def _is_heard(self, case: InspectionCase) -> bool:
        try:
            self.desk.inspection.check(case.asked(self.desk, **self._now(case)), now=self.desk.now)
        except RuleViolation:
            return False
        return True

    def _now(self, case: InspectionCase) -> dict[str, Any]:
        """Return the fields that say when, as they are now."""
        now, today = self.desk.now, local_date(self.desk.now)
        told: dict[str, Any] = {"at": now, "left_on": today, "on": today}
        if case.command is RecordItem:
            return {"fact": {**case.fields["fact"], "at": now}}
        return {name: told[name] for name in case.fields if name in told}

    def _handle(self, command: Command) -> None:
        machine, now = self.desk.inspection, self.desk.now
        machine.tick(now=now)
        before = machine.state.snapshot()
        try:
            receipt = machine.handle(command, now=now)
        except RuleViolation as why:
            assert machine.state.snapshot() == before
            machine.refuse(command, why, now=now)
            told = machine.state.model_dump(exclude=_PAST_ITS_OWN)
            assert told == before.model_dump(exclude=_PAST_ITS_OWN)
            return
        assert receipt.last_seq >= receipt.first_seq == before.next_seq
        assert machine.handle(command, now=now) == receipt

    @rule(days=st.integers(0, 12), hours=st.integers(0, 23), awake=st.booleans())
    def some_time_passes(self, days: int, hours: int, awake: bool) -> None:
        self.wait(days, hours, awake)

    def wait(self, days: int, hours: int, awake: bool) -> None:
        """Time passes, with the worker up or down meanwhile."""
        desk, target = self.desk, self.desk.now + timedelta(days=days, hours=hours)
        machine = desk.inspection
        while awake and (alarm := machine.next_alarm(now=desk.now)) and alarm <= target:
            desk.now = max(alarm, desk.now)
            machine.tick(now=desk.now)
        desk.now = target
        machine.tick(now=target)

    @rule(draw=st.sampled_from(["2019-BE-001", "2019-BE-002"]), void=st.booleans())
    def hear_of_a_draw(self, draw: str, void: bool) -> None:
        self.desk.voided(draw) if void else self.desk.drawn(draw)

    @rule(told=st.sampled_from([TARGET, TARGET, _OTHER]))
    def unseal(self, told: TargetUnsealed) -> None:
        self.desk.inspection.unseal(told, now=self.desk.now)

    @rule(kind=st.sampled_from(["suspended", "register", "calendar", "calendar"]))
    def hear_of_the_campaign(self, kind: str) -> None:
        machine = self.desk.inspection
        machine.tick(now=self.desk.now)
        before = {each.id: each.current_due_on for each in machine.state.deadline.values()}
        version = machine.record.calendar_version + 1
        more = {"calendar": a_calendar(version)} if kind == "calendar" else {}
        self.desk.hear(kind, seq=machine.record.heard + 1, **more)
        self.desk.given()
        for each in machine.state.deadline.values():
            assert each.current_due_on >= before[each.id]

    @invariant()
    def nothing_is_due_after_a_tick(self) -> None:
        machine, now = self.desk.inspection, self.desk.now
        machine.tick(now=now)
        alarm = machine.next_alarm(now=now)
        assert alarm is None or alarm > now

    @invariant()
    def sec1_no_target_before_check_in(self) -> None:
        it = self.desk.record
        if it.state in BEFORE_SITE and it.arrival is None and it.is_drawn:
            said = [each.model_dump(mode="json") for each in self.desk.events]
            assert TARGET.site not in json.dumps([it.plain(), said])
            assert it.target is None

    @invariant()
    def entries_are_dense_and_no_notice_is_sent_twice(self) -> None:
        events = self.desk.events
        assert self.desk.inspection.state.next_seq == len(events)
        for number, event in enumerate(events[self.checked :], self.checked):
            assert event.seq == number
            assert event.outcome is Outcome.ACCEPTED or not event.changes
            for change in event.changes:
                if change.kind == "notice":
                    assert change.id not in self.keys
                    self.keys.add(change.id)
        self.checked = len(events)
        if self.desk.record.is_over:
            assert events[-1].tag == "inspection:stream:closed"

    def teardown(self) -> None:
        """The state is the fold of its events and survives its own JSON."""
        state = self.desk.inspection.state
        events = [Event.model_validate_json(e.model_dump_json()) for e in self.desk.events]
        outside = {"receipts", "unrecorded", *_GIVEN}
        folded = self.desk.inspection.restored(events)
        assert folded.model_dump(exclude=outside) == state.model_dump(exclude=outside)
        assert InspectionState.model_validate_json(state.model_dump_json()) == state


TestInspections = Inspections.TestCase
TestInspections.settings = settings(
    max_examples=80,
    derandomize=True,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
