"""Ranges on all cores: each job in a process of its own, their parts in the order of the log."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from multiprocessing import get_context

from duban.verify.ranges import Job, Part, check_range


@asynccontextmanager
async def in_processes(
    jobs: Sequence[Job], processes: int | None
) -> AsyncIterator[AsyncIterator[Part]]:
    """Give the jobs to processes of their own and their parts back, in the order of the jobs."""
    count = min(len(jobs), processes or os.cpu_count() or 1)
    if count <= 1:
        yield _one_by_one(jobs)
        return
    # Entries hold no cycles: looking for some takes a tenth of the time, and a process ends soon.
    with ProcessPoolExecutor(count, get_context("spawn"), initializer=gc.disable) as pool:
        yield _as_they_come(pool, jobs, ahead=count + 1)


async def _one_by_one(jobs: Sequence[Job]) -> AsyncIterator[Part]:
    for job in jobs:
        yield await asyncio.to_thread(check_range, job)


async def _as_they_come(
    pool: ProcessPoolExecutor, jobs: Sequence[Job], *, ahead: int
) -> AsyncIterator[Part]:
    """Keep a few jobs ahead, so that parts do not pile up in memory."""
    loop = asyncio.get_running_loop()
    waiting = [loop.run_in_executor(pool, check_range, job) for job in jobs[:ahead]]
    for nth in range(len(jobs)):
        part = await waiting.pop(0)
        if nth + ahead < len(jobs):
            waiting.append(loop.run_in_executor(pool, check_range, jobs[nth + ahead]))
        yield part
