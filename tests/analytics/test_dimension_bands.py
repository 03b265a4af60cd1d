"""Dimensions at their boundaries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import polars as pl
import pytest

from ltvtui.analytics import dimensions
from ltvtui.analytics.listing import card, listed
from ltvtui.analytics.schema import RESERVED
from ltvtui.analytics.segments import INTERVAL, MEASURES, profile, value_curves
from ltvtui.query.query import Filter, Query
from ltvtui.session.dataset import Dataset

DatasetOf = Callable[..., Dataset]
AS_OF = date(2024, 6, 15)


def number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def values_of(name: str, column: str, values: Sequence[object], dtype: pl.DataType, as_of: int = 0) -> list[object]:
    rest = {"orders": pl.UInt32(), "first": pl.Int32(), "birth_day": pl.Int32()}
    given = pl.DataFrame({column: values}, schema={column: dtype})
    frame = given.with_columns(pl.lit(1, dtype=t).alias(c) for c, t in rest.items() if c != column)
    return dimensions.add(frame, [name], as_of)[name].cast(pl.String).to_list()


def test_orders_band() -> None:
    found = values_of("orders band", "orders", [1, 2, 3, 4, 5, 9, 10, 11, 1000], pl.UInt32())
    assert found == ["1", "2", "3–4", "3–4", "5–9", "5–9", "10 and more", "10 and more", "10 and more"]


PERIODS = {
    "2023-12-31": ("2023", "2023 Q4", "2023-12"),
    "2024-01-01": ("2024", "2024 Q1", "2024-01"),
    "2024-02-29": ("2024", "2024 Q1", "2024-02"),
    "2024-03-31": ("2024", "2024 Q1", "2024-03"),
    "2024-04-01": ("2024", "2024 Q2", "2024-04"),
    "2024-06-30": ("2024", "2024 Q2", "2024-06"),
    "2024-07-01": ("2024", "2024 Q3", "2024-07"),
    "2024-10-01": ("2024", "2024 Q4", "2024-10"),
    "1969-12-31": ("1969", "1969 Q4", "1969-12"),
}


@pytest.mark.parametrize(("place", "name"), [(0, "first year"), (1, "first quarter"), (2, "first month")])
def test_periods_of_the_first_order(place: int, name: str) -> None:
    days = [number(date.fromisoformat(iso)) for iso in PERIODS]
    assert values_of(name, "first", days, pl.Int32()) == [periods[place] for periods in PERIODS.values()]


BIRTHDAYS = [(18, "under 18", "18–24"), (25, "18–24", "25–34"), (35, "25–34", "35–44"), (45, "35–44", "45–54")]
BIRTHDAYS += [(55, "45–54", "55–64"), (65, "55–64", "65 and over")]


@pytest.mark.parametrize(("years", "before", "since"), BIRTHDAYS)
@pytest.mark.parametrize("year", [2023, 2024])
def test_age_band_changes_on_the_birthday(year: int, years: int, before: str, since: str) -> None:
    today = AS_OF.replace(year=year)
    born = today.replace(year=year - years)
    # One day younger, on the birthday, one day older.
    days = [number(born + timedelta(days=late)) for late in (1, 0, -1)]
    assert values_of("age band", "birth_day", days, pl.Int32(), number(today)) == [before, since, since]


@pytest.mark.parametrize(
    ("years", "band"),
    [(0, "under 18"), (17, "under 18"), (20, "18–24"), (30, "25–34"), (50, "45–54"), (90, "65 and over")],
)
def test_age_band_half_a_year_after_the_birthday(years: int, band: str) -> None:
    born = date(AS_OF.year - years, 1, 15)
    assert values_of("age band", "birth_day", [number(born)], pl.Int32(), number(AS_OF)) == [band]


def test_unknown_age() -> None:
    assert values_of("age band", "birth_day", [None], pl.Int32(), number(AS_OF)) == [None]


def test_a_filter_on_unknown_finds_the_unknown(dataset_of: DatasetOf) -> None:
    dataset = dataset_of(
        [("anna", "2024-01-01", 10), ("bert", "2024-01-02", 20), ("cleo", "2024-01-03", 40)],
        [
            {"customer_id": "anna", "birth_day": "1990-01-01", "city": "Rome"},
            {"customer_id": "bert", "birth_day": None, "city": None},
        ],
    )
    ids = {
        (name, value): dataset.snapshot(Query() & Filter(name, value)).described["id"].to_list()
        for name, value in (
            ("age band", None),
            ("age band", "25–34"),
            ("city", None),
            ("city", "Rome"),
            ("city", "x"),
        )
    }
    assert list(ids.values()) == [["bert", "cleo"], ["anna"], ["bert", "cleo"], ["anna"], []]


def test_bands_and_periods_stand_in_their_own_order(dataset_of: DatasetOf) -> None:
    """By revenue it would be the other way round: those who came later, and order more, bring more here."""
    dataset = dataset_of(
        [("anna", "2023-05-05", 1), *[("bert", "2024-02-02", 100)] * 3, *[("cleo", "2024-08-08", 500)] * 20]
    )
    for name, told in {
        "orders band": ["1", "3–4", "10 and more"],
        "first year": ["2023", "2024"],
        "first quarter": ["2023 Q2", "2024 Q1", "2024 Q3"],
        "first month": ["2023-05", "2024-02", "2024-08"],
        "first week": ["2023-W18", "2024-W05", "2024-W32"],  # of Monday 1 May, 29 January and 5 August
    }.items():
        assert dataset.ask(profile, Query(), (name,))[name].cast(pl.String).to_list() == told


def test_another_week_start_asks_the_same_snapshot_anew(dataset_of: DatasetOf) -> None:
    """Sunday 2021-01-03 ends the ISO week 2020-W53 and begins a week from Sunday."""
    dataset = dataset_of([("anna", "2021-01-02", 1), ("bert", "2021-01-03", 2), ("cleo", "2021-01-04", 3)])
    for week_start, told in {
        0: {"2020-W53": 2, "2021-W01": 1},
        6: {"2020-12-27": 1, "2021-01-03": 2},
        5: {"2021-01-02": 3},
    }.items():
        query = Query(as_of=number(AS_OF), week_start=week_start)
        rows = dataset.ask(profile, query, ("first week",))
        assert dict(rows.select(pl.col("first week").cast(pl.String), "customers").iter_rows()) == told
        curves = dataset.ask(value_curves, query, ("first week",))
        assert set(curves["first week"].cast(pl.String)) == set(told)


def test_a_week_on_the_trail_stays_the_week_it_is(dataset_of: DatasetOf) -> None:
    """On whatever day the weeks of other cuts begin."""
    dataset = dataset_of([("anna", "2021-01-02", 1), ("bert", "2021-01-03", 2), ("cleo", "2021-01-04", 3)])
    told = {
        "2020-W53": ["anna", "bert"],
        "2021-W01": ["cleo"],
        "2020-12-27": ["anna"],
        "2021-01-03": ["bert", "cleo"],
    }
    told |= {"2021-W53": [], "week": []}  # 2021 has 52 weeks
    for week_start in (0, 6):
        for week, ids in told.items():
            query = Query(week_start=week_start) & Filter("first week", week)
            assert dataset.snapshot(query).described["id"].to_list() == ids, week


@pytest.mark.parametrize(
    "name",
    [
        "channel",
        "first channel",
    ],
)
def test_other_dimensions_stand_dearest_first(dataset_of: DatasetOf, name: str) -> None:
    """Equal revenue: by name."""
    dataset = dataset_of([(c, 0, a, {name: f"by {c}"}) for c, a in (("a", 5), ("b", 9), ("c", 5), ("d", 1))])
    assert dataset.ask(profile, Query(), (name,))[name].to_list() == ["by b", "by a", "by c", "by d"]


def test_an_order_attribute_describes_by_the_first_order(dataset_of: DatasetOf) -> None:
    """anna came by mail and stayed with web; her refund before that is no order; of bert's first it is not known."""
    dataset = dataset_of(
        [
            ("anna", 1, -2, {"channel": "phone"}),
            ("anna", 3, 10, {"channel": "mail", "second": 5}),
            ("anna", 3, 900, {"channel": "web", "second": 6}),
            ("anna", 90, 10, {"channel": "web"}),
            ("bert", 5, 1, {"channel": None}),
            ("bert", 6, 1, {"channel": "web"}),
        ]
    )
    assert dataset.snapshot(Query()).described["channel"].to_list() == ["mail", None]
    assert dataset.people.of_first_order == {"channel"}


