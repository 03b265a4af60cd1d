"""Orders in several currencies: converted, or one of them chosen."""

from __future__ import annotations

import polars as pl

from ltvtui.errors import LtvError


def convert(rows: pl.DataFrame) -> pl.DataFrame:
    """Apply a mapped currency rate; a row without a usable rate has no usable amount."""
    if "rate" not in rows.columns:
        return rows
    rate = pl.when(pl.col("rate").is_finite() & (pl.col("rate") > 0)).then(pl.col("rate"))
    money = [c for c in ("amount", "margin", "refunded") if c in rows.columns]
    return rows.with_columns((pl.col(c) * rate).round(0).cast(pl.Int64, strict=False) for c in money)


def one_currency(rows: pl.DataFrame) -> str | None:
    """The currency of the orders; None where the shop says none. LtvError where there are several."""
    if "currency" not in rows.columns or "rate" in rows.columns:
        return None
    return refuse_several(_currencies(rows))


def refuse_several(found: list[str]) -> str | None:
    """The one currency that was found, if any. LtvError where there are several."""
    if len(found) > 1:
        raise LtvError(
            f"The orders are in {len(found)} currencies: {', '.join(found[:8])}.",
            f"Keep one with --currency {found[0]}, or map a column that converts them with --rate COLUMN.",
        )
    return found[0] if found else None


def demand_currency(rows: pl.DataFrame, wanted: str) -> None:
    """LtvError (exit code 2) where no order is in the currency `wanted`."""
    refuse_unknown(_currencies(rows), wanted)


def refuse_unknown(found: list[str], wanted: str) -> None:
    """LtvError (exit code 2) where the currency `wanted` is not among those that were found."""
    if wanted.upper() not in found:
        there = f"Choose from: {', '.join(found[:8])}." if found else "Map the column with --currency-column COLUMN."
        raise LtvError(f"No order is in {wanted}.", there, 2)


def _currencies(rows: pl.DataFrame) -> list[str]:
    if "currency" not in rows.columns:
        return []
    distinct = rows["currency"].unique().drop_nulls().cast(pl.String)
    return [str(c) for c in distinct.str.to_uppercase().unique().sort()]
