"""What each login must not do with texts, and what the database itself refuses."""

import asyncpg
import pytest

from duban.domain.custody import Deed, Wish
from duban.domain.events import Event
from duban.store.custody import Custody
from duban.store.errors import NotAnErasure, ProfileViolation
from duban.store.payloads import Payload
from duban.store.pool import ERASER, READER, SUPERVISOR, VERIFIER, WORKER, dsn_for
from tests.support.entries import a_record, an_event
from tests.support.keeping import KEPT, a_text, custody_of, who

LOGINS = (WORKER, READER, VERIFIER, SUPERVISOR, ERASER, "duban_sequencer")
FORBIDDEN = (
    "INSERT INTO audit.payload SELECT * FROM audit.payload",
    "UPDATE audit.payload SET body = ''",
    "DELETE FROM audit.payload",
    "TRUNCATE audit.payload",
)
SEEN = {
    READER: {"note"},
    VERIFIER: {"name", "note", "box"},
    SUPERVISOR: {"name", "note", "box"},
}
APPENDING = {
    "audit.append('live', '{}', '{}', '{}')": {WORKER, "duban_sequencer"},
    "audit.append_with('live', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')": {WORKER},
    "audit.erase('live', gen_random_uuid(), '{}', '')": {ERASER},
}


@pytest.mark.parametrize("login", LOGINS)
async def test_no_login_changes_a_text(kept: str, login: str) -> None:
    connection = await asyncpg.connect(dsn_for(kept, login))
    for statement in FORBIDDEN:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


@pytest.mark.parametrize("login", LOGINS)
async def test_who_sees_which_texts(kept: str, login: str) -> None:
    connection = await asyncpg.connect(dsn_for(kept, login))
    if login in SEEN:
        rows = await connection.fetch("SELECT slot FROM audit.payload")
        assert {row["slot"] for row in rows} == SEEN[login]
    else:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT slot FROM audit.payload")
    await connection.close()


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("call", APPENDING)
async def test_each_login_has_its_own_way_in_and_no_other(
    opened: str, login: str, call: str
) -> None:
    connection = await asyncpg.connect(dsn_for(opened, login))
    try:
        await connection.fetch(f"SELECT {call}")
        denied = False
    except asyncpg.PostgresError as error:
        denied = isinstance(error, asyncpg.InsufficientPrivilegeError)
    await connection.close()

    assert denied == (login not in APPENDING[call])


async def test_a_reader_sees_no_sealed_entry(kept: str) -> None:
    connection = await asyncpg.connect(dsn_for(kept, READER))

    assert await connection.fetch("SELECT 1 FROM audit.event_ops WHERE stream = 'sealed'") == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch("SELECT 1 FROM audit.event WHERE stream = 'sealed'")
    await connection.close()


@pytest.mark.parametrize("role", ["audit_owner", "postgres"])
async def test_neither_owner_nor_superuser_deletes_a_text_that_no_entry_erases(
    kept: str, role: str
) -> None:
    connection = await asyncpg.connect(kept)
    await connection.execute(f"SET ROLE {role}")
    for statement in FORBIDDEN[1:]:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await connection.execute(statement)
    await connection.close()


def an_erasure(**changed: object) -> Event:
    """The entry that carries out the request at erasure#0, some of it changed."""
    detail = {"target": f"{KEPT}#0", "slot": "name", "requester": "OF-1", "request": 0}
    given = {"detail": detail, "basis_doc": "第四十七条", "actor": {"id": "SV-1", "role": "office"}}
    return an_event(1, **{"tag": "audit:payload:erased", **given, **changed})  # type: ignore[arg-type]


def _detail(**changed: object) -> dict[str, object]:
    return {"detail": {**an_erasure().detail, **changed}}


WRONG: dict[str, dict[str, object]] = {
    "the same person": {"actor": {"id": "OF-1", "role": "office"}},
    "asked for by another": _detail(requester="LG-1"),
    "another text": _detail(slot="note"),
    "another entry": _detail(target="sealed#0"),
    "no such request": _detail(request=7),
    "not a request": _detail(request=None),
    "another basis": {"basis_doc": "第一条"},
    "no basis": {"basis_doc": None},
    "another tag": {"tag": "campaign:note:made"},
    "a refused attempt": {"outcome": "rejected", "code": "x"},
}


@pytest.mark.parametrize("what", WRONG)
async def test_the_eraser_appends_nothing_but_what_another_asked_for(
    custody: Custody, admin: asyncpg.Connection, what: str
) -> None:
    texts = {(KEPT, 0): [a_text("name", "甲"), a_text("note", "乙")]}
    await custody.store.append([a_record(KEPT, an_event(0))], texts)
    wish = Wish(deed=Deed.REQUEST, subject=f"{KEPT}#0", basis="第四十七条")
    await custody.request(wish, who("OF-1"), "name")

    with pytest.raises(NotAnErasure):
        await custody.eraser.erase(a_record("erasure", an_erasure(**WRONG[what]), campaign=None))

    assert await admin.fetchval("SELECT count(*) FROM audit.payload") == 2
    done = await custody.eraser.erase(a_record("erasure", an_erasure(), campaign=None))
    assert done.new == 1


async def test_the_eraser_speaks_in_no_other_stream(opened: str) -> None:
    async with custody_of(opened) as custody:
        with pytest.raises(NotAnErasure):
            await custody.eraser.erase(a_record("campaign-A", an_event(0)))


@pytest.mark.parametrize("fault", ["salt", "body", "class", "orphan", "lacking"])
async def test_texts_that_are_not_committed_to_are_not_stored(
    custody: Custody, admin: asyncpg.Connection, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Payload.row

    def forging(self: Payload, event: object) -> object:
        row = honest(self, event)  # type: ignore[arg-type]
        return {
            "salt": row._replace(salt=bytes(32)),
            "body": row._replace(body=b"x"),
            "class": row._replace(kind="normal"),
            "orphan": row._replace(slot="other"),
            "lacking": row._replace(slot="name"),
        }[fault]

    monkeypatch.setattr(Payload, "row", forging)
    texts = {(KEPT, 0): [a_text("name", "甲"), a_text("phone", "138")]}
    [result] = await custody.store.append([a_record(KEPT, an_event(0))], texts)

    assert isinstance(result.error, ProfileViolation)
    assert await admin.fetchval("SELECT count(*) FROM audit.payload") == 0
