"""What is kept back on a test's trail: texts behind commitments, sealed entries, an erasure."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import pytest

from duban.domain.custody import Deed, Wish
from duban.domain.errors import RuleViolation
from duban.domain.reading import Post
from duban.domain.roles import Person, Role
from duban.proof.sealing import OpeningKey
from duban.store.audit import AuditStore
from duban.store.custody import Custody, Who
from duban.store.payloads import Payload, PayloadClass
from duban.store.pool import ERASER, READER, SUPERVISOR, WORKER, open_pool
from tests.support.entries import KEY, a_change, a_record, an_event

GROUP_KEY = OpeningKey("supervision", b"\x11" * 32)
PLAN = "暗访计划：11月30日上午，直奔U03-S1窗口。"
KEPT = "campaign-98"
"""A stream whose entries commit to texts: #0 and #1 to a name, #2 to one that is erased."""
COUNT, KEPT_STREAMS = 11, 4
"""How many entries `keep` appends, and in how many streams."""


def a_post(person: str = "SV-1", role: Role = Role.SUPERVISION_GROUP) -> Post:
    """A person's post in a register."""
    return Post(campaign="BE-2019", person=Person(id=person, name="某甲", role=role))


def who(person: str = "SV-1", role: Role = Role.SUPERVISION_GROUP) -> Who:
    """Somebody who acts now, in the one post held."""
    return person, [a_post(person, role)], datetime.now(UTC)


@asynccontextmanager
async def custody_of(dsn: str) -> AsyncIterator[Custody]:
    """The doors of a database, each with its own login."""
    async with AsyncExitStack() as stack:
        pools = []
        for login in (READER, WORKER, SUPERVISOR, ERASER):
            pools.append(await open_pool(dsn, role_login=login, max_size=1))
            stack.push_async_callback(pools[-1].close)
        reader, worker, supervisor, eraser = pools
        yield Custody(reader, AuditStore(worker, KEY), supervisor, AuditStore(eraser, KEY))


def a_text(slot: str, body: str, kind: PayloadClass = PayloadClass.PERSONAL) -> Payload:
    """A text for a slot."""
    return Payload(slot, body.encode(), kind)


async def keep(dsn: str) -> None:
    """Append `COUNT` entries in the streams campaign-98, sealed, custody and erasure."""
    now = datetime.now(UTC)
    change = a_change("task", "B-98", state="accepted", title="台账")
    events = [an_event(seq, occurred_at=now, detail={"words": "见附件"}) for seq in range(3)]
    events.append(an_event(3, change, occurred_at=now))
    texts = {
        (KEPT, 0): [a_text("name", "举报人甲"), a_text("note", "附件", PayloadClass.NORMAL)],
        (KEPT, 1): [a_text("name", "举报人乙")],
        (KEPT, 2): [a_text("phone", "13800000000")],
    }
    async with custody_of(dsn) as custody:
        [result] = await custody.store.append([a_record(KEPT, *events)], texts)
        assert result.error is None
        for text in (PLAN, "第二份计划", None):
            await custody.seal(Wish(deed=Deed.SEAL), who(), text, GROUP_KEY.public)
        await custody.reveal(Wish(deed=Deed.REVEAL, subject="sealed#0"), who(), GROUP_KEY)
        await erase(custody, f"{KEPT}#2", "phone")


async def erase(custody: Custody, target: str, slot: str) -> None:
    """Have a text erased; whoever asks cannot grant it, which leaves an entry too."""
    wish = Wish(deed=Deed.REQUEST, subject=target, basis="个人信息保护法第四十七条")
    request = await custody.request(wish, who("OF-1", Role.OFFICE), slot)
    granting = Wish(deed=Deed.ERASE, subject=request)
    with pytest.raises(RuleViolation, match="duty.not_separated"):
        await custody.approve(granting, who("OF-1", Role.OFFICE))
    await custody.approve(granting, who())
