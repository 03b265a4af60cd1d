"""Which values of attributes are more frequent in one group of customers than in another (metrics.md §12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import polars as pl

from ltvtui.analytics.comparison.probability import adjusted, both_tails
from ltvtui.analytics.comparison.sides import SIDE, SIDES, A, B, Sides
from ltvtui.analytics.people import People
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.snapshot import Snapshot

Against = Literal["b", "both"]
"""What shares of A are held against: those of B, or of A and B together."""
MOST_VALUES: Final = 200
"""Values of a dimension that are listed, those with most customers."""
CLEAR: Final = 2.0
"""|z| above which a value stands out, with 30 customers or more."""

COUNTS: Final = ("dimension", "value", "customers_a", "customers_b")
INDEX: Final = (*COUNTS, "share_a", "share_b", "index", "z", "p", "p_adjusted", "few", "notable")
"""Columns of `index_of`."""


def profiled(people: People) -> tuple[str, ...]:
    """Dimensions that say who customers are: their attributes, those of their first order, and their age."""
    return (*people.attributes, *(("age band",) if "birth_day" in people.frame.columns else ()))


def value_counts(snapshot: Snapshot, sides: Sides, names: Sequence[str]) -> pl.DataFrame:
    """How many customers of each side have each value of the dimensions `names`: COUNTS.

    dimension, value (String; a null value: not known), customers_a and customers_b (Int64). Of a dimension with more
    than MOST_VALUES values those with most customers. `snapshot` is of the whole shop that the sides are of.
    """
    counts = [_counts(snapshot, sides, name) for name in names]
    schema = {"dimension": pl.String, "value": pl.String, "customers_a": pl.Int64, "customers_b": pl.Int64}
    return pl.concat(counts) if counts else pl.DataFrame(schema=schema)


def _counts(snapshot: Snapshot, sides: Sides, name: str) -> pl.DataFrame:
    counted = (
        snapshot.by(name)
        .select(pl.col(name).alias("value"), sides.side)
        .group_by("value", SIDE)
        .len()
        .filter(pl.col(SIDE).is_not_null())
        .group_by("value")
        .agg(pl.col("len").filter(pl.col(SIDE) == s).sum().cast(pl.Int64).alias(f"customers_{s}") for s in SIDES)
        .with_columns(pl.lit(name).alias("dimension"), pl.col("value").cast(pl.String))
    )
    if sides.same:
        counted = counted.with_columns(pl.col("customers_a").alias("customers_b"))
    size = pl.col("customers_a") + pl.col("customers_b")
    return counted.sort(size, "value", descending=[True, False], nulls_last=True).head(MOST_VALUES).select(COUNTS)


def index_of(counts: pl.DataFrame, sizes: tuple[int, int], against: Against = "b") -> pl.DataFrame:
    """`counts` (COUNTS) of two groups of `sizes` with their shares, index and z: INDEX, what stands out first.

    share_a, share_b (Float64); index = share_a ÷ share_b × 100, null where nobody of B has the value; z of A against
    B by the pooled share, null where all or none have it. With `against` "both", B is the rest of A and share_b the
    share among all customers. p of z, p_adjusted over all rows with 30 customers (Benjamini-Hochberg); few (Boolean):
    fewer than 30 customers of both have it; notable: not few and |z| > 2.
    """
    size_a, size_b = sizes
    both, people = pl.col("customers_a") + pl.col("customers_b"), size_a + size_b
    a, b = _ratio(pl.col("customers_a"), size_a), _ratio(pl.col("customers_b"), size_b)
    pooled = both / max(people, 1)
    spread = (pooled * (1 - pooled) * (1 / max(size_a, 1) + 1 / max(size_b, 1))).sqrt()
    tested = (spread > 0) & (size_a > 0) & (size_b > 0)
    compared = _ratio(both, people) if against == "both" else b
    rows = counts.with_columns(
        a.alias("share_a"), compared.alias("share_b"), pl.when(tested).then((a - b) / spread).alias("z")
    ).with_columns(
        pl.when(pl.col("share_b") > 0).then(pl.col("share_a") / pl.col("share_b") * 100).alias("index"),
        (both < FEW).alias("few"),
    )
    p = [None if z is None else both_tails(z) for z in rows["z"]]
    large = [None if few else value for value, few in zip(p, rows["few"], strict=True)]
    return (
        rows.with_columns(
            pl.Series("p", p, dtype=pl.Float64),
            pl.Series("p_adjusted", adjusted(large), dtype=pl.Float64),
            (~pl.col("few") & (pl.col("z").abs() > CLEAR)).fill_null(False).alias("notable"),
        )
        .sort(
            "notable", "few", pl.col("z").abs(), "dimension", "value",
            descending=[True, False, True, False, False], nulls_last=True,
        )
        .select(INDEX)
    )  # fmt: skip


def sizes_of(sides: Sides) -> tuple[int, int]:
    """Customers of A only and of B only."""
    return sides.size(A), sides.size(B)


def _ratio(part: pl.Expr, whole: int) -> pl.Expr:
    """`part` ÷ `whole`; null where that is 0."""
    # Repeated for every row: by a single number polars multiplies with its inverse, and 3 of 10 is not 0.3.
    return part / (pl.int_range(pl.len()) * 0 + whole) if whole else pl.lit(None, dtype=pl.Float64)
