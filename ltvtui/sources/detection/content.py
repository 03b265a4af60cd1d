"""What a column holds, as far as its sample tells: empty, repeating, unique, money, counts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ltvtui.sources.catalog_table import CatalogColumn
from ltvtui.sources.sql import Value
from ltvtui.sources.values.money import money_share

ENOUGH: Final = 20
"""Values present from which on their distribution says something."""
_LONGEST_AMOUNT: Final = 40
"""Characters; a longer text is no amount, and may be one that takes an expression long to refuse."""
_FEW: Final = 20
"""Up to here whole numbers may count pieces."""
_MONEY = re.compile(r"[-+(]?\s*[^\w\s.,-]?\s*\d[\d.,  ']*(?:\s*(?:[^\w\s]|[A-Z]{3}))?\)?")
_SIGN = re.compile(r"[$€£¥₽₹₴₺₩₪]|\b[A-Z]{3}\b")


@dataclass(frozen=True)
class Content:
    """A look at the values of a column."""

    present: int
    """Values that are neither null nor blank."""
    filled: float
    """Share of the sample that is present; 1 where nothing could be sampled."""
    distinct: int
    numeric: float
    """Share of the values present that are numbers, or text that a reader takes for an amount."""
    whole: bool
    """Whether all numbers are whole."""
    floating: bool
    """Whether a number is kept as one that may have a fraction."""
    signed: bool
    """Whether a currency is written beside a number."""
    low: float
    high: float
    """Smallest and largest number, 0 where there is none."""
    example: Value
    """The commonest value."""

    @property
    def money(self) -> float:
        """How much the numbers are distributed as money is: 1 with cents or a currency, little of small counts."""
        if self.numeric < 0.8:
            return 0.0
        if self.signed or not self.whole:
            return 1.0
        if self.present >= ENOUGH and self.high <= 1 and self.low >= 0:
            return 0.2  # yes and no
        return 0.5 if self.counts else 1.0

    @property
    def counts(self) -> bool:
        """Whether the numbers are small whole ones, as quantities are."""
        return (
            self.present >= ENOUGH
            and self.numeric >= 0.8
            and self.whole
            and not self.signed
            and not self.floating
            and self.high <= _FEW
            and -_FEW <= self.low <= 2
            and 1 < self.distinct <= _FEW
        )

    @property
    def unique(self) -> bool:
        """Whether no value of the sample stands twice."""
        return self.distinct == self.present > 0

    @property
    def empty(self) -> bool:
        """Whether nothing stands in the column, as far as it could be looked at."""
        return self.filled == 0

    @property
    def repeats(self) -> bool:
        """Whether many values stand several times, though not all are the same."""
        return 1 < self.distinct <= 0.95 * self.present

    @property
    def constant(self) -> bool:
        """Whether one value stands everywhere, and often enough to mean it."""
        return self.distinct == 1 and self.present >= ENOUGH


@lru_cache(maxsize=4096)
def content_of(column: CatalogColumn) -> Content:
    """What stands in a column."""
    present = [v for v in column.sample if v is not None and not (isinstance(v, str) and not v.strip())]
    numbers = [n for n in map(_number, present) if n is not None]
    # nobody is two because an address is written twice, and outer blanks are none of a value
    counted = Counter(map(_as_one, present))
    commonest = counted.most_common(1)[0][0] if counted else None
    return Content(
        len(present),
        len(present) / len(column.sample) if column.sample else 1.0,
        len(counted),
        money_share(present),
        all(n == int(n) for n in numbers if abs(n) < 1e300),
        any(isinstance(v, float) for v in present),
        any(isinstance(v, str) and _SIGN.search(v) for v in present) and bool(numbers),
        min(numbers, default=0.0),
        max(numbers, default=0.0),
        next((v for v in present if _as_one(v) == commonest), None),
    )


def _as_one(value: Value) -> Value:
    return value.strip().lower() if isinstance(value, str) else value


def example_of(column: CatalogColumn) -> str:
    """A value of the column for a sentence, cut short; "" where there is none."""
    value = content_of(column).example
    if value is None or isinstance(value, bytes):
        return ""
    text = " ".join(str(value).split())
    return text if len(text) <= 24 else text[:23] + "…"


def _number(value: Value) -> float | None:
    """About what a value is worth as a number; None where it is none."""
    if isinstance(value, int | float):
        return float(value) if value == value else None
    if not isinstance(value, str):
        return None
    bare = value.strip()
    if len(bare) > _LONGEST_AMOUNT or not _MONEY.fullmatch(bare):
        return None
    digits = re.sub(r"[^\d.,]", "", bare)
    cents = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"\D", "", digits[: cents.start()] if cents else digits)
    return float((whole or "0") + "." + (cents[1] if cents else "0"))
