"""A shop reduced by SQL where it lies has the figures of the local reading, to the last integer, or is refused."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from effort import examples
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal, assert_series_equal

from ltvtui.analytics.cleaning.clean import CleaningPolicy, CleanOrders, clean
from ltvtui.analytics.people import describe
from ltvtui.errors import LtvError
from ltvtui.sources.duckdb.database import DuckdbDatabase
from ltvtui.sources.mapping import Attribute, Mapping
from ltvtui.sources.read import read
from ltvtui.sources.reduction.reduce import Reduced, reduce_shop
from ltvtui.sources.sqlite.database import SqliteDatabase
from ltvtui.sources.values.placeholders import IdRules

REFUSED = "Orders are not reduced where they lie"


@dataclass(frozen=True)
class Made:
    """A small shop, its columns with the type that DuckDB has for them."""

    columns: dict[str, tuple[str, list[Any]]]
    mapping: Mapping
    policy: CleaningPolicy = field(default_factory=CleaningPolicy)


def in_both(folder: Path, made: Made) -> tuple[Path, Path]:
    """The shop in SQLite and in DuckDB."""
    lite, duck = folder / "shop.sqlite", folder / "shop.duckdb"
    rows = list(zip(*(values for _, values in made.columns.values()), strict=True))
    names, marks = ", ".join(made.columns), ", ".join("?" * len(made.columns))
    for path in (lite, duck):
        path.unlink(missing_ok=True)
    with closing(sqlite3.connect(lite)) as connection:
        connection.execute(f"CREATE TABLE orders ({names})")
        texts = [[str(v) if isinstance(v, date | datetime) else v for v in row] for row in rows]
        connection.executemany(f"INSERT INTO orders VALUES ({marks})", texts)
        connection.commit()
    with closing(duckdb.connect(duck)) as connection:
        listed = ", ".join(f"{name} {kind}" for name, (kind, _) in made.columns.items())
        connection.execute(f"CREATE TABLE orders ({listed})")
        if rows:
            connection.executemany(f"INSERT INTO orders VALUES ({marks})", rows)
    return lite, duck


def locally(path: Path, made: Made) -> tuple[CleanOrders, tuple[str, ...]]:
    policy = made.policy
    with SqliteDatabase.open(path) as database:
        shop = read(database, made.mapping, zone=policy.time_zone, ids=IdRules(policy.force_ids, policy.guests))
    return clean(shop.rows, policy), tuple(n for n in shop.notices if not n.startswith("Rows read cell by cell"))


def there(path: Path, made: Made) -> Reduced:
    with DuckdbDatabase(path) as database, database.transaction():
        return reduce_shop(database, made.mapping, made.policy)


def refused(path: Path, made: Made) -> LtvError | None:
    """Why the shop is not reduced; None where it is."""
    found = tried(lambda: there(path, made))
    return found if isinstance(found, LtvError) else None


def tried(reduce: Callable[[], Reduced]) -> Reduced | LtvError:
    """What came of it."""
    try:
        return reduce()
    except LtvError as error:
        return error


def assert_same(folder: Path, made: Made) -> str:
    """Both give the same, or the same error, or the second refuses; which of them."""
    lite, duck = in_both(folder, made)
    return assert_read_alike(lite, made, lambda: there(duck, made))


def assert_read_alike(lite: Path, made: Made, reduce: Callable[[], Reduced]) -> str:
    """The same of a shop in SQLite and what `reduce` makes of it."""
    reduced = tried(reduce)
    why = reduced if isinstance(reduced, LtvError) else None
    try:
        cleaned, notices = locally(lite, made)
    except LtvError as error:
        same = why is not None and (why.what == error.what or REFUSED in why.what)
        assert same, (why, error)  # noqa: PT017 - either error is right
        return "error"
    if isinstance(reduced, LtvError):
        assert reduced.what.startswith(REFUSED), reduced
        assert reduced.exit_code == 1
        return "refused"
    assert cleaned.activity is not None
    assert_frame_equal(reduced.activity, cleaned.activity)
    assert_series_equal(reduced.customer_ids, cleaned.customer_ids)
    assert reduced.counts == cleaned.counts
    assert reduced.statuses == cleaned.statuses
    assert (reduced.currency, reduced.rows_read, reduced.line_level, reduced.attributes) == (
        cleaned.currency,
        cleaned.rows_read,
        cleaned.line_level,
        cleaned.attributes,
    )
    people = describe(cleaned, None).frame.drop("customer", "id")
    assert_frame_equal(reduced.first_orders, people, categorical_as_str=True)
    assert reduced.notices == notices
    return "same"


numbers = itertools.count()

WORDS = ("paid", "Paid ", "cancelled", "REFUNDED", "refund", "wc-failed", "partially refunded", "returned", "", None)
DAY = date(2023, 12, 28)
names = st.sampled_from(
    ["ann", "bob", " ann ", "C-1", "Ann@X.de", "ann@x.DE", "", "NULL", "n/a", "guest", "17", "17.0", "0", "Ä b", None]
)
plain_names = st.sampled_from(["ann", "bob", "cat", "dan@x.de", "Dan@x.de", None, ""])
amounts = st.one_of(
    st.integers(-500, 5_000).map(lambda cents: cents / 100),
    st.sampled_from([0.0, -5.0, 5.0, 5.0, 12.5, 0.00005, 0.00015, -0.00015, 1.00005, 2.675, None]),
)
channels = st.sampled_from(["web", "shop", " web", "Web", "", None, "größe", "it's"])


@st.composite
def cells(draw: st.DrawFn, values: st.SearchStrategy[Any], height: int) -> list[Any]:
    return draw(st.lists(values, min_size=height, max_size=height))


@st.composite
def shops(draw: st.DrawFn) -> Made:
    height = draw(st.integers(3, 24))

    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(cells(values, height))

    made: dict[str, tuple[str, list[Any]]] = {}
    kind = draw(st.sampled_from(["BIGINT", "INTEGER", "VARCHAR", "wild", "DOUBLE"]))
    if kind == "DOUBLE":
        made["who"] = "DOUBLE", column(st.sampled_from([1.0, 2.0, 17850.0, 0.0, None]))
    elif kind in ("BIGINT", "INTEGER"):
        made["who"] = kind, column(st.sampled_from([1, 2, 3, 10, 0, -1, None]))
    else:
        made["who"] = "VARCHAR", column(names if kind == "wild" else plain_names)
    moments = st.tuples(st.integers(0, 40), st.sampled_from([0, 1, 3600, 86_399, 43_200])).map(
        lambda t: datetime(DAY.year, DAY.month, DAY.day) + timedelta(days=t[0], seconds=t[1])
    )
    dates = {
        "DATE": st.one_of(st.integers(0, 40).map(lambda n: DAY + timedelta(days=n)), st.none()),
        "TIMESTAMP": st.one_of(moments, st.sampled_from([None, datetime(1970, 1, 1), datetime(1900, 1, 1)])),
        "VARCHAR": st.one_of(
            moments.map(str),
            st.sampled_from(
                [None, "", "2024-01-05", "2024-01-05T10:00:00Z", "2024-02-30", "soon", "2024-01-05 23:30:00+02:00"]
            ),
        ),
    }
    when = draw(st.sampled_from(sorted(dates)))
    made["day"] = when, column(dates[when])
    money = draw(st.sampled_from(["DOUBLE", "BIGINT"]))
    made["paid"] = money, column(amounts if money == "DOUBLE" else st.sampled_from([1, 5, 5, 7, 0, -5, None]))
    mapping = Mapping("orders", "who", "day", "paid")
    ids = draw(st.sampled_from(["none", "unique", "lines", "text", "few nulls"]))
    if ids != "none":
        made["nr"] = {
            "unique": ("BIGINT", list(range(1, height + 1))),
            "lines": ("BIGINT", column(st.integers(1, max(2, height // 2)))),
            "text": ("VARCHAR", column(st.sampled_from(["A1", "A2", "A3", "A4", "A5", "A6", "A7"]))),
            "few nulls": ("BIGINT", column(st.sampled_from([1, 2, 3, 4, 5, None]))),
        }[ids]
        mapping = replace(mapping, order_id="nr")
        if ids in ("lines", "text", "few nulls") and draw(st.integers(0, 4)):
            # what the rows of an order have in common, as in a shop that writes lines
            for name in ("who", *(["day"] if draw(st.booleans()) else [])):
                kind_of, values = made[name]
                first: dict[Any, Any] = {}
                made[name] = (
                    kind_of,
                    [
                        value if nr is None else first.setdefault(nr, value)
                        for nr, value in zip(made["nr"][1], values, strict=True)
                    ],
                )
        if draw(st.booleans()):
            refers = {"text": st.sampled_from([None, None, "A1", "A2", "B9"])}
            made["for_nr"] = made["nr"][0], column(refers.get(ids, st.sampled_from([None, None, None, 1, 2, 3, 99])))
            mapping = replace(mapping, refund_of="for_nr")
    if draw(st.booleans()):
        made["state"] = "VARCHAR", column(st.sampled_from(WORDS))
        mapping = replace(mapping, status="state")
    policy = CleaningPolicy(
        refunds=draw(st.sampled_from(["net", "net", "net", "drop", "keep"])),
        zero=draw(st.sampled_from(["count", "count", "drop"])),
        repeats=draw(st.sampled_from(["auto", "auto", "keep", "drop"])),
        guests=draw(st.sampled_from(["drop", "keep"])),
        time_zone=draw(st.sampled_from([None, None, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])),
    )
    match draw(st.sampled_from(["none", "none", "one", "chosen", "rate"])):
        case "one":
            made["unit"] = "VARCHAR", column(st.sampled_from(["EUR", "eur", "EUR ", "null", None]))
            mapping = replace(mapping, currency="unit")
        case "chosen":
            made["unit"] = "VARCHAR", column(st.sampled_from(["EUR", "USD", None]))
            mapping, policy = replace(mapping, currency="unit"), replace(policy, currency="EUR")
        case "rate":
            made["fx"] = "DOUBLE", column(st.sampled_from([1.0, 0.5, 1.0001, 0.0, -1.0, None]))
            mapping = replace(mapping, rate="fx")
    match draw(st.sampled_from(["none", "margin", "cost"])):
        case "margin":
            made["kept"] = "DOUBLE", column(amounts)
            mapping = replace(mapping, margin="kept")
        case "cost":
            made["cost"] = "DOUBLE", column(amounts)
            mapping = replace(mapping, cost="cost")
    if draw(st.integers(0, 3)) == 0:
        made["back"] = "DOUBLE", column(st.sampled_from([0.0, 1.0, 2.5, -1.0, 1000.0, None]))
        mapping = replace(mapping, refunded="back")
    if draw(st.integers(0, 3)) == 0:
        made["undone"] = "VARCHAR", column(st.sampled_from([None, "", "no", "0", "yes", "2024-01-03", "0000-00-00"]))
        mapping = replace(mapping, cancelled="undone")
    if draw(st.integers(0, 3)) == 0:
        made["kind"] = "VARCHAR", column(st.sampled_from(["sale", "Refund", "fee", "payout", None]))
        mapping = replace(mapping, row_type="kind")
    if draw(st.booleans()):
        made["channel"] = "VARCHAR", column(channels)
        made["shelf"] = "VARCHAR", column(st.sampled_from(["a", "b", None]))
        mapping = replace(mapping, attributes=(Attribute("channel", "channel"), Attribute("shelf", "shelf")))
    return Made(made, mapping, policy)


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(60), suppress_health_check=list(HealthCheck))
@given(shops())
def test_any_shop(tmp_path_factory: pytest.TempPathFactory, made: Made) -> None:
    folder = tmp_path_factory.getbasetemp() / f"any{next(numbers)}"
    folder.mkdir()
    event(assert_same(folder, made))
