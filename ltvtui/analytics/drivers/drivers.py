"""Dimensions ranked by how much of a figure they tell apart (metrics.md §12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from ltvtui.analytics.comparison.probability import adjusted
from ltvtui.analytics.dimensions import FORECAST_BANDS, HINDSIGHT, names_of
from ltvtui.analytics.drivers.first_repeat import DAYS, first_waits, repeat_shares
from ltvtui.analytics.drivers.heterogeneity import heterogeneity
from ltvtui.analytics.intervals import curve_errors
from ltvtui.analytics.ltv import curve
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.summaries import age_table_of, groups_of

Figure = Literal["ltv", "repeat"]
"""What is told apart: LTV at the common τ, or the share of customers who order again within some days."""
MOST_SEGMENTS: Final = 300
"""Segments of 30 customers above which a dimension is none that customers can be told apart by."""

DRIVERS: Final[dict[str, type[pl.DataType]]] = {
    "dimension": pl.String,
    "hindsight": pl.Boolean,
    "i2": pl.Float64,
    "q": pl.Float64,
    "degrees": pl.Int32,
    "p": pl.Float64,
    "p_adjusted": pl.Float64,
    "within_months": pl.Int32,
    "segments": pl.Int32,
    "customers": pl.Int64,
    **{f"{end}_{what}": kind for end in ("best", "worst") for what, kind in (
        ("value", pl.String), ("figure", pl.Float64), ("se", pl.Float64), ("customers", pl.Int64)
    )},
    "missing": pl.String,
}  # fmt: skip
"""Columns of Drivers.rows."""
MISSING: Final = {
    "one": "fewer than two segments of 30 customers or more",
    "many": f"more than {MOST_SEGMENTS} segments of 30 customers or more",
    "young": "fewer than two segments have been seen for a month",
}
"""Why a dimension has no I²."""


@dataclass(frozen=True, eq=False)
class Drivers:
    """What tells customers apart."""

    figure: Figure
    days: int
    """Within which a repeat order counts."""
    rows: pl.DataFrame
    """DRIVERS, a row a dimension, the highest I² first; those made with hindsight (they are of what customers did
    later) behind the others, and those without I² last of each.

    within_months: the common τ of its segments (null of repeat orders); segments: those of 30 counted customers or
    more with a figure; customers: in them; p_adjusted over all dimensions known at the first order, or over the
    others (Benjamini-Hochberg); best_… and worst_…: the segments with the highest and the lowest figure, which is LTV
    in currency units or a share 0…1; missing: a key of MISSING where there is no I², else null.
    """

    @property
    def of_first_order(self) -> pl.DataFrame:
        """The rows of dimensions known at the first order."""
        return self.rows.filter(~pl.col("hindsight"))

    @property
    def with_hindsight(self) -> pl.DataFrame:
        """The rows of dimensions made of what customers did later."""
        return self.rows.filter("hindsight")


def drivers(snapshot: Snapshot, figure: Figure = "ltv", days: int = DAYS, fixed: Sequence[str] = ()) -> Drivers:
    """All dimensions of the shop but those `fixed` by the trail, ranked among the snapshot's customers.

    Not by what a forecast expects: it is made of when customers ordered, as recency and frequency are, and is dear.
    """
    left_out = {*fixed, *FORECAST_BANDS}
    names = [name for name in names_of(snapshot.people) if name not in left_out]
    waits = first_waits(snapshot, days) if figure == "repeat" else None
    rows = []
    for name in names:
        found = _values(snapshot, name) if waits is None else _shares(snapshot, name, waits)
        rows.append({"dimension": name, "hindsight": name in HINDSIGHT, **found})
    ranked = pl.DataFrame(rows, schema=DRIVERS)
    parts = [_ranked(ranked.filter(pl.col("hindsight") == later)) for later in (False, True)]
    return Drivers(figure, days, pl.concat(parts))


def _ranked(rows: pl.DataFrame) -> pl.DataFrame:
    with_p = rows.with_columns(pl.Series("p_adjusted", adjusted(rows["p"].to_list()), dtype=pl.Float64))
    order = ["i2", "q", "dimension"]
    return with_p.sort(order, descending=[True, True, False], nulls_last=True)


def _values(snapshot: Snapshot, name: str) -> dict[str, object]:
    """The row of LTV by a dimension, at the common τ of its segments of 30 counted customers or more."""
    sizes = snapshot.by(name).filter(pl.col("seen").is_not_null())[name].value_counts(name="customers")
    large = _large(sizes.rename({name: "value"}))
    if isinstance(large, str):
        return {"missing": large}
    table = age_table_of(snapshot, name)
    curves = curve(table, (name,), snapshot.margin, snapshot.terms.discount)
    within = curves.filter(pl.col(name).is_in(large["value"].implode()), pl.col("age_month") < snapshot.terms.horizon)
    if within[name].n_unique() < 2:
        return {"missing": "young"}
    tau = int(within[name].value_counts()["count"].min())  # type: ignore[arg-type]
    at = within.filter(pl.col("age_month") < tau)
    bands = curve_errors(groups_of(snapshot, name), at, (name,), snapshot.margin, snapshot.terms.discount)
    ends = bands.filter(pl.col("age_month") == tau - 1).select(
        pl.col(name).alias("value"), pl.col("ltv").alias("figure"), "se"
    )
    return {**_row(ends.join(large, on="value")), "within_months": tau}


def _shares(snapshot: Snapshot, name: str, waits: pl.DataFrame) -> dict[str, object]:
    """The row of repeat orders by a dimension."""
    own = waits.with_columns(snapshot.by(name)[name].alias("value"))
    sizes = own.filter(pl.col("wait").is_not_null())["value"].value_counts(name="customers")
    large = _large(sizes)
    if isinstance(large, str):
        return {"missing": large}
    shares = repeat_shares(own.filter(pl.col("value").is_in(large["value"].implode())), "value")
    return _row(shares.drop("customers").join(large, on="value"))


def _large(sizes: pl.DataFrame) -> pl.DataFrame | str:
    """Of `sizes` (value, customers) the values of 30 customers or more; a key of MISSING where they do not do."""
    large = sizes.filter(pl.col("value").is_not_null() & (pl.col("customers") >= FEW))
    if large.height < 2:
        return "one"
    return "many" if large.height > MOST_SEGMENTS else large


def _row(ends: pl.DataFrame) -> dict[str, object]:
    """What a dimension's segments (value, figure, se, customers) say."""
    figures = ends.with_columns(pl.col("value").cast(pl.String)).drop_nulls(["figure", "se"])
    found = heterogeneity(figures)
    if found is None:
        return {"missing": "young"}
    sorted_ends = figures.sort("figure", "value", descending=[True, False])
    best, worst = sorted_ends.row(0, named=True), sorted_ends.row(-1, named=True)
    return {
        "i2": found.i2,
        "q": found.q,
        "degrees": found.degrees,
        "p": found.p,
        "segments": figures.height,
        "customers": int(figures["customers"].sum()),
        **{f"{end}_{key}": row[key] for end, row in (("best", best), ("worst", worst)) for key in row},
    }
