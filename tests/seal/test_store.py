"""Sealing, revealing and erasing on the real schema: what is stored, told and refused."""

import asyncio
import json
from typing import Any

import asyncpg
import pytest

from duban.domain.custody import Deed, Wish, slot_of
from duban.domain.errors import RuleViolation
from duban.domain.roles import Role
from duban.proof.commitments import opens
from duban.proof.sealing import OpeningKey, SealKey, seal
from duban.store import trail
from duban.store.canonical import parse
from duban.store.custody import Custody
from duban.store.drafts import AppendResult
from duban.store.errors import (
    DatabaseUnavailable,
    NotAnErasure,
    NothingToErase,
    ProfileViolation,
    SealRefused,
    TrailConflict,
)
from duban.store.payloads import Payload, PayloadClass
from duban.store.places import ATTEMPTS, at_the_end
from tests.support.entries import a_record, an_event
from tests.support.keeping import GROUP_KEY, KEPT, PLAN, a_text, erase, who

SEAL, ALL = Wish(deed=Deed.SEAL), "SELECT event_id, leaf, sealed FROM audit.event WHERE stream = $1"
TEXTS = "SELECT p.* FROM audit.payload AS p JOIN audit.event AS e USING (event_id)"


async def sealed(custody: Custody, text: str | None = PLAN) -> str:
    return await custody.seal(SEAL, who(), text, GROUP_KEY.public)


def revealing(target: str) -> Wish:
    return Wish(deed=Deed.REVEAL, subject=target)


async def texted(custody: Custody, *texts: Payload, seq: int = 0) -> None:
    record = a_record(KEPT, an_event(seq))
    [result] = await custody.store.append([record], {(KEPT, seq): texts})
    assert result.error is None


async def test_a_sealed_entry_shows_time_and_commitments_alone(
    custody: Custody, admin: asyncpg.Connection
) -> None:
    named = await sealed(custody)
    row = await admin.fetchrow("SELECT * FROM audit.event WHERE stream = 'sealed'")
    fields = json.loads(row["leaf"])["e"]

    assert named == "sealed#0"
    assert set(fields) == {"c", "class", "mode", "occ", "sealed", "seq", "stream", "tag", "v"}
    assert (set(fields["c"]), fields["class"]) == ({"body", "box"}, {"box": "embargo"})
    assert fields["occ"] % 3_600_000_000 == 0
    columns = ("campaign", "unit", "actor", "object_type", "object_id", "outcome")
    assert [row[each] for each in columns] == [None] * 6
    assert (row["sealed"], row["tag"]) == (True, "audit:entry:sealed")


async def test_nothing_of_what_is_sealed_reaches_the_database(
    custody: Custody, admin: asyncpg.Connection
) -> None:
    await sealed(custody)
    opened = GROUP_KEY.open(await admin.fetchval("SELECT body FROM audit.payload"))
    tables = await admin.fetch(
        "SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'm')"
        " AND relnamespace = ANY (ARRAY['audit', 'ledger', 'duban']::regnamespace[])"
    )

    for canary in ("U03-S1", "暗访计划", opened.salt.hex()):
        for table in tables:
            found = "SELECT count(*) FROM {} AS t WHERE t::text LIKE '%' || $1 || '%'"
            assert await admin.fetchval(found.format(table["name"]), canary) == 0, table["name"]
    assert PLAN in opened.body.decode()


async def test_the_box_holds_who_sealed_it_and_opens_the_commitment(
    custody: Custody, admin: asyncpg.Connection
) -> None:
    await sealed(custody)
    [row] = await admin.fetch(ALL, "sealed")
    text = await admin.fetchrow("SELECT * FROM audit.payload WHERE event_id = $1", row["event_id"])
    opened, told = GROUP_KEY.open(text["body"]), parse(row["leaf"]).fields["c"]
    document = json.loads(opened.body)

    assert isinstance(told, dict)
    assert opens(bytes.fromhex(str(told["body"])), opened.salt, opened.body)
    assert opens(bytes.fromhex(str(told["box"])), text["salt"], text["body"])
    assert document["actor"] == {"id": "SV-1", "role": "supervision_group"}
    assert (document["kind"], document["text"]) == ("sealed", PLAN)


