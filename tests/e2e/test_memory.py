"""Temporal against a trail that was robbed: manifest and receipts are read from its server."""

import time
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetActivityRequest

from duban.contracts import PROVE_ACTIVITY, campaign_stream
from duban.domain.campaign import commands as c
from duban.domain.campaign.weight import weighty
from duban.proof.notes import SignedNote
from duban.remembered import KeptReceipt, Memory, Remembered, Source
from duban.stack.temporal import DevServer
from duban.store.pool import VERIFIER
from duban.verify.files import receipt_of
from duban.verify.outside import Known, Outside
from duban.verify.report import Report, Verdict
from duban.verify.run import Rules, verify
from tests.e2e.site import KEY, LiveCampaign, Site, until
from tests.support.clock import note
from tests.support.tampering import LOG_KEY, Owner, a_policy, sequence

pytestmark = pytest.mark.slow


@pytest_asyncio.fixture(scope="module")
async def site(
    tmp_path_factory: pytest.TempPathFactory, dev_server: DevServer, postgres_dsn: str
) -> AsyncIterator[Site]:
    """Servers of this module's own; the session's only say that their programs are there."""
    place = Site(tmp_path_factory.mktemp("memory"))
    await place.open()
    yield place
    await place.close()


async def a_campaign(site: Site, no: str, *, ended: bool = False) -> LiveCampaign:
    campaign = await site.campaign(no)
    await campaign.start()
    await campaign.establish()
    await campaign.do(c.FileDocument, "OF-1", **note(1))
    if ended:
        owner = {"owner": "U15", "disposition": "移交"}
        tasks = tuple({"task": each, **owner} for each in ("T-01", "T-02"))
        given = {"reason": "撤销", "doc_no": "纪要9号", "dispositions": tasks}
        await campaign.do(c.Terminate, "LG-1", **given)
        await campaign.handle.result()
    return campaign


async def remembered(site: Site, no: str) -> Remembered:
    return (await Memory(await site.client()).manifest())[campaign_stream(no)]


async def receipts(site: Site, no: str) -> list[KeptReceipt]:
    found = Memory(await site.client()).receipts()
    return [each async for each in found if each.stream == campaign_stream(no)]


