"""Figures and names as they stand in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ltvtui.present.columns import style_of
from ltvtui.present.fitting import fit_middle
from ltvtui.present.headline import with_fixed_brackets
from ltvtui.present.numbers import UNKNOWN, amount, count, counted
from ltvtui.present.plain import plain

LONGEST: Final = 28
"""Cells that a name from the shop may take."""


def share(value: float, tenths_below: float = 0.005) -> str:
    """20 % from 0.2. Neither 0 % nor 100 % unless it is exactly that: 0.4 %, less than 0.1 %, 99.6 %.

    Below `tenths_below` with a decimal.
    """
    rounded = round(value * 100)
    if (rounded not in (0, 100) and abs(round(value, 3)) >= tenths_below) or value in (0, 1):
        return f"{amount(value * 100, 0)} %"
    tenths = round(value * 100, 1)
    if tenths == 0:
        return "less than 0.1 %" if value > 0 else "slightly below 0 %"
    if tenths == 100:
        return "more than 99.9 %" if value < 1 else "slightly above 100 %"
    return f"{amount(tenths, 1)} %"


def lapsed_parts(lapsed: int, once: int) -> str:
    """: 6 687 lost + 7 797 one-time: the stages of who has lapsed; blank where all are of one stage."""
    return f": {count(lapsed - once)} lost + {count(once)} one-time" if 0 < once < lapsed else ""


def money(value: float, sign: str = "") -> str:
    """164 652 € or 34.60 €: cents where they tell something."""
    return f"{amount(value, 0 if abs(value) >= 10_000 else 2)} {sign}".rstrip()


def digits_of(values: Iterable[float | None]) -> int:
    """Decimals that money has beside these figures: none where one of them is large, as in their table."""
    return style_of("money", max((abs(value) for value in values if value is not None), default=0.0))[1]


def change(value: float, sign: str = "", decimals: int = 2) -> str:
    """+12.30 € or -12.30 €: what is more or less."""
    text = f"{amount(value, decimals)} {sign}".rstrip()
    return text if text.startswith("-") else f"+{text}"


def name(value: object) -> str:
    """A value of a dimension; a long one is cut, and one that is not known is called so."""
    return UNKNOWN if value is None else with_fixed_brackets(fit_middle(plain(str(value)), LONGEST).rstrip())


def names(values: Sequence[object]) -> str:
    """email × DK: the values of crossed dimensions."""
    return " × ".join(name(value) for value in values)


def listed(texts: Sequence[str], most: int = 3) -> str:
    """ads, mail and 2 more."""
    shown, left = texts[:most], len(texts) - most
    if left > 0:
        return f"{', '.join(shown)} and {count(left)} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)


def silence(gap: int) -> str:
    """no order for 88 days: what it is to have lapsed."""
    return f"no order for {counted(gap, 'day')}"


def within(seen: int, horizon: int) -> str:
    """within 12 months, or within 8 months of data where that is all there is."""
    return f"within {counted(min(seen, horizon), 'month')}{'' if seen >= horizon else ' of data'}"
