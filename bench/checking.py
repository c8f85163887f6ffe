"""The live verification in a process of its own: says how long it took, and what it found.

Told in the environment: DATABASE_URL (the verifier's login), DUBAN_LOG_POLICY (a file), ANCHOR (a
signed checkpoint, as a file). Two processes check, as in the goals; told `ledger`, that is folded.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

from duban.verify.files import read_outside
from duban.verify.run import Rules, verify
from duban.witness.files import read_policy

PROCESSES = 2


async def _check() -> dict[str, object]:
    outside = read_outside([Path(os.environ["ANCHOR"])], (), None)
    policy = read_policy(Path(os.environ["DUBAN_LOG_POLICY"]))
    folds = "ledger" in sys.argv
    rules = Rules(policy, time.time_ns() // 1000, outside, processes=PROCESSES, ledger=folds)
    began = time.perf_counter()
    report = await verify(os.environ["DATABASE_URL"], rules)
    return {
        "seconds": time.perf_counter() - began,
        "entries": report.entries,
        "verdict": report.verdict.name,
        "codes": dict(report.counts),
        "first": [f"{each.code} {each.where} {each.detail}" for each in report.findings[:5]],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_check())))
