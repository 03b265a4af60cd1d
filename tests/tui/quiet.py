"""Knows when the app has nothing left to do.

Textual's own pilot sleeps until the process uses little time, which takes some 80 ms for every key. What there is
to do can be seen instead: callbacks of the loop, what is to be painted, and workers that are at work.
"""

from __future__ import annotations

import asyncio
from time import process_time, thread_time

import pytest
from textual.worker import WorkerState
from textual_internals import app_at_work, has_callbacks, has_to_paint, have_pilots_wait, is_leaving, paint

LOOK = 0.002
"""Seconds between two looks at a worker, or at a picture."""
STILL = 0.02
"""Seconds without work after which a worker is taken to wait for something that the test holds back."""
AT_WORK = (WorkerState.PENDING, WorkerState.RUNNING)


async def until_quiet(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Wait until nothing is left to do, at most `max_sleep` seconds; takes what Textual's wait_for_idle takes."""
    loop = asyncio.get_running_loop()
    end = loop.time() + max_sleep
    while loop.time() < end:
        await asyncio.sleep(0)
        if has_callbacks(loop):
            continue
        if await _painted() or await _worked():
            continue
        return


async def _painted() -> bool:
    """Paint what waits for the next frame; False where nothing did, or the app is being left."""
    app = app_at_work()
    if is_leaving(app) or not has_to_paint(app.screen):
        return False
    paint(app.screen)
    if has_to_paint(app.screen):  # the picture is held back for a moment
        await asyncio.sleep(LOOK)
    return True


async def _worked() -> bool:
    """Wait for workers; False where none is at work, or only such that cannot go on."""
    loop = asyncio.get_running_loop()
    workers = app_at_work().workers
    if not any(worker.state in AT_WORK for worker in workers):
        return False
    used, end = _used_by_others(), loop.time() + STILL
    while any(worker.state in AT_WORK for worker in workers):
        if loop.time() > end:
            return _used_by_others() - used > STILL / 20
        await asyncio.sleep(LOOK)
    return True


def _used_by_others() -> float:
    """Seconds of a processor that all threads but this one took."""
    return process_time() - thread_time()


def watch(patch: pytest.MonkeyPatch) -> None:
    """Have every pilot wait so."""
    have_pilots_wait(patch, until_quiet)
