"""Shops whose future is known: real ones, and ones made from the model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from real_shops import DATA, read_dataset, unpacked

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.forecast.observed import Past
from ltvtui.analytics.kernel.activity_index import ActivityIndex
from ltvtui.analytics.kernel.cached_activity import CachedActivity
from ltvtui.analytics.kernel.memo import UNCACHED
from ltvtui.session.dataset import Dataset


@pytest.fixture(scope="session")
def real_dataset(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Dataset]:
    """The dataset of a real shop."""
    if not DATA.is_dir():
        pytest.skip(f"the real shops are not at hand: {DATA}")
    folder = tmp_path_factory.mktemp("forecast")
    books: dict[str, Dataset] = {}

    def book(name: str) -> Dataset:
        if name not in books:
            books[name] = read_dataset(unpacked(name, folder), name, CleaningPolicy())
        return books[name]

    return book


@pytest.fixture(scope="session")
def past_of_rows() -> Callable[[pl.DataFrame], Past]:
    """The past of a shop with this activity: customer, day, and money of the day in currency units."""

    def past(rows: pl.DataFrame) -> Past:
        money = (pl.col("money") * 10_000).round().cast(pl.Int64)
        orders = pl.col("orders") if "orders" in rows.columns else pl.lit(1)
        activity = rows.sort("customer", "day").select(
            pl.col("customer").cast(pl.UInt32),
            pl.col("day").cast(pl.Int32),
            orders.cast(pl.UInt32).alias("orders"),
            money.alias("revenue"),
            money.alias("value"),
        )
        return Past(CachedActivity(ActivityIndex(activity), UNCACHED))

    return past


@pytest.fixture(scope="session")
def made_rows() -> Callable[..., pl.DataFrame]:
    """Activity of customers who behave as MBG/NBD and Gamma-Gamma say: customer, day, money."""

    def made(
        customers: int,
        days: int,
        parameters: tuple[float, float, float, float] = (0.8, 8.0, 0.7, 2.0),
        spend: tuple[float, float, float] = (6.0, 4.0, 30.0),
        seed: int = 1,
        joining: int | None = None,
    ) -> pl.DataFrame:
        random = np.random.default_rng(seed)
        (r, alpha, a, b), (p, q, v) = parameters, spend
        rate, chance = random.gamma(r, 1 / alpha, customers) / 7, random.beta(a, b, customers)
        at = random.integers(0, joining or days, customers).astype(np.float64)
        there = np.arange(customers)
        who, when = [there], [np.floor(at)]
        while there.size:
            there = there[random.random(there.size) > chance[there]]  # who has not left after their last order
            at[there] += random.exponential(1 / rate[there])
            there = there[at[there] < days]
            who.append(there)
            when.append(np.floor(at[there]))
        whose = np.concatenate(who)
        scale = random.gamma(q, 1 / v, customers)
        money = random.gamma(p, 1 / scale[whose])
        rows = pl.DataFrame({"customer": whose, "day": np.concatenate(when).astype(np.int64), "money": money})
        return rows.group_by("customer", "day").agg(pl.col("money").sum()).sort("customer", "day")

    return made
