"""A further metric of cohorts is one more value in the registry: everything else reads its attributes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from driving import Driver, drive
from shops import build

from ltvtui.analytics.cohorts.metrics import COHORT_METRICS, CohortMetric
from ltvtui.cli import main
from ltvtui.tui.registry import registry_of
from ltvtui.tui.saved_views import read_location, write_location
from ltvtui.tui.views.cohorts.state import CohortsState
from ltvtui.tui.views.registry import VIEWS

SALES = """
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id TEXT, ordered_at TEXT, amount REAL, channel TEXT);
INSERT INTO orders (customer_id, ordered_at, amount, channel) VALUES
    ('ann', '2024-01-10', 10, 'web'), ('ann', '2024-01-20', 20, 'web'), ('ann', '2024-03-05', 30, 'web'),
    ('bob', '2024-01-31', 40, 'web'), ('bob', '2024-02-01', 50, 'web'), ('bob', '2024-02-09', 20, 'web'),
    ('bob', '2024-02-09', 30, 'web');
"""
"""January: ann and bob with three orders. Month 1: three of bob. Month 2, not complete: one of ann."""
BASE = pl.when(pl.col("base") > 0).then(pl.col("base"))
RATE = CohortMetric(
    "orders per customer",
    "orders per customer",
    "ratio",
    "mean per customer",
    cell=pl.col("bought") / BASE,
    decimals=3,
)
FURTHER = CohortMetric(
    "further orders",
    "further orders",
    "count",
    "sum",
    cell=pl.col("orders") - pl.col("customers"),
    each=(pl.col("bought") - pl.col("active")) / BASE,
)
PROFIT = CohortMetric(
    "profit",
    "profit",
    "money",
    "mean per customer",
    cell=pl.col("value") / 10_000 * pl.col("margin") / BASE,
    cumulative=True,
)


@pytest.fixture(params=[RATE, FURTHER, PROFIT], ids=lambda metric: metric.key)
def metric(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> CohortMetric:
    """It is registered, in one place."""
    monkeypatch.setitem(COHORT_METRICS, request.param.key, request.param)
    made: CohortMetric = request.param
    return made


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    return build(tmp_path, SALES)


def said(*words: object) -> str:
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.stdout


def printed(sales: Path, metric: CohortMetric, *more: str) -> str:
    option = metric.key.replace(" ", "-")
    return said("cohorts", sales, "--as-of", "2024-03-15", "--metric", option, *more)


CELLS: dict[str, list[Any]] = {
    "orders per customer": [1.5, 1.5, 0.5],  # of two customers
    "further orders": [1, 2, 0],  # orders less customers
    "profit": [35, 85, 100],  # 70, 170, 200 of two
}
SHOWN = {
    "orders per customer": "1.500 1.500 0.500*",
    "further orders": "1 2 0*",
    "profit": "35.00 85.00 100.00*",
}


def test_the_command_line_offers_it(metric: CohortMetric, sales: Path) -> None:
    assert f"cumulative LTV, {metric.name}." in " ".join(said("cohorts", "--help").split())
    refusal = CliRunner().invoke(main, ["cohorts", str(sales), "--metric", "joy"]).stderr
    assert f"cumulative LTV, {metric.name}." in refusal


def test_json_has_it_in_its_unit(metric: CohortMetric, sales: Path) -> None:
    told = json.loads(printed(sales, metric, "--format", "json"))
    assert told["metric"] == metric.key
    assert told["rows"][0]["cells"] == pytest.approx(CELLS[metric.key])
    assert {type(cell) for cell in told["rows"][0]["cells"]} == {int if metric.unit == "count" else float}


def test_text_says_what_it_is(metric: CohortMetric, sales: Path) -> None:
    text = printed(sales, metric, "--discount", "0.1")
    assert f"· {metric.name}, by month since the first order" in text
    weighted = "" if metric is FURTHER else ", weighted by customers"
    assert f"all: complete periods{weighted} ·" in text
    # It reads the discounted sum, or it does not: nobody has to say so.
    assert ("discounted at 10.0 % a year" in text) == (metric is PROFIT)


def test_shares_of_the_first_period(metric: CohortMetric, sales: Path) -> None:
    text = printed(sales, metric, "--relative")
    assert f"{metric.name}, % of month 0" in text
    (january,) = (line.split()[2:] for line in text.splitlines() if line.startswith("2024-01"))
    first, *_ = cells = CELLS[metric.key]
    assert january == [f"{cell / first * 100:.1f}{'*' * (at == 2)}" for at, cell in enumerate(cells)]


def test_of_an_attribute_only_what_adds_up_holds_the_unfinished(metric: CohortMetric, sales: Path) -> None:
    told = json.loads(printed(sales, metric, "--by", "channel", "--format", "json"))
    whole = metric is FURTHER
    assert told["notes"] == ([] if whole else ["cells hold complete months only"])
    assert told["rows"][0]["unfinished"] == ([2] if whole else [])


def test_the_screen_goes_through_it(metric: CohortMetric, sales: Path) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("3", "M")  # before the first stands the last
        assert app.location.state(CohortsState).metric == metric.key
        line = next(" ".join(line.split()) for line in app.text.splitlines() if line.split()[:1] == ["2024-01"])
        assert line == f"2024-01 2 {SHOWN[metric.key]}"
        assert f"metric: {metric.name} 8/8 (m)" in app.text
        registry = registry_of(VIEWS)
        again = read_location(write_location(app.location, registry), registry)
        assert again.location.state(CohortsState).metric == metric.key
        await app.press("m")
        assert app.location.state(CohortsState).metric == "retention"

    drive(sales, scenario, size=(200, 60), terms={"as_of": "2024-03-15"})


def test_a_view_with_a_metric_of_another_version_is_refused() -> None:
    from ltvtui.user_state.filter_steps import Unreadable

    for told in ({"cohorts": {"metric": "joy"}}, {"matrix": {"measure": "joy"}}):
        with pytest.raises(Unreadable):
            read_location(json.dumps({"form": 1, "view": "cohorts", **told}), registry_of(VIEWS))