@pytest.mark.parametrize(
    "name",
    [
        *("frequency", "check", "ltv", "few", "average_check", "retention", "retention_months", "within_months"),
        *("sample", "supported", "survival", "at_risk", "ended", "ltv_margin", "orders_per_customer"),
        *("seen", "counted", "retention_supported_months", "ltv_se", "ltv_lower", "ltv_upper", "ltv_12", "ltv_24"),
        *("se", "t", "lower", "upper", "group", "groups", "late", "early", "observed", "placed", "tau"),
        *("customer_share", "revenue_share", "silent", "id", "total", "gap"),
    ],
)
def test_names_the_frames_need_are_either_reserved_or_harmless(dataset_of: DatasetOf, name: str) -> None:
    """A shop may well keep a column called "frequency" or "check" of its customers."""
    if name in RESERVED:
        return
    dataset = dataset_of([("anna", 0, 10, {name: "x"}), ("bert", 0, 20, {name: "y"})])
    query = Query(as_of=400)
    assert dataset.snapshot(query).described[name].to_list() == ["x", "y"]
    assert dataset.ask(listed, query).rows[name].to_list() == ["y", "x"]
    found = card(dataset.snapshot(query), dataset.orders_of(0), 0)
    assert found is not None
    assert found.orders[name].to_list() == ["x"]
    rows = dataset.ask(profile, query, (name,))
    assert rows.columns == [name, *MEASURES]
    assert rows[name].to_list() == ["y", "x"]
    sure = dataset.ask(profile, query, (name,), True)
    assert sure.columns == [name, *MEASURES, *INTERVAL]
    assert sure[name].to_list() == ["y", "x"]
    # Both were seen for thirteen months and count for the twelve of the horizon.
    assert dataset.ask(value_curves, query, (name,))[name].to_list() == ["x"] * 12 + ["y"] * 12
