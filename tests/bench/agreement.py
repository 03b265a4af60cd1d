"""Do two reports say the same? Counts exactly, money to the cent, factors and LTV to a millionth."""

from __future__ import annotations

import math
from typing import Any, Final

CENT: Final = 100
MILLIONTH: Final = 1e-6
MONEY: Final = ("revenue", "start")
FACTORS: Final = ("check", "frequency", "retention", "ltv")


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """What differs, one line each; empty where both say the same."""
    told = [f"{k}: {ours[k]} and {theirs[k]}" for k in ours if k != "rows" and ours[k] != theirs[k]]
    mine, other = ({row["segment"]: row for row in report["rows"]} for report in (ours, theirs))
    if set(mine) != set(other):
        return [*told, f"segments: {sorted(mine)} and {sorted(other)}"]
    for segment, row in mine.items():
        found = ((name, row[name], other[segment][name]) for name in row)
        told += [f"{segment} {name}: {a} and {b}" for name, a, b in found if not _same(name, a, b)]
    return told


def _same(name: str, a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is b
    if name in MONEY:
        return bool(abs(a - b) < CENT)
    return math.isclose(a, b, rel_tol=0, abs_tol=MILLIONTH) if name in FACTORS else bool(a == b)
