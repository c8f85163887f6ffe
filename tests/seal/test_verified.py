"""What the verifier says of texts, reveals and erasures, beyond the list of attacks."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from duban.domain.custody import Deed, Wish
from duban.store.custody import Custody
from duban.verify.outside import Outside
from duban.verify.report import Report, Verdict
from tests.support.attacks_on_texts import forged_reveal
from tests.support.entries import a_record, an_event
from tests.support.keeping import GROUP_KEY, KEPT, custody_of, erase, who
from tests.support.tampering import (
    LOG_KEY,
    Owner,
    Reference,
    a_policy,
    sequence,
    verified,
)

Tamper = Callable[[Owner, Custody], Awaitable[None]]
OF, SEALED = (KEPT, 0), ("sealed", 1)


async def report_of(dsn: str, *tampers: Tamper, logged: bool = True) -> Report:
    """Tamper with a trail, put it into the log or leave it waiting, and verify."""
    admin = await asyncpg.connect(dsn)
    async with custody_of(dsn) as custody:
        for each in tampers:
            await each(Owner(admin, dsn), custody)
    await admin.close()
    if logged:
        await sequence(dsn, [LOG_KEY])
    return await verified(dsn, Reference(dsn, a_policy(), Outside()).rules())


async def changed(owner: Owner, entry: tuple[str, int], statement: str) -> None:
    """Change the texts of an entry, whose id is `$1`, past all guards."""
    place = "SELECT event_id FROM audit.event WHERE stream = $1 AND seq = $2"
    await owner.do(statement, await owner.admin.fetchval(place, *entry))


def codes(report: Report) -> set[str]:
    return set(report.counts) - {"UNANCHORED", "SEARCH", "UNSEQUENCED", "STALE"}


@pytest.mark.parametrize("logged", [True, False])
async def test_an_honest_trail_has_nothing_and_says_what_it_could_not_open(
    kept: str, logged: bool
) -> None:
    report = await report_of(kept, logged=logged)

    assert codes(report) == set()
    assert {each.what: each.count for each in report.unchecked}["sealed"] == 2


async def bad_body(owner: Owner, _: Custody) -> None:
    await changed(
        owner, OF, "UPDATE audit.payload SET body = 'x' WHERE slot = 'name' AND event_id = $1"
    )


async def bad_box(owner: Owner, _: Custody) -> None:
    await changed(owner, SEALED, "UPDATE audit.payload SET body = body || 'x' WHERE event_id = $1")


async def gone(owner: Owner, _: Custody) -> None:
    await changed(owner, SEALED, "DELETE FROM audit.payload WHERE event_id = $1")


async def opened_to_all(owner: Owner, _: Custody) -> None:
    await changed(
        owner, OF, "UPDATE audit.payload SET class = 'normal' WHERE slot = 'name' AND event_id = $1"
    )


async def opened_early(owner: Owner, _: Custody) -> None:
    await changed(
        owner, SEALED, "UPDATE audit.payload SET embargo_until_us = 1 WHERE event_id = $1"
    )


async def of_nothing(owner: Owner, _: Custody) -> None:
    await owner.do("UPDATE audit.payload SET event_id = gen_random_uuid() WHERE slot = 'box'")


async def of_another_slot(owner: Owner, _: Custody) -> None:
    await changed(owner, SEALED, "UPDATE audit.payload SET slot = 'other' WHERE event_id = $1")


async def in_the_clear(owner: Owner, _: Custody) -> None:
    await owner.do(
        "INSERT INTO audit.payload (event_id, slot, class, salt, body)"
        " SELECT s.event_id, 'body', 'normal', decode(d #>> '{salt}', 'hex'),"
        " convert_to(d #>> '{body}', 'UTF8')"
        " FROM (SELECT leaf::jsonb #> '{e,detail}' AS d FROM audit.event"
        "       WHERE stream = 'custody' AND seq = 0) AS r,"
        " (SELECT event_id FROM audit.event WHERE stream = 'sealed' AND seq = 0) AS s"
    )


async def revealed_what_was_never_sealed(_: Owner, custody: Custody) -> None:
    await forged_reveal(custody, f"{KEPT}#0", "x")


async def revealed_nothing(_: Owner, custody: Custody) -> None:
    await forged_reveal(custody, "sealed#99999999999999999999", "x")


async def erased_by_one(owner: Owner, custody: Custody) -> None:
    """The owner deletes a text and the worker's login tells an erasure, by one person alone."""
    detail = {"target": f"{KEPT}#0", "slot": "name", "requester": "P-office", "request": 0}
    said = {"tag": "audit:payload:erased", "detail": detail, "basis_doc": "第一条"}
    event = an_event(3, occurred_at=who()[2], **said)  # type: ignore[arg-type]
    [result] = await custody.store.append([a_record("erasure", event, campaign=None)])
    assert result.error is None
    await changed(owner, OF, "DELETE FROM audit.payload WHERE slot = 'name' AND event_id = $1")


