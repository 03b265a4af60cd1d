"""The portrait of some customers of a shop (metrics.md §12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.comparison.profile_index import index_of, profiled, sizes_of, value_counts
from ltvtui.analytics.comparison.sides import Sides, sides_of
from ltvtui.analytics.lifecycle.lapsed import lapsed_shares, with_lapsed
from ltvtui.analytics.people import People
from ltvtui.analytics.portrait.criteria import criterion_of
from ltvtui.analytics.portrait.order_times import OrderTimes, order_times
from ltvtui.analytics.portrait.typical import medians, typical
from ltvtui.analytics.segments import profile
from ltvtui.analytics.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Portrait:
    """Who some customers are, beside all customers of the shop, the base."""

    row: pl.DataFrame
    """segments.profile of them with its interval and lapsed_share, one row; shares are of all customers."""
    base: pl.DataFrame
    """The same of all customers."""
    index: pl.DataFrame
    """profile_index.INDEX: A is they, share_b of all customers, z against the rest."""
    criteria: dict[str, str]
    """The criterion (criteria.py) of each dimension that says who customers are, also of those that select them."""
    times: OrderTimes
    """When they order."""
    medians: dict[str, float | None]
    """Of typical.FIGURES."""
    typical: pl.DataFrame
    """typical.typical."""


def portrait(snapshot: Snapshot, whole: Snapshot, fixed: Sequence[str] = ()) -> Portrait:
    """The portrait of the snapshot's customers among those of the `whole` shop, without the dimensions `fixed` by
    what selects them."""
    sides = among(snapshot, whole)
    names = [name for name in profiled(whole.people) if name not in fixed]
    row, base = _row(snapshot), _row(whole)
    counts = value_counts(whole, sides, names)
    return Portrait(
        _share_of(row, base),
        base,
        index_of(counts, sizes_of(sides), "both"),
        _criteria(whole.people, counts, fixed),
        order_times(snapshot, whole),
        medians(snapshot),
        typical(snapshot),
    )


def _row(snapshot: Snapshot) -> pl.DataFrame:
    return with_lapsed(profile(snapshot, (), True), lapsed_shares(snapshot))


def _share_of(row: pl.DataFrame, base: pl.DataFrame) -> pl.DataFrame:
    """`row` with its shares of the customers and of the revenue of `base`; null where that is not above zero."""
    parts = {"customer_share": "customers", "revenue_share": "revenue"}
    wholes = {share: float(base[figure][0]) for share, figure in parts.items()}
    return row.with_columns(
        (pl.col(figure) / wholes[share] if wholes[share] > 0 else pl.lit(None, dtype=pl.Float64)).alias(share)
        for share, figure in parts.items()
    )


def _criteria(people: People, counts: pl.DataFrame, fixed: Sequence[str]) -> dict[str, str]:
    """The criterion of each dimension of which at least one value is known; values of dimensions that are not `fixed`
    stand in `counts`."""
    values = dict(counts.drop_nulls("value").group_by("dimension").agg("value").iter_rows())
    values |= {name: [] for name in profiled(people) if name in fixed}
    return {
        name: criterion_of(name, values[name], name in people.of_first_order)
        for name in profiled(people)
        if name in values
    }


def among(snapshot: Snapshot, whole: Snapshot) -> Sides:
    """The snapshot's customers as A, the others as B."""
    nobody = pl.repeat(False, whole.counted.height, dtype=pl.Boolean, eager=True)
    inside = nobody.scatter(snapshot.customers["customer"], True).gather(whole.customers["customer"])
    return sides_of(inside, ~inside)
