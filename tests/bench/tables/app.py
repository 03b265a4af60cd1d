"""The app on a terminal: its start, its memory, its keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bench.ground import Ground
from bench.screen import Session, escapes, session
from bench.tables.table import Table, goal, peak, quantile

START_BYTES: Final = 25 * 1024
MOST_BYTES: Final = {"row": 512, "switch": 12 * 1024, "page": 8 * 1024}
"""Goals by the first word of the kind of key."""
KEY_MS: Final = 50
TERMS_MS: Final = 250
"""For another as-of day or churn gap, and for what cohorts are made of."""
_SLOWER: Final = ("as-of", "another churn gap", "cohorts by")
"""How kinds of keys begin for which TERMS_MS holds."""
ESCAPE_MS: Final = 200
ESCAPE_AT: Final = (0.25, 0.5, 0.75)
"""Shares of the time of an opening at which Esc is pressed."""
START: Final = """\
The app itself on a terminal of 120 × 40, truecolor, as over SSH, from the start of the process. The second
start may use whatever the first one kept."""
KEYS: Final = """\
From the key to the last byte of what it changes on screen, and all bytes of it. Start: all bytes up to the
finished overview."""


def tables(ground: Ground) -> Iterator[Table]:
    """Start, memory and keys."""
    home = ground.home / "app"  # of its own, so that the first start finds nothing
    first = session(ground.shop, home, ground.times, ground.quiet)
    again = session(ground.shop, home, 0, ground.quiet)
    moments = [share * first.first_figures for share in ESCAPE_AT]
    escaped = max(escapes(ground.shop, home, moments), default=None) if ground.times > 1 else None
    ground.unit.take()
    rows = []
    for name, found in (("first start", first), ("second start", again)):
        rows.append(ground.row(f"{name}: first paint", found.first_paint))
        rows.append(ground.row(f"{name}: first figures", found.first_figures))
    if escaped is not None:
        told = goal(escaped * 1_000, ESCAPE_MS, "ms")
        rows.append(("Esc while opening, the slowest of three", f"{escaped:.3f}", ground.scans(escaped), told))
    yield Table("The app", ("what", "seconds", "scans", "goal"), tuple(rows), START)
    peaks = (peak("first start and all keys", first.peak_mb), peak("second start alone", again.peak_mb))
    yield Table("Memory of the app", ("what", "peak MB", "goal"), peaks)
    yield _keys(first, again)


def _keys(first: Session, again: Session) -> Table:
    rows = [_start("first start", first), _start("second start", again)]
    for kind, strokes in first.strokes.items():
        took, sent = [s.milliseconds for s in strokes], [float(s.bytes) for s in strokes]
        slow, p95 = quantile(took, 0.95), quantile(sent, 0.95)
        times = (f"{quantile(took, 0.5):.0f}", f"{slow:.0f}")
        most = TERMS_MS if kind.startswith(_SLOWER) else KEY_MS
        bytes_goal = goal(p95, MOST_BYTES.get(kind.partition(" ")[0]), "bytes")
        rows.append((kind, *times, f"{quantile(sent, 0.5):,.0f}", f"{p95:,.0f}", goal(slow, most, "ms"), bytes_goal))
    headings = ("what", "p50 ms", "p95 ms", "p50 bytes", "p95 bytes", "goal in time", "goal in bytes")
    return Table("Keys", headings, tuple(rows), KEYS)


def _start(name: str, found: Session) -> tuple[str, ...]:
    sent = f"{found.start_bytes:,}"
    return (f"{name} to overview", "", "", sent, sent, "", goal(found.start_bytes, START_BYTES, "bytes"))
