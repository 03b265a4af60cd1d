"""What is expected of each customer, wherever it is asked for: one forecast, and its reason where there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_series_equal

from ltvtui.analytics.dimensions import ALIVE_BANDS, EXPECTED_BANDS, FORECAST_BANDS
from ltvtui.analytics.forecast import repeat_model
from ltvtui.analytics.forecast.forecast import PEOPLE
from ltvtui.analytics.forecast.of_customer import CustomerForecast, forecast_of_customer
from ltvtui.analytics.forecast.of_snapshot import forecast_of, question_of, why_no_bands, why_no_value
from ltvtui.analytics.forecast.summary import forecast_summary
from ltvtui.analytics.listing import listed
from ltvtui.analytics.tiers.tiers import TierRule
from ltvtui.errors import LtvError
from ltvtui.exporting.customers import chosen, customers_export
from ltvtui.present.forecast.card import forecast_facts
from ltvtui.query.grammar.completing import complete
from ltvtui.query.grammar.errors import FilterError
from ltvtui.query.query import Filter, Query
from ltvtui.session.apply_filters import count_matching, narrowed, shop_of, step_of
from ltvtui.session.dataset import Dataset
from ltvtui.session.forecast import backtest

DatasetOf = Callable[..., Dataset]
LAST = 699
QUERY = Query(as_of=LAST)
YOUNG = Query(as_of=120)
WHY = "Not enough data for a forecast: 120 of 180 days of history."
OTHERWISE = "Leave it out, or choose a later as-of day."


@pytest.fixture(scope="module")
def dataset(dataset_of: DatasetOf) -> Dataset:
    """700 customers from the first day on, each at a rate of their own, who leave after some orders."""
    random = np.random.default_rng(8)
    rows = []
    for who in range(700):
        day, gap = float(who % 100), 7 * random.gamma(2, 4)
        while day <= LAST:
            rows.append((f"c{who:03}", int(day), round(float(random.gamma(5, 6)), 2), {}))
            if random.random() < 0.2:
                break
            day += max(random.exponential(gap), 1)
    return dataset_of(rows)


@pytest.fixture(scope="module")
def told(dataset: Dataset) -> pl.DataFrame:
    """What the forecast itself says, by customer."""
    snapshot = dataset.snapshot(QUERY)
    return forecast_of(snapshot, question_of(snapshot)).of(snapshot.customers)


def test_the_list_has_the_forecast(dataset: Dataset, told: pl.DataFrame) -> None:
    found = dataset.ask(listed, QUERY, "value_at_risk", True, "", True)
    assert found.frame.select(*PEOPLE).equals(told.select(*PEOPLE))
    shown = found.rows["value_at_risk"]
    assert_series_equal(shown, told["value_at_risk"].sort(descending=True))
    assert not set(PEOPLE) & set(dataset.ask(listed, QUERY).frame.columns)


def test_a_customer_has_the_figures_of_the_list(dataset: Dataset, told: pl.DataFrame) -> None:
    for code in (0, 350, 699):
        row, own = told.row(code, named=True), forecast_of_customer(dataset.snapshot(QUERY), code)
        assert isinstance(own, CustomerForecast)
        assert (own.p_alive, own.expected_value) == (row["p_alive"], row["expected_value_12"])
        assert (own.expected_days, own.next_order_day) == (row["expected_days_12"], row["next_order_day"])
        assert (own.expected_ltv, own.value_at_risk) == (row["expected_ltv"], row["value_at_risk"])
        assert (own.months, own.preliminary) == (12, False)


@pytest.mark.parametrize(
    ("text", "meets"),
    [
        ("p alive < 0.3 and expected > 5", (pl.col("p_alive") < 0.3) & (pl.col("expected_value_12") > 5)),
        ("p alive >= 30%", pl.col("p_alive") >= 0.3),
        ("expected orders > 2", pl.col("expected_days_12") > 2),
        ("expected LTV >= 200.5", pl.col("expected_ltv") >= 200.5),
        ("value at risk > 40", pl.col("value_at_risk") > 40),
        ('p alive band = "30–50 %"', (pl.col("p_alive") >= 0.3) & (pl.col("p_alive") < 0.5)),
        ('expected orders band = "1–2"', (pl.col("expected_days_12") >= 1) & (pl.col("expected_days_12") < 2)),
    ],
)
def test_filters_compare_the_forecast(dataset: Dataset, told: pl.DataFrame, text: str, meets: pl.Expr) -> None:
    query = narrowed(dataset, QUERY, [text])
    people = dataset.snapshot(query).customers["customer"]
    assert people.to_list() == told.filter(meets)["customer"].to_list()
    assert 0 < people.len() < 700


def test_bands_hold_everybody_and_nobody_else(dataset: Dataset, told: pl.DataFrame) -> None:
    edges = {"p alive band": (0.1, 0.3, 0.5, 0.7, 0.9), "expected orders band": (0.5, 1, 2, 5)}
    figure = {"p alive band": "p_alive", "expected orders band": "expected_days_12"}
    for name, names in (("p alive band", ALIVE_BANDS), ("expected orders band", EXPECTED_BANDS)):
        bands = dataset.snapshot(QUERY).by(name)[name].cast(pl.String)
        place = np.digitize(told[figure[name]].to_numpy(), edges[name])
        assert bands.to_list() == [names[at] for at in place]


def test_bands_of_a_part_are_those_of_the_whole(dataset: Dataset) -> None:
    whole = dataset.snapshot(QUERY).by("p alive band", "tier")
    part = dataset.snapshot(QUERY & Filter("tier", "VIP")).by("p alive band")
    expected = whole.filter(pl.col("tier") == "VIP")
    assert part["p alive band"].to_list() == expected["p alive band"].to_list()


def test_tiers_by_expected_ltv(dataset: Dataset, told: pl.DataFrame) -> None:
    """Of 700 customers the 140 with the highest expected LTV are VIP, the next 210 middle."""
    tiered = dataset.snapshot(Query(as_of=LAST, tier_rule=TierRule(value="expected"))).customers
    best = told.sort("expected_ltv", descending=True)["customer"]
    for tier, people in (("VIP", best[:140]), ("middle", best[140:350]), ("economy", best[350:])):
        assert set(tiered.filter(pl.col("tier") == tier)["customer"]) == set(people)
    historic = dataset.snapshot(QUERY).customers
    assert (historic["tier"] != tiered["tier"]).any()


def test_a_margin_is_taken_off_expected_value_alone(dataset: Dataset, told: pl.DataFrame) -> None:
    whole, kept = (Query(as_of=LAST, margin=m, tier_rule=TierRule(value="expected")) for m in (None, 0.25))
    assert dataset.snapshot(kept).customers["tier"].equals(dataset.snapshot(whole).customers["tier"])
    found = dataset.ask(listed, kept, "revenue", True, "", True).frame
    assert found["expected_ltv"].to_numpy() == pytest.approx(told["expected_ltv"].to_numpy() * 0.25)
    assert found["p_alive"].equals(told["p_alive"])


def test_exports_have_the_forecast(dataset: Dataset, told: pl.DataFrame) -> None:
    table, notes = customers_export(dataset, QUERY, "customer,days 3 mo,expected_value_6,exp. LTV,at risk")
    keys = ("id", "expected_days_3", "expected_value_6", "expected_ltv", "value_at_risk")
    assert (tuple(column.key for column in table.columns), notes) == (keys, ())
    assert table.frame.select(keys[1:]).equals(told.select(keys[1:]))
    everything, notes = customers_export(dataset, QUERY, "")
    assert {"p_alive", "next_order_day", "expected_value_12"} < {column.key for column in everything.columns}
    assert notes == ()


# -- a shop that tells too little, on an early day ---------------------------------------------------


def refused(act: Callable[[], object]) -> tuple[str, str, int]:
    with pytest.raises(LtvError) as caught:
        act()
    return caught.value.what, caught.value.mend, caught.value.exit_code


@pytest.mark.parametrize("name", FORECAST_BANDS)
def test_bands_need_a_forecast(dataset: Dataset, name: str) -> None:
    expected = (f"{name} needs a forecast. {WHY}", OTHERWISE, 1)
    assert dataset.snapshot(YOUNG).by(name)[name].null_count() == 700
    assert why_no_bands(dataset.snapshot(YOUNG), ("tier", name)) == WHY
    assert why_no_bands(dataset.snapshot(YOUNG), ("tier",)) == why_no_bands(dataset.snapshot(QUERY), (name,)) == ""
    assert refused(lambda: dataset.dimension(name, YOUNG)) == expected
    assert dataset.dimension(name.upper(), QUERY) == dataset.dimension(name) == name
    assert refused(lambda: customers_export(dataset, YOUNG, name))[0].endswith(f"{name} needs a forecast. {WHY}")
    assert refused(lambda: dataset.snapshot(YOUNG & Filter(name, "under 10 %"))) == expected
    assert name in dataset.dimensions_of(QUERY)
    assert name not in dataset.dimensions_of(YOUNG)
    assert dataset.missing_dimensions(YOUNG) == f"Without p alive band and expected orders band. {WHY}"
    assert dataset.missing_dimensions(QUERY) == ""


@pytest.mark.parametrize("text", ["p alive < 0.3", "next order is unknown", 'p alive band = "under 10 %"'])
def test_filters_need_a_forecast(dataset: Dataset, text: str) -> None:
    with pytest.raises(FilterError, match=r"needs a forecast\. Not enough data for a forecast: 120 of 180 days"):
        narrowed(dataset, YOUNG, [text])
    later = narrowed(dataset, QUERY, [text]) if "unknown" not in text else None
    if later is not None:  # a trail that was made on a later day
        early = Query(as_of=YOUNG.as_of, trail=later.trail)
        assert refused(lambda: count_matching(dataset, early))[0].endswith(f"needs a forecast. {WHY}")


def test_completion_offers_no_figure_of_a_forecast_that_is_not_there(dataset: Dataset) -> None:
    offered = {found.text for query in (YOUNG, QUERY) for found in complete("p al", 4, shop_of(dataset, query))}
    assert offered == {"p alive", "p alive band"}
    assert not complete("p al", 4, shop_of(dataset, YOUNG))
    text = "p alive band = "
    assert not complete(text, len(text), shop_of(dataset, YOUNG))


def test_tiers_by_expected_ltv_need_a_forecast(dataset: Dataset) -> None:
    rule = TierRule(value="expected")
    what, mend, code = refused(lambda: dataset.snapshot(Query(as_of=YOUNG.as_of, tier_rule=rule)))
    assert what == f"Tiers by expected LTV need a forecast. {WHY}"
    assert "--tier-value historic" in mend
    assert code == 1


def test_the_list_and_a_customer_without_a_forecast(dataset: Dataset) -> None:
    found = dataset.ask(listed, YOUNG, "p_alive", True, "", True).frame
    assert found.height == dataset.snapshot(YOUNG).customers.height
    assert found.select(*PEOPLE).null_count().row(0) == (found.height,) * len(PEOPLE)
    assert forecast_of_customer(dataset.snapshot(YOUNG), 0) == WHY


def test_exports_without_a_forecast_say_so(dataset: Dataset) -> None:
    table, notes = customers_export(dataset, YOUNG, "")
    assert not {column.key for column in table.columns} & set(PEOPLE)
    assert notes == (f"No columns of a forecast. {WHY}",)
    assert customers_export(dataset, YOUNG, "customer,revenue")[1] == ()
    expected = f"The column at risk needs a forecast. {WHY}", OTHERWISE, 1
    assert refused(lambda: customers_export(dataset, YOUNG, "customer,at risk")) == expected
    assert [column.key for column in chosen(dataset, "at risk")] == ["value_at_risk"]


def test_a_shop_without_money_has_a_forecast_of_order_days(dataset_of: DatasetOf) -> None:
    """Nobody has spent anything: what is of value is unknown, and says why, wherever it is asked for."""
    rows = [(f"c{who:03}", day, 0.0, {}) for who in range(500) for day in (0, 100, 200)]
    shop, query = dataset_of(rows), Query(as_of=200)
    snapshot, why = shop.snapshot(query), "Expected value is unknown: no customer has a value above zero."
    assert (snapshot.why_no_forecast, why_no_value(snapshot)) == ("", why)
    assert customers_export(shop, query, "")[1] == (why,)
    assert customers_export(shop, query, "customer,p_alive")[1] == ()
    assert shop.dimension("p alive band", query) == "p alive band"
    one = forecast_of_customer(snapshot, 0)
    assert not isinstance(one, str)
    assert (one.expected_value, one.expected_ltv, one.value_at_risk) == (None, None, None)
    assert one.expected_days > 0
    facts = dict(forecast_facts(one, "EUR")[0])
    assert facts["forecast"].endswith(f"{one.expected_days:.1f} order days in 12 mo")
    narrowed_by = query & step_of(shop, query, "expected > 0")
    assert refused(lambda: count_matching(shop, narrowed_by))[0] == f"expected needs a forecast of value. {why}"
    tiers = replace(query, tier_rule=TierRule(value="expected"))
    assert refused(lambda: shop.snapshot(tiers))[0] == f"Tiers by expected LTV need a forecast of value. {why}"


def test_a_shop_whose_order_days_no_model_fits_says_so(
    dataset_of: DatasetOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise LtvError("No forecast: no parameters.", "Check dates.")

    monkeypatch.setattr(repeat_model, "fit", fails)
    rows = [(f"c{who:03}", day, 5.0, {}) for who in range(500) for day in (0, 100, 200)]
    shop, query = dataset_of(rows), Query(as_of=200)
    found = shop.ask(forecast_summary, query)
    assert (found.gate.why, found.totals.height, found.repeat) == ("No forecast: no parameters.", 0, None)
    assert shop.snapshot(query).why_no_forecast == "No forecast: no parameters."
    assert backtest(shop, query).accuracy.height == 0
