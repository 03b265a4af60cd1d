"""What parts are worth that only make things faster: the same with each of them taken out."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Final

from bench import fresh
from bench.commands import PYTHON, took
from bench.ground import Ground
from bench.screen import Session, session
from bench.tables.table import Table, quantile

NOTE: Final = """\
Each line with the part, and without it. CPU is of the whole session, bytes are those of the median key; *ahead*
is on the larger of the small shops with the pauses of a person. A grown shop has ten rows more than what is kept."""
SHOP: Final = 200_000
"""Orders of the shop on which pictures are measured: what is painted does not depend on it."""
AHEAD: Final = 1_000_000
"""Orders of the shop in which it is worth while to ask ahead."""
MORE_ROWS: Final = """
INSERT INTO orders SELECT (SELECT max(order_id) FROM orders) + value, value, '2024-12-31 23:59:00', 10.0, 'email',
'category 01' FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 10)
SELECT value FROM n)
"""


def table(ground: Ground) -> Table:
    """One line a part."""
    headings = ("without", "measure", "with it", "without it")
    return Table("Without it", headings, tuple(_rows(ground)), NOTE)


def _rows(ground: Ground) -> Iterator[tuple[str, ...]]:
    part = "screen differences"
    here, there = _keys(ground, SHOP, "nothing"), _keys(ground, SHOP, part)
    yield (part, "bytes of a key", f"{_bytes(here):,.0f}", f"{_bytes(there):,.0f}")
    yield (part, "bytes up to the first figures", f"{here.start_bytes:,}", f"{there.start_bytes:,}")
    yield (part, "CPU s of the session", f"{here.cpu:.2f}", f"{there.cpu:.2f}")
    part = "asking ahead"
    here, there = _keys(ground, AHEAD, "nothing"), _keys(ground, AHEAD, part)
    for share in (0.5, 0.95):
        name = f"ms of a key, p{share * 100:.0f}"
        yield (part, name, f"{_milliseconds(here, share):.0f}", f"{_milliseconds(there, share):.0f}")
    yield (part, "CPU s of the session", f"{here.cpu:.2f}", f"{there.cpu:.2f}")
    part = "digest of pages"
    grown, kept = _grown(ground, "nothing"), _grown(ground, part)
    yield (part, "CPU s of the report that keeps the shop", f"{grown[0]:.2f}", f"{kept[0]:.2f}")
    yield (part, "CPU s of the report when it has grown", f"{grown[1]:.2f}", f"{kept[1]:.2f}")


def _keys(ground: Ground, orders: int, part: str) -> Session:
    shop = Path(fresh.answer("bench.data:written", ground.folder, min(orders, ground.orders)))
    home = ground.home / f"without {part} {orders}"
    return session(shop, home, max(ground.times // 4, 1), ground.quiet, ("bench.without", part))


def _grown(ground: Ground, part: str) -> tuple[float, float]:
    """CPU seconds of a report that keeps the shop, and of the next one after rows were added."""
    shop = ground.home / "grown.sqlite"
    shutil.copyfile(ground.shop, shop)
    home = ground.home / f"grown {part}"
    env = {f"LTVTUI_{name}_DIR": str(home / name) for name in ("CONFIG", "CACHE", "DATA")}
    command = [PYTHON, "-m", "bench.without", part, "report", str(shop)]
    first = took(command, env).cpu
    with closing(sqlite3.connect(shop)) as connection:
        connection.execute(MORE_ROWS)
        connection.commit()
    return first, took(command, env).cpu


def _bytes(found: Session) -> float:
    return median(float(stroke.bytes) for strokes in found.strokes.values() for stroke in strokes)


def _milliseconds(found: Session, share: float) -> float:
    return quantile([stroke.milliseconds for strokes in found.strokes.values() for stroke in strokes], share)
