"""The untouched log: nothing is found, and without anything from outside nothing is claimed."""

from duban.verify.report import Verdict
from tests.support.keeping import KEPT_STREAMS
from tests.support.tampering import SIZES, STREAMS, Reference, verified


async def test_the_untouched_log_holds(copy: str, reference: Reference) -> None:
    report = await verified(copy, reference.rules())

    assert report.findings == []
    assert report.verdict is Verdict.HOLDS
    assert report.entries == report.tree_size == SIZES[-1]
    assert report.checkpoints == len(SIZES)
    assert report.streams == STREAMS + 1 + KEPT_STREAMS
    assert report.closed_streams == STREAMS // 2


async def test_without_an_anchor_nobody_says_ok(copy: str, reference: Reference) -> None:
    report = await verified(copy, reference.without("anchors"))

    assert set(report.counts) == {"UNANCHORED"}
    assert report.verdict is Verdict.UNDECIDED


async def test_two_processes_find_the_same(copy: str, reference: Reference) -> None:
    report = await verified(copy, reference.rules(processes=2))

    assert report.verdict is Verdict.HOLDS
