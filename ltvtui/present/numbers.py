"""Figures as text: one way to write money, counts, shares, months and days."""

from __future__ import annotations

import math
from typing import Final, Literal

from ltvtui.days import iso
from ltvtui.errors import thousands
from ltvtui.present.plain import plain

Kind = Literal["text", "count", "money", "units", "share", "ratio", "months", "day", "flag"]
"""How a value is written. money: ten-thousandths; units: currency units; ratio: a plain number."""

NUMERIC: Final = frozenset({"count", "money", "units", "share", "ratio", "months"})

SYMBOLS: Final = {
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "JPY": "¥",
    "RUB": "₽",
    "UAH": "₴",
    "INR": "₹",
    "PLN": "zł",
}
"""Currencies that are known better by a sign; others stand as their code."""

UNKNOWN: Final = "unknown"
"""Stands for a dimension's null: customers of whom it is not known."""

_SCALE: Final = 10_000


def write(value: object, kind: Kind, decimals: int = 2) -> str:
    """`value` as text; blank where there is none, for what was not observed is not zero."""
    if kind == "text":
        return UNKNOWN if value is None else plain(str(value))
    if not isinstance(value, int | float) or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    match kind:
        case "count":
            return count(int(value))
        case "money":
            return amount(value / _SCALE, decimals)
        case "units":
            return amount(value, decimals)
        case "share":
            return percent(value)
        case "ratio":
            return amount(value, decimals)
        case "months":
            return amount(value, 1)
        case "day":
            return iso(int(value))
        case "flag":
            return "few" if value else ""


def count(value: int) -> str:
    """12 345, grouped by threes."""
    return thousands(value)


def counted(value: int, word: str) -> str:
    """1 order, 2 orders."""
    return f"{count(value)} {word}{'' if value == 1 else 's'}"


def amount(value: float, decimals: int = 2) -> str:
    """1 234.50; never minus zero."""
    text = f"{value:,.{decimals}f}".replace(",", " ")
    return text[1:] if text.startswith("-") and not text.strip("-0. ") else text


def percent(share: float, decimals: int = 1) -> str:
    """67.5 % from 0.675."""
    return f"{amount(share * 100, decimals)} %"


def at_least(text: str) -> str:
    """≥ 37.60: a figure that is a lower bound, since not all of the horizon was seen."""
    return f"≥ {text}"


def months_of(seen: int, horizon: int) -> str:
    """2 of 12 mo, or 12 mo where all of the horizon was seen."""
    return f"{horizon} mo" if seen >= horizon else f"{seen} of {horizon} mo"


def symbol(currency: str | None) -> str:
    """€ for EUR; the code itself where no sign is known; blank for none."""
    return SYMBOLS.get(currency, plain(currency)) if currency else ""
