"""Rows of one order that tell of it together: a header with lines below it, or its states one after another.

An export may say only on the first line of an order who bought what when, or the order's total on each of them; and
two exports laid one upon the other hold some orders twice, each as it was then (metrics.md §1).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.account import RuleCount, count_of

_HEADED: Final = 0.9
"""Share of the orders of several rows that tell their amount on the first one alone."""
_STATES: Final = 0.8
"""Share of the repeated orders whose rows differ in nothing but their state."""
_ORDERS: Final = 5
_TOTALS: Final = 3
"""Orders of several rows, and different amounts among them, from which on equal amounts are no chance."""
_GLANCE: Final = 20_000
"""Rows of which some tell at once that a table is one of lines with amounts of their own."""
_TOLD: Final = ("customer_id", "day", "amount", "status", "currency", "rate")
_TOLD_ONCE: Final = ("status", "currency", "rate")
_KEYS: Final = ["customer_id", "order_id"]


def folded(rows: pl.DataFrame, counts: list[RuleCount], *, keep: bool) -> pl.DataFrame:
    """`rows` (schema.ROW_*) with what the first row of an order tells for all, its total and its latest state once.

    Rows that are spent by it go, and are counted. With `keep` every row that has an amount counts.
    """
    if not {"copy", "order_id"} <= set(rows.columns):
        return rows.drop("same", "changed", strict=False)
    rows = rows.with_columns(pl.col("order_id").rle_id().alias("_run"))
    rows = rows.with_columns((pl.col("order_id").is_not_null() & (pl.len().over("_run") > 1)).alias("_several"))
    left = [pl.col(c).is_null() for c in _TOLD if c in rows.columns and c != "amount"]
    rows = rows.with_columns((pl.col("amount").is_null() & pl.any_horizontal(left)).alias("_bare"))
    if rows["_several"].any() and any(rows[c].null_count() for c in _TOLD if c in rows.columns):
        rows = _filled(rows)
    rows, headed = _without_lines(rows, counts)
    if not keep and _may_be_once(rows, headed):
        rows = _latest(rows, counts, headed)
        rows = _totals_once(rows, counts)
    elif not keep and _has_states(rows):
        rows = _latest_lines(rows, counts)
    return rows.drop("_run", "_several", "_bare", "same", "changed", strict=False)


def _filled(rows: pl.DataFrame) -> pl.DataFrame:
    """What one row of an order tells alone, told by all rows of it that stand together."""
    line = pl.col("_several") & pl.col("amount").is_null()
    one_day = pl.col("day").drop_nulls().n_unique().over("_run") <= 1
    once = [c for c in _TOLD_ONCE if c in rows.columns]
    fills = [
        pl.when(pl.col("_several") & (pl.col(c).drop_nulls().n_unique().over("_run") == 1))
        .then(pl.coalesce(c, pl.col(c).drop_nulls().first().over("_run")))
        .otherwise(pl.col(c))
        .alias(c)
        for c in once
    ]
    customers = pl.col("customer_id").drop_nulls()
    whose = pl.when(pl.col("_several") & (line | one_day) & (customers.n_unique().over("_run") == 1))
    fills.append(
        whose.then(pl.coalesce("customer_id", customers.first().over("_run")))
        .otherwise(pl.col("customer_id"))
        .alias("customer_id")
    )
    dated = pl.col("_several") & pl.col("day").is_null()
    fills += [
        pl.when(dated).then(pl.col(c).drop_nulls().first().over("_run")).otherwise(pl.col(c)).alias(c)
        for c in ("day", "second")
    ]
    if "undone" in rows.columns and "status" in rows.columns:
        # a row that leaves even the status to the first one leaves this to it too
        spoken = pl.col("undone") | (pl.col("status").is_null() & pl.col("undone").any().over("_run"))
        fills.append(pl.when(pl.col("_several")).then(spoken).otherwise(pl.col("undone")).alias("undone"))
    return rows.with_columns(fills)


def _without_lines(rows: pl.DataFrame, counts: list[RuleCount]) -> tuple[pl.DataFrame, bool]:
    """The rows without further lines of orders that tell their amount on the first; are those the rule?"""
    several = rows.filter("_several")
    if several.is_empty():
        return rows, False
    told = pl.col("amount").is_not_null()
    runs = several.group_by("_run").agg(((told.sum() == 1) & told.first()).alias("once"))
    once = int(runs["once"].sum())
    told_once = pl.col("_run").is_in(runs.filter("once")["_run"].implode())
    least = 1 if several.filter(told_once & ~told)["_bare"].all() else 2
    if once < least or once < _HEADED * runs.height:
        return rows, False
    # where the first line's own amount cannot be read, that alone is what is wrong
    further = pl.col("_several") & ~told & (told_once | (pl.col("_bare") & ~pl.col("_run").is_first_distinct()))
    lines = rows.select(further.alias("line"))["line"]
    counts.append(RuleCount("lines_told_once", int(lines.sum()), 0, excluded=False))
    return rows.filter(~lines), True


def _may_be_once(rows: pl.DataFrame, headed: bool) -> bool:
    """Whether the first rows leave it open that a row has the amount of its whole order."""
    if headed:
        return True
    first = rows.head(_GLANCE).filter(pl.col("order_id").is_not_null())
    return bool((first.group_by(_KEYS).agg(pl.col("amount").n_unique())["amount"] <= 1).all())


def _has_states(rows: pl.DataFrame) -> bool:
    """Whether some rows differ in nothing but their state."""
    return "same" in rows.columns and rows["same"].n_unique() < rows["copy"].n_unique()


def _latest(rows: pl.DataFrame, counts: list[RuleCount], headed: bool) -> pl.DataFrame:
    """The rows, of an order in several states the last one."""
    known = pl.col("order_id").is_not_null() & pl.col("customer_id").is_not_null()
    again = rows.select((known & (pl.len().over(_KEYS) > 1)).alias("again"))["again"]
    repeated = rows.filter(again)
    if repeated.is_empty() or ("same" not in rows.columns and not headed):
        return rows
    alike = pl.col("amount").n_unique() == 1 if not headed else pl.lit(True)
    same = pl.col("same").n_unique() == 1 if "same" in rows.columns else pl.lit(False)
    orders = repeated.group_by(_KEYS).agg(
        ((pl.col("day").n_unique() == 1) & (pl.col("second").n_unique() == 1) & alike).alias("alike"),
        same.alias("same"),
        (pl.col("copy").n_unique() > 1).alias("states"),
    )
    of_states = orders["alike"].all() and orders["same"].mean() >= _STATES  # type: ignore[operator]
    if not orders["states"].any() or not (of_states or (headed and orders["alike"].all())):
        return rows
    place = pl.int_range(pl.len(), dtype=pl.UInt32).alias("_place")
    order = (pl.col("changed"), pl.col("_place")) if "changed" in rows.columns else (pl.col("_place"),)
    ranked = repeated.with_columns(rows.select(place)["_place"].filter(again)).join(
        orders.filter("states"), on=_KEYS, how="semi"
    )
    latest = ranked.sort(*order, nulls_last=False).unique(_KEYS, keep="last", maintain_order=True)
    gone = ranked.filter(~pl.col("_place").is_in(latest["_place"].implode()))
    counts.append(count_of("earlier_state", gone, excluded=True))
    stays = pl.repeat(True, rows.height, dtype=pl.Boolean, eager=True).scatter(gone["_place"], False)
    return rows.filter(stays)


def _latest_lines(rows: pl.DataFrame, counts: list[RuleCount]) -> pl.DataFrame:
    """The rows, of an order whose lines stand twice in places apart, in another state there, the later ones."""
    line = [*_KEYS, "same"]
    orders = (
        rows.filter(pl.col("order_id").is_not_null())
        .group_by(line)
        .agg(pl.len().alias("times"), pl.col("_run").n_unique().alias("places"), pl.col("copy").n_unique() > 1)
        .group_by(_KEYS)
        .agg(
            ((pl.col("times") == pl.col("places")) & (pl.col("places") > 1)).all().alias("again"),
            pl.col("times").n_unique().alias("even"),
            pl.col("copy").any().alias("states"),
        )
        .filter(pl.col("again") & (pl.col("even") == 1))
    )
    if not orders["states"].any():
        return rows
    place = pl.int_range(pl.len(), dtype=pl.UInt32).alias("_place")
    ranked = rows.with_columns(place).join(orders, on=_KEYS, how="semi", maintain_order="left")
    if "changed" in rows.columns:
        ranked = ranked.sort("changed", "_place", nulls_last=False)
    latest = ranked.unique(line, keep="last", maintain_order=True)["_place"]
    gone = ranked.filter(~pl.col("_place").is_in(latest.implode()))
    counts.append(count_of("earlier_state", gone, excluded=True))
    stays = pl.repeat(True, rows.height, dtype=pl.Boolean, eager=True).scatter(gone["_place"], False)
    return rows.filter(stays)


def _totals_once(rows: pl.DataFrame, counts: list[RuleCount]) -> pl.DataFrame:
    """The rows, of an order whose every row has its total the first one."""
    again = pl.col("order_id").is_not_null() & (pl.len().over(_KEYS) > 1)
    repeated = rows.filter(again)
    if repeated.is_empty():
        return rows
    orders = repeated.group_by(_KEYS).agg(
        (pl.col("amount").n_unique() == 1).alias("alike"),
        pl.col("amount").first(),
        (pl.col("copy").n_unique() == pl.len()).alias("lines"),
    )
    usual = orders.height >= _ORDERS and orders["amount"].n_unique() >= _TOTALS
    if not usual or not orders["alike"].all() or not orders["lines"].any() or (orders["amount"] < 0).any():
        return rows
    later = again & ~pl.struct(_KEYS).is_first_distinct()
    spent = rows.filter(later)
    counts.append(count_of("total_again", spent, excluded=True))
    return rows.filter(~later)
