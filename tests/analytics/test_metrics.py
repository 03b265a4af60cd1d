"""Metrics as values: a registry has every column, and each metric says truly how parts make a whole."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from ltvtui.analytics.cohorts.cohorts import cohorts as triangle_of
from ltvtui.analytics.cohorts.cohorts import measured
from ltvtui.analytics.cohorts.metrics import COHORT_METRICS, CohortMetric
from ltvtui.analytics.metric import Metric, by_key
from ltvtui.analytics.segment_metrics import MATRIX_METRICS, SEGMENT_METRICS
from ltvtui.analytics.segments import profile
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

WEIGHTS = {"mean per customer": "customers", "mean per order": "orders"}


@pytest.fixture
def dataset(dataset_of: Callable[..., Dataset]) -> Dataset:
    """Two channels: three customers with five orders of 90, and two with two of 60."""
    web, shop = {"channel": "web"}, {"channel": "shop"}
    return dataset_of(
        [
            *(("a", "2024-01-05", 10, web), ("a", "2024-02-05", 20, web), ("b", "2024-01-07", 20, web)),
            *(("b", "2024-03-07", 30, web), ("c", "2024-01-31", 10, web)),
            *(("d", "2024-02-01", 25, shop), ("e", "2024-03-01", 35, shop)),
        ]
    )


@pytest.mark.parametrize("key", [key for key, metric in SEGMENT_METRICS.items() if metric.total != "own"])
def test_parts_make_the_whole(dataset: Dataset, key: str) -> None:
    query, metric = Query(), SEGMENT_METRICS[key]
    rows, (whole,) = dataset.ask(profile, query, ("channel",)), dataset.ask(profile, query)[key]
    assert rows.height == 2
    weights = rows[WEIGHTS[metric.total]] if metric.total in WEIGHTS else pl.Series([1, 1])
    assert (rows[key] * weights).sum() / (weights.sum() if metric.total in WEIGHTS else 1) == pytest.approx(whole)


@pytest.mark.parametrize("metric", COHORT_METRICS.values(), ids=COHORT_METRICS)
def test_the_summary_is_made_of_the_cohorts(dataset: Dataset, metric: CohortMetric) -> None:
    """January and February, at an offset that is over for both; March is not over."""
    found = dataset.ask(triangle_of, Query(), "month")
    cells, summary = measured(found, metric)
    over = ~found.cells.filter(pl.col("offset") == 0)["unfinished"]
    weights = {"mean per customer": "base", "mean per order": "bought"}
    beside = found.cells.filter(pl.col("offset") == 0)
    weight = beside[weights[metric.total]].filter(over) if metric.total in weights else pl.Series([1.0, 1.0])
    whole = (cells["0"].filter(over) * weight).sum()
    assert over.to_list() == [True, True, False]
    assert summary["0"].to_list() == [pytest.approx(whole if metric.adds_up else whole / weight.sum())]


def test_what_adds_up_holds_all_that_was_observed() -> None:
    """So that the notes on periods that are not complete are true of it."""
    assert all(metric.all_observed(False) is metric.adds_up for metric in COHORT_METRICS.values())
    assert not any(metric.all_observed(True) for metric in COHORT_METRICS.values())


def test_a_share_is_of_a_metric() -> None:
    of = {metric.key: metric.share_of for metric in COHORT_METRICS.values() if metric.share_of}
    assert of == {"retention": "customers"}


def test_no_two_have_one_key() -> None:
    with pytest.raises(ValueError, match="'orders'"):
        by_key((Metric("orders", "orders", "count"), Metric("orders", "again", "count")))


def test_cells_of_a_matrix_are_metrics_of_segments() -> None:
    assert all(SEGMENT_METRICS[metric.key] is metric for metric in MATRIX_METRICS.values())
