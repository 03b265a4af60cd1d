"""Rows that are neither a sale nor a refund: fees, payouts and transfers, as payment providers list them."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.cleaning.data_quality import RuleCount, count_of
from ltvtui.analytics.cleaning.statuses import is_money_back, is_no_sale


def of_sales(rows: pl.DataFrame, counts: list[RuleCount]) -> pl.DataFrame:
    """`rows` without those whose row_type is of no sale; a refund without a minus gets one."""
    if "row_type" not in rows.columns:
        return rows
    kinds = rows["row_type"].cast(pl.String)
    distinct = kinds.unique().drop_nulls().to_list()
    other = kinds.is_in([kind for kind in distinct if is_no_sale(kind)]).fill_null(False)
    counts.append(count_of("no_sale", rows.filter(other), excluded=True))
    backs = [kind for kind in distinct if is_money_back(kind) and not is_no_sale(kind)]
    rows = rows.filter(~other)
    negated = rows["row_type"].cast(pl.String).is_in(backs).fill_null(False) & (rows["amount"] > 0).fill_null(False)
    if negated.any():
        counts.append(count_of("refund_turned", rows.filter(negated), excluded=False))
        money = [c for c in ("amount", "margin") if c in rows.columns]
        rows = rows.with_columns(pl.when(negated).then(-pl.col(c)).otherwise(pl.col(c)).alias(c) for c in money)
    return rows.drop("row_type")
