"""Shops of several tables, made by SQL, and what is read of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.session.open_dataset import open_shop
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.sources.overrides import Overrides

MakeShop = Callable[..., Path]

N = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
"""So many rows, numbered from 1."""
WHO = "(i * 7 % 25 + 1)"
"""Of 25 customers."""
DAY = "date('2023-01-01', (i * 5) || ' days')"


@dataclass(frozen=True)
class Figures:
    orders: int
    customers: int
    revenue: float
    refunded: float = 0.0


def opened(path: Path, **said: str) -> OpenedDataset:
    return open_shop(OpenRequest(uri=path, overrides=Overrides(**said), cache=False))


def figures(shop: OpenedDataset) -> Figures:
    orders = shop.dataset.cleaned.orders
    back = orders.filter(pl.col("kind") == "refund")["amount"].sum()
    return Figures(
        orders.filter(pl.col("kind") == "order").height,
        orders["customer"].n_unique(),
        orders["amount"].sum() / MONEY_SCALE,
        -back / MONEY_SCALE,
    )


def margin(shop: OpenedDataset) -> float:
    orders = shop.dataset.cleaned.orders
    return orders["margin"].sum() / MONEY_SCALE


def told(shop: OpenedDataset, *words: str) -> bool:
    return any(all(word in notice for word in words) for notice in shop.notices)
