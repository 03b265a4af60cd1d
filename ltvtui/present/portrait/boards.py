"""Tables of a portrait on screen, where one is seen at a time."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.analytics.order_store import HOURS
from ltvtui.analytics.portrait.portrait import Portrait
from ltvtui.analytics.retention import FEW
from ltvtui.present.comparison.tables import index_table
from ltvtui.present.portrait.criteria import CRITERION, with_criterion
from ltvtui.present.tables import Column, Table

ALL_VALUES = 10_000
"""Rows of the index: the screen scrolls."""
_HOUR_HELP = "Index of the orders of that hour."
HOTTEST = 200.0
"""The index from which on an hour is painted in full."""


def who_table(found: Portrait) -> Table:
    """What sets the customers apart, of all groups of criteria: what is clearly above or below first."""
    shown = index_table(with_criterion(found), "them", "all", ALL_VALUES)
    by_key = {column.key: column for column in shown.columns}
    columns = (
        *(by_key[key] for key in ("dimension", "value", "index")),
        replace(by_key["share_a"], is_part=True),
        *(by_key[key] for key in ("share_b", "z", "customers_a")),
        Column(CRITERION, "criterion", help="Group of criteria, by a guess from names and values."),
    )
    return Table(shown.frame, columns, few="few", fixed=2)


def hours_table(found: Portrait) -> Table:
    """The index of every hour of the week as a heat map; blank where all customers have fewer than 30 orders.

    Only of a shop whose orders have times of day.
    """
    assert found.times.hours is not None
    hours = found.times.hours.filter(pl.col("base_orders") >= FEW)
    index = {(row["weekday"], row["hour"]): row["index"] for row in hours.iter_rows(named=True)}
    rows = []
    for day, name in enumerate(WEEKDAYS):
        values = [index.get((day, hour)) for hour in range(HOURS)]
        heats = [None if value is None else min(value / HOTTEST, 1.0) for value in values]
        rows.append((name, *values, *heats))
    keys = [f"h{hour}" for hour in range(HOURS)]
    schema = {"day": pl.String, **dict.fromkeys((*keys, *(f"heat {key}" for key in keys)), pl.Float64)}
    columns = (
        Column("day", "weekday"),
        *(
            Column(key, f"{hour}", "ratio", decimals=0, heat=f"heat {key}", name=f"{hour} h", help=_HOUR_HELP)
            for hour, key in enumerate(keys)
        ),
    )
    return Table(pl.DataFrame(rows, schema=schema, orient="row"), columns)
