"""Small shops in foreign shapes, opened without a flag, against the figures that were worked out beside them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.sources.overrides import Overrides

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "cases" / "schemas"

COSTS = ("cogs", "cost", "product_cost", "standard_cost", "unit_cost")

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not at hand: {CASES}")


def opened(name: str, **said: str) -> OpenedDataset:
    return open_shop(OpenRequest(uri=CASES / f"{name}.sqlite", overrides=Overrides(**said), cache=False))


def figures(shop: OpenedDataset) -> tuple[int, int, float]:
    orders = shop.dataset.cleaned.orders
    sold = orders.filter(pl.col("kind") == "order").height
    return sold, orders["customer"].n_unique(), orders["amount"].sum() / MONEY_SCALE


@pytest.mark.parametrize(
    ("name", "orders", "customers", "revenue"),
    [
        *((f"c_{cost}", 400, 79, 1797384.56) for cost in COSTS),
        ("unitcost", 200, 58, 33325.31),
        ("cogs", 200, 58, 5527.41),
        ("household", 200, 58, 11059.63),
        ("orderscopedcustomer", 400, 300, 20955.81),
        ("pricelookup", 400, 79, 9200.0),
        ("refundtable", 400, 79, 6000.0),
        ("sharedids", 394, 79, 8000.0),
        ("slow", 400, 79, 8200.0),
        ("sorteddates", 60_000, 2_999, 9_266_043.0),
        ("splitamount", 400, 79, 8000.0),
        ("splityears", 400, 79, 4600.0),
        *((f"t_{manner}", 400, 79, 1797384.56) for manner in ("plain", "thousands", "comma", "dollar")),
        ("textprice", 200, 58, 3332531.0),
        ("twocust", 400, 79, 8000.0),
    ],
)
def test_figures_come_out(name: str, orders: int, customers: int, revenue: float) -> None:
    assert figures(opened(name)) == (orders, customers, pytest.approx(revenue, abs=0.005))


@pytest.mark.parametrize(
    ("name", "share"),
    [*((f"c_{cost}", 0.5) for cost in COSTS),
     ("unitcost", 0.4), ("cogs", 0.6)],
)  # fmt: skip
def test_a_cost_of_one_piece_is_multiplied(name: str, share: float) -> None:
    orders = opened(name).dataset.cleaned.orders
    assert orders["margin"].sum() / orders["amount"].sum() == pytest.approx(share, abs=0.0005)


@pytest.mark.parametrize("path", sorted(CASES.glob("*.sqlite")), ids=lambda path: path.stem)
def test_only_what_is_doubtful_is_doubted(path: Path) -> None:
    doubtful = {"sharedids": ["shared_order_ids"], "sorteddates": ["no_order_id"]}
    assert [doubt.code for doubt in opened(path.stem).dataset.doubts] == doubtful.get(path.stem, [])


def test_an_order_may_be_made_of_customer_and_day() -> None:
    assert figures(opened("sorteddates", order_id="CUSTOMER_ID || ' ' || TRANSACTION_DT"))[0] == 55_312


def test_a_select_whose_rows_take_long_is_looked_at_all_the_same() -> None:
    longer = "(SELECT count(*) FROM orders a, orders b WHERE a.rowid + b.rowid > o.rowid) AS longer"
    assert figures(opened("slow", orders=f"SELECT o.*, {longer} FROM orders o")) == (400, 79, 8200.0)


def test_refunds_are_told_from_orders() -> None:
    back = opened("refundtable").dataset.cleaned.orders.filter(pl.col("kind") == "refund")
    assert back["amount"].sum() / MONEY_SCALE == -2000.0


def test_both_tables_of_customers_give_dimensions() -> None:
    customers = opened("twocust").mapping.customers
    assert customers is not None
    assert {"gender", "state", "country"} <= {a.name for a in customers.attributes}


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("pricelookup", "unit_price of Products"),
        ("splityears", "Sales_2024, Sales_2025"),
        ("refundtable", "order_refunds"),
        ("orderscopedcustomer", "customer_unique_id"),
    ],
)
def test_what_was_done_is_said(name: str, word: str) -> None:
    assert any(word in notice for notice in opened(name).notices)
