"""Bands of past errors for groups of customers: from tests of that group, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from ltvtui.analytics.forecast.backtest_by import FIGURES, TOO_FEW, UNTESTED, with_bands_by
from ltvtui.analytics.forecast.summary import forecast_by
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset
from ltvtui.session.forecast import backtest, backtest_by, cached_backtest_by

DatasetOf = Callable[..., Dataset]
LAST = 699
QUERY = Query(as_of=LAST)


@pytest.fixture(scope="module")
def dataset(dataset_of: DatasetOf) -> Dataset:
    """900 customers of a large and a small channel, who order every month for half a year."""
    rows = []
    for who in range(900):
        channel = {"channel": "rare" if who < 20 else "web"}
        rows += [(f"c{who:03}", who % 500 + step * 30, 5.0 + who % 7, channel) for step in range(1 + who % 6)]
    return dataset_of([row for row in rows if row[1] <= LAST])


def test_groups_of_each_test_add_up_to_it(dataset: Dataset) -> None:
    tests = pl.concat(backtest_by(dataset, QUERY, ("channel",)))
    whole = backtest(dataset, QUERY).accuracy.filter(pl.col("method") == "model")
    sums = tests.group_by("months", "origin", maintain_order=True).agg(
        pl.col("customers", "order_days", "actual_order_days", "value", "actual_value").sum()
    )
    assert sums.height == whole.height > 4
    for name in sums.columns:
        assert sums[name].to_list() == pytest.approx(whole[name].to_list())
    assert cached_backtest_by(dataset, QUERY, ("channel",)) is not None
    assert cached_backtest_by(dataset, QUERY, ("stage",)) is None


def test_groups_are_as_they_were_on_the_day(dataset: Dataset) -> None:
    """Tiers of that day: a fifth of those who were known then are VIPs."""
    frames = [frame for frame in backtest_by(dataset, QUERY, ("tier",)) if frame.height]
    assert len(frames) > 4
    for frame in frames:
        shares = frame.select("tier", pl.col("customers") / pl.col("customers").sum())
        assert dict(shares.iter_rows())["VIP"] == pytest.approx(0.2, abs=0.05)


def test_a_group_has_a_band_or_the_reason(dataset: Dataset) -> None:
    rows = dataset.ask(forecast_by, QUERY, ("channel",))
    found = with_bands_by(rows, ("channel",), backtest_by(dataset, QUERY, ("channel",)), (3, 6, 12))
    web, rare = (found.filter(pl.col("channel") == name).row(0, named=True) for name in ("web", "rare"))
    assert web["expected_value_3_low"] <= web["expected_value_3"] <= web["expected_value_3_high"]
    assert (rare["expected_value_3_low"], rare["band_why"]) == (None, TOO_FEW)
    bands = dataset.ask(forecast_by, QUERY, ("p alive band",))
    tests = backtest_by(dataset, QUERY, ("p alive band",))
    untested = with_bands_by(bands, ("p alive band",), tests, (3, 6, 12))
    assert set(untested.filter(~pl.col("few"))["band_why"]) == {UNTESTED}


def made(*tests: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(tests, schema={"channel": pl.String(), **FIGURES}, orient="row")


def test_bands_by_hand() -> None:
    """80 and 100 order days were forecast of A, and 100 and 80 came: 0.8 to 1.25 of 40. Value came as forecast.
    B was tested once, and once more when it had 29 customers."""
    rows = pl.DataFrame(
        {
            "channel": ["A", "B", None],
            "expected_days_3": [40.0, 10.0, 5.0],
            "expected_value_3": [400.0, 100.0, None],
            "few": [False, False, False],
        }
    )
    found = with_bands_by(
        rows,
        ("channel",),
        [
            made(("A", 3, 500, False, 50, 80.0, 100.0, 9.0, 9.0), ("B", 3, 500, False, 30, 8.0, 9.0, 8.0, 9.0)),
            made(("A", 3, 400, False, 30, 100.0, 80.0, 7.0, 7.0), ("B", 3, 400, False, 29, 8.0, 9.0, 8.0, 9.0)),
            made((None, 3, 500, False, 50, 5.0, 5.0, None, 1.0), (None, 3, 400, False, 50, 5.0, 10.0, None, 1.0)),
        ],
        (3,),
    )
    names = [f"expected_{what}_3_{end}" for what in ("days", "value") for end in ("low", "high")]
    first, second, third = found.select(*names, "band_why").rows()
    assert first == (pytest.approx(32), pytest.approx(50), 400, 400, None)
    assert second == (None, None, None, None, "1 test of 30 customers or more")
    assert third == (5, 10, None, None, None)  # order days alone: no value is expected