async def test_a_decoy_looks_like_any_other(custody: Custody, admin: asyncpg.Connection) -> None:
    await sealed(custody, "计划" * 400)
    wish = SEAL.model_copy(update={"detail": {"size": 2400}})
    await custody.seal(wish, who(), None, GROUP_KEY.public)
    leaves = [row["leaf"] for row in await admin.fetch(f"{ALL} ORDER BY seq", "sealed")]
    boxes = [row["body"] for row in await admin.fetch("SELECT body FROM audit.payload")]

    assert len({len(each) for each in boxes}) == len({len(each) for each in leaves}) == 1
    kinds = {json.loads(GROUP_KEY.open(each).body)["kind"] for each in boxes}
    assert kinds == {"sealed", "decoy"}


async def test_many_seal_at_one_time_and_none_is_lost(
    custody: Custody, admin: asyncpg.Connection
) -> None:
    named = await asyncio.gather(*(sealed(custody, f"计划{n}") for n in range(8)))
    boxes = await admin.fetch("SELECT body FROM audit.payload")

    assert sorted(named) == [f"sealed#{n}" for n in range(8)]
    texts = {json.loads(GROUP_KEY.open(row["body"]).body)["text"] for row in boxes}
    assert texts == {f"计划{n}" for n in range(8)}


async def test_a_second_delivery_of_a_box_is_known(custody: Custody) -> None:
    at, mode = slot_of(who()[2]), (await trail.origin(custody.pool)).mode
    box = Payload("box", b"box", PayloadClass.EMBARGO)
    again = Payload("box", b"box", PayloadClass.EMBARGO)

    first = await custody.store.seal(mode, 0, at, bytes(32), box)
    second = await custody.store.seal(mode, 0, at, bytes(32), box)
    another = await custody.store.seal(mode, 0, at, bytes(32), again)

    assert (first.new, second.known) == (1, 1)
    assert isinstance(another.error, TrailConflict)


async def test_who_may_not_seal_leaves_an_entry(custody: Custody) -> None:
    with pytest.raises(RuleViolation, match="role.not_permitted"):
        await custody.seal(SEAL, who("U03-L1", Role.LIAISON), PLAN, GROUP_KEY.public)

    [attempt] = await trail.stream_events(custody.pool, "custody")
    assert (attempt.tag, attempt.code) == ("audit:entry:sealed", "role.not_permitted")
    assert PLAN not in attempt.model_dump_json()
    assert await trail.head(custody.pool, "sealed") == 0


async def test_a_reveal_carries_what_anyone_can_check(custody: Custody) -> None:
    target = await sealed(custody)

    named, opened = await custody.reveal(revealing(target), who(), GROUP_KEY)
    [event] = await trail.stream_events(custody.pool, "custody")
    detail: dict[str, Any] = event.detail

    assert (named, event.tag, event.actor.id) == ("custody#0", "audit:seal:revealed", "SV-1")
    assert (detail["target"], detail["slot"]) == ("sealed#0", "body")
    assert (bytes.fromhex(detail["salt"]), detail["body"].encode()) == (opened.salt, opened.body)


async def test_a_sealed_entry_is_found_by_its_id_too(
    custody: Custody, admin: asyncpg.Connection
) -> None:
    await sealed(custody)
    [row] = await admin.fetch(ALL, "sealed")

    await custody.reveal(revealing(str(row["event_id"])), who(), GROUP_KEY)

    [event] = await trail.stream_events(custody.pool, "custody")
    assert event.detail["target"] == "sealed#0"


