"""Reading the analyst's terms from text: the same words on screen, on the command line and in files."""

from __future__ import annotations

import math

from ltvtui.analytics.calendar import WEEKDAYS
from ltvtui.errors import LtvError


def parse_horizon(text: str) -> int:
    """Months over which LTV is counted."""
    return int(_number(text, "horizon", 1, 120, whole=True, such_as="12"))


def parse_churn_gap(text: str) -> int:
    """Silent days after which a customer has left."""
    return int(_number(text, "churn gap", 1, 3650, whole=True, such_as="90"))


def parse_margin(text: str) -> float:
    """Share of revenue that is kept; 40% and 0.4 are the same."""
    return _number(text, "margin", 0.0001, 1, such_as="0.4")


def parse_discount(text: str) -> float:
    """Annual discount rate; 10% and 0.1 are the same."""
    return _number(text, "discount", 0, 10, such_as="0.1")


def parse_week_start(text: str) -> int:
    """The weekday on which weeks begin, 0 for Monday to 6 for Sunday; sunday, Sun and SUNDAY are the same."""
    word = text.strip().casefold()
    for number, day in enumerate(WEEKDAYS):
        if word in (day.casefold(), day[:3].casefold()):
            return number
    choices = ", ".join(day.lower() for day in WEEKDAYS)
    raise LtvError(f"A week cannot start on {text!r}.", f"Choose one of {choices}.", 2)


def _number(text: str, name: str, low: float, high: float, *, such_as: str, whole: bool = False) -> float:
    raw = text.strip()
    try:
        value = float(raw[:-1]) / 100 if raw.endswith("%") else float(raw)
    except ValueError:
        value = math.nan
    if not low <= value <= high or (whole and value != int(value)):
        kind = "a whole number" if whole else "a number"
        mend = f"Give {kind} from {low:g} to {high:g}, such as {such_as}."
        raise LtvError(f"The {name} {text!r} cannot be.", mend, 2)
    return value
