"""Where the figures on screen are computed, and of how much."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ltvtui.sources.origin import DataOrigin

_UNITS: Final = ((10**9, "G"), (10**6, "M"), (10**3, "K"))


def origin_words(origin: DataOrigin) -> str:
    """`local · 1.2 M customers`, `spark: reduced there`, `postgres: read 5 M` or `postgres: read 14:03`."""
    if not origin.engine:
        return f"local · {short_count(origin.customers)} customer{'' if origin.customers == 1 else 's'}"
    if origin.is_reduced:
        return f"{origin.engine}: reduced there"
    return f"{origin.engine}: read {short_count(origin.rows) if origin.read_at is None else clock(origin.read_at)}"


def short_count(value: int) -> str:
    """999, 20 K, 1.2 M: three figures at most, cut, so that it is never more than there is."""
    for unit, letter in _UNITS:
        if value >= unit:
            tenths = value * 10 // unit
            return f"{tenths // 10} {letter}" if tenths >= 1000 or tenths % 10 == 0 else f"{tenths / 10:.1f} {letter}"
    return str(value)


def clock(seconds: float) -> str:
    """14:03."""
    return datetime.fromtimestamp(seconds).strftime("%H:%M")
