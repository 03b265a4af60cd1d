"""What a dataset says of its future: totals of a trail, groups, people, and how good that was in the past."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ltvtui.analytics.forecast.backtest import BANDS, with_bands
from ltvtui.analytics.forecast.of_snapshot import forecast_of, question_of
from ltvtui.analytics.forecast.summary import alive_histogram, answers_late, forecast_by, forecast_summary
from ltvtui.analytics.forecast.win_back import win_back
from ltvtui.errors import Cancelled, LtvError
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset
from ltvtui.session.forecast import backtest

DatasetOf = Callable[..., Dataset]
LAST = 759


def sales(customers: int, days: int) -> list[tuple[str, int, float, dict[str, str]]]:
    """Customers who come at any time, order at rates of their own and leave after some orders; of two channels."""
    random = np.random.default_rng(3)
    found = []
    for who in range(customers):
        day = float(random.integers(0, days - 20))
        gap, chance = 7 * random.gamma(2, 4), random.beta(1, 3)
        while day < days:
            amount = round(float(random.gamma(6, 5)), 2)
            found.append((f"c{who:04}", int(day), amount, {"channel": "web" if who % 3 else "shop"}))
            if random.random() < chance:
                break
            day += max(random.exponential(gap), 1)
    return found


@pytest.fixture(scope="module")
def dataset(dataset_of: DatasetOf) -> Dataset:
    return dataset_of(sales(1300, LAST + 1))


QUERY = Query(as_of=LAST)


def test_a_trail_is_told_by_its_people(dataset: Dataset) -> None:
    whole = dataset.ask(forecast_summary, QUERY)
    parts = [dataset.ask(forecast_summary, QUERY & Filter("channel", value)) for value in ("web", "shop")]
    assert [part.repeat for part in parts] == [whole.repeat] * 2
    for name in ("customers", "p_alive", "value", "expected_ltv", "value_at_risk"):
        assert sum(getattr(part, name) for part in parts) == pytest.approx(getattr(whole, name))
    for name in ("order_days", "value", "order_days_raw", "value_raw"):
        assert sum(part.totals[name].to_numpy() for part in parts) == pytest.approx(whole.totals[name].to_numpy())
    assert whole.value + whole.totals["value"][-1] == pytest.approx(whole.expected_ltv)
    spent = dataset.snapshot(QUERY).customers["value"].sum() / 10_000
    assert whole.value == pytest.approx(spent)


def test_groups_add_up_to_all(dataset: Dataset) -> None:
    whole, rows = dataset.ask(forecast_summary, QUERY), dataset.ask(forecast_by, QUERY, ("channel",))
    assert sorted(rows["channel"]) == ["shop", "web"]
    assert rows["expected_value_12"].is_sorted(descending=True)
    assert rows["customers"].sum() == whole.customers
    assert rows["p_alive_sum"].sum() == pytest.approx(whole.p_alive)
    assert rows["expected_value_6"].sum() == pytest.approx(whole.totals["value"][1])
    assert rows["value_share"].sum() == pytest.approx(1)
    assert (rows["expected_ltv"] * rows["customers"]).sum() == pytest.approx(whole.expected_ltv)
    tiers = dataset.ask(forecast_by, QUERY, ("tier", "channel"))
    assert tiers["tier"].cast(str).unique(maintain_order=True).to_list() == ["VIP", "middle", "economy"]
    assert tiers["expected_days_3"].sum() == pytest.approx(whole.totals["order_days"][0])


def test_nobody_brings_nothing(dataset: Dataset) -> None:
    nobody = QUERY & Filter("channel", None)
    found = dataset.ask(forecast_summary, nobody)
    assert (found.customers, found.p_alive, found.totals["value"].to_list()) == (0, 0, [0, 0, 0])
    assert dataset.ask(forecast_by, nobody, ("tier",)).height == 0
    assert dataset.ask(alive_histogram, nobody)["customers"].to_list() == [0] * 10
    assert dataset.ask(win_back, nobody).rows.height == 0


def test_tenths_of_p_alive_hold_everybody(dataset: Dataset) -> None:
    snapshot = dataset.snapshot(QUERY)
    rows = dataset.ask(alive_histogram, QUERY)
    own = forecast_of(snapshot, question_of(snapshot)).customers["p_alive"]
    assert rows["customers"].to_list() == [
        int(own.is_between(low, low + 0.1, closed="left" if low < 0.9 else "both").sum()) for low in rows["p_from"]
    ]
    whole = dataset.ask(forecast_summary, QUERY)
    assert rows["expected_value"].sum() == pytest.approx(whole.totals["value"][-1])
    assert rows["value_at_risk"].sum() == pytest.approx(whole.value_at_risk)


def test_whom_to_win_back(dataset: Dataset) -> None:
    rows = dataset.ask(win_back, QUERY & Filter("channel", "web")).rows
    assert rows["value_at_risk"].is_sorted(descending=True)
    assert set(rows["channel"].cast(str)) == {"web"}
    snapshot = dataset.snapshot(QUERY)
    of_all = forecast_of(snapshot, question_of(snapshot)).customers
    own = rows.select(of_all.columns).sort("customer")
    assert_frame_equal(own, of_all.filter(pl.col("customer").is_in(own["customer"].implode())))


def test_a_sample_answers_first_and_says_so(dataset_of: DatasetOf, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = dataset_of(sales(3000, LAST + 1))
    monkeypatch.setattr("ltvtui.analytics.forecast.summary.LARGE", 3000)
    monkeypatch.setattr("ltvtui.analytics.forecast.sample.SAMPLE", 1000)
    snapshot = dataset.snapshot(QUERY)
    assert answers_late(snapshot)
    quick = dataset.ask(forecast_summary, QUERY, "mbg", (3, 6, 12), True)
    assert quick.preliminary
    assert answers_late(snapshot), "a sample is not the whole answer"
    whole = dataset.ask(forecast_summary, QUERY)
    assert not whole.preliminary
    assert not answers_late(snapshot)
    assert quick.customers == whole.customers == 3000
    assert quick.repeat != whole.repeat
    assert quick.totals["value"].to_numpy() == pytest.approx(whole.totals["value"].to_numpy(), rel=0.15)
    part = QUERY & Filter("channel", "shop")
    some, all_of_them = (dataset.ask(forecast_summary, part, "mbg", (3, 6, 12), sampled) for sampled in (True, False))
    assert some.customers == all_of_them.customers == 1000
    assert some.p_alive == pytest.approx(all_of_them.p_alive, rel=0.15)


def test_other_terms_are_another_forecast(dataset: Dataset) -> None:
    whole, sooner = (dataset.ask(forecast_summary, Query(as_of=day)) for day in (LAST, 600))
    assert sooner.customers < whole.customers
    assert sooner.repeat != whole.repeat
    half = dataset.ask(forecast_summary, Query(as_of=LAST, margin=0.5))
    assert half.totals["value"].to_list() == pytest.approx([value / 2 for value in whole.totals["value"]])
    assert half.repeat is whole.repeat, "a margin fits nothing anew"
    other = dataset.ask(forecast_summary, QUERY, "bg", (1, 2))
    assert other.repeat is not None
    assert (other.repeat.name, other.totals["months"].to_list()) == ("BG/NBD", [1, 2])


def test_a_shop_that_is_too_young_has_no_figures(dataset_of: DatasetOf) -> None:
    young = dataset_of(sales(1000, 121))
    query = Query(as_of=120)
    found = young.ask(forecast_summary, query)
    assert not found.gate.ok
    assert "120 of 180 days of history" in found.gate.why
    assert (found.repeat, found.spend, found.totals.height) == (None, None, 0)
    assert backtest(young, query).accuracy.height == 0
    with pytest.raises(LtvError, match="120 of 180 days"):
        young.ask(forecast_by, query, ("tier",))


# --- the past ----------------------------------------------------------------------------------------


def test_the_test_is_of_all_horizons_and_tells_its_progress(dataset: Dataset) -> None:
    seen: list[tuple[int, int]] = []
    found = backtest(dataset, QUERY, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, len(seen) - 1) for done in range(len(seen))]
    assert found.accuracy["months"].unique().sort().to_list() == [3, 6, 12]
    assert found.of(3).accuracy["months"].unique().to_list() == [3]
    tried = found.accuracy.select("months", "origin").unique().height
    assert found.accuracy.height == 3 * tried
    assert found.deciles.height == 10 * tried
    model = found.accuracy.filter(pl.col("method") == "model").select("months", "origin", "value", "actual_value")
    for groups in (found.tiers, found.cohorts, found.deciles.with_columns(method=pl.lit("model"))):
        own = groups.filter(pl.col("method").cast(str) == "model")
        sums = own.group_by("months", "origin", maintain_order=True).agg(pl.col("value", "actual_value").sum())
        assert_frame_equal(sums, model, rel_tol=1e-9)


def test_who_cancels_and_asks_again_goes_on(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(sales(1300, LAST + 1))
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) == 3

    with pytest.raises(Cancelled):
        backtest(dataset, QUERY, cancelled=cancelled)
    made = [key for key in dataset.results._entries if isinstance(key, tuple) and key[0] == "backtest"]
    assert len(made) == 2
    whole = backtest(dataset, QUERY)
    again = backtest(dataset, QUERY)
    assert_frame_equal(whole.accuracy, again.accuracy)


def test_the_test_is_of_the_whole_shop(dataset: Dataset) -> None:
    narrow = backtest(dataset, QUERY & Filter("channel", "web"))
    assert_frame_equal(narrow.accuracy, backtest(dataset, QUERY).accuracy)


def test_totals_with_the_band_of_past_errors(dataset: Dataset) -> None:
    totals, test = dataset.ask(forecast_summary, QUERY).totals, backtest(dataset, QUERY)
    rows = with_bands(totals, test)
    assert rows.columns[-5:] == [*BANDS, "band_why"]
    assert rows["band_why"].is_null().to_list() == rows["value_low"].is_not_null().to_list()
    for row in rows.filter(pl.col("value_low").is_not_null()).iter_rows(named=True):
        past = test.of(row["months"]).accuracy.filter(pl.col("method") == "model")
        own = past.filter("season_known") if past["season_known"].sum() > 1 else past
        misses = (own["actual_value"] / own["value"]).to_list()
        assert row["value_low"] == pytest.approx(row["value"] * min(*misses, 1))
        assert row["value_high"] == pytest.approx(row["value"] * max(*misses, 1))
    assert rows["value_low"].null_count() < 3
    assert with_bands(totals.clear(), test).height == 0
