"""Where the figures on screen are computed, and of how much."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

_UNITS: Final = ((10**9, "G"), (10**6, "M"), (10**3, "K"))


def origin_words(engine: str, customers: int, rows: int, read_at: float | None) -> str:
    """`local · 1.2 M customers`, `postgres: read 5 M`, or `postgres: read 14:03` where it may not be fresh.

    `engine`: the kind of server whose `rows` were read; "" of files. `read_at`: seconds since 1970.
    """
    if not engine:
        return f"local · {short_count(customers)} customer{'' if customers == 1 else 's'}"
    return f"{engine}: read {short_count(rows) if read_at is None else clock(read_at)}"


def origin_json(engine: str, rows: int, read_at: float | None) -> dict[str, Any]:
    """The same for programs; `read_at` is null where the figures are of now."""
    moment = None if read_at is None else datetime.fromtimestamp(read_at).astimezone().isoformat(timespec="seconds")
    return {"engine": engine or "local", "rows": rows, "read_at": moment}


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
