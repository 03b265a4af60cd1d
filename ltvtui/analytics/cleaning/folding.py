"""Rows of one order that tell of it together: a header with lines below it, or its states one after another.

An export may say only on one line of an order who bought what when, or the order's total on each of them; and
two exports laid one upon the other hold some orders twice, each as it was then (metrics.md §1).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.cleaning.data_quality import RuleCount, count_of
from ltvtui.analytics.cleaning.statuses import stage

_HEADED: Final = 0.9
"""Share of the orders of several rows that tell their amount on one of them alone."""
_STATES: Final = 0.8
"""Share of the repeated orders whose rows differ in nothing but their state."""
_ORDERS: Final = 5
_TOTALS: Final = 3
"""Orders of several rows, and different amounts among them, from which on equal amounts are no chance."""
_GLANCE: Final = 20_000
"""Rows of which some tell at once that a table is one of lines with amounts of their own."""
_SHARED: Final = ("customer_id", "day", "amount", "status", "currency", "rate")
_SHARED_BESIDE_AMOUNT: Final = ("status", "currency", "rate")
_KEYS: Final = ["customer_id", "order_id"]


def folded(rows: pl.DataFrame, counts: list[RuleCount], *, every_row: bool) -> pl.DataFrame:
    """`rows` (schema.ROW_*) with values of one row filled into all of its order, its total and its latest state once.

    Rows that are used up are left out, and counted. With `every_row` every row that has an amount counts.
    """
    if not {"copy", "order_id"} <= set(rows.columns):
        return rows.drop("same", "changed", strict=False)
    rows, headed = _share_within_orders(rows, counts)
    if not every_row:
        rows = _each_once(rows, headed, counts)
    return rows.drop("same", "changed", strict=False)


def _each_once(rows: pl.DataFrame, headed: bool, counts: list[RuleCount]) -> pl.DataFrame:
    """The rows, of each order those of its latest state, and a total that stands on every line on one of them."""
    if headed or _may_be_totals(rows):
        latest = _latest(rows, counts, headed)
        latest = _totals_once(latest, counts)
        if latest.height < rows.height:
            return latest
    return _latest_lines(rows, counts) if _has_states(rows) else rows


def _share_within_orders(rows: pl.DataFrame, counts: list[RuleCount]) -> tuple[pl.DataFrame, bool]:
    """The rows with values that one row of an order has filled into all of its rows, without the further lines of
    orders with their amount on one; and whether that is the rule."""
    shared = [c for c in _SHARED if c in rows.columns]
    if not any(rows[c].null_count() for c in shared):
        return rows, False
    lacking = pl.any_horizontal(pl.col(c).is_null() for c in shared) & pl.col("order_id").is_not_null()
    ids = rows.filter(lacking)["order_id"].unique()
    rows = rows.with_row_index("_row")
    part = rows.filter(pl.col("order_id").is_in(ids.implode()))
    part = part.filter(pl.len().over("order_id") > 1)
    if part.is_empty():
        return rows.drop("_row"), False
    unsaid = [pl.col(c).is_null() for c in shared if c != "amount"]
    part = part.with_columns((pl.col("amount").is_null() & pl.any_horizontal(unsaid)).alias("_bare"))
    part = _filled(part)
    lines = _further_lines(part)
    several = rows["order_id"].drop_nulls().is_duplicated()
    orders = rows["order_id"].drop_nulls().filter(several).n_unique()
    headed = _is_rule(part, lines, orders)
    spent = part.filter(lines)["_row"] if headed else part["_row"].clear()
    if headed:
        counts.append(RuleCount("lines_told_once", spent.len(), 0, excluded=False))
    changed = [c for c in part.columns if c not in ("_row", "_bare", "order_id", "amount", "copy", "same", "changed")]
    rows = rows.with_columns(rows[c].scatter(part["_row"], part[c]) for c in changed)
    return rows.filter(~pl.col("_row").is_in(spent.implode())).drop("_row"), headed


def _filled(part: pl.DataFrame) -> pl.DataFrame:
    """Rows with the values that only one row of their order has: customer, moment, state."""
    customers, days = pl.col("customer_id").drop_nulls(), pl.col("day").drop_nulls()
    one_day = days.n_unique().over("order_id") <= 1
    whose = (pl.col("amount").is_null() | one_day) & (customers.n_unique().over("order_id") == 1)
    part = part.with_columns(
        pl.when(whose)
        .then(pl.coalesce("customer_id", customers.first().over("order_id")))
        .otherwise(pl.col("customer_id"))
        .alias("customer_id")
    )
    fills = [
        pl.when(pl.col(c).drop_nulls().n_unique().over(_KEYS) == 1)
        .then(pl.coalesce(c, pl.col(c).drop_nulls().first().over(_KEYS)))
        .otherwise(pl.col(c))
        .alias(c)
        for c in _SHARED_BESIDE_AMOUNT
        if c in part.columns
    ]
    fills += [
        pl.when(pl.col("day").is_null())
        .then(pl.col(c).sort_by("day", "second", nulls_last=True).first().over(_KEYS))
        .otherwise(pl.col(c))
        .alias(c)
        for c in ("day", "second")
    ]
    if "undone" in part.columns and "status" in part.columns:
        # a row that leaves even the status to another one leaves this to it too
        decided = pl.col("undone") | (pl.col("status").is_null() & pl.col("undone").any().over(_KEYS))
        fills.append(decided.alias("undone"))
    return part.with_columns(fills)


def _further_lines(part: pl.DataFrame) -> pl.Series:
    """Boolean, which rows leave all that counts to another row of their order."""
    has_amount = pl.col("amount").is_not_null()
    # where no amount of an order can be read, that alone is what is wrong
    other = (~pl.col("_bare")).any().over(_KEYS) | ~pl.struct(_KEYS).is_first_distinct()
    line = ~has_amount & (has_amount.any().over(_KEYS) | (pl.col("_bare") & other))
    return part.select(line.alias("line"))["line"]


def _is_rule(part: pl.DataFrame, lines: pl.Series, orders: int) -> bool:
    """Whether this shop writes the amount on one line alone, of all its `orders` of several rows."""
    has_amount = pl.col("amount").is_not_null()
    header = "same" if "same" in part.columns else "copy"
    by_order = part.group_by(_KEYS).agg(
        has_amount.any(),
        (~has_amount).any().alias("lines"),
        pl.col(header).filter(has_amount).n_unique().alias("headers"),
    )
    once = by_order.filter(pl.col("amount") & pl.col("lines") & (pl.col("headers") == 1))
    spent = part.filter(lines).join(once, on=_KEYS, how="semi", nulls_equal=True)
    least = 1 if spent["_bare"].all() else 2
    return once.height >= max(least, _HEADED * orders)


def _may_be_totals(rows: pl.DataFrame) -> bool:
    """Whether the first rows leave it open that a row has the amount of its whole order."""
    first = rows.head(_GLANCE).filter(pl.col("order_id").is_not_null())
    return bool((first.group_by(_KEYS).agg(pl.col("amount").n_unique())["amount"] <= 1).all())


def _has_states(rows: pl.DataFrame) -> bool:
    """Whether some rows differ in nothing but their state."""
    return "same" in rows.columns and rows["same"].n_unique() < rows["copy"].n_unique()


def _latest(rows: pl.DataFrame, counts: list[RuleCount], headed: bool) -> pl.DataFrame:
    """The rows, of an order in several states the last one."""
    identified = pl.col("order_id").is_not_null() & pl.col("customer_id").is_not_null()
    again = rows.select((identified & (pl.len().over(_KEYS) > 1)).alias("again"))["again"]
    repeated = rows.with_row_index("_row").filter(again)
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
    return _only_last(rows, repeated.join(orders.filter("states"), on=_KEYS, how="semi"), _KEYS, counts)


def _latest_lines(rows: pl.DataFrame, counts: list[RuleCount]) -> pl.DataFrame:
    """The rows, of an order whose lines stand twice in places apart, in another state there, the later ones.

    Equal lines of one order may be bought twice: only blocks of several lines that come again as a whole prove that
    a second export was laid upon a first one.
    """
    line = [*_KEYS, "same"]
    placed = rows.with_row_index("_row").with_columns(pl.col("order_id").rle_id().alias("_run"))
    placed = placed.filter(pl.col("order_id").is_not_null())
    orders = (
        placed.group_by(line)
        .agg(
            pl.len().alias("times"),
            pl.col("_run").n_unique().alias("places"),
            pl.col("_run"),
            pl.col("copy").n_unique(),
        )
        .group_by(_KEYS)
        .agg(
            ((pl.col("times") == pl.col("places")) & (pl.col("places") > 1)).all().alias("again"),
            (pl.col("times").n_unique() == 1).alias("even"),
            (pl.col("_run").explode().n_unique() == pl.col("places").first()).alias("blocks"),
            (pl.len() > 1).alias("several"),
            (pl.col("copy") > 1).any().alias("states"),
        )
        .filter(pl.col("again") & pl.col("even"))
    )
    proof = orders.filter("several")["blocks"]
    if not orders["states"].any() or proof.is_empty() or not proof.all():
        return rows
    return _only_last(rows, placed.join(orders, on=_KEYS, how="semi", maintain_order="left"), line, counts)


def _only_last(rows: pl.DataFrame, states: pl.DataFrame, keys: list[str], counts: list[RuleCount]) -> pl.DataFrame:
    """`rows` without those of `states` (with their "_row") that a later one of the same `keys` outdates.

    Later is what was changed later; without a time of change, what comes later in the life of an order, then the
    row further below.
    """
    order = ["changed"] if "changed" in states.columns else []
    if "status" in states.columns:
        words = states["status"].cast(pl.String)
        stages = {word: stage(word) for word in words.unique().drop_nulls()}
        states = states.with_columns(words.replace_strict(stages, default=0, return_dtype=pl.Int8).alias("_stage"))
        order.append("_stage")
    order += [c for c in ("undone", "refunded") if c in states.columns]
    ranked = states.sort(*order, "_row", nulls_last=False)
    latest = ranked.unique(keys, keep="last", maintain_order=True)["_row"]
    outdated = ranked.filter(~pl.col("_row").is_in(latest.implode()))
    counts.append(count_of("earlier_state", outdated, excluded=True))
    stays = pl.repeat(True, rows.height, dtype=pl.Boolean, eager=True).scatter(outdated["_row"], False)
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
        *((pl.col("row_type").n_unique() > 1).alias("typed") for _ in range("row_type" in rows.columns)),
    )
    if "typed" in orders.columns and orders["typed"].any():
        return rows  # a sale and its refund are of one amount, too
    usual = orders.height >= _ORDERS and orders["amount"].n_unique() >= _TOTALS
    if not usual or not orders["alike"].all() or not orders["lines"].any() or (orders["amount"] < 0).any():
        return rows
    later = again & ~pl.struct(_KEYS).is_first_distinct()
    spent = rows.filter(later)
    counts.append(count_of("total_again", spent, excluded=True))
    return rows.filter(~later)