@pytest.mark.parametrize(
    ("target", "role", "code"),
    [
        ("sealed#9", Role.SUPERVISION_GROUP, "object.not_found"),
        ("campaign-BE-2019#0", Role.SUPERVISION_GROUP, "object.not_found"),
        ("sealed#0", Role.OFFICE, "role.not_permitted"),
    ],
)
async def test_reveals_that_are_refused(
    custody: Custody, target: str, role: Role, code: str
) -> None:
    await sealed(custody)
    with pytest.raises(RuleViolation, match=code):
        await custody.reveal(revealing(target), who("SV-1", role), GROUP_KEY)

    [attempt] = await trail.stream_events(custody.pool, "custody")
    assert (attempt.tag, attempt.code) == ("audit:seal:revealed", code)
    assert "salt" not in attempt.detail


async def test_another_key_reveals_nothing(custody: Custody) -> None:
    await sealed(custody)
    with pytest.raises(SealRefused, match="sealed for the key"):
        await custody.reveal(revealing("sealed#0"), who(), OpeningKey.make("other"))

    assert await trail.head(custody.pool, "custody") == 0


async def test_a_box_that_is_not_what_was_committed_to_is_not_revealed(custody: Custody) -> None:
    mode = (await trail.origin(custody.pool)).mode
    box = Payload("box", seal(b"another", GROUP_KEY.public).box, PayloadClass.EMBARGO)
    await custody.store.seal(mode, 0, who()[2], bytes(32), box)

    with pytest.raises(SealRefused) as refused:
        await custody.reveal(revealing("sealed#0"), who(), GROUP_KEY)
    assert refused.value.code == "seal.not_committed"


async def test_what_could_never_be_revealed_is_not_sealed(custody: Custody) -> None:
    with pytest.raises(SealRefused) as refused:
        await sealed(custody, '"' * 20_000)
    assert refused.value.code == "seal.too_long"
    longest = await sealed(custody, "计" * 20_000)
    await custody.reveal(revealing(longest), who(), GROUP_KEY)


async def test_nothing_is_sealed_for_a_key_that_is_none(custody: Custody) -> None:
    with pytest.raises(SealRefused, match="key is none"):
        await custody.seal(SEAL, who(), PLAN, SealKey("supervision", bytes(32)))
    assert await trail.head(custody.pool, "sealed") == 0


async def test_texts_are_stored_beside_their_entry(
    custody: Custody, admin: asyncpg.Connection
) -> None:
    text = a_text("name", "举报人甲")
    await texted(custody, text)
    leaf = (await trail.get(custody.pool, f"{KEPT}#0") or parse("{}")).leaf.decode()
    row = await admin.fetchrow(TEXTS)

    assert json.loads(leaf)["e"]["c"] == {"name": text.committed}
    assert json.loads(leaf)["e"]["class"] == {"name": "personal"}
    assert (row["salt"], row["body"], row["class"]) == (text.salt, text.body, "personal")
    assert "举报人" not in leaf
    assert text.salt.hex() not in repr(text)


async def test_a_second_delivery_does_not_bring_an_erased_text_back(
    custody: Custody, admin: asyncpg.Connection
) -> None:
    text = a_text("name", "举报人甲")
    await texted(custody, text)
    await erase(custody, f"{KEPT}#0", "name")

    [again] = await custody.store.append([a_record(KEPT, an_event(0))], {(KEPT, 0): [text]})

    assert (again.known, again.error) == (1, None)
    assert await admin.fetch(TEXTS) == []


async def test_another_text_at_the_same_place_is_a_conflict(custody: Custody) -> None:
    await texted(custody, a_text("name", "甲"))

    record = a_record(KEPT, an_event(0))
    [other] = await custody.store.append([record], {(KEPT, 0): [a_text("name", "乙")]})

    assert isinstance(other.error, TrailConflict)


async def test_texts_that_share_a_slot_or_make_an_entry_too_long_are_refused(
    custody: Custody,
) -> None:
    twice = [a_text("name", "甲"), a_text("name", "乙")]
    many = [a_text(f"slot{n}", "甲") for n in range(900)]
    for texts in (twice, many):
        [result] = await custody.store.append([a_record(KEPT, an_event(0))], {(KEPT, 0): texts})
        assert isinstance(result.error, ProfileViolation)


