"""What a row is worth and what it cost: whether money beside a quantity is that of one piece or of all, by content.

A price of one piece moves with the product and not with the quantity; a line's total moves with the quantity too.
What stands in the rows decides, and only where they leave it open the name.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from statistics import fmean
from typing import Final

from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.scoring import word_set
from ltvtui.sources.detection.vocabulary import group, meaning
from ltvtui.sources.sql import Value, quote
from ltvtui.sources.values.money import number, uses_decimal_comma, without_percent

LEAST: Final = 20
"""Rows with a quantity other than that of the rest from which on content decides."""
NEARER: Final = 0.5
"""Share of the one spread that the other has to stay below to be the better reading."""
CHEAPER: Final = 0.95
"""Share of the rows in which goods cost less than they were sold for, at least."""
_PRODUCT: Final = word_set("product products prod item items sku article stock stockcode variant asin isbn upc ean")
_PERCENT: Final = word_set("percent pct percentage")
_AS_MONEY: Final = word_set("amount value total price sum usd eur")
_NO_MONEY: Final = word_set("code type id name")
"""Words of a column of discounts that say what it holds."""
_LISTED: Final = word_set("list old original msrp rrp catalog")
"""Words of prices that nobody may have paid: taken where no other stands beside the quantity."""


class Each(Enum):
    """What a sum of money is the price, or the cost, of."""

    PIECE = "piece"
    ROW = "row"


@dataclass(frozen=True)
class LineWorth:
    """The amount of a row."""

    sql: str
    score: float
    why: str
    of_rows: Sequence[float | None] = ()
    """Of the rows of the sample."""


def numbers(column: CatalogColumn) -> list[float | None]:
    """The sample as numbers, as far as they are some."""
    comma = uses_decimal_comma(column.sample)
    return [_number(value, comma) for value in column.sample]


def _number(value: Value, comma: bool) -> float | None:
    if isinstance(value, str):
        return number(without_percent(value), comma)
    return float(value) if isinstance(value, int | float) else None


def priced(table: CatalogTable, money: CatalogColumn, quantity: CatalogColumn) -> Each | None:
    """Whether `money` is of one piece or of the whole row; None where the sample leaves it open."""
    products = [c for c in table.columns if _is_product(c)]
    rows = list(_positive(numbers(money), numbers(quantity)))
    if len({q for _, _, q in rows}) < 2 or len(rows) < LEAST:
        return None
    for product in products:
        groups = defaultdict(list)
        for place, m, q in rows:
            groups[product.sample[place]].append((m, q))
        varied = [g for g in groups.values() if len({q for _, q in g}) > 1]
        if sum(map(len, varied)) < LEAST:
            continue
        whole = _within([[m for m, _ in group] for group in varied])
        piece = _within([[m / q for m, q in group] for group in varied])
        apart = _variance([math.log(m) for _, m, _ in rows])
        if whole < NEARER * piece and (whole < NEARER * apart or not apart):
            return Each.PIECE
        if piece < NEARER * whole:
            return Each.ROW
    slope, error = _slope([math.log(q) for _, _, q in rows], [math.log(m) for _, m, _ in rows])
    # dearer things are bought in smaller numbers, so that a slope of naught proves nothing by itself
    return Each.ROW if slope > 0.6 and slope > 4 * error else None


def is_of_piece(table: CatalogTable, money: str) -> bool:
    """Whether a column called `money` is the price of one piece, by the quantity that stands beside it."""
    quantity, column = _best(table, scoring.quantity_score), table.column(money)
    return bool(quantity and column and priced(table, column, quantity) is Each.PIECE)


def costed(cost: CatalogColumn, quantity: CatalogColumn, worth: Sequence[float | None]) -> Each | None:
    """Whether `cost` is of one piece or of the whole row, by what the rows are `worth`; None: not told."""
    rows = [
        (c / w, c * q / w)
        for (_, c, q), w in zip(_pairs(numbers(cost), numbers(quantity)), worth, strict=False)
        if c is not None and q is not None and w is not None and c > 0 and q > 0 and w > 0
    ]
    if len(rows) < LEAST:
        return None
    row, piece = (_variance([math.log(r[side]) for r in rows]) for side in (0, 1))
    if piece < NEARER * row:
        return Each.PIECE
    return Each.ROW if row < NEARER * piece else None


def _pairs(
    money: Sequence[float | None], quantity: Sequence[float | None]
) -> Iterator[tuple[int, float | None, float | None]]:
    return ((place, m, q) for place, (m, q) in enumerate(zip(money, quantity, strict=True)))


def _positive(money: Sequence[float | None], quantity: Sequence[float | None]) -> Iterator[tuple[int, float, float]]:
    for place, m, q in _pairs(money, quantity):
        if m is not None and q is not None and m > 0 and q > 0:
            yield place, m, q


def _within(groups: Sequence[Sequence[float]]) -> float:
    """How far values lie from each other within their groups, on a scale of ratios."""
    return fmean(_variance([math.log(value) for value in group]) for group in groups)


def _variance(values: Sequence[float]) -> float:
    middle = fmean(values)  # statistics.pvariance reckons in fractions, far slower
    return fmean((value - middle) ** 2 for value in values)


def _slope(x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    middle_x, middle_y = fmean(x), fmean(y)
    wide = sum((a - middle_x) ** 2 for a in x)
    slope = sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True)) / wide
    left = sum((b - middle_y - slope * (a - middle_x)) ** 2 for a, b in zip(x, y, strict=True))
    return slope, math.sqrt(left / max(len(x) - 2, 1) / wide)


def _is_product(column: CatalogColumn) -> bool:
    return bool(set(meaning(column.name)) & _PRODUCT) and scoring.unit_price_score(column) == 0


@lru_cache(maxsize=1024)
def product_of(table: CatalogTable, line_table: str | None = None) -> LineWorth | None:
    """Quantity × price of one piece × (1 - discount), qualified where it is of a joined `line_table`."""
    quantity = _best(table, scoring.quantity_score)
    price = _price(table, quantity) if quantity else None
    if quantity is None or price is None:
        return None
    column, score, why = price
    of_row = numbers(column)
    if priced(table, column, quantity) is Each.ROW:
        why = "it grows with the quantity: the total of the line"
        return LineWorth(_name(column, line_table, bare=True), score, why, of_row)
    sql = f"{_name(quantity, line_table)} * {_name(column, line_table)}"
    of_row = [m * q if m is not None and q is not None else None for _, m, q in _pairs(of_row, numbers(quantity))]
    for other in table.columns:
        if share := share_of(other):
            sql += f" * (1 - {_name(other, line_table)}{share.strip()})"
            parts = zip(of_row, numbers(other), strict=True)
            hundred = 100 if share.strip() else 1
            of_row = [m * (1 - d / hundred) if m is not None and d is not None else m for m, d in parts]
            break
        if _is_discount_amount(other, of_row):
            sql += f" - coalesce({_name(other, line_table)}, 0)"
            of_row = [m - (d or 0) if m is not None else m for m, d in zip(of_row, numbers(other), strict=True)]
            break
    return LineWorth(sql, min(scoring.quantity_score(quantity), score), why, of_row)


def cost_of(table: CatalogTable, worth: Sequence[float | None], line_table: str | None = None) -> LineWorth | None:
    """What the goods of a row cost, by what the rows of the sample are `worth`: of all pieces of it."""
    quantity = _best(table, scoring.quantity_score)
    cost = _best(table, cost_score) or _bought(table, quantity, worth)
    if cost is None:
        return None
    sql, score = _name(cost, line_table, bare=True), max(cost_score(cost), scoring.bought_score(cost))
    each = costed(cost, quantity, worth) if quantity else None
    by_name = bool({"unit", "price"} & set(meaning(cost.name)))
    if quantity is None or each is Each.ROW or (each is None and not by_name):
        return LineWorth(sql, score, "name and content fit cost")
    why = "quantity times unit cost"
    return LineWorth(f"{_name(quantity, line_table)} * {_name(cost, line_table)}", score, why)


def _bought(
    table: CatalogTable, quantity: CatalogColumn | None, worth: Sequence[float | None]
) -> CatalogColumn | None:
    """The price that the shop paid itself: another than that of what was sold, and below what nearly all rows are
    worth."""
    column = _best(table, scoring.bought_score)
    price = _price(table, quantity) if quantity else None
    if column is None or (price is not None and price[0] is column):
        return None
    pairs = zip(numbers(column), worth, strict=False)
    below = [c < w for c, w in pairs if c is not None and w is not None and c > 0 and w > 0]
    return column if len(below) >= LEAST and sum(below) >= CHEAPER * len(below) else None


def cost_score(column: CatalogColumn) -> float:
    """How well a column fits the cost of the goods, of one piece or of all."""
    if "unit" not in meaning(column.name):
        return scoring.cost_score(column)
    return 0.85 if set(meaning(column.name)) & group("cost") and scoring.numeric_share(column.sample) > 0.8 else 0.0


def _name(column: CatalogColumn, line_table: str | None, *, bare: bool = False) -> str:
    """The column in an expression; a `bare` one may stand alone, by its own name."""
    if line_table:
        return f"{quote(line_table)}.{quote(column.name)}"
    return column.name if bare or re.fullmatch(r"[A-Za-z_]+", column.name) else quote(column.name)


def _best(table: CatalogTable, score: Callable[[CatalogColumn], float]) -> CatalogColumn | None:
    best = max(table.columns, key=score, default=None)
    return best if best is not None and score(best) > 0 else None


def _price(table: CatalogTable, quantity: CatalogColumn) -> tuple[CatalogColumn, float, str] | None:
    """The price of one piece with its score, and why."""
    prices = [(c, scoring.unit_price_score(c)) for c in table.columns if c is not quantity]
    prices = [pair for pair in prices if pair[1] > 0 and not share_of(pair[0])]
    if prices:
        column, score = max(prices, key=lambda pair: (not scoring.bought_score(pair[0]), pair[1]))
        return column, score, "quantity times unit price"
    for column in table.columns:
        if column is not quantity and scoring.amount_score(column) and priced(table, column, quantity) is Each.PIECE:
            return column, 0.9, "quantity times a price that depends on the product, not on the quantity"
    listed = listed_price(table)
    return (listed, 0.7, "quantity times the only price column") if listed and listed is not quantity else None


def listed_price(table: CatalogTable) -> CatalogColumn | None:
    """A price from a list, used where there is no other."""
    for column in table.columns:
        name_words = set(meaning(column.name))
        if name_words & _LISTED and "price" in name_words and scoring.numeric_share(column.sample) > 0.8:
            return column
    return None


def _is_discount_amount(column: CatalogColumn, worth: Sequence[float | None]) -> bool:
    """Whether a discount is money of the line: by its name, or above any percentage and never above its worth."""
    name_words = set(meaning(column.name))
    if "discount" not in name_words or name_words & _NO_MONEY or any(isinstance(v, str) for v in column.sample):
        return False
    pairs = [(d, w) for d, w in zip(numbers(column), worth, strict=True) if d and w is not None]
    if len(pairs) < LEAST or not all(0 < d <= w for d, w in pairs):
        return False
    return max(d for d, _ in pairs) > 100 or bool(name_words & _AS_MONEY)


def share_of(column: CatalogColumn) -> str:
    """What is to be done with a discount to make it a share: nothing (" "), or a division; "" if it is none."""
    name_words = set(meaning(column.name))
    if "discount" not in name_words:
        return ""
    present = [n for n in numbers(column) if n is not None]
    most = 1 if name_words & _AS_MONEY else 100
    if name_words & _NO_MONEY or not present or min(present) < 0 or max(present) > most:
        return ""
    text = any(isinstance(v, str) and "%" in v for v in column.sample)
    if max(present) <= 1 and not text and not (name_words & _PERCENT and max(present) == 1):
        return " "
    whole = all(n == int(n) for n in present) and len(set(present)) <= 21
    return " / 100.0" if text or name_words & _PERCENT or whole else ""
