"""How often a customer orders, in words."""

from __future__ import annotations

from ltvtui.analytics.listing import Rhythm
from ltvtui.days import iso
from ltvtui.present.numbers import amount, count, counted


def usual_days(rhythm: Rhythm) -> str:
    """1 day, 31 days, 10.5 days: the median gap."""
    return days_in_words(float(rhythm.median))


def days_in_words(days: float) -> str:
    """1 day, 31 days, 10.5 days."""
    return counted(int(days), "day") if days.is_integer() else f"{amount(days, 1)} days"


def rhythm_facts(rhythm: Rhythm | None, as_of: int) -> tuple[tuple[str, str], ...]:
    """Lines of the card: label (blank: it goes on) and text."""
    if rhythm is None:
        return (("rhythm", "one order day: none yet"),)
    late = as_of - rhythm.due
    due = f"{iso(rhythm.due)}" + (f", {count(late)} d ago" if late > 0 else "")
    return (("rhythm", f"{usual_days(rhythm)}, median of {counted(rhythm.gaps, 'gap')}"), ("due", due))