async def test_an_erasure_takes_salt_and_text_and_tells_who_and_why(
    custody: Custody, admin: asyncpg.Connection
) -> None:
    await texted(custody, a_text("name", "举报人甲"), a_text("phone", "138"))

    await erase(custody, f"{KEPT}#0", "name")
    events = await trail.stream_events(custody.pool, "erasure")

    assert [each.tag for each in events] == [
        "audit:erasure:requested",
        "audit:payload:erased",
        "audit:payload:erased",
    ]
    assert [each.code for each in events] == [None, "duty.not_separated", None]
    done = events[2]
    assert (done.actor.id, done.basis_doc) == ("SV-1", "个人信息保护法第四十七条")
    assert done.detail == {
        "target": f"{KEPT}#0",
        "slot": "name",
        "request": 0,
        "requester": "OF-1",
    }
    assert [row["slot"] for row in await admin.fetch(TEXTS)] == ["phone"]
    by = await admin.fetchval("SELECT leaf FROM audit.event WHERE stream = 'erasure' AND seq = 2")
    assert json.loads(by)["by"] == "duban_eraser"


async def test_a_text_is_erased_once(custody: Custody) -> None:
    await texted(custody, a_text("name", "甲"))
    await erase(custody, f"{KEPT}#0", "name")

    with pytest.raises(NothingToErase):
        await custody.approve(Wish(deed=Deed.ERASE, subject="erasure#0"), who())
    assert await trail.head(custody.pool, "erasure") == 3


@pytest.mark.parametrize("target", [f"{KEPT}#7", f"{KEPT}#0", "sealed#0", "no reference"])
async def test_an_erasure_of_what_is_not_there_is_refused(custody: Custody, target: str) -> None:
    await texted(custody)
    await sealed(custody)
    wish = Wish(deed=Deed.REQUEST, subject=target, basis="第四十七条")

    with pytest.raises(RuleViolation, match="object.not_found"):
        await custody.request(wish, who(), "box")
    [attempt] = await trail.stream_events(custody.pool, "erasure")
    assert attempt.code == "object.not_found"


@pytest.mark.parametrize("reference", ["erasure#9", f"{KEPT}#0", "erasure#0"])
async def test_only_what_was_asked_for_can_be_granted(custody: Custody, reference: str) -> None:
    await texted(custody, a_text("name", "甲"))
    wish = Wish(deed=Deed.REQUEST, subject=f"{KEPT}#0", basis="第四十七条")
    with pytest.raises(RuleViolation, match="role.not_permitted"):
        await custody.request(wish, who("U03-L1", Role.LIAISON), "name")

    # The first entry of the stream is the refused attempt, which asks for nothing.
    with pytest.raises(RuleViolation, match="object.not_found"):
        await custody.approve(Wish(deed=Deed.ERASE, subject=reference), who())


async def test_the_database_itself_refuses_an_erasure_that_nobody_asked_for(
    custody: Custody, admin: asyncpg.Connection
) -> None:
    await texted(custody, a_text("name", "甲"))
    detail = {"target": f"{KEPT}#0", "slot": "name", "requester": "OF-1", "request": 0}
    event = an_event(0, tag="audit:payload:erased", detail=detail, basis_doc="第四十七条")

    with pytest.raises(NotAnErasure):
        await custody.eraser.erase(a_record("erasure", event, campaign=None))

    assert await trail.head(custody.pool, "erasure") == 0
    assert len(await admin.fetch(TEXTS)) == 1


async def test_a_place_that_others_always_take_is_given_up(custody: Custody) -> None:
    asked: list[int] = []

    async def taken(seq: int) -> AppendResult:
        asked.append(seq)
        return AppendResult("custody", seq, seq, error=TrailConflict())

    async def refused(seq: int) -> AppendResult:
        return AppendResult("custody", seq, seq, error=ProfileViolation())

    with pytest.raises(DatabaseUnavailable, match="taken by others"):
        await at_the_end(custody.pool, "custody", taken)
    with pytest.raises(ProfileViolation):
        await at_the_end(custody.pool, "custody", refused)
    assert asked == [0] * ATTEMPTS
