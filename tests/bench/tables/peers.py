"""The same report from the same file, in other tools."""

from __future__ import annotations

import sys
from typing import Final

from bench import fresh
from bench.agreement import differences
from bench.ground import Ground
from bench.tables.table import Cell, Table

PEERS: Final = {"ltvtui": "ltvtui", "DuckDB": "duckdb", "pandas": "pandas", "plain SQL in SQLite": "sqlite"}
"""Names, and the first part of their modules in bench.peers."""
NOTE: Final = """\
Key figures and three tiers. *Wall* and *CPU* are with the start of the process and the imports, CPU of all
cores together. *Equal* to ltvtui: counts exact, money to the cent, factors and LTV to a millionth. DuckDB reads the
SQLite file through its scanner. Each peer reads the three columns that the report needs, ltvtui all of them, and it
keeps every order at hand for what is asked next."""


def table(ground: Ground) -> Table:
    """Seconds, scans and memory of each, and whether it says what ltvtui says."""
    rows, ours = [], None
    for name, module in PEERS.items():
        run = ground.run(f"bench.peers.{module}_report:report")
        ground.unit.take()
        equal = run.failure or "–"
        if name == "ltvtui":
            ours = run.answer
        elif ours is not None and run.answer is not None:
            found = differences(ours, run.answer)
            sys.stderr.writelines(f"{name}: {line}\n" for line in found)
            equal = "no" if found else "yes"
        rows.append((name, run, equal))
    return Table(
        "Peers",
        ("what", "seconds", "scans", "wall seconds", "wall scans", "CPU seconds", "peak MB", "equal"),
        tuple((name, *_figures(ground, run), equal) for name, run, equal in rows),
        NOTE,
    )


def _figures(ground: Ground, run: fresh.Run) -> tuple[Cell, ...]:
    times = ((f"{seconds:.2f}", ground.scans(seconds)) for seconds in (run.seconds, run.wall))
    return (*(figure for pair in times for figure in pair), f"{run.cpu:.2f}", f"{run.peak_mb:,.0f}")
