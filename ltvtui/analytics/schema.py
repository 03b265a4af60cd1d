"""Names, dtypes and units of every frame, stated once.

Money is Int64 in ten-thousandths of the shop's currency unit, so that sums are exact and the same
in any order on any engine. A day is Int32, days since 1970-01-01 in the shop's own clock.
"""

from typing import Final, TypeVar

import polars as pl

Days = TypeVar("Days", pl.Expr, pl.Series)

MONEY_SCALE: Final = 10_000
"""Ten-thousandths of a currency unit in one unit."""


def units(money: pl.Expr) -> pl.Expr:
    """Money in currency units (Float64), the nearest float to it.

    Divided row by row: by a single number, or one that is repeated, polars multiplies with its inverse, which is a
    digit off.
    """
    return money / (pl.int_range(pl.len()) * 0 + float(MONEY_SCALE))


def age_month(days: Days) -> Days:
    """Whole months of 30.4375 days in `days` (Int32, ≥ 0), in integers: 30.4375 = 487 / 16."""
    return days * 16 // 487


# --- rows: what a source hands to clean(), one per row of the shop's table -----------------------
# Sources decode and type the values; they drop nothing. Null is "missing or not readable".

ROW_REQUIRED: Final[dict[str, pl.DataType]] = {
    "customer_id": pl.String(),  # as the shop writes it, trimmed; 17850.0 is read as 17850
    # ... or Int32 or Int64, where every id is a whole number; order_id and refund_of alike
    "day": pl.Int32(),
    "second": pl.Int32(),  # second of the day, 0 where the shop keeps only days
    "amount": pl.Int64(),  # money; of a line where the table has several rows per order
}

ROW_OPTIONAL: Final[dict[str, pl.DataType]] = {
    "order_id": pl.String(),  # absent: every row is an order
    "status": pl.Categorical(),
    "currency": pl.Categorical(),
    "rate": pl.Float64(),  # multiply amount by it to get the shop's own currency
    "margin": pl.Int64(),  # money kept of the amount (a mapped margin, or amount - cost)
    "refund_of": pl.String(),  # order_id of the order that a negative row refunds
    "refunded": pl.Int64(),  # money of the amount that went back, of the row that tells it
    "undone": pl.Boolean(),  # whether a day of cancelling, or a flag, says that the order was undone
    "row_type": pl.Categorical(),  # what the row is, where some are fees, payouts or refunds
    "changed": pl.Int64(),  # moment of the row's last change, seconds
    "same": pl.UInt64(),  # fingerprint of the row but for what tells its state
    "copy": pl.UInt64(),  # fingerprint of the whole source row; equal = exact copy
}
# Every further column of rows is an order attribute (Categorical), named by the mapping.

# --- people: one row per known customer, from the shop's customer table (may be absent) ----------

PEOPLE_REQUIRED: Final[dict[str, pl.DataType]] = {"customer_id": pl.String()}
PEOPLE_OPTIONAL: Final[dict[str, pl.DataType]] = {
    "name": pl.String(),  # shown on the card, never a dimension
    "email": pl.String(),  # shown on the card, never a dimension
    "birth_day": pl.Int32(),  # gives the dimension "age band"
}
# Every further column of people is a customer attribute (String), named by the mapping.

# --- spend: one row per (day, channel) -----------------------------------------------------------

SPEND: Final[dict[str, pl.DataType]] = {
    "day": pl.Int32(),
    "channel": pl.String(),
    "amount": pl.Int64(),
}

# --- clean orders, sorted by customer, day, second -----------------------------------------------

KIND: Final = pl.Enum(["order", "refund"])

ORDERS: Final[dict[str, pl.DataType]] = {
    "order_id": pl.String(),  # or as in rows; null where the shop has none
    "customer": pl.UInt32(),  # dense code, index into `people`
    "day": pl.Int32(),  # a refund with a reference is booked on the day of its order
    "second": pl.Int32(),
    "amount": pl.Int64(),
    "kind": KIND,
}
# "margin" (Int64) follows where it is mapped, then the order attributes (Categorical).

# --- activity: customer x day, sorted -------------------------------------------------------------

ACTIVITY: Final[dict[str, pl.DataType]] = {
    "customer": pl.UInt32(),
    "day": pl.Int32(),
    "orders": pl.UInt32(),
    "revenue": pl.Int64(),  # net of refunds
    "value": pl.Int64(),  # mapped margin, or revenue again where none is mapped
}

LONGEST_FORECAST: Final = 60
"""Months."""

RESERVED: Final[frozenset[str]] = frozenset(
    {
        *ROW_REQUIRED,
        *ROW_OPTIONAL,
        *PEOPLE_OPTIONAL,
        "utc_offset",  # which reading uses up
        *ORDERS,
        *ACTIVITY,
        # columns that analytics adds to customers, to their orders and to tables of segments
        *("id", "days", "first", "last", "seen", "months", "lapsed", "silent", "average_check", "total", "gap"),
        *("customers", "customer_share", "revenue_share", "orders_per_customer", "few", "value", "what"),
        "lapsed_share",
        *("check", "frequency", "retention", "retention_months", "within_months", "ltv", "ltv_margin"),
        *("retention_supported_months", "counted", "ltv_1", "ltv_3", "ltv_6", "ltv_12"),
        *("ltv_se", "ltv_lower", "ltv_upper", "se", "t", "group", "late"),
        *("age_month", "at_risk", "ended", "sample", "survival", "supported", "order_day"),
        *("error", "lower", "upper", "known", "median", "median_months", "curve"),
        # dimensions of every shop, and those to come
        *("rfm", "rfm score", "r score", "f score", "m score", "abc", "xyz", "stage"),
        *("tier", "age band", "orders band", "first year", "first quarter", "first month", "first week"),
        *("segment", "expected", "cohort"),
        *("p alive band", "expected orders band", "expected orders", "expected ltv", "value at risk", "next order"),
        *("p_alive", "p alive", "p_alive_sum", "next_order_day", "expected_ltv", "value_at_risk", "value_share"),
        *(f"expected_{what}_{months}" for what in ("days", "value") for months in range(1, LONGEST_FORECAST + 1)),
    }
)
"""Names an attribute may not take; a mapped column of such a name is told apart by its table."""
