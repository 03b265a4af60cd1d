"""Shops of several tables, made by SQL, and what is read of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.opening import Opened, open_shop
from ltvtui.request import Request
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


def opened(path: Path, **said: str) -> Opened:
    return open_shop(Request(path=path, overrides=Overrides(**said), cache=False))


def figures(shop: Opened) -> Figures:
    orders = shop.book.cleaned.orders
    back = orders.filter(pl.col("kind") == "refund")["amount"].sum()
    return Figures(
        orders.filter(pl.col("kind") == "order").height,
        orders["customer"].n_unique(),
        orders["amount"].sum() / MONEY_SCALE,
        -back / MONEY_SCALE,
    )


def margin(shop: Opened) -> float:
    orders = shop.book.cleaned.orders
    return orders["margin"].sum() / MONEY_SCALE


def told(shop: Opened, *words: str) -> bool:
    return any(all(word in notice for word in words) for notice in shop.notices)
