"""Cold and warm openings, their phases and memory, and how soon one that is cancelled ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Final

from bench import fresh
from bench.ground import Ground
from bench.tables.table import Table, peak

COLD_SCANS: Final = 2.5
WARM_SCANS: Final = 0.4
COLD_MB: Final = 1_536
NOTE: Final = """\
Cold: every row is read and understood, nothing is kept from before. First figures: the strip of key figures
and all that Overview asks, without Python's start and imports, which stand below. The median opening, with its
phases. Cancel: from the wish to leave to the end of the reading, at five moments of an opening."""


GROWTH_NOTE: Final = """\
CPU of all cores, whole process: the program's own seconds, and those that the system took to find memory for it. A
virtual machine asks its host for memory that it never held before, which takes longer the more of it there is."""


def tables(ground: Ground) -> Iterator[Table]:
    """Time, then memory."""
    cold = ground.opened()
    ground.answer("bench.opening:first_figures", "cache")  # fills it
    warm = ground.opened("cache")
    cancels = ground.answer("bench.opening:cancelled")
    ground.unit.take()
    phases = _median(cold)
    rows = (
        ("bare scan (the unit)", lambda: f"{ground.unit.seconds:.3f}", "1.00", ground.unit.spread),
        ground.row("cold open to first figures", phases["all"], COLD_SCANS),
        ground.row("… to the last row read", phases["read"]),
        ground.row("… clean and reduce", phases["clean"]),
        ground.row("… snapshot", phases["snapshot"]),
        ground.row("… questions of Overview", phases["questions"]),
        ground.row("… with order ids, attributes and people", phases["whole"]),
        ground.row("warm open to first figures", _median(warm)["all"], WARM_SCANS),
        ground.row("Python and imports", median(run.wall - run.seconds for run in cold)),
        ground.row("CPU of all cores, from the start of the process", median(run.cpu for run in cold)),
        ground.row("cancel of an opening, median", median(cancels)),
        ground.row("cancel of an opening, worst", max(cancels)),
    )
    yield Table("Opening", ("what", "seconds", "scans", "goal"), rows, NOTE)
    peaks = [peak("cold open", max(run.peak_mb for run in cold), COLD_MB)]
    peaks.append(peak("warm open", max(run.peak_mb for run in warm)))
    yield Table("Memory of an opening", ("what", "peak MB", "goal"), tuple(peaks))


def growth(sizes: Sequence[int], folder: Path, home: Path) -> Table:
    """Cold openings of growing shops: time and memory per million orders."""
    rows = []
    for orders in sizes:
        ground = Ground(orders, folder, home, times=1, openings=1)
        (run,) = ground.opened()
        seconds, million = run.answer["all"], orders / 1e6
        cpu = (f"{part / million:.2f}" for part in (run.cpu - run.system, run.system))
        time = (f"{seconds:.2f}", f"{seconds / million:.2f}", ground.scans(seconds), *cpu)
        rows.append((f"{orders:,} orders", *time, f"{run.peak_mb:,.0f}", f"{run.peak_mb / million:,.0f}"))
    cpu_headings = ("own CPU per million", "the system's")
    headings = ("what", "seconds", "per million", "scans", *cpu_headings, "peak MB", "per million")
    return Table("Growth of a cold open", headings, tuple(rows), GROWTH_NOTE)


def _median(runs: list[fresh.Run]) -> dict[str, float]:
    """Phases of the opening that took neither longest nor shortest."""
    answers: list[dict[str, float]] = sorted((run.answer for run in runs), key=lambda phases: phases["all"])
    return answers[len(answers) // 2]