async def judged(site: Site, signed: SignedNote, *streams: str, receipts: bool = False) -> Report:
    """Verify by what Temporal knows of some campaigns, and by the receipts it kept."""
    memory = Memory(await site.client())
    campaigns = await memory.manifest()
    told = {stream: Known(campaigns[stream].entries, campaigns[stream].over) for stream in streams}
    kept = [each async for each in memory.receipts()] if receipts else []
    outside = Outside((signed,)).joined(told, [receipt_of(each.proof, "") for each in kept])
    rules = Rules(a_policy(), time.time_ns() // 1000, outside, key=KEY, processes=1)
    return await verify(site.dsn(VERIFIER), rules)


async def robbed(site: Site, stream: str, first: int = 0) -> None:
    """Take a stream's entries from an ordinal on, with all that would tell of them."""
    admin = await asyncpg.connect(site.dsn())
    owner = Owner(admin, site.dsn())
    await owner.do("DELETE FROM audit.event WHERE stream = $1 AND seq >= $2", stream, first)
    head = "UPDATE audit.stream SET next_seq = $2, closed = false WHERE stream = $1"
    await admin.execute(head, stream, first)
    if not first:
        await admin.execute("DELETE FROM audit.stream WHERE stream = $1", stream)
        await admin.execute(
            "DELETE FROM ledger.object WHERE scope = $1", stream[len("campaign-") :]
        )
    await admin.close()


async def test_what_temporal_knows_is_on_an_honest_trail(site: Site) -> None:
    async with site.working():
        campaigns = [await a_campaign(site, no, ended=no == "M-2") for no in ("M-1", "M-2")]
        signed = await sequence(site.dsn(), [LOG_KEY])
        found = [await remembered(site, each.no) for each in campaigns]
        report = await judged(site, signed, "campaign-M-1", "campaign-M-2")

    counts = [len(await each.events()) for each in campaigns]
    assert [each.entries for each in found] == counts
    assert [(each.over, each.source) for each in found] == [
        (False, Source.WORKFLOW),
        (True, Source.WORKFLOW),
    ]
    assert (report.verdict, report.findings) == (Verdict.HOLDS, [])


async def test_without_a_worker_the_history_tells_what_people_were_answered(site: Site) -> None:
    async with site.working():
        campaign = await a_campaign(site, "M-3")
    found = await remembered(site, "M-3")

    assert found == Remembered(len(await campaign.events()), over=False, source=Source.HISTORY)


async def test_a_receipt_out_of_the_history_shows_a_perfect_rewrite(site: Site) -> None:
    async with site.working():
        campaign = await a_campaign(site, "M-4")
        await sequence(site.dsn(), [LOG_KEY])
        await _at_once(site, campaign)

        async def kept() -> bool:
            return bool(await receipts(site, "M-4"))

        await until(kept)
        [receipt] = await receipts(site, "M-4")
        assert [receipt.seq] == weighty(await campaign.events())
        honest = await judged(site, await _newest(site), receipts=True)
        await _rewritten(site, receipt)
        report = await judged(site, await _newest(site), receipts=True)

    assert {"RECEIPT", "RECEIPT_BAD"}.isdisjoint(honest.counts)
    assert [each.code for each in report.findings if "receipt" in each.where] == ["RECEIPT"]


async def test_attack_15_a_whole_campaign_taken_before_it_is_sequenced(site: Site) -> None:
    async with site.working():
        await a_campaign(site, "M-5")
        await robbed(site, "campaign-M-5")
        report = await judged(site, await _newest(site), "campaign-M-5")

    assert [each.code for each in report.findings if "M-5" in each.where] == ["WORKFLOW_MISSING"]


async def test_attack_16_the_end_of_a_campaign_taken_before_it_is_sequenced(site: Site) -> None:
    async with site.working():
        campaign = await a_campaign(site, "M-6", ended=True)
        closing = (await campaign.events())[-1].seq
        await robbed(site, "campaign-M-6", closing)
        signed = await sequence(site.dsn(), [LOG_KEY])
        report = await judged(site, signed, "campaign-M-6")

    codes = {each.code for each in report.findings if "M-6" in each.where}
    assert codes == {"NOT_CLOSED", "ORDINAL_GAP"}


async def test_a_workflow_ended_by_force_is_over_and_has_no_closing_entry(site: Site) -> None:
    async with site.working():
        campaign = await a_campaign(site, "M-7")
        await campaign.handle.terminate()
        signed = await sequence(site.dsn(), [LOG_KEY])
        found, report = await remembered(site, "M-7"), await judged(site, signed, "campaign-M-7")

    assert found == Remembered(len(await campaign.events()), over=True, source=Source.HISTORY)
    codes = {each.code for each in report.findings if "M-7" in each.where}
    assert codes == {"NOT_CLOSED"}


async def _at_once(site: Site, campaign: LiveCampaign) -> None:
    """Have the proving activity tried again now; left alone it waits two minutes."""
    client = await site.client()
    described = await campaign.handle.describe()
    [pending] = described.raw_description.pending_activities
    assert pending.activity_type.name == PROVE_ACTIVITY
    execution = WorkflowExecution(workflow_id=described.id, run_id=described.run_id)
    request = ResetActivityRequest(namespace="default", execution=execution, id=pending.activity_id)
    await client.workflow_service.reset_activity(request)


async def _newest(site: Site) -> SignedNote:
    admin = await asyncpg.connect(site.dsn())
    found = await admin.fetchval(
        "SELECT note FROM audit.checkpoint ORDER BY tree_size DESC LIMIT 1"
    )
    await admin.close()
    return SignedNote.parse(found)


async def _rewritten(site: Site, receipt: KeptReceipt) -> None:
    """Change the receipt's entry, and all above it with the stolen key of the log."""
    admin = await asyncpg.connect(site.dsn())
    owner = Owner(admin, site.dsn())
    index = receipt_of(receipt.proof, "").proof.index
    await owner.edit(index, "会议纪要1号", "会议纪要2号")
    await owner.rebuild(LOG_KEY)
    await admin.close()
