"""What a measure on a segment can bring at most, worked from figures by a stated formula (metrics.md §14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.analytics.forecast.of_snapshot import forecast_of, gate_of, question_of
from ltvtui.analytics.lifecycle.worth import revenue_lately
from ltvtui.analytics.planning.goals import vip_values
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.schema import units
from ltvtui.analytics.snapshot import Snapshot

EFFECTS: Final[dict[str, type[pl.DataType]]] = {
    "kind": pl.String,
    "customers": pl.Int64,
    "each": pl.Float64,
    "total": pl.Float64,
    "factor": pl.String,
    "own": pl.Float64,
    "other": pl.Float64,
}
"""Columns of effects behind those of the segment.

kind: order (customers who have not lapsed × their average value an order), risk (customers fading or lapsed × their
value at risk), lately (the same × what they brought within the last year, where there is no forecast), factor
(customers × what LTV rises by if `factor` were `other`, as of all customers, in place of `own`), near (customers one
average order below VIP), fading (VIPs who fade), cac (new customers × CAC `own` less max CAC `other`). each and total
are currency units; of near and fading total is customers, and each is null.
"""
FACTORS: Final = ("check", "frequency", "retention_months")
_AT_RISK: Final = ("one-time", "fading", "lost")


def at_risk(snapshot: Snapshot, by: Sequence[str]) -> pl.DataFrame:
    """by…, EFFECTS of winning back who fades or has lapsed: a row a segment with such customers.

    Value at risk is of the 12 months ahead (metrics.md §10); without a forecast what they brought within the last
    year × margin.
    """
    if gate_of(snapshot).ok:
        own = forecast_of(snapshot, question_of(snapshot)).of(snapshot.customers)["value_at_risk"]
        kind = "risk"
    else:
        own, kind = revenue_lately(snapshot) * snapshot.margin, "lately"
    frame = snapshot.by("stage", *by).select("stage", *by).with_columns(own.alias("own"))
    sums = _sums(frame.filter(pl.col("stage").is_in(_AT_RISK)), by, pl.len().alias("customers"), pl.col("own").sum())
    return _rows(
        sums.rename({"own": "total"}).with_columns(
            pl.lit(kind).alias("kind"), (pl.col("total") / pl.col("customers")).alias("each")
        ),
        by,
    )


def one_more_order(snapshot: Snapshot, by: Sequence[str]) -> pl.DataFrame:
    """by…, EFFECTS of one more order of each customer who has not lapsed, at the average value an order of them all.

    For segments made of what customers did: their factors of LTV are what selects them, and no gap to close.
    """
    active = snapshot.terms.as_of - pl.col("last") < snapshot.churn_gap.days
    frame = snapshot.by(*by).filter(active) if by else snapshot.customers.filter(active)
    sums = _sums(frame, by, pl.len().alias("customers"), pl.col("value").sum(), pl.col("orders").sum())
    each = units(pl.col("value")) * snapshot.margin / pl.col("orders")
    found = sums.with_columns(pl.lit("order").alias("kind"), each.alias("each"))
    return _rows(found.with_columns((pl.col("each") * pl.col("customers")).alias("total")), by)


def factor_gaps(rows: pl.DataFrame, whole: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """by…, EFFECTS of raising one factor of LTV to that of all customers, the one that brings most.

    `rows` and `whole` are segments.profile over the same months, of segments and of all customers (one row). A
    segment that is above all customers in each factor has no row.
    """
    every, found = whole.row(0, named=True), []
    for row in rows.filter(pl.col("ltv") > 0).iter_rows(named=True):
        ratios = [(every[name] / row[name], name) for name in FACTORS if row[name] and every[name]]
        ratio, name = max(ratios, default=(0.0, ""))
        if ratio > 1:
            each = row["ltv"] * (ratio - 1)
            figures = {"customers": row["customers"], "each": each, "total": row["customers"] * each}
            factor = {"kind": "factor", "factor": name, "own": row[name], "other": every[name]}
            found.append({**{key: row[key] for key in by}, **figures, **factor})
    keys = {key: rows.schema[key] for key in by}
    return _rows(pl.DataFrame(found, schema={**keys, **EFFECTS}), by)


def near_vips(snapshot: Snapshot, by: Sequence[str], vip_from: int) -> pl.DataFrame:
    """by…, EFFECTS of one more order: who has not lapsed and would be worth `vip_from` (Int64 money) with one more of
    their own average value an order. Of a segment without such customers its VIPs who fade."""
    value = vip_values(snapshot)
    frame = snapshot.by("stage", *by).with_columns(value.alias("own"))
    active = snapshot.terms.as_of - pl.col("last") < snapshot.churn_gap.days
    one_more = pl.col("own") + pl.col("own") / pl.col("orders")
    near = active & (pl.col("own") < vip_from) & (one_more >= vip_from)
    fading = (pl.col("own") >= vip_from) & (pl.col("stage") == "fading")
    sums = _sums(frame, by, near.sum().cast(pl.Int64).alias("near"), fading.sum().cast(pl.Int64).alias("fading"))
    counted = sums.with_columns(
        pl.when(pl.col("near") > 0).then(pl.lit("near")).otherwise(pl.lit("fading")).alias("kind"),
        pl.when(pl.col("near") > 0).then("near").otherwise("fading").alias("customers"),
    )
    return _rows(
        counted.filter(pl.col("customers") > 0).with_columns(pl.col("customers").cast(pl.Float64).alias("total")), by
    )


def too_dear(budget_rows: pl.DataFrame, channel: str) -> pl.DataFrame:
    """channel (called `channel`), EFFECTS of paying no more than the max CAC: Budget.rows whose CAC is above it, with
    30 new customers or more."""
    dear = budget_rows.filter(pl.col("cac") > pl.col("max_cac"), pl.col("new_customers") >= FEW)
    each = pl.col("cac") - pl.col("max_cac")
    return _rows(
        dear.select(
            pl.col("channel").alias(channel),
            pl.lit("cac").alias("kind"),
            pl.col("new_customers").cast(pl.Int64).alias("customers"),
            each.alias("each"),
            (pl.col("new_customers") * each).alias("total"),
            pl.col("cac").alias("own"),
            pl.col("max_cac").alias("other"),
        ),
        (channel,),
    )


def _sums(frame: pl.DataFrame, by: Sequence[str], *sums: pl.Expr) -> pl.DataFrame:
    return frame.group_by(by).agg(sums) if by else frame.select(sums)


def _rows(found: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The columns of EFFECTS, null where `found` has none; without rows of nobody."""
    filled = found.with_columns(pl.lit(None).alias(name) for name in EFFECTS if name not in found.columns)
    rows = filled.select(*by, *(pl.col(name).cast(kind) for name, kind in EFFECTS.items()))
    return rows.filter(pl.col("customers") > 0)
