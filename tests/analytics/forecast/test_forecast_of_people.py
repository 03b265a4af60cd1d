"""What each customer will bring: the gate, the season, and that a group's forecast is the sum of its people's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ltvtui.analytics.forecast.forecast import ForecastQuestion, forecast
from ltvtui.analytics.forecast.gate import gate
from ltvtui.analytics.forecast.horizon import Horizon
from ltvtui.analytics.forecast.observed import Observed, Past
from ltvtui.analytics.forecast.of_snapshot import forecast_of, gate_of, question_of
from ltvtui.analytics.forecast.repeat_model import RepeatModel
from ltvtui.analytics.forecast.season import Season, a_year_before, season
from ltvtui.analytics.forecast.shop_model import ShopModel
from ltvtui.analytics.forecast.spend_model import SpendModel
from ltvtui.analytics.kernel import chunks
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

PastOf = Callable[[pl.DataFrame], Past]
Made = Callable[..., pl.DataFrame]
BookOf = Callable[..., Dataset]

LAST = 799


@pytest.fixture(scope="module")
def rows(made_rows: Made) -> pl.DataFrame:
    return made_rows(1500, LAST + 1)


@pytest.fixture(scope="module")
def past(past_of_rows: PastOf, rows: pl.DataFrame) -> Past:
    return past_of_rows(rows)


# --- what is known, and what came after --------------------------------------------------------------


def test_a_refund_is_money_of_its_day_and_no_order_day(past_of_rows: PastOf) -> None:
    shop = past_of_rows(
        pl.DataFrame(
            {
                "customer": [0, 0, 0, 0, 1, 2, 2],
                "day": [5, 9, 12, 20, 9, 10, 11],
                "orders": [1, 1, 0, 2, 1, 1, 1],
                "money": [10.0, 20.0, -15.5, 40.0, 0.0, 7.0, 8.0],
            }
        )
    )
    observed = shop.observed(9)
    assert observed.customers.rows() == [(0, 2, 5, 9, 300_000), (1, 1, 9, 9, 0)]
    assert observed.history_days == 4
    days, money = shop.between(observed, 9, 20)
    assert (days.tolist(), money.tolist()) == ([1, 0], [24.5, 0])
    days, money = shop.between(observed, 5, 9)
    assert (days.tolist(), money.tolist()) == ([1, 1], [20, 0])
    days, money = shop.between(observed, 9, 9)
    assert (days.tolist(), money.tolist()) == ([0, 0], [0, 0])


# --- the gate ----------------------------------------------------------------------------------------


def test_a_shop_of_120_days_is_refused(past_of_rows: PastOf, made_rows: Made) -> None:
    shop = past_of_rows(made_rows(2000, 121))
    found = gate(shop.observed(120))
    assert not found.ok
    assert found.why == "Not enough data for a forecast: 120 of 180 days of history."


def test_the_gate_names_all_that_is_missing(past_of_rows: PastOf) -> None:
    shop = past_of_rows(pl.DataFrame({"customer": [0, 0, 1], "day": [0, 40, 3], "money": [5.0, 5.0, 5.0]}))
    assert gate(shop.observed(60)).why == (
        "Not enough data for a forecast: 2 of 500 customers, 60 of 180 days of history, "
        "1 of 100 customers who ordered again on another day."
    )


@pytest.mark.parametrize(("customers", "repeats", "days", "opens"), [
    (500, 100, 180, True), (499, 100, 180, False), (500, 99, 180, False), (500, 100, 179, False),
])  # fmt: skip
def test_the_gate_opens_at_its_limits(
    past_of_rows: PastOf, customers: int, repeats: int, days: int, opens: bool
) -> None:
    whose = [*range(customers), *range(repeats)]
    when = [0] * customers + [7] * repeats
    shop = past_of_rows(pl.DataFrame({"customer": whose, "day": when, "money": [9.0] * len(whose)}))
    assert gate(shop.observed(days)).ok is opens


# --- the season --------------------------------------------------------------------------------------


class Certain(RepeatModel):
    """Expects half an order day of everybody, whatever the horizon."""

    def order_days(self, histories: Any, horizon: Horizon) -> Any:
        return np.full(len(histories.repeats), 0.5)


def test_the_season_is_what_happened_to_what_was_forecast(past_of_rows: PastOf) -> None:
    """60 customers of day 0, expected 30 order days; 45 of them order within 91 days after day 200, 20 after that.

    Order days: (45 + 30) ÷ (30 + 30). Money: the mean of an order day so far is 10 and 20 is expected of a further
    one: (45·40 + 30·10) ÷ (30·20 + 30·10).
    """
    when = [0] * 60 + [291] * 45 + [292] * 20 + [200]
    whose = [*range(60), *range(45), *range(20), 60]  # who comes on the day itself is known: expected, and stays away
    money = [10.0] * 60 + [40.0] * 45 + [99.0] * 20 + [10.0]
    shop = past_of_rows(
        pl.DataFrame({"customer": whose, "day": when, "money": money}).filter(pl.col("customer") < 60)
    )
    observed = shop.observed(200)
    spend = SpendModel(1.0, 1e9, 20e9)  # 20 of everybody
    before = ShopModel(observed, Certain("mbg", 1, 1, 1, 1), spend)
    found = season(shop, before, Horizon.of_months(3), 565)
    assert found.unknown == ""
    assert found.order_days == pytest.approx(75 / 60)
    assert found.value == pytest.approx((45 * 40 + 300) / (600 + 300), rel=1e-6)


def test_the_season_of_a_short_history_is_unknown(past: Past) -> None:
    assert a_year_before(past, 544, "mbg") is None
    assert a_year_before(past, 545, "mbg") is not None
    assert season(past, None, Horizon.of_months(3), 544) == Season(
        unknown="Season unknown: less than 545 days of history."
    )
    before = a_year_before(past, LAST, "mbg")
    assert season(past, before, Horizon.of_months(12), LAST).unknown == ""
    assert "within a year" in season(past, before, Horizon.of_months(24), LAST).unknown


def test_a_shop_without_seasons_has_factors_near_one(past_of_rows: PastOf, made_rows: Made) -> None:
    shop = past_of_rows(made_rows(20_000, 800, joining=400))
    before = a_year_before(shop, 799, "mbg")
    for months in (3, 6, 12):
        found = season(shop, before, Horizon.of_months(months), 799)
        assert (found.order_days, found.value) == pytest.approx((1, 1), abs=0.06)


def test_customers_who_double_their_orders_every_summer(past_of_rows: PastOf) -> None:
    """Everybody orders monthly, and twice a month from day 120 to 210 of each year.

    A forecast on day 120 of the third year expects the summer.
    """
    days = [*range(0, 850, 30)] + [day for day in range(15, 850, 30) if 120 <= day % 365 < 210]
    spread = [(who, day + who % 30, 10.0) for who in range(300) for day in days]
    rows = pl.DataFrame(spread, schema=["customer", "day", "money"], orient="row")
    shop = past_of_rows(rows)
    found = forecast(shop, ForecastQuestion(850, months=(3,))).totals().row(0, named=True)
    observed = shop.observed(850)
    happened = sum(850 < day + who % 30 <= 941 for who in range(300) for day in range(0, 1000, 30)) + sum(
        850 < day + who % 30 <= 941 for who in range(300) for day in range(15, 1000, 30) if 120 <= day % 365 < 210
    )
    assert observed.history.distinct.customers == 300
    assert abs(found["order_days"] / happened - 1) < abs(found["order_days_raw"] / happened - 1) / 2
    assert found["order_days"] == pytest.approx(happened, rel=0.1)


# --- per customer ------------------------------------------------------------------------------------


def test_columns_of_a_customer(past: Past) -> None:
    found = forecast(past, ForecastQuestion(LAST, margin=0.5))
    rows, observed = found.customers, past.observed(LAST)
    assert rows.columns == [
        *("customer", "p_alive", "next_order_day"),
        *(f"expected_{what}_{months}" for months in (3, 6, 12) for what in ("days", "value")),
        *("expected_ltv", "value_at_risk"),
    ]
    assert rows["customer"].equals(observed.customers["customer"])
    own, model, factor = rows.row(7, named=True), found.model, found.seasons[2]
    there = model.order_days_if_there(Horizon.of_months(12))[7]
    assert own["expected_days_12"] == pytest.approx(own["p_alive"] * there * factor.order_days)
    worth = there * model.check[7] * 0.5 * factor.value
    assert own["expected_value_12"] == pytest.approx(own["p_alive"] * worth)
    assert own["value_at_risk"] == pytest.approx((1 - own["p_alive"]) * worth)
    assert own["expected_ltv"] == pytest.approx(observed.money[7] * 0.5 + own["expected_value_12"])
    assert (
        own["next_order_day"] == LAST + model.repeat.next_order_in(observed.history.distinct)[observed.history.row][7]
    )
    assert (rows["next_order_day"] > LAST).all()


def test_margin_is_a_factor_on_money_alone(past: Past) -> None:
    gross, net = (forecast(past, ForecastQuestion(LAST, margin=margin)) for margin in (1.0, 0.4))
    money = [name for name in gross.customers.columns if "value" in name or "ltv" in name]
    assert_frame_equal(gross.customers.drop(money), net.customers.drop(money))
    assert_frame_equal(gross.customers.select(pl.col(money) * 0.4), net.customers.select(money))


@pytest.fixture(scope="module")
def whole(past: Past) -> Any:
    return forecast(past, ForecastQuestion(LAST))


@settings(max_examples=examples(20))
@given(st.integers(1, 9), st.integers(0, 2**30))
def test_a_forecast_is_the_sum_of_its_people(whole: Any, parts: int, seed: int) -> None:
    observed = whole.customers.select("customer")
    group = pl.Series(np.random.default_rng(seed).integers(0, parts, observed.height))
    of_each = [whole.totals(whole.of(observed.filter(group == number))) for number in range(parts)]
    for name in ("order_days", "value", "order_days_raw", "value_raw"):
        sums = sum(np.array(each[name]) for each in of_each)
        assert sums == pytest.approx(np.array(whole.totals()[name]), rel=1e-12)
    nobody = whole.totals(whole.customers.clear())
    assert nobody["order_days"].to_list() == [0, 0, 0]


def test_the_order_of_customers_changes_nothing(past_of_rows: PastOf, rows: pl.DataFrame, whole: Any) -> None:
    count = int(rows["customer"].max()) + 1  # type: ignore[arg-type]
    places = pl.Series(np.random.default_rng(8).permutation(count))
    moved = rows.with_columns(customer=places.gather(rows["customer"]))
    again = forecast(past_of_rows(moved), ForecastQuestion(LAST))
    assert again.model.repeat == whole.model.repeat
    back = again.of(pl.DataFrame({"customer": places.sort()}))[places.to_numpy()].drop("customer")
    assert_frame_equal(back, whole.customers.drop("customer"), rel_tol=1e-7)
    assert_frame_equal(again.totals(), whole.totals(), rel_tol=1e-7)


def test_chunks_change_nothing(
    past_of_rows: PastOf, rows: pl.DataFrame, whole: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "SHORT", 50)
    again = forecast(past_of_rows(rows), ForecastQuestion(LAST))
    assert_frame_equal(again.customers, whole.customers)


@pytest.mark.parametrize(
    ("spenders", "why"),
    [
        (0, "Expected value is unknown: no customer has a value above zero."),
        (29, "Expected value is unknown: 29 customers have a value above zero, 30 are needed."),
        (30, ""),
    ],
)
def test_order_days_are_expected_where_value_is_unknown(
    past_of_rows: PastOf, rows: pl.DataFrame, whole: Any, spenders: int, why: str
) -> None:
    worth = pl.when(pl.col("customer") < spenders).then(pl.col("money")).otherwise(-1.0)
    found = forecast(past_of_rows(rows.with_columns(worth.alias("money"))), ForecastQuestion(LAST))
    assert found.model.no_value == why
    own = found.totals()
    assert_frame_equal(
        own.select("months", "order_days", "season_order_days"),
        whole.totals().select("months", "order_days", "season_order_days"),
    )
    of_value = own.select("value", "value_raw", "season_value")
    assert of_value.null_count().sum_horizontal().item() == (9 if why else 0)
    of_people = found.customers.select("expected_value_12", "expected_ltv", "value_at_risk", "p_alive")
    assert of_people.null_count().row(0) == ((rows["customer"].n_unique(),) * 3 if why else (0,) * 3) + (0,)
    assert (why in found.statements) is bool(why)


def test_what_the_models_leave_out_is_said(past_of_rows: PastOf, rows: pl.DataFrame) -> None:
    """Every fourth customer has brought nothing: the model of spending is not of them."""
    worth = pl.when(pl.col("customer") % 4 > 0).then(pl.col("money")).otherwise(0.0)
    found = forecast(past_of_rows(rows.with_columns(worth.alias("money"))), ForecastQuestion(LAST))
    words = "25 % of customers have brought nothing so far: expected values may be too high."
    assert words in found.statements


# --- of a snapshot -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(dataset_of: BookOf, rows: pl.DataFrame) -> Dataset:
    return dataset_of(
        (f"c{who:04}", day, round(money, 2), {"channel": "ab"[who % 2]}) for who, day, money in rows.rows()
    )


def test_a_trail_is_forecast_by_its_people(book: Dataset) -> None:
    snapshot = book.snapshot(Query(as_of=LAST))
    question = question_of(snapshot)
    assert gate_of(snapshot).ok
    found = forecast_of(snapshot, question)
    assert forecast_of(snapshot, question) is found
    parts = [snapshot.only("channel", value) for value in "ab"]
    assert all(forecast_of(part, question_of(part)) is found for part in parts)
    sums = [found.totals(found.of(part.customers))["value"].to_list() for part in parts]
    assert [sum(each) for each in zip(*sums, strict=True)] == pytest.approx(found.totals()["value"].to_list())


def test_terms_that_change_a_forecast(book: Dataset) -> None:
    query = Query(as_of=LAST)
    asked = question_of(book.snapshot(query))
    assert (asked.as_of, asked.money, asked.margin) == (LAST, "value", 1.0)
    agreed = question_of(book.snapshot(replace(query, margin=0.3)))
    assert (agreed.money, agreed.margin) == ("value", 0.3)
    assert question_of(book.snapshot(replace(query, as_of=700))).as_of == 700
    for other in (replace(query, churn_gap=40), replace(query, horizon=24), replace(query, entry="all")):
        assert question_of(book.snapshot(other)) == asked


def test_a_mapped_margin_is_what_is_forecast(dataset_of: BookOf, rows: pl.DataFrame) -> None:
    """A third of each amount is margin: so is a third of what is expected."""
    sales = [(f"c{who:04}", day, round(money, 2)) for who, day, money in rows.rows()]
    margins = [(*sale, {"margin": sale[2] / 3}) for sale in sales]
    gross, net = (
        forecast_of(snapshot, question_of(snapshot))
        for snapshot in (dataset_of(told).snapshot(Query(as_of=LAST)) for told in (sales, margins))
    )
    assert net.totals()["value"].to_list() == pytest.approx([v / 3 for v in gross.totals()["value"]], rel=1e-3)
    assert net.customers["expected_ltv"].sum() == pytest.approx(gross.customers["expected_ltv"].sum() / 3, rel=1e-3)
    overridden = question_of(dataset_of(margins).snapshot(Query(as_of=LAST, margin=0.5)))
    assert (overridden.money, overridden.margin) == ("revenue", 0.5)


def test_what_is_known_on_a_day_does_not_know_the_days_after(
    past: Past, past_of_rows: PastOf, rows: pl.DataFrame
) -> None:
    sooner = rows.filter(pl.col("day") <= 600)
    early = past_of_rows(sooner.with_columns(pl.col("customer").rle_id()))
    observed: tuple[Observed, ...] = past.observed(600), early.observed(600)
    # A customer's code is another where the later ones are not there; all else is the same.
    assert_frame_equal(*(each.customers.drop("customer") for each in observed))
    found = [forecast(shop, ForecastQuestion(600)).customers.drop("customer") for shop in (past, early)]
    assert_frame_equal(*found)
