"""The report as ltvtui makes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.segments import profile
from ltvtui.days import iso
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest


def report(path: str) -> dict[str, Any]:
    """The report of the shop at `path`."""
    opened = open_shop(OpenRequest(Path(path), cache=False))
    dataset, query = (
        opened.dataset,
        replace(opened.query, entry="all"),
    )  # the others do not ask where a history begins
    snapshot = dataset.snapshot(query)
    starts = {"VIP": snapshot.thresholds.vip, "middle": snapshot.thresholds.middle}
    whole = {"tier": "all", **dataset.ask(profile, query).row(0, named=True)}
    rows = [whole, *dataset.ask(profile, query, ("tier",)).iter_rows(named=True)]
    return {
        "as_of": iso(snapshot.terms.as_of),
        "churn_gap_days": snapshot.churn_gap.days,
        "sample": snapshot.customers["lapsed"].count(),
        "lapsed": snapshot.customers["lapsed"].sum(),
        "rows": [
            {
                "segment": row["tier"],
                "customers": row["customers"],
                "orders": row["orders"],
                "revenue": round(row["revenue"] * MONEY_SCALE),
                "start": starts.get(row["tier"]),
                "check": row["check"],
                "frequency": row["frequency"],
                "retention": row["retention_months"],
                "within": row["within_months"],
                "ltv": row["ltv"],
            }
            for row in rows
        ],
    }
