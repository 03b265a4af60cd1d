"""A database in UTF-16 gives what its twin in UTF-8 gives."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal
from shops import CORNER_SHOP, ROOT

from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.preview import preview
from ltvtui.sources.read import read
from ltvtui.sources.sqlite.database import SqliteDatabase

MakeShop = Callable[..., Path]
ENCODINGS = pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
TODAY = 21_000

WILD = """
CREATE TABLE orders (nr, customer, day, amount, channel, status);
INSERT INTO orders VALUES
    (1, 'Zoë', '2024-01-01', '12,50 €', 'e-mail', 'paid'), (2, '名前', '2024-01-02', '1.234,00', '🙂', NULL),
    (3, 17, '2024-01-03', 12, 'e-mail', ''), (4, 17.0, 20240104, 12.25, x'41C3A9', 'paid'),
    (5, x'5A6FC3AB', '2024-01-05', x'3132', '', 'void'), (5, NULL, NULL, 'free', NULL, 'paid'),
    (6, ' Zoë ', ' 2024-01-06 ', '-3,00', 'é', 'paid'), (6, ' Zoë ', ' 2024-01-06 ', '-3,00', 'é', 'paid');
"""
"""Texts beyond the alphabet, numbers and bytes among them, blanks, nothing, and a row that stands twice."""


def twins(make_shop: MakeShop, sql: str, encoding: str) -> tuple[Path, Path]:
    with closing(sqlite3.connect(":memory:")) as origin:
        origin.executescript(sql)
        dump = "\n".join(origin.iterdump())
    return make_shop(dump, "twin.sqlite"), make_shop(f"PRAGMA encoding = '{encoding}'; {dump}", "shop.sqlite")


def opened(path: Path) -> OpenedDataset:
    return open_shop(OpenRequest(path, cache=False), today=TODAY)


@ENCODINGS
def test_any_value_is_read_as_its_twin(make_shop: MakeShop, encoding: str) -> None:
    mapping = Mapping("orders", "customer", "day", "amount", order_id="nr", status="status")
    found = []
    for path in twins(make_shop, WILD, encoding):
        with SqliteDatabase.open(path) as database:
            found.append((read(database, mapping).rows, preview(database, mapping)))
    assert found[1][0]["customer_id"].to_list()[:5] == ["Zoë", "名前", "17", "17", "Zoë"]
    assert found[1][0]["amount"].to_list()[:4] == [125_000, 12_340_000, 120_000, 122_500]
    for one, other in zip(*found, strict=True):
        assert_frame_equal(one, other, categorical_as_str=True)


@ENCODINGS
def test_a_whole_shop_with_customers_and_spend(make_shop: MakeShop, encoding: str) -> None:
    twin, shop = twins(make_shop, CORNER_SHOP.read_text(), encoding)
    assert_same(opened(twin), opened(shop))


def assert_same(one: OpenedDataset, other: OpenedDataset) -> None:
    assert one.mapping == other.mapping
    assert_frame_equal(one.dataset.cleaned.in_order(), other.dataset.cleaned.in_order(), categorical_as_str=True)
    assert_frame_equal(one.dataset.people.frame, other.dataset.people.frame, categorical_as_str=True)
    assert one.dataset.cleaned.customer_ids.to_list() == other.dataset.cleaned.customer_ids.to_list()
    assert (one.dataset.spend is None) == (other.dataset.spend is None)
    if one.dataset.spend is not None and other.dataset.spend is not None:
        assert_frame_equal(one.dataset.spend, other.dataset.spend)


@ENCODINGS
@pytest.mark.parametrize("name", ["chinook", "northwind"])
def test_real_shops(make_shop: MakeShop, name: str, encoding: str) -> None:
    path = ROOT.parent / "shared" / "data" / f"{name}.sqlite"
    if not path.exists():
        pytest.skip(f"the real shops are not at hand: {path.parent}")
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as origin:
        dump = "\n".join(origin.iterdump())
    assert_same(opened(path), opened(make_shop(f"PRAGMA encoding = '{encoding}'; {dump}", "shop.sqlite")))
