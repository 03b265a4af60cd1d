"""The metrics of a segment row, which columns and cells of matrices show (metrics.md §4)."""

from __future__ import annotations

from typing import Final

from ltvtui.analytics.ltv import AGES
from ltvtui.analytics.metric import Metric, by_key

CUSTOMERS: Final = Metric("customers", "customers", "count", "sum", "Customers with at least one order.")
REVENUE: Final = Metric("revenue", "revenue", "money", "sum", "Net revenue: orders less refunds.")
LTV: Final = Metric(
    "ltv",
    "LTV",
    "money",
    help="Average check × frequency × lifetime × margin; ≥: less data than the horizon.",
)

SEGMENT_METRICS: Final[dict[str, Metric]] = by_key(
    (
        CUSTOMERS,
        Metric("customer_share", "of customers", "share", "sum", "Share of the customers shown."),
        Metric("orders", "orders", "count", "sum", "Clean orders, without refunds."),
        REVENUE,
        Metric("revenue_share", "of revenue", "share", "sum", "Share of the revenue shown."),
        Metric("average_check", "avg check", "money", "mean per order", "Net revenue ÷ orders, all time."),
        Metric("orders_per_customer", "per cust", "ratio", "mean per customer", "Orders ÷ customers."),
        Metric("check", "avg check", "money", help="Average check: revenue ÷ orders within the horizon."),
        Metric(
            "frequency",
            "orders/mo",
            "ratio",
            help="Frequency: orders per customer and retained month.",
            decimals=3,
        ),
        Metric(
            "retention_months",
            "lifetime, mo",
            "ratio",
            help="Lifetime (retention): months a customer stays, at most the horizon.",
        ),
        Metric("retention_supported_months", "supported", "count"),
        Metric("within_months", "months of data", "count"),
        LTV,
        Metric("margin", "margin", "share", help="Margin as a share of revenue, within the horizon."),
        *(
            Metric(f"ltv_{age}", f"{age} mo", "money", help=f"LTV within {age} months; blank: not enough data yet.")
            for age in AGES
        ),
        Metric("counted", "counted", "count", "sum"),
    )
)
"""By column of segments.profile, in its order."""

MATRIX_METRICS: Final[dict[str, Metric]] = {metric.name: metric for metric in (CUSTOMERS, REVENUE, LTV)}
"""What a cell of a matrix can show, by name, in the order in which the screen goes through them."""
