"""A function in a process of its own, with what it took: nothing is warm, and memory is its own.

python -m bench.fresh bench.peers.pandas_report:report SHOP
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

TESTS: Final = Path(__file__).resolve().parent.parent
PATIENCE: Final = 600.0
"""Seconds a peer or an opening may take."""
LONG: Final = 3_600.0
"""Seconds that writing a shop, or all questions one after the other, may take."""
CHECK_EVERY: Final = 0.01


@dataclass(frozen=True)
class Run:
    """What a function gave and took."""

    answer: Any
    """What it returned, as JSON carries it; None where it failed."""
    seconds: float
    """In the function, its module being imported."""
    wall: float
    """From the start of the process to its end."""
    cpu: float
    """Seconds of all cores together: what a busy machine does not blur."""
    system: float
    """How many of them the system took, mostly to find memory."""
    peak_mb: float
    failure: str = ""
    """Why there is no answer."""


def run(function: str, *args: object, env: Mapping[str, str] | None = None, patience: float = PATIENCE) -> Run:
    """Run `module:function` with `args` as text; whatever goes wrong is told in `failure`."""
    command = [sys.executable, "-m", "bench.fresh", function, *map(str, args)]
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as complaint:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=told, stderr=complaint, env=environment(env))
        limit = room_mb()
        failure, status, usage = _watch(process.pid, started + patience, limit)
        took = (usage.ru_utime + usage.ru_stime, usage.ru_stime, peak_mb(usage))
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
        if not failure and process.returncode:
            complaint.seek(0)
            failure = _reason(complaint.read().decode(errors="replace"), process.returncode)
        if failure:
            return Run(None, wall, wall, *took, failure.format(patience=patience, limit=limit))
        told.seek(0)
        given = json.loads(told.read())
        return Run(given["answer"], given["seconds"], wall, *took)


def answer(function: str, *args: object, env: Mapping[str, str] | None = None) -> Any:
    """What `module:function` gives in a process of its own, where nothing may fail."""
    done = run(function, *args, env=env, patience=LONG)
    if done.failure:
        raise RuntimeError(f"{function} failed: {done.failure}")
    return done.answer


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment in which bench and ltvtui can be imported."""
    places = [str(TESTS), str(TESTS.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places), **(more or {})}


def room_mb() -> float:
    """Memory a process may take: three quarters of the machine's, so that nobody else is pushed out."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20 * 3 / 4


def _watch(pid: int, until: float, limit_mb: float) -> tuple[str, int, Any]:
    """Wait for the end of a process: why it was ended, its status, and what it used (struct_rusage)."""
    failure = ""
    while True:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return failure, status, usage
        if not failure:
            if time.perf_counter() > until:
                failure = "more than {patience:g} s"
            elif _resident_mb(pid) > limit_mb:
                failure = "more than {limit:.0f} MB"
            if failure:
                os.kill(pid, signal.SIGKILL)
        time.sleep(CHECK_EVERY)


def peak_mb(usage: Any) -> float:
    """Peak memory of a process that has ended; the kernel counts in KB, macOS in bytes."""
    return float(usage.ru_maxrss) / (2**20 if sys.platform == "darwin" else 2**10)


def _resident_mb(pid: int) -> float:
    """Memory a process has now; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _reason(complaint: str, code: int) -> str:
    """The kind of error alone: results are public, and a message may name files."""
    if code == -signal.SIGKILL or "MemoryError" in complaint or "OutOfMemory" in complaint:
        return "out of memory"
    last = next((line for line in reversed(complaint.splitlines()) if line.strip()), f"exit code {code}")
    sys.stderr.write(complaint)
    return last.partition(":")[0]


def main() -> None:
    """Run the function that the command line names, and print what it gave as JSON."""
    module, _, name = sys.argv[1].partition(":")
    function = getattr(importlib.import_module(module), name)
    started = time.perf_counter()
    answer = function(*sys.argv[2:])
    print(json.dumps({"seconds": time.perf_counter() - started, "answer": answer}))


if __name__ == "__main__":
    main()
