"""Reveals and erasures in an export of the whole log, checked by the file that stands alone."""

from pathlib import Path

import pytest

from duban.bundle import Archive, Wanted
from duban.store.custody import Custody
from duban.store.pool import READER, VERIFIER, open_pool
from tests.bundle.boxes import Verdict, checked
from tests.support.attacks_on_texts import forged_reveal
from tests.support.keeping import KEPT, PLAN, custody_of, erase
from tests.support.tampering import LOG_KEY, Owner, a_policy, sequence


async def exported(dsn: str, folder: Path) -> Verdict:
    """Log what waits, export the whole log as operations do, and check it under the policy."""
    await sequence(dsn, [LOG_KEY])
    reader = await open_pool(dsn, role_login=READER, max_size=1)
    verifier = await open_pool(dsn, role_login=VERIFIER, max_size=1)
    written = await Archive(reader, verifier).export(Wanted(None), folder / "out.zip")
    await reader.close()
    await verifier.close()
    return checked(written.path, policy=a_policy().format())


def held(verdict: Verdict) -> dict[str, str]:
    return {each["key"]: each.get("count") for each in verdict.told["holds"]}


async def test_an_honest_export_holds_and_says_what_it_could_not_open(
    kept: str, tmp_path: Path
) -> None:
    verdict = await exported(kept, tmp_path)

    assert (verdict.codes, verdict.status) == (set(), 0)
    assert (held(verdict)["revealed"], held(verdict)["payloads"]) == ("1", "1")
    unopened = {each["key"]: each.get("count") for each in verdict.told["unchecked"]}
    # Three boxes and two sealed texts, two names, one that is erased.
    assert unopened["committed"] == "8"


async def test_no_box_and_no_personal_text_leaves(kept: str, tmp_path: Path) -> None:
    async with custody_of(kept) as custody:
        boxes = await custody.supervisor.fetch("SELECT body FROM audit.payload WHERE slot = 'box'")
    await exported(kept, tmp_path)
    taken = (tmp_path / "out.zip").read_bytes()

    assert len(boxes) == 3
    assert not any(row["body"][40:72] in taken for row in boxes)
    assert "举报人".encode() not in taken
    # The plan is there because it was revealed.
    assert PLAN.encode() in taken


@pytest.mark.parametrize("target", ["sealed#1", "sealed#7", f"{KEPT}#0"])
async def test_a_reveal_of_something_else_is_found(
    kept: str, custody: Custody, tmp_path: Path, target: str
) -> None:
    await forged_reveal(custody, target, "另一份计划")

    verdict = await exported(kept, tmp_path)

    assert (verdict.codes, verdict.status) == ({"REVEAL"}, 1)
    assert verdict.at("REVEAL")["entry"] == "custody#1"
    assert target in verdict.at("REVEAL")["en"]


async def test_an_erased_text_that_is_still_exported_is_found(
    kept: str, custody: Custody, tmp_path: Path
) -> None:
    admin = await open_pool(kept, max_size=1)
    text = await admin.fetchrow("SELECT * FROM audit.payload WHERE slot = 'note'")
    await erase(custody, f"{KEPT}#0", "note")
    async with admin.acquire() as connection:
        owner = Owner(connection, kept)
        await owner.do("INSERT INTO audit.payload VALUES ($1, $2, $3, $4, $5, $6, $7)", *text)
    await admin.close()

    verdict = await exported(kept, tmp_path)

    assert verdict.codes == {"ERASURE_NOT_DONE"}
    assert verdict.at("ERASURE_NOT_DONE")["entry"] == "erasure#5"
