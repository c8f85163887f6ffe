"""What is recorded, and a trail that went on without us: the campaign follows it (ADR 0009)."""

from duban.domain.campaign import commands as c
from duban.domain.campaign.campaign import Campaign
from duban.domain.campaign.restore import restored
from duban.domain.campaign.state import CampaignState
from tests.support.builders import Desk, shanghai


def _plain(state: CampaignState) -> dict[str, object]:
    return state.model_dump(exclude={"receipts", "unrecorded", "last_event_at"})


def _recorded(desk: Desk) -> Desk:
    desk.campaign.recorded(len(desk.campaign.state.unrecorded))
    return desk


def _ahead(desk: Desk) -> Campaign:
    """A twin that has decided something this desk knows nothing of."""
    twin = Campaign(desk.campaign.state.snapshot())
    twin.handle(desk.command(c.Establish, "LG-1", doc_no="纪要"), now=shanghai("2019-03-04"))
    return twin


def test_snapshot_does_not_change_with_the_state() -> None:
    desk = _recorded(Desk())
    before = desk.campaign.state.snapshot()
    frozen = _plain(before)
    desk.do(c.Establish, "LG-1", doc_no="纪要")
    assert _plain(before) == frozen
    assert before.receipts != desk.campaign.state.receipts


def test_following_gives_up_what_is_unrecorded() -> None:
    desk = _recorded(Desk())
    twin = _ahead(desk)
    desk.do(c.ChangeLeadGroup, "LG-1", lead_body="office", title="作风办", doc_no="1", reason="改")
    desk.campaign.follow(twin.state.unrecorded, now=desk.now)
    [followed] = desk.campaign.state.unrecorded
    assert (followed.tag, followed.detail["dropped"]) == ("campaign:trail:followed", 1)
    assert followed.seq == twin.state.next_seq
    assert desk.campaign.record.stage == "plan"
    assert desk.campaign.record.lead_group_title != "作风办"


def test_following_from_the_very_first_event() -> None:
    desk, twin = Desk(), Desk(request_id="start-0002")
    desk.campaign.follow(twin.campaign.state.unrecorded, now=desk.now)
    assert [each.tag for each in desk.campaign.state.unrecorded] == ["campaign:trail:followed"]
    assert desk.campaign.state.next_seq == twin.campaign.state.next_seq + 1


def test_following_a_closed_stream_adds_nothing() -> None:
    desk = _recorded(Desk())
    twin = _ahead(desk)
    fields = {"reason": "终止", "doc_no": "纪要9号", "dispositions": _everything(desk)}
    twin.handle(desk.command(c.Terminate, "LG-1", **fields), now=shanghai("2019-03-05"))
    desk.campaign.follow(twin.state.unrecorded, now=desk.now)
    assert desk.campaign.is_over
    assert desk.campaign.state.unrecorded == []
    desk.campaign.refuse(desk.command(c.CallReview, "OF-1"), desk.campaign.over(), now=desk.now)
    assert desk.campaign.state.unrecorded == []


def _everything(desk: Desk) -> list[dict[str, str]]:
    tasks = desk.campaign.state.task
    return [{"task": no, "owner": "U03", "disposition": "转常态"} for no in tasks]


def test_recorded_in_parts_leads_to_the_same_base() -> None:
    desk = Desk()
    desk.do(c.Establish, "LG-1", doc_no="纪要")
    everything = list(desk.campaign.state.unrecorded)
    for _ in everything:
        desk.campaign.recorded(1)
        desk.campaign.state.unrecorded[:] = desk.campaign.state.unrecorded
    assert desk.campaign.state.unrecorded == []
    assert _plain(desk.campaign.state) == _plain(restored(everything))


def test_refusal_on_the_trail_is_not_said_twice() -> None:
    desk = _recorded(Desk())
    twin, command = _ahead(desk), desk.command(c.CallReview, "OF-1")
    twin.refuse(command, twin.over(), now=desk.now)
    desk.campaign.follow(twin.state.unrecorded, now=desk.now)
    said = len(desk.campaign.state.unrecorded)
    desk.campaign.refuse(command, desk.campaign.over(), now=desk.now)
    assert len(desk.campaign.state.unrecorded) == said
