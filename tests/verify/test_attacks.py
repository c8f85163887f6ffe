"""Every attack of the list that can be made by now is found, and each changes something.

The control comes first (test_control.py): what finds something in an untouched log proves nothing.
"""

from dataclasses import replace

import asyncpg
import pytest

from duban.verify.report import Report, Verdict
from tests.support.attack_tools import VICTIM, Attack
from tests.support.attacks_on_entries import ATTACKS as ON_ENTRIES
from tests.support.attacks_on_texts import ATTACKS as ON_TEXTS
from tests.support.attacks_on_the_log import ATTACKS as ON_THE_LOG
from tests.support.tampering import Owner, Reference, fingerprint, verified

# All modules add to one list.
assert ON_ENTRIES is ON_TEXTS is ON_THE_LOG
ATTACKS = sorted(ON_THE_LOG, key=lambda each: each.number)
BY_NUMBER = {each.number: each for each in ATTACKS}

# What nothing but one check sees: without it, the attack would pass (audit.md 6.1, rule 3).
SOLE = {
    10: "BACKDATED",
    15: "WORKFLOW_MISSING",
    16: "NOT_CLOSED",
    17: "UNSEQUENCED",
    18: "PROJECTION",
    20: "LEDGER",
    21: "SEARCH",
    22: "SEARCH",
    23: "PAYLOAD",
    24: "PAYLOAD",
    25: "PAYLOAD_MISSING",
    31: "QUORUM",
    33: "TILE",
    34: "FRONTIER",
    35: "NONCANONICAL",
    40: "CFG_TRIGGER",
    41: "CFG_GRANT",
    42: "WRITER",
    43: "FUTURE",
    44: "REVEAL",
    46: "STALE",
    48: "ERASURE_NOT_DONE",
    55: "CKPT_SIG",
}


async def made(attack: Attack, dsn: str, reference: Reference) -> tuple[bool, Report]:
    """Perform an attack; return whether it changed anything, and what the verifier says."""
    admin = await asyncpg.connect(dsn)
    owner, before = Owner(admin, dsn), await fingerprint(admin)
    await attack.tamper(owner, reference)
    changed = await fingerprint(admin) != before
    await admin.close()
    rules = reference.without(*attack.withheld)
    outside = replace(
        rules.outside,
        anchors=(*rules.outside.anchors, *owner.shown),
        manifest={**rules.outside.manifest, **owner.manifest},
    )
    told = replace(rules, outside=outside, now_us=rules.now_us + owner.later_us)
    return changed or bool(owner.later_us), await verified(dsn, told)


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
async def test_the_attack_is_found(attack: Attack, copy: str, reference: Reference) -> None:
    changed, report = await made(attack, copy, reference)

    assert changed
    assert attack.codes <= set(report.counts), report.counts
    assert report.verdict is attack.verdict


@pytest.mark.parametrize(("number", "code"), SOLE.items())
async def test_without_its_only_detector_the_attack_would_pass(
    number: int, code: str, copy: str, reference: Reference
) -> None:
    _, report = await made(BY_NUMBER[number], copy, reference)

    assert set(report.counts) == {code}
    del report.counts[code]
    assert report.verdict is Verdict.HOLDS


def test_every_attack_has_one_number() -> None:
    assert len(BY_NUMBER) == len(ATTACKS)


_COLUMNS = ("campaign", "unit", "actor", "tag", "object_type", "object_id", "outcome")
_ONE_WORD = "grams = array_to_tsvector(ARRAY[array_to_string(tsvector_to_array(grams), E'\\n')])"


@pytest.mark.parametrize(
    "assignment",
    [
        *(pytest.param(f"{each} = 'nowhere'", id=each) for each in _COLUMNS),
        pytest.param(_ONE_WORD, id="words run together"),
    ],
)
async def test_a_search_that_would_pass_an_entry_over_is_told(
    assignment: str, copy: str, reference: Reference
) -> None:
    """Beside the list: what a search goes by is compared with the entry, column by column."""

    async def tamper(owner: Owner, _: Reference) -> None:
        await owner.admin.execute(
            f"UPDATE audit.search SET {assignment} WHERE event_id ="  # noqa: S608 - tests
            " (SELECT event_id FROM audit.leaf WHERE leaf_index = $1)",
            VICTIM,
        )

    attack = Attack(0, assignment, frozenset({"SEARCH"}), tamper, Verdict.TAMPERED)
    changed, report = await made(attack, copy, reference)
    assert changed
    assert report.counts == {"SEARCH": 1}


async def test_whoever_checks_the_log_alone_is_told_that_the_ledger_was_not(
    copy: str, reference: Reference
) -> None:
    attack = BY_NUMBER[20]
    _, whole = await made(attack, copy, reference)
    alone = await verified(copy, reference.rules(ledger=False))

    assert whole.counts == {"LEDGER": 1}
    assert "ledger" not in [each.what for each in whole.unchecked]
    assert not alone.counts
    assert "ledger" in [each.what for each in alone.unchecked]
