"""What a person waits for on the shell, beside what its libraries take alone, and DuckDB the same report."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench import data, fresh
from bench.commands import Took, alternately, ltvtui, python, took
from bench.ground import Ground
from bench.screen import session
from bench.tables.table import Cell, Table, goal, quantile

START: Final = """\
The start, in turns with what it is held against: the median of each. *Of* is CPU against CPU, which a busy machine
does not blur. Figures are those of a shop of 20,000 customers."""
COMMANDS: Final = """\
Whole processes on the large shop, from their start to their end, in turns. DuckDB makes the report by tier; *of
DuckDB* is CPU. Cold: nothing is kept from before, and nothing is kept, but in the rows that say so."""
SMALL: Final = """\
All kinds of keys together, on small shops, with the pauses of a person and nearly without: there little can be asked
ahead. The goal is of a machine that takes 1.8 s for a scan of ten million orders; here it is so much more as its scan
takes longer."""
SHOPS: Final = (10_000, 200_000, 1_000_000)
"""Orders of small shops: a thousand, twenty thousand and a hundred thousand customers."""
HASTE: Final = 0.06
"""Seconds without a byte after which the next key follows."""
SCAN_OF_GOAL: Final = 1.8 / 10_000_000
"""Seconds of a scan for each order, on the machine of the goals."""


def start(ground: Ground) -> Table:
    """Help, the first picture and the first figures."""
    shop = Path(fresh.answer("bench.data:written", ground.folder, min(200_000, ground.orders)))
    times = 2 * ground.openings - 1
    lone = alternately(
        {
            "click": python("import click"),
            "help": ltvtui("--help"),
            "textual": python("import textual.app"),
            "polars": python("import polars"),
        },
        times,
    )
    seen = []
    for each in range(times):
        seen.append(session(shop, ground.home / f"start {each}", 0, ground.quiet))
    paint = quantile([one.first_paint for one in seen], 0.5)
    figures = quantile([one.first_figures for one in seen], 0.5)
    help_most, paint_most = 1.5 * lone["click"].cpu + 0.03, 1.3 * lone["textual"].seconds
    most = paint + 0.5 * lone["polars"].seconds + 0.3
    return Table(
        "Start",
        ("what", "seconds", "CPU", "goal"),
        (
            *((f"import {name}", *_seconds(lone[name]), "") for name in ("click", "textual", "polars")),
            ("`--help`", *_seconds(lone["help"]), goal(lone["help"].cpu, round(help_most, 3), "s CPU")),
            ("first paint", f"{paint:.3f}", "", goal(paint, round(paint_most, 3), "s")),
            ("first figures", f"{figures:.3f}", "", goal(figures, round(most, 3), "s")),
        ),
        START,
    )


def commands(ground: Ground) -> Table:
    """Commands on the large shop."""
    shop, out = ground.shop, ground.home / "few.csv"
    asked = {
        "DuckDB, by tier": [sys.executable, "-m", "bench.fresh", "bench.peers.duckdb_report:report", str(shop)],
        "report --by tier": ltvtui("report", shop, "--by", "tier", "--no-cache"),
        "report --by channel": ltvtui("report", shop, "--by", "channel", "--no-cache"),
        "cohorts": ltvtui("cohorts", shop, "--no-cache"),
        "export of three columns": ltvtui(
            *("export", shop, "--columns", "id,revenue,channel", "--to", out, "--force", "--no-cache")
        ),
    }
    found = alternately(asked, ground.openings, ground.env)
    peer = found["DuckDB, by tier"]
    rows = [
        (name, *_seconds(each), f"{each.peak_mb:,.0f}", f"{each.cpu / peer.cpu:.2f}",
         goal(each.cpu / peer.cpu, 0.8 if "tier" in name else 1.0, "of DuckDB") if name in _OURS else "")
        for name, each in found.items()
    ]  # fmt: skip
    shutil.rmtree(ground.home / "cache", ignore_errors=True)
    kept, again = (took(ltvtui("report", shop, "--by", "tier"), ground.env) for _ in range(2))
    ground.unit.take()
    rows.append(("… printed, where it is kept", f"{kept.printed:.2f}", *_no(4)))
    rows.append(_end("… kept after printing", ground, kept.seconds - kept.printed, kept, 1.5))
    rows.append(("… from the cache", *_seconds(again), f"{again.peak_mb:,.0f}", *_no(2)))
    return Table("Commands", ("what", "seconds", "CPU", "peak MB", "of DuckDB", "goal"), tuple(rows), COMMANDS)


_OURS: Final = ("report --by tier", "report --by channel", "cohorts", "export of three columns")


def small(ground: Ground) -> Table:
    """Keys on small shops."""
    slower = max(ground.unit.seconds / (SCAN_OF_GOAL * ground.orders), 1.0)
    rows: list[tuple[Cell, ...]] = []
    for orders in SHOPS:
        if orders > ground.orders:
            continue
        shop = Path(fresh.answer("bench.data:written", ground.folder, orders))
        for name, quiet, most in (("", ground.quiet, 50), (", hardly a pause", HASTE, 70)):
            found = session(shop, ground.home / f"small {orders}{quiet}", max(ground.times // 8, 1), quiet)
            took = [stroke.milliseconds for strokes in found.strokes.values() for stroke in strokes]
            p50, p95 = quantile(took, 0.5), quantile(took, 0.95)
            customers = f"{data.customers_of(orders):,} customers{name}"
            rows.append((customers, f"{p50:.0f}", f"{p95:.0f}", goal(p95, round(most * slower), "ms")))
    return Table("Keys on small shops", ("what", "p50 ms", "p95 ms", "goal"), tuple(rows), SMALL)


def tables(ground: Ground) -> Iterator[Table]:
    """All of them."""
    yield start(ground)
    yield commands(ground)
    yield small(ground)


def _seconds(each: Took) -> tuple[str, str]:
    return f"{each.seconds:.3f}", f"{each.cpu:.3f}"


def _no(cells: int) -> tuple[str, ...]:
    return ("",) * cells


def _end(what: str, ground: Ground, seconds: float, each: Took, most: float) -> tuple[Cell, ...]:
    told: Cell = lambda: goal(ground.unit.scans(seconds), most, "scans")  # noqa: E731
    return (what, f"{seconds:.2f}", f"{each.cpu:.2f}", f"{each.peak_mb:,.0f}", "", told)