async def erased_and_put_back(owner: Owner, custody: Custody) -> None:
    text = await owner.admin.fetchrow(
        "SELECT p.* FROM audit.payload AS p JOIN audit.event AS e USING (event_id)"
        " WHERE p.slot = 'name' AND e.stream = $1 AND e.seq = $2",
        *OF,
    )
    await erase(custody, f"{KEPT}#0", "name")
    await owner.do("INSERT INTO audit.payload VALUES ($1, $2, $3, $4, $5, $6, $7)", *text)


WRONG: dict[Tamper, set[str]] = {
    bad_body: {"PAYLOAD"},
    bad_box: {"PAYLOAD"},
    gone: {"PAYLOAD_MISSING"},
    opened_to_all: {"PAYLOAD"},
    opened_early: {"PAYLOAD"},
    of_nothing: {"PAYLOAD_ORPHAN", "PAYLOAD_MISSING"},
    of_another_slot: {"PAYLOAD_ORPHAN", "PAYLOAD_MISSING"},
    in_the_clear: {"PAYLOAD"},
    revealed_what_was_never_sealed: {"REVEAL"},
    revealed_nothing: {"REVEAL"},
    erased_by_one: {"PAYLOAD_MISSING"},
    erased_and_put_back: {"ERASURE_NOT_DONE"},
}


@pytest.mark.parametrize("logged", [True, False], ids=["logged", "waiting"])
@pytest.mark.parametrize("tamper", WRONG, ids=lambda each: each.__name__)
async def test_what_is_wrong_is_found_in_the_log_and_before(
    kept: str, tamper: Tamper, logged: bool
) -> None:
    report = await report_of(kept, tamper, logged=logged)

    assert codes(report) == WRONG[tamper], report.findings
    assert report.verdict is Verdict.TAMPERED


async def test_a_text_erased_by_two_people_is_not_missed(kept: str) -> None:
    async def erased(_: Owner, custody: Custody) -> None:
        await erase(custody, f"{KEPT}#1", "name")

    assert codes(await report_of(kept, erased)) == set()


async def test_a_granted_erasure_needs_the_entry_that_asked_for_it(kept: str) -> None:
    async def erased(owner: Owner, custody: Custody) -> None:
        await erase(custody, f"{KEPT}#1", "name")
        await owner.do(
            "UPDATE audit.event SET leaf = replace(leaf, '\"request\":3', '\"request\":0')"
            " WHERE stream = 'erasure' AND seq = 5"
        )

    report = await report_of(kept, erased)

    assert "PAYLOAD_MISSING" in codes(report)


async def test_every_sealed_entry_revealed_leaves_nothing_unopened(kept: str) -> None:
    async def revealed(_: Owner, custody: Custody) -> None:
        for seq in (1, 2):
            wish = Wish(deed=Deed.REVEAL, subject=f"sealed#{seq}")
            await custody.reveal(wish, who(), GROUP_KEY)

    report = await report_of(kept, revealed)

    assert codes(report) == set()
    assert "sealed" not in {each.what for each in report.unchecked}
