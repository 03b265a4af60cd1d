"""Forecasts of the past, by hand: origins, what simpler guesses say, how good each was."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_series_equal

from ltvtui.analytics.forecast.accuracy import ACCURACY, accuracy, accuracy_by, band, calibration, gini, told_apart
from ltvtui.analytics.forecast.gate import gate
from ltvtui.analytics.forecast.horizon import Horizon
from ltvtui.analytics.forecast.known import Past
from ltvtui.analytics.forecast.season import Season, a_year_before, season
from ltvtui.analytics.forecast.trial import METHODS, Trial, origins, trial, trials

PastOf = Callable[[pl.DataFrame], Past]
Made = Callable[..., pl.DataFrame]


@pytest.mark.parametrize(
    ("as_of", "months", "expected"),
    [
        (545, 6, (362, 180)),  # a horizon before 362 is 179: too early by a day
        (545, 12, (180,)),
        (544, 12, ()),
        (600, 12, (235, 180)),  # a second one that begins 55 days sooner
        (560, 12, (195,)),  # 15 days sooner would be much the same
        (700, 3, (609, 518, 427, 336, 245)),
        (5000, 3, tuple(5000 - 91 * back for back in range(1, 9))),
    ],
)
def test_origins_are_one_horizon_after_the_other(as_of: int, months: int, expected: tuple[int, ...]) -> None:
    assert origins(as_of, 0, Horizon.of_months(months)) == expected
    assert origins(as_of + 77, 77, Horizon.of_months(months)) == tuple(day + 77 for day in expected)


def test_what_a_trial_holds(past_of_rows: PastOf, made_rows: Made) -> None:
    """Three customers whose days are set by hand among many who are made."""
    by_hand = pl.DataFrame(
        {
            "customer": [0, 0, 0, 0, 1, 1, 2],
            # The origin is day 500; three months are 91 days: (409, 500] before and (500, 591] after it.
            "day": [100, 409, 410, 591, 490, 501, 592],
            "money": [10.0, 20.0, 30.0, 40.0, 5.0, 7.0, 9.0],
        }
    )
    made = made_rows(3000, 700).with_columns(pl.col("customer") + 3)
    shop = past_of_rows(pl.concat([by_hand, made.cast(by_hand.schema)]))  # type: ignore[arg-type]
    found = trial(shop, shop.known(500), 3, margin=0.5)
    assert (found.origin, found.until, found.months) == (500, 591, 3)
    first, second, third = (found.customers.row(place, named=True) for place in range(3))
    assert (first["actual_days"], first["actual_value"]) == (1, 20)
    assert (second["actual_days"], second["actual_value"]) == (1, 3.5)
    assert third["customer"] > 2  # who comes later is not known
    assert (first["days last period"], first["value last period"]) == (1, 15)
    assert (second["days last period"], second["value last period"]) == (1, 2.5)
    # 91 days · 2 repeats ÷ 400 days, at 60 ÷ 3 an order day.
    assert first["days nobody leaves"] == pytest.approx(91 * 2 / 400)
    assert first["value nobody leaves"] == pytest.approx(91 * 2 / 400 * 20 * 0.5)
    assert second["days nobody leaves"] == 0


def test_who_came_yesterday_does_not_order_every_day(past_of_rows: PastOf, made_rows: Made) -> None:
    made = made_rows(3000, 700).with_columns(pl.col("customer") + 1)
    mine = pl.DataFrame({"customer": [0, 0], "day": [498, 499], "money": [8.0, 8.0]})
    shop = past_of_rows(pl.concat([mine, made.cast(mine.schema)]))  # type: ignore[arg-type]
    found = trial(shop, shop.known(500), 3).customers.row(0, named=True)
    assert found["days nobody leaves"] == pytest.approx(91 / 30.4375)


def test_trials_end_where_the_gate_is_shut(past_of_rows: PastOf, made_rows: Made) -> None:
    shop = past_of_rows(made_rows(900, 600))
    assert origins(599, 0, Horizon.of_months(3)) == (508, 417, 326, 235)
    assert shop.known(326).customers.height == 471  # 500 are needed
    assert [each.origin for each in trials(shop, 599, 3)] == [508, 417]


def test_a_model_that_is_right_has_little_bias(past_of_rows: PastOf, made_rows: Made) -> None:
    shop = past_of_rows(made_rows(30_000, 540))
    rows = accuracy(trials(shop, 539, 6)).filter(pl.col("method") == "model")
    assert rows.height == 2
    assert rows["bias_order_days"].abs().max() < 0.05  # type: ignore[operator]
    assert rows["bias_value"].abs().max() < 0.08  # type: ignore[operator]


def hand_made(**columns: list[float]) -> Trial:
    """A trial of customers whose forecasts are set; of the other methods as of the model."""
    own = {"customer": range(len(columns["value"])), "actual_days": columns["actual_days"]}
    own |= {"actual_value": columns["actual_value"]}
    own |= {f"{what} {method}": columns[what] for method in METHODS for what in ("days", "value")}
    return Trial(3, 500, 591, None, Season(), pl.DataFrame(own))  # type: ignore[arg-type]


def test_measures_by_hand() -> None:
    """Forecast 1, 2, 3 of 2, 1, 1: bias 6 ÷ 4 − 1, mean of |−1|, |1|, |2|; nothing of value happened."""
    found = accuracy(
        [hand_made(days=[1.0, 2.0, 3.0], value=[1.0, 1.0, 1.0], actual_days=[2.0, 1.0, 1.0], actual_value=[0.0] * 3)]
    )
    assert found.columns == list(ACCURACY)
    row = found.row(0, named=True)
    assert (row["order_days"], row["actual_order_days"], row["customers"]) == (6, 4, 3)
    assert row["bias_order_days"] == 0.5
    assert row["mae_order_days"] == pytest.approx(4 / 3)
    # Ranks of the forecast −1, 0, 1, of what happened 1, −½, −½: (−2 + 1) ÷ (2 − ½ − ½).
    assert row["gini_order_days"] == pytest.approx(-1)
    assert (row["bias_value"], row["gini_value"], row["mae_value"]) == (None, None, 1)


def test_gini_by_hand() -> None:
    """Of 4 customers one brings 6, one 2: 6·1.5 + 2·0.5 as well as can be, 2·1.5 + 6·0.5 if they are swapped."""
    actual = pl.Series([6.0, 2.0, 0.0, 0.0])
    assert gini(pl.Series([9, 5, 1, 1]), actual) == 1
    assert gini(pl.Series([5, 9, 1, 1]), actual) == pytest.approx((2 * 1.5 + 6 * 0.5) / (6 * 1.5 + 2 * 0.5))
    assert gini(pl.Series([1, 1, 1, 1]), actual) == 0
    assert gini(pl.Series([1, 2, 8, 9]), actual) == pytest.approx(-1)
    assert gini(pl.Series([1, 2]), pl.Series([0.0, 0.0])) is None
    assert gini(pl.Series([1, 2]), pl.Series([3.0, 3.0])) is None


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=2, max_size=20), st.randoms())
def test_gini_is_within_one_and_knows_no_order(pairs: list[tuple[int, int]], random) -> None:  # type: ignore[no-untyped-def]
    def of(rows: list[tuple[int, int]]) -> float | None:
        told, actual = zip(*rows, strict=True)
        return gini(pl.Series(told, dtype=pl.Float64), pl.Series(actual, dtype=pl.Float64))

    found = of(pairs)
    mixed = random.sample(pairs, len(pairs))
    assert of(mixed) == (found if found is None else pytest.approx(found))
    if found is not None:
        assert -1 - 1e-9 <= found <= 1 + 1e-9
        assert of([(own, own) for _, own in pairs]) == pytest.approx(1)
        assert of([(5 - told, own) for told, own in pairs]) == pytest.approx(-found)


def test_groups_of_a_trial_add_up_to_it() -> None:
    whole = hand_made(
        days=[1.0, 2, 3, 4], value=[1.0, 2, 3, 4], actual_days=[1.0, 1, 1, 1], actual_value=[2.0, 0, 5, 1]
    )
    groups = pl.DataFrame({"customer": [0, 1, 2, 3], "tier": ["a", "b", "a", "b"]})
    found = accuracy_by(whole, groups)
    assert found.columns == ["tier", *ACCURACY]
    assert found.height == 2 * len(METHODS)
    model = found.filter(pl.col("method") == "model")
    assert model.select("tier", "customers", "order_days", "actual_value").rows() == [("a", 2, 4, 7), ("b", 2, 6, 1)]


def test_tenths_of_customers() -> None:
    """23 customers: three tenths of 3, seven of 2. The forecasts are 23 … 1, and 23 − forecast happened."""
    value = [float(n) for n in range(1, 24)]
    found = calibration(hand_made(days=value, value=value, actual_days=value, actual_value=[23 - v for v in value]))
    assert found["decile"].to_list() == list(range(1, 11))
    assert found["customers"].to_list() == [3] * 3 + [2] * 7
    assert found["value"].to_list()[:4] == [66, 57, 48, 27]
    assert found["actual_value"].to_list()[:4] == [3, 12, 21, 19]
    assert found["order_days"].sum() == sum(value)


def test_equals_share_their_mean_across_a_border() -> None:
    found = calibration(
        hand_made(days=[1.0] * 20, value=[2.0] * 20, actual_days=[0.0] * 20, actual_value=[0.0] * 19 + [40.0])
    )
    assert found["actual_value"].to_list() == pytest.approx([4] * 10)


def test_a_band_is_as_wide_as_past_errors() -> None:
    """Twice 80 was forecast: 100 and 60 happened. Of 200 that is 150 to 250."""
    tried = pl.DataFrame({"value": [80.0, 80.0], "actual_value": [100.0, 60.0], "season_known": [True, False]})
    assert band(200, tried, "value") == pytest.approx((150, 250))
    low = tried.with_columns(actual_value=pl.Series([40.0, 60.0]))
    assert band(200, low, "value") == pytest.approx((100, 200))  # the forecast itself is always within
    assert band(200, tried.head(1), "value") is None
    # As soon as two knew the season, one that did not tells nothing of a forecast that does.
    third = tried.with_columns(value=pl.lit(100.0), season_known=pl.lit(True))
    assert band(200, pl.concat([tried, third.head(1)]), "value") == pytest.approx((200, 250))
    assert band(200, tried.with_columns(value=pl.lit(0.0)), "value") is None


def test_a_ranking_by_chance_is_said() -> None:
    def tried(*ginis: float | None) -> pl.DataFrame:
        rows = [("model", found) for found in ginis] + [("last period", 0.9)]
        return pl.DataFrame(rows, schema=["method", "gini_value"], orient="row")

    assert told_apart(tried(0.05, -0.01)) == (
        "Customers cannot be told apart: in the past the ranking was no better than chance (Gini 0.02). "
        "Use totals only."
    )
    assert told_apart(tried(0.05, 0.3)) == ""
    assert told_apart(tried(None)) == ""


def test_a_trial_has_the_season_that_was_known_then(past_of_rows: PastOf, made_rows: Made) -> None:
    """The day is 700: a year before it, 335 days of history were there."""
    shop = past_of_rows(made_rows(3000, 800))
    known = shop.known(700)
    found = trial(shop, known, 3, margin=0.5)
    horizon = Horizon(91)
    before = a_year_before(shop, 700, "mbg")
    assert found.season == season(shop, before, horizon, 700)
    assert found.season.unknown == ""
    expected = found.model.order_days(horizon)
    days = pl.Series("days model", expected * found.season.order_days)
    assert_series_equal(found.customers["days model"], days)
    value = pl.Series("value model", expected * found.model.check * found.season.value * 0.5)
    assert_series_equal(found.customers["value model"], value)
    assert accuracy([found])["season_known"].all()


def test_nothing_is_known_before_the_first_order(past_of_rows: PastOf, made_rows: Made) -> None:
    shop = past_of_rows(made_rows(600, 300))
    known = shop.known(-10)
    assert known.customers.is_empty()
    assert not gate(known).ok
    assert a_year_before(shop, 100, "mbg") is None
    assert list(trials(shop, 100, 3)) == []
