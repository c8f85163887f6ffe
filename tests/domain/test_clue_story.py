"""ST8: a clue of bribery at U04's inspection goes to the supervision commission and back."""

from datetime import timedelta
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.clues import to_open
from duban.domain.campaign.words import Gate
from duban.domain.clue import commands as k
from duban.domain.clue.clue import HANDLERS, Clue
from duban.domain.clue.creation import create
from duban.domain.clue.standing import standing
from duban.domain.counting import local_date
from duban.domain.errors import RuleViolation
from duban.domain.events import Event
from duban.rehearsal.script import Expectation, Step, read_script
from tests.support.builders import Desk
from tests.support.clues import NO, ClueDesk, a_package, a_report, a_result
from tests.support.scenes import scene
from tests.support.sources import ROOT

BRIBERY: dict[str, Any] = {
    "matter": "检查发现审批人员收受企业购物卡",
    "object_unit": "U04",
    "reporter_class": "enterprise",
}


class Story:
    """A campaign and the clue that it opened, with one clock for both."""

    def __init__(self) -> None:
        self.campaign: Desk = scene("draft").fork()
        self.campaign.at("2019-06-12", "16:00")
        report = a_report(known_on="2019-06-12")
        self.campaign.do(c.ReportClue, "SU-1", report=report, actor=ACTOR)
        self.clue = ClueDesk("2019-06-12", "16:00")
        self.open()

    def open(self) -> None:
        """Open the clue as its campaign has it."""
        start = to_open(self.campaign.campaign.state, NO, timedelta(0))
        assert start is not None
        self.clue.machine = Clue(create(start, now=self.clue.now))

    def at(self, day: str, clock: str = "10:00") -> ClueDesk:
        """Let time pass for the clue, and let the campaign hear how it stands."""
        return self.clue.at(day, clock)

    def receipts_owed(self) -> tuple[str, ...]:
        """Say what G4.2 still lacks."""
        desk = self.campaign
        desk.campaign.hear(standing(self.clue.clue.state), now=desk.now)
        found = {each.id: each.missing for each in desk.campaign.gate(Gate.G4, now=desk.now)}
        return found["G4.2"]


ACTOR = {"id": "IN-1", "role": "inspection_team"}


@pytest.fixture
def story() -> Story:
    return Story()


def _to_the_commission(story: Story) -> None:
    """Written at once, judged by three levels, transferred on the next working day."""
    story.clue.written(**BRIBERY)
    story.at("2019-06-13").screened("SU-1")
    story.at("2019-06-17").reviewed("SU-2")
    story.at("2019-06-19").decided("OF-1")
    story.at("2019-06-20").transferred("OF-1", **a_package())


def test_st8_transfer_to_the_supervision_commission_receipt_result_feedback(story: Story) -> None:
    _to_the_commission(story)
    assert story.clue.record.package.receiver == "supervision_commission"
    assert story.receipts_owed() == (NO,)

    story.at("2019-06-25").received("DX-1")
    assert story.receipts_owed() == ()
    # Three months from the receipt: 25 September, a Wednesday.
    assert story.clue.due("DL19R").isoformat() == "2019-09-25"

    story.at("2019-09-20").resulted("DX-1", **a_result())
    assert story.clue.due("DL20").isoformat() == "2019-09-25"
    story.at("2019-09-24").answered("SU-2").closed()

    assert story.clue.record.told.on.isoformat() == "2019-09-24"
    assert "deadline:breached" not in story.clue.tags
    assert story.clue.said("trigger:raised") == []
    assert story.receipts_owed() == ()
    assert NO not in story.campaign.campaign.state.clue_line


def test_st8_without_receipt_it_keeps_alarming_and_the_campaign_cannot_close(story: Story) -> None:
    _to_the_commission(story)

    story.at("2019-09-30", "18:00")

    chased = story.clue.said("receiver:chased")
    assert [each.detail["through"] for each in chased[:3]] == ["office", "office", "leading_group"]
    assert len(chased) > 20
    assert story.receipts_owed() == (NO,)


def test_st8_held_back_after_the_decision_it_is_a_trigger(story: Story) -> None:
    story.clue.written(**BRIBERY).decided("OF-1")

    story.at("2019-06-21", "18:00")

    [trigger] = story.clue.said("trigger:raised")
    assert trigger.detail["trigger"] == "WITHHELD_CLUE"


def test_st8_nobody_of_u04_sees_or_decides_it(story: Story) -> None:
    story.clue.written(**BRIBERY)
    u04 = {"id": "OF-1", "role": "office", "unit": "U04"}
    office = story.clue.clue.state.person["OF-1:office"]
    moved = office.model_copy(update={"unit": "U04"})
    story.clue.clue.state.person["OF-1:office"] = moved

    why = story.clue.refused(k.AcknowledgeClue, actor=u04)

    assert why.params["rule"] == "SOD6"


def test_st8_the_script_of_the_rehearsal_plays_on_the_rules_and_shows_what_it_says() -> None:
    script = read_script(ROOT / "examples/stories/st8-bribery-clue.yaml")
    desk = ClueDesk("2019-06-12", "16:00", by="SU-1")
    first, *steps = script.steps
    assert (first.do, first.fields["report"]["source"]) == ("report_clue", "inspection")

    for step in steps:
        _play(desk, step)

    own = [each for each in script.expect if each.tag.startswith("clue:")]
    assert len(own) == len(script.expect) - 1
    for each in own:
        found = [event for event in desk.events if event.tag == each.tag and _fits(event, each)]
        assert len(found) == each.count, each.says_en


COMMANDS = {str(each.model_fields["type"].default): each for each in HANDLERS}


def _play(desk: ClueDesk, step: Step) -> None:
    """Carry a step out at its moment, as the rehearsal would."""
    desk.at(step.instant.date().isoformat(), step.instant.strftime("%H:%M"))
    assert step.on == "bribery"
    command = desk.command(COMMANDS[step.do], step.by, **step.fields)
    code = None
    try:
        desk.clue.handle(command, now=desk.now)
    except RuleViolation as why:
        code = why.code.value
        desk.clue.refuse(command, why, now=desk.now)
    assert code == step.refused


def _fits(event: Event, wanted: Expectation) -> bool:
    """Say whether an event has the day, code or detail that is looked for."""
    said = {
        "day": local_date(event.occurred_at),
        "code": event.code,
        **{f"detail.{name}": value for name, value in event.detail.items()},
    }
    return all(said.get(name) == value for name, value in wanted.where.items())
