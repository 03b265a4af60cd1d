"""Whole processes of the command line: when they print, when they end, and what they take."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.fresh import environment, peak_mb

PYTHON: Final = sys.executable


@dataclass(frozen=True)
class Took:
    """What a process took; of several the median of each."""

    printed: float
    """Seconds to its first line."""
    seconds: float
    """To its end."""
    cpu: float
    """Seconds of all cores, to its end."""
    peak_mb: float


def ltvtui(*words: object) -> list[str]:
    """The command line of ltvtui."""
    return [PYTHON, "-m", "ltvtui", *map(str, words)]


def python(code: str) -> list[str]:
    """Python that runs a line."""
    return [PYTHON, "-c", code]


def took(command: Sequence[str], env: Mapping[str, str] | None = None) -> Took:
    """Run a command that may not fail."""
    with tempfile.TemporaryFile() as complaint:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaint, env=environment(env))
        assert process.stdout is not None
        process.stdout.readline()
        printed = time.perf_counter() - started
        process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        if process.returncode:
            complaint.seek(0)
            raise RuntimeError(f"{command[-3:]} failed: {complaint.read().decode(errors='replace')}")
    return Took(printed, seconds, usage.ru_utime + usage.ru_stime, peak_mb(usage))


def alternately(
    commands: Mapping[str, Sequence[str]], times: int, env: Mapping[str, str] | None = None
) -> dict[str, Took]:
    """Each command so many times, one after the other and again: a machine that slows down slows all."""
    found: dict[str, list[Took]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            found[name].append(took(command, env))
    return {name: _median(runs) for name, runs in found.items()}


def _median(runs: Sequence[Took]) -> Took:
    fields = ("printed", "seconds", "cpu", "peak_mb")
    return Took(*(median(getattr(run, field) for run in runs) for field in fields))
