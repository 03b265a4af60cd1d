"""Dimensions that hold what another one holds: a channel at sign-up and one at the first order say the same."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import polars as pl

from ltvtui.analytics.comparison.profile_index import profiled
from ltvtui.analytics.snapshot import Snapshot

SAME: Final = 0.95
"""Share of customers with equal values from which on two dimensions hold the same."""
DOUBLES: Final = {"dimension": pl.String, "of": pl.String, "same": pl.Float64}
"""Columns of `doubles`."""


def doubles(snapshot: Snapshot) -> pl.DataFrame:
    """Dimensions of profile_index.profiled that hold what an earlier one of them holds: DOUBLES.

    dimension, of (String: the one that stays), same (Float64: the share of customers with equal values; unknown ones
    are equal). Only dimensions with the same values are compared.
    """
    values = {name: snapshot.by(name)[name] for name in profiled(snapshot.people)}
    kinds = {name: frozenset(each.unique().drop_nulls().cast(pl.String)) for name, each in values.items()}
    found: dict[str, tuple[str, float]] = {}
    for first, second in combinations(values, 2):
        if first in found or second in found or not kinds[first] or kinds[first] != kinds[second]:
            continue
        same = values[first].cast(pl.String).eq_missing(values[second].cast(pl.String)).mean()
        if isinstance(same, float) and same >= SAME:
            found[second] = (first, same)
    rows = [(name, of, same) for name, (of, same) in found.items()]
    return pl.DataFrame(rows, schema=DOUBLES, orient="row")
