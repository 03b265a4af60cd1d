"""Large shops: figures first, what describes orders and customers after them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal
from same import assert_same
from shops import LARGE_SHOP, build

from ltvtui.analytics.lifecycle.leads import leads
from ltvtui.analytics.segments import profile
from ltvtui.errors import Cancelled
from ltvtui.query.query import Filter
from ltvtui.session import open_dataset, snapshots
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.sources import read as reading
from ltvtui.sources.values.zones import DAYS_ONLY

PLAIN = LARGE_SHOP.format(status="NULL")
FAILED = LARGE_SHOP.format(status="CASE i % 10 WHEN 0 THEN 'failed' ELSE 'paid' END")


@pytest.fixture(autouse=True)
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shops of any size are large."""
    monkeypatch.setattr(reading, "WAITS_FROM", 0)


def both(path: Path) -> tuple[OpenedDataset, list[OpenedDataset]]:
    """The shop opened as a whole, with what was told of it early."""
    told: list[OpenedDataset] = []
    request = OpenRequest(path, cache=False)
    return open_shop(request, today=20_000, early=told.append), told


@pytest.mark.parametrize("sql", [PLAIN, FAILED])
def test_figures_stand_before_attributes_and_stay(tmp_path: Path, sql: str) -> None:
    path = build(tmp_path, sql + "INSERT INTO customers VALUES ('L1', 1), ('L2', 2);")
    whole, (early,) = both(path)
    assert "channel" not in early.dataset.dimensions
    assert {"channel", "category", "country"} <= set(whole.dataset.dimensions)
    for by in ((), ("tier",), ("first month",)):
        assert_frame_equal(
            early.dataset.ask(profile, early.query, by),
            whole.dataset.ask(profile, whole.query, by),
            categorical_as_str=True,
        )
    assert early.dataset.ask(leads, early.query) is None
    assert whole.dataset.ask(leads, whole.query) == 2
    assert_same(whole, open_shop(OpenRequest(path, cache=False), today=20_000))


def test_what_was_counted_early_is_not_counted_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even under a trail; and what came later is asked of it too."""
    told: list[str] = []

    def early(opened: OpenedDataset) -> None:
        told.append("early")
        for query in (opened.query, opened.query & Filter("tier", "VIP")):
            opened.dataset.ask(profile, query)
        monkeypatch.setattr(snapshots, "build_snapshot", lambda *_: told.append("counted again"))

    whole = open_shop(OpenRequest(build(tmp_path, PLAIN), cache=False), today=20_000, early=early)
    snapshot = whole.dataset.snapshot(whole.query & Filter("tier", "VIP"))
    assert told == ["early"]
    assert snapshot.cleaned is whole.dataset.cleaned
    assert snapshot.described["channel"].null_count() == 0
    assert whole.dataset.ask(profile, whole.query & Filter("tier", "VIP"), ("channel",)).height > 1


def test_a_shop_in_a_time_zone(tmp_path: Path) -> None:
    path = build(tmp_path, PLAIN.replace("date(1.5e9", "datetime(1.5e9"))
    for zone, shift in (("Pacific/Kiritimati", 14 * 3600), ("UTC", 0)):
        told: list[OpenedDataset] = []
        request = OpenRequest(path, cleaning={"time_zone": zone}, cache=False)
        whole = open_shop(request, today=20_000, early=told.append)
        assert [o.dataset.time_zone for o in (*told, whole)] == [zone, zone]
        assert_same(whole, open_shop(request, today=20_000))
        # The first order is of 2017-07-14 03:30:00 UTC, the last of 2020-05-20 18:40:00.
        seconds = [1_500_003_000 + shift, 1_590_000_000 + shift]
        assert [whole.dataset.first_day, whole.dataset.activity_index.last_day] == [s // 86_400 for s in seconds]


def test_days_alone_are_told_of_early_and_late(tmp_path: Path) -> None:
    told: list[OpenedDataset] = []
    request = OpenRequest(build(tmp_path, PLAIN), cleaning={"time_zone": "Europe/Berlin"}, cache=False)
    whole = open_shop(request, today=20_000, early=told.append)
    for found in (*told, whole):
        assert found.dataset.time_zone is None
        assert found.notices == (DAYS_ONLY,)


def test_a_commit_between_the_two_readings(tmp_path: Path) -> None:
    path = build(tmp_path, PLAIN)

    def write(_: OpenedDataset) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE orders SET amount = amount + 1, channel = 'late'")
            connection.execute("DELETE FROM orders WHERE order_id = 7")
            connection.execute("INSERT INTO orders VALUES (90000, 'C1', '2020-01-01', 5, NULL, 'c1', 'g1')")
            connection.commit()

    found = open_shop(OpenRequest(path, cache=False), today=20_000, early=write)
    assert_same(found, open_shop(OpenRequest(path, cache=False), today=20_000))
    assert found.dataset.ask(profile, found.query, ("channel",))["channel"].cast(str).sort().to_list() == ["late"]


@pytest.mark.parametrize(
    "sql",
    [
        PLAIN.replace("order_id INTEGER PRIMARY KEY", "order_id"),  # may be lines of orders
        PLAIN.replace("status,", "status, refund_of,").replace("NULL, 'c'", "NULL, NULL, 'c'"),
    ],
)
def test_where_cleaning_needs_order_ids_nothing_is_early(tmp_path: Path, sql: str) -> None:
    path = build(tmp_path, sql)
    whole, told = both(path)
    assert (told == []) == (whole.mapping.order_id is not None)
    assert_same(whole, open_shop(OpenRequest(path, cache=False), today=20_000))


def test_small_shops_are_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WAITS_FROM", 30_001)
    _, told = both(build(tmp_path, PLAIN))
    assert told == []


def test_cancelled_after_the_figures(tmp_path: Path) -> None:
    told: list[OpenedDataset] = []
    path = build(tmp_path, PLAIN)
    with pytest.raises(Cancelled):
        open_shop(OpenRequest(path, cache=False), None, lambda: bool(told), 20_000, told.append)
    assert len(told) == 1


def test_what_was_told_early_is_kept_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTVTUI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(open_dataset, "LEAST_ROWS", 0)
    monkeypatch.setattr("ltvtui.session.dataset_cache.LEAST_ROWS", 0)
    path = build(tmp_path, PLAIN)
    told: list[OpenedDataset] = []
    whole = open_shop(OpenRequest(path), today=20_000, early=told.append)
    assert told[0].store is None
    assert whole.store is not None
    assert whole.store(lambda: False) is None
    again = open_shop(OpenRequest(path), today=20_000, early=told.append)
    assert len(told) == 1
    assert_same(whole, again)
