"""What doubts are told from, and what one of them is."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from ltvtui.analytics.cleaning.clean import CleanOrders
from ltvtui.analytics.facts import Facts
from ltvtui.analytics.order_store import OrderSums
from ltvtui.errors import thousands

FEW: Final = 30
"""Fewer orders, or customers, tell nothing."""
NOTICED: Final = 0.01
"""Share of rows from which on it is said that they are left out."""


@dataclass(frozen=True)
class Doubt:
    """Something that may have been read wrong."""

    code: str
    """One of doubts.CODES."""
    message: str
    """What was seen, and what it may mean: one sentence, with the column or figure."""
    mend: str
    """How to mend it: one sentence, with the option."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """A shop that is looked at."""

    cleaned: CleanOrders
    customers: pl.DataFrame
    """ActivityIndex.CustomerTotals.customers on `day`."""
    by_day: pl.DataFrame
    """ActivityIndex.by_day: day, orders, …; past `day` too."""
    day: int
    """The latest day that is not in the future, days since 1970-01-01."""
    facts: Facts

    @cached_property
    def sums(self) -> OrderSums:
        """What all orders and refunds add up to, past `day` too."""
        return self.cleaned.store.sums()

    @property
    def orders(self) -> int:
        """Orders up to `day`."""
        return int(self.customers["orders"].sum())

    def rows_of(self, rule: str) -> int:
        """Rows that a rule of cleaning touched."""
        return sum(count.rows for count in self.cleaned.counts if count.rule == rule)


Check = Callable[[Evidence], Iterator[Doubt]]
"""Looks for one shape."""


def option(flag: str, value: str) -> str:
    """An option with its value, to be typed in a shell."""
    if "'" in value and not set(value) & set('"$`\\!'):
        return f'{flag} "{value}"'  # reads better than what shlex makes of quotes within quotes
    return f"{flag} {shlex.quote(value)}"


def operand(column: str) -> str:
    """A column as it stands in SQL; an expression in parentheses."""
    if column.isidentifier() and column.isascii():
        return column
    return f"({column})" if any(sign in column for sign in "*/+()\"'") else f'"{column}"'


def counted(n: int, noun: str) -> str:
    """A number with its noun: 1 row, 2 rows."""
    return f"1 {noun}" if n == 1 else f"{thousands(n)} {noun}s"


def share(part: float, whole: float) -> str:
    """Part of the whole as 12 %; a small one with a digit behind the point."""
    percent = 100 * part / whole
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %"
