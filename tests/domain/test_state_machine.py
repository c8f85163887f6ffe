"""Random people, commands, signals and times: what must hold of a campaign whatever happens."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from duban.domain.campaign import commands as c
from duban.domain.campaign.restore import restored
from duban.domain.campaign.state import CampaignState
from duban.domain.campaign.tables import STAGES_OF
from duban.domain.counting import local_date
from duban.domain.errors import RuleViolation
from duban.domain.events import Event, Outcome
from duban.domain.roles import Actor, Role
from tests.support.builders import Desk, a_calendar, the_calendar_before_the_notice
from tests.support.cases import CASES, Case
from tests.support.scenes import ACTORS, scene

_SCENES = ["draft", "approved", "working", "asked", "task_claimed", "review", "account", "watch"]
_PAST_ITS_OWN = {"unrecorded", "receipts", "next_seq", "last_event_at"}
_UNIT_ROLES = {Role.PRINCIPAL_LEADER, Role.LIAISON}
_SIGNALS = st.sampled_from(["U01", "U99"]) | st.none() | st.integers()


class Campaigns(RuleBasedStateMachine):
    """One campaign, from some moment of its life on."""

    @initialize(name=st.sampled_from(_SCENES), early=st.booleans())
    def begin(self, name: str, early: bool) -> None:
        if early:
            self.desk = Desk(calendar=the_calendar_before_the_notice())
        else:
            self.desk = scene(name)
        self.original: dict[str, date] = {}
        self.checked = 0
        self.keys: set[str] = set()

    @rule(data=st.data(), case=st.sampled_from(CASES), role=st.sampled_from(sorted(Role)))
    def anybody_asks(self, data: st.DataObject, case: Case, role: Role) -> None:
        """Anybody asks for anything."""
        fields = {name: self._value(data, name, value) for name, value in case.fields.items()}
        self._handle(self.desk.command(case.command, "OF-1", actor=ACTORS[role], **fields))

    @rule(data=st.data())
    def the_right_one_asks(self, data: st.DataObject) -> None:
        """Somebody who may asks for what is heard now."""
        stage = self.desk.campaign.record.stage
        heard = [case for case in CASES if stage in STAGES_OF[case.command]]
        if not heard:
            return
        case = data.draw(st.sampled_from(heard))
        fields = {name: self._value(data, name, value) for name, value in case.fields.items()}
        actor = self._holder(ACTORS[data.draw(st.sampled_from(sorted(case.allowed)))], fields)
        self._handle(self.desk.command(case.command, "OF-1", actor=actor, **fields))

    def _holder(self, actor: Actor, fields: dict[str, Any]) -> Actor:
        """Return the actor of the unit that the command is about."""
        clock = self.desk.campaign.state.deadline.get(fields.get("deadline", "-"))
        about = [*map(str, fields.values()), clock.holder if clock else ""]
        if actor.role not in _UNIT_ROLES or not any(
            each.startswith(("T-02", "U02")) for each in about
        ):
            return actor
        fields.update({"signed_by": "U02-L1"} if "signed_by" in fields else {})
        return Actor(id=actor.id.replace("U01", "U02"), role=actor.role, unit="U02")

    def _value(self, data: st.DataObject, name: str, usual: Any) -> Any:
        state, today = self.desk.campaign.state, local_date(self.desk.now)
        known: Any = {
            "task": sorted(state.task),
            "goal": sorted(state.goal),
            "deadline": sorted(state.deadline),
            "extension": sorted(state.extension),
            "gate": list(c.Gate),
            "kind": list(type(usual)) if name == "kind" else [],
            "draw": sorted(state.draw),
            "inspection": sorted(state.inspection_line),
            "approved": [True, False],
            "passed": [True, False],
            "override": [True, False],
            "upheld": [True, False],
            "decision": list(c.GoalDecision),
            "value": [Decimal(40), Decimal(53), Decimal(71)],
        }.get(name)
        if known:
            return data.draw(st.sampled_from(known))
        if name == "new_due_on" or isinstance(usual, date):
            return today + timedelta(days=data.draw(st.integers(-2, 60)))
        return usual

    def _handle(self, command: c.Command) -> None:
        desk = self.desk
        desk.campaign.tick(now=desk.now)
        before = desk.campaign.state.snapshot()
        try:
            receipt = desk.campaign.handle(command, now=desk.now)
        except RuleViolation as why:
            assert desk.campaign.state.snapshot() == before
            desk.campaign.refuse(command, why, now=desk.now)
            after = desk.campaign.state
            assert after.model_dump(exclude=_PAST_ITS_OWN) == before.model_dump(
                exclude=_PAST_ITS_OWN
            )
            return
        assert receipt.first_seq == before.next_seq
        assert receipt.last_seq >= receipt.first_seq
        again = desk.campaign.handle(command, now=desk.now)
        assert again == receipt

    @rule(days=st.integers(0, 45), hours=st.integers(0, 23), awake=st.booleans())
    def wait(self, days: int, hours: int, awake: bool) -> None:
        """Time passes, with the worker up or down meanwhile."""
        desk = self.desk
        target = desk.now + timedelta(days=days, hours=hours)
        while awake and (alarm := desk.campaign.next_alarm(now=desk.now)) and alarm <= target:
            desk.now = max(alarm, desk.now)
            desk.campaign.tick(now=desk.now)
        desk.now = target
        desk.campaign.tick(now=target)

    @precondition(lambda self: len(self.desk.events) % 4 == 0)
    @rule(payload=st.dictionaries(st.sampled_from(["theme", "scope", "actor"]), _SIGNALS))
    def signal(self, payload: dict[str, Any]) -> None:
        before = len(self.desk.events)
        self.desk.campaign.order_spot_check(payload, now=self.desk.now)
        said = self.desk.events[before:]
        assert self.desk.campaign.is_over or said[-1].outcome is Outcome.REJECTED

    @precondition(lambda self: len(self.desk.events) % 4 == 1)
    @rule(early=st.booleans())
    def publish(self, early: bool) -> None:
        """A new calendar comes out: no date may move forward."""
        state = self.desk.campaign.state
        version = max(each.version for each in state.calendar.values()) + 1
        new = the_calendar_before_the_notice(version) if early else a_calendar(version)
        self.desk.campaign.tick(now=self.desk.now)
        before = {d.id: d.current_due_on for d in state.deadline.values()}
        self._handle(self.desk.command(c.AdoptCalendar, "OF-1", calendar=new, basis_doc="国办"))
        for deadline in state.deadline.values():
            assert deadline.current_due_on >= before[deadline.id]

    @invariant()
    def nothing_is_due_after_a_tick(self) -> None:
        desk = self.desk
        desk.campaign.tick(now=desk.now)
        said = len(desk.events)
        desk.campaign.tick(now=desk.now)
        assert len(desk.events) == said
        alarm = desk.campaign.next_alarm(now=desk.now)
        assert alarm is None or alarm > desk.now

    @invariant()
    def original_dates_never_change(self) -> None:
        for deadline in self.desk.campaign.state.deadline.values():
            first = self.original.setdefault(deadline.id, deadline.original_due_on)
            assert deadline.original_due_on == first

    @invariant()
    def entries_are_dense_and_no_notice_is_sent_twice(self) -> None:
        events = self.desk.events
        assert self.desk.campaign.state.next_seq == len(events)
        for number, event in enumerate(events[self.checked :], self.checked):
            assert event.seq == number
            for change in event.changes:
                if change.kind == "notice":
                    assert change.id not in self.keys
                    self.keys.add(change.id)
        self.checked = len(events)

    def teardown(self) -> None:
        """The state is the fold of its events and survives its own JSON."""
        state = self.desk.campaign.state
        events = [Event.model_validate_json(e.model_dump_json()) for e in self.desk.events]
        outside = {"receipts", "unrecorded"}
        assert restored(events).model_dump(exclude=outside) == state.model_dump(exclude=outside)
        assert CampaignState.model_validate_json(state.model_dump_json()) == state


TestCampaigns = Campaigns.TestCase
TestCampaigns.settings = settings(
    max_examples=40,
    derandomize=True,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
