"""Amounts that tell their currency themselves: of several they are no sum."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from ltvtui.sources.catalog_table import CatalogColumn
from ltvtui.sources.values.money import is_money

_SIGN: Final = re.compile(r"[A-Z]{0,2}\$|[€£¥₽₴₹₺₩₫₪]")
_CODE: Final = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_CODES: Final = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "₽": "RUB", "₴": "UAH", "₹": "INR", "₺": "TRY"}
_CODES_MORE: Final = {"₩": "KRW", "₫": "VND", "₪": "ILS", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD"}
_LEAST: Final = 2
"""Amounts of a currency from which on it is no slip."""


def currencies_in(column: CatalogColumn) -> list[str]:
    """The currencies written beside the amounts of a column, commonest first."""
    texts = [v for v in column.sample if isinstance(v, str) and is_money(v)]
    counts = Counter(currency for text in texts if (currency := _currency(text)) is not None)
    return [currency for currency, count in counts.most_common() if count >= _LEAST]


def _currency(text: str) -> str | None:
    if (code := _CODE.search(text)) is not None:
        return code[0]
    sign = _SIGN.search(text)
    return None if sign is None else (_CODES | _CODES_MORE).get(sign[0], sign[0])
