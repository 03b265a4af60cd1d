"""The bench from end to end: `python -m bench [--orders N] [--growth | --quick]`."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench import machine
from bench.data import customers_of
from bench.ground import Ground
from bench.tables import app, asking, commands, opening, peers, without
from bench.tables.table import Table

HERE: Final = Path(__file__).resolve().parent
BUILT: Final = HERE.parent.parent / "build" / "bench"
GROWTH: Final = (1_000_000, 10_000_000, 30_000_000)

HEAD: Final = """\
# Bench

Made by `make bench`; `make bench ORDERS=1000000` takes another size, `make bench GROWTH=1` adds the growth from
1 to 30 million orders, `make bench QUICK=1` measures what a person waits for most, alone. The shop is seeded, so that
everybody measures the same rows; it is kept in `build/bench/`.

The unit is a **scan**: `SELECT sum(amount), max(ordered_at), min(customer_id) FROM orders` by the SQLite that comes
with Python, on the same file with a warm page cache, taken anew between all measurements; its median counts.
Seconds differ from machine to machine, scans much less. Every opening and every peer runs in a process of its own,
and its peak memory is that of the process. Measure on a machine that does nothing else: where the load before is
not near 0, or the scans differ much among themselves, the times say little and CPU seconds say more.
"""


def tables(ground: Ground, quick: bool) -> Iterator[Table]:
    """All tables, measured as they are asked for; `quick`: what a person waits for most, alone."""
    size = f"{ground.shop.stat().st_size / 2**20:,.0f} MB"
    data = (("rows", f"{ground.orders:,}"), ("customers", f"{customers_of(ground.orders):,}"), ("file", size))
    yield Table("Machine and data", ("what", "is"), (*machine.described(), *data))
    yield from commands.tables(ground)
    if quick:
        return
    yield from opening.tables(ground)
    yield asking.table(ground)
    yield from app.tables(ground)
    yield without.table(ground)
    yield peers.table(ground)


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, and keep the results."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure ltvtui beside its peers.")
    parser.add_argument("--orders", type=int, default=10_000_000, help="rows of the shop")
    parser.add_argument("--times", type=int, default=20, help="how often to ask each question and press each key")
    parser.add_argument("--openings", type=int, default=3, help="how often to open the shop")
    parser.add_argument("--quiet", type=float, default=0.25, help="seconds of silence that end a key's answer")
    parser.add_argument("--growth", action="store_true", help="also open shops of 1, 10 and 30 million rows")
    parser.add_argument(
        "--quick", action="store_true", help="start, commands and small shops alone, in three minutes"
    )
    parser.add_argument("--folder", type=Path, default=BUILT, help="where shops are kept")
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md", help="where the results are kept")
    said = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as home:
        times, openings = (8, 1) if said.quick else (said.times, said.openings)
        ground = Ground(said.orders, said.folder, Path(home), times, openings, said.quiet)
        found = list(tables(ground, said.quick))
        if said.growth:
            found.append(opening.growth(GROWTH, said.folder, Path(home)))
    text = "\n".join([HEAD, *(table.markdown() for table in found)])
    if not said.quick:  # what is kept is of all
        said.out.write_text(text, "utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
