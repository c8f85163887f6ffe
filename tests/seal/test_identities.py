"""Who reported a clue: sealed at intake, opened by its custodian, told nowhere (row 44)."""

import json

import asyncpg
import pytest

from duban.domain.custody import Deed, Wish
from duban.domain.errors import RuleViolation
from duban.domain.roles import Role
from duban.proof.sealing import OpeningKey
from duban.store import trail
from duban.store.custody import Custody
from duban.store.errors import SealRefused
from tests.support.keeping import GROUP_KEY, who

NAME = "反映人张某，手机13800000000"
BODY = json.dumps({"clue": "BE-2019-C0001", "reporter": NAME}, ensure_ascii=False)
LIAISON = ("U03-L1", Role.LIAISON)


async def sealed(custody: Custody) -> str:
    """Have a unit's liaison seal an identity, and return the sealed entry."""
    wish = Wish(deed=Deed.SEAL_IDENTITY)
    return await custody.seal(wish, who(*LIAISON), BODY, GROUP_KEY.public)


def opening(subject: str, **fields: object) -> Wish:
    """A custodian's wish to read it."""
    given = {"openers": ("SV-1",), "basis": "核实报复", "detail": {"clue": "BE-2019-C0001"}}
    return Wish.model_validate({"deed": Deed.OPEN_IDENTITY, "subject": subject, **given, **fields})


async def test_the_custodian_reads_it_and_the_entry_says_so_without_the_text(
    custody: Custody,
) -> None:
    named, text = await custody.open_identity(opening(await sealed(custody)), who(), GROUP_KEY)

    entry = await trail.get(custody.pool, named)
    assert json.loads(text)["reporter"] == NAME
    assert entry is not None
    assert (entry.event.tag, entry.event.actor.id) == ("audit:identity:opened", "SV-1")
    assert entry.event.detail == {"target": "sealed#0", "clue": "BE-2019-C0001"}
    assert NAME not in str(entry.fields)


async def test_nobody_else_opens_it_and_that_he_tried_is_an_entry(custody: Custody) -> None:
    subject = await sealed(custody)

    with pytest.raises(RuleViolation, match="identity.not_custodian"):
        await custody.open_identity(opening(subject), who("OF-1", Role.OFFICE), GROUP_KEY)
    with pytest.raises(RuleViolation, match="role.not_permitted"):
        await custody.open_identity(opening(subject), who(*LIAISON), GROUP_KEY)
    with pytest.raises(RuleViolation, match="object.not_found"):
        await custody.open_identity(opening("sealed#9"), who(), GROUP_KEY)

    told = await trail.stream_events(custody.pool, "custody")
    assert [each.code for each in told] == [
        "identity.not_custodian",
        "role.not_permitted",
        "object.not_found",
    ]


async def test_another_key_opens_nothing_and_then_nothing_was_read(custody: Custody) -> None:
    subject = await sealed(custody)

    with pytest.raises(SealRefused):
        await custody.open_identity(opening(subject), who(), OpeningKey.make("other"))

    assert await trail.stream_events(custody.pool, "custody") == []


async def test_no_row_of_the_database_holds_the_name(
    custody: Custody, admin: asyncpg.Connection
) -> None:
    await custody.open_identity(opening(await sealed(custody)), who(), GROUP_KEY)

    tables = await admin.fetch(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables "
        "WHERE schemaname IN ('audit', 'ledger')"
    )
    found = [
        row["name"]
        for row in tables
        for each in await admin.fetch(f"SELECT t::text AS line FROM {row['name']} AS t")  # noqa: S608
        if "13800000000" in each["line"] or NAME.encode().hex() in each["line"]
    ]
    assert len(tables) > 5
    assert found == []
