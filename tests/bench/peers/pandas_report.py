"""The report in pandas, read from SQLite in chunks."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

CHUNK: Final = 500_000
HORIZON: Final = 12
DAYS: Final = 100_000
"""More than the days since 1970 of any order."""
TIERS: Final = ("VIP", "middle", "economy")

# Numbers come over as numbers: dates as text would be ten million strings.
ROWS: Final = """
SELECT customer_id AS customer, unixepoch(ordered_at) / 86400 AS day,
       CAST(round(amount * 10000) AS INTEGER) AS revenue
FROM orders
WHERE customer_id IS NOT NULL AND ordered_at IS NOT NULL AND amount IS NOT NULL
"""


def report(path: str) -> dict[str, Any]:
    """The report of the shop at `path`."""
    activity = _activity(_rows(path))
    as_of = _as_of(activity)
    activity = activity[activity["day"] <= as_of]
    customers = _customers(activity)
    gap = _churn_gap(activity)
    starts = _starts(customers["revenue"])
    customers["tier"] = _tiers(customers["revenue"], starts)
    customers = _watched(customers, as_of, as_of - gap)
    sample = customers.dropna(subset="months")
    bought = _bought(activity, customers)
    rows = [_row("all", customers, sample, bought, None)]
    for tier in TIERS:
        part = (customers["tier"] == tier, sample["tier"] == tier, bought["tier"] == tier)
        if part[0].any():
            rows.append(_row(tier, customers[part[0]], sample[part[1]], bought[part[2]], starts.get(tier)))
    return {
        "as_of": pd.Timestamp(as_of, unit="D").date().isoformat(),
        "churn_gap_days": gap,
        "sample": len(sample),
        "lapsed": int(sample["lapsed"].sum()),
        "rows": rows,
    }


def _as_of(activity: pd.DataFrame) -> int:
    """The latest day with an order, or with a refund of somebody who ordered."""
    bought = activity["orders"] > 0
    back = activity[~bought]
    theirs = back[back["customer"].isin(activity.loc[bought, "customer"])]
    return int(pd.concat([activity.loc[bought, "day"], theirs["day"]]).max())


def _rows(path: str) -> pd.DataFrame:
    types = {"customer": "int64", "day": "int32", "revenue": "int64"}
    with closing(sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return pd.concat(pd.read_sql_query(ROWS, connection, chunksize=CHUNK, dtype=types), ignore_index=True)


def _activity(rows: pd.DataFrame) -> pd.DataFrame:
    """Customer x day, sorted: orders (refunds are none) and revenue."""
    # One packed number groups twice as fast as two columns.
    rows["key"] = rows["customer"] * DAYS + rows["day"]
    rows["orders"] = (rows["revenue"] >= 0).astype("int32")
    activity = rows.groupby("key", as_index=False).agg({"orders": "sum", "revenue": "sum"})
    return activity.assign(customer=activity["key"] // DAYS, day=activity["key"] % DAYS)


def _customers(activity: pd.DataFrame) -> pd.DataFrame:
    whole = activity.groupby("customer").agg(orders=("orders", "sum"), revenue=("revenue", "sum"))
    days = activity[activity["orders"] > 0].groupby("customer")["day"].agg(first="min", last="max")
    return whole.join(days, how="inner")


def _churn_gap(activity: pd.DataFrame) -> int:
    visits = activity[activity["orders"] > 0]
    gaps = visits["day"].diff()[visits["customer"].eq(visits["customer"].shift())]
    return 365 if gaps.empty else min(max(math.ceil(round(gaps.quantile(0.9), 9)), 30), 365)


def _starts(revenue: pd.Series) -> dict[str, int]:
    ranked = revenue.sort_values(ascending=False)
    least = ranked[ranked > 0].min()
    ranks = {"VIP": math.ceil(round(0.2 * len(ranked), 6)), "middle": math.ceil(round(0.5 * len(ranked), 6))}
    return {tier: int(max(ranked.iloc[rank - 1], least)) for tier, rank in ranks.items()}


def _tiers(revenue: pd.Series, starts: dict[str, int]) -> pd.Series:
    tiers = np.select([revenue >= starts["VIP"], revenue >= starts["middle"]], [0, 1], default=2)
    return pd.Series(pd.Categorical.from_codes(tiers, TIERS), index=revenue.index)


def _watched(customers: pd.DataFrame, as_of: int, cut: int) -> pd.DataFrame:
    """Months of 30.4375 days = 487 / 16: those seen; and those after which customers lapsed, if that month is over at
    the cut, or were lost sight of."""
    first, last = customers["first"].astype("int64"), customers["last"].astype("int64")
    known, lived = (cut - first) * 16 // 487, (last - first) * 16 // 487 + 1
    lapsed = (last <= cut) & (lived <= known)
    months = lived.where(lapsed, known).where((first <= cut) & (known >= 1))
    return customers.assign(seen=(as_of - first + 1) * 16 // 487, lapsed=lapsed, months=months)


def _bought(activity: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Orders and revenue by tier and age month, of those who were seen for all of it. A refund counts never before
    the first month."""
    aged = activity.merge(customers[["first", "seen", "tier"]], left_on="customer", right_index=True)
    age = (aged["day"].astype("int64") - aged["first"]).clip(lower=0) * 16 // 487
    counted = aged.assign(age=age)[age < aged["seen"].clip(upper=HORIZON)]
    return counted.groupby(["tier", "age"], as_index=False, observed=True)[["orders", "revenue"]].sum()


def _staying(sample: pd.DataFrame) -> np.ndarray:
    """S(0) … S(11). Where too few are at risk to tell, customers go on leaving as in the last three months."""
    months = sample["months"].clip(upper=HORIZON + 1)
    ended, lost = (
        part.value_counts().reindex(range(1, HORIZON + 1), fill_value=0).to_numpy()
        for part in (months, months[sample["lapsed"]])
    )
    at_risk = len(sample) - np.concatenate([[0], np.cumsum(ended)[:-1]])
    staying = [1.0]
    for month in range(HORIZON - 1):
        before = min(3, month)
        if at_risk[month] >= _enough(len(sample)):
            factor = 1 - lost[month] / at_risk[month]
        else:
            factor = (staying[-1] / staying[-1 - before]) ** (1 / before) if before and staying[-1] else 1.0
        staying.append(staying[-1] * factor)
    return np.array(staying)


def _enough(customers: int) -> int:
    return min(30, max(1, math.ceil(customers / 10)))


def _row(
    segment: str, customers: pd.DataFrame, sample: pd.DataFrame, bought: pd.DataFrame, start: int | None
) -> dict[str, Any]:
    ages = pd.RangeIndex(HORIZON)
    watched = np.array([(customers["seen"] > age).sum() for age in ages])
    seen = watched >= _enough(int(watched[0]))
    sums = bought.groupby("age")[["orders", "revenue"]].sum().reindex(ages, fill_value=0)
    retention = float(_staying(sample)[seen].sum())
    orders = float((sums["orders"] / watched)[seen].sum())
    ltv = float((sums["revenue"] / watched)[seen].sum()) / 10_000
    return {
        "segment": segment,
        "customers": len(customers),
        "orders": int(customers["orders"].sum()),
        "revenue": int(customers["revenue"].sum()),
        "start": start,
        "check": ltv / orders if orders else None,
        "frequency": orders / retention if retention else None,
        "retention": retention if seen.any() else None,
        "within": int(seen.sum()),
        "ltv": ltv if seen.any() else None,
    }
