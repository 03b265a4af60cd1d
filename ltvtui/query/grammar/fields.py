"""What customers of a shop can be told apart by, under the names that the language has for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal

import polars as pl

from ltvtui.analytics.cleaning.clean import CleanOrders
from ltvtui.analytics.dimensions import FORECAST_BANDS, HINDSIGHT, PERIODS, names_of
from ltvtui.analytics.people import People
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.query.grammar.errors import FilterError, shown
from ltvtui.query.grammar.syntax import Word

Kind = Literal["count", "money", "check", "share", "amount", "day", "text", "cut", "period", "order"]
"""count: a whole number; money; check: money by order; share: 0…1; amount: any number, money in currency units; day;
text: one of its own for each customer; cut: a dimension; period: a dimension by calendar; order: an attribute of
orders, of which a customer may have several."""

FIGURES: Final[tuple[tuple[str, Kind], ...]] = (
    ("orders", "count"),
    ("revenue", "money"),
    ("average check", "check"),
    ("last", "day"),
    ("first", "day"),
    ("silent", "count"),
    ("days", "count"),
)
FORECAST_FIGURES: Final[dict[str, tuple[Kind, str]]] = {
    "p alive": ("share", "p_alive"),
    "expected": ("amount", "expected_value_12"),
    "expected orders": ("amount", "expected_days_12"),
    "expected LTV": ("amount", "expected_ltv"),
    "value at risk": ("amount", "value_at_risk"),
    "next order": ("day", "next_order_day"),
}
"""Figures of a customer's forecast over a year: kind, and column of Forecast.customers."""
TEXTS: Final = {"customer": "id", "name": "name", "email": "email"}
SHOWN: Final = 12
"""Names or values that an error lists."""


@dataclass(frozen=True)
class FilterField:
    """Something that can be compared."""

    name: str
    """In the language."""
    kind: Kind
    column: str
    """In the frame it is taken from; of a dimension, its name."""

    @property
    def is_forecast(self) -> bool:
        """True where it is a figure of a customer's forecast."""
        return FORECAST_FIGURES.get(self.name, ("", ""))[1] == self.column

    @property
    def needs_forecast(self) -> bool:
        """True where it is told by a forecast: such a figure, or a cut by one."""
        return self.is_forecast or (self.kind == "cut" and self.column in FORECAST_BANDS)

    @property
    def hindsight(self) -> bool:
        """True where it is made of what customers did after their first order (metrics.md §5)."""
        later = self.kind in ("count", "money", "check", "order") or self.name == "last"
        return later or self.is_forecast or (self.kind == "cut" and self.column in HINDSIGHT)


FORECAST: Final = tuple(FilterField(name, kind, column) for name, (kind, column) in FORECAST_FIGURES.items())
"""The fields of these figures."""


def fields_of(people: People, cleaned: CleanOrders) -> tuple[FilterField, ...]:
    """The fields of a shop, no two of the same name: what is asked for most comes first."""
    figures = [FilterField(name, kind, name) for name, kind in FIGURES]
    texts = [FilterField(name, "text", column) for name, column in TEXTS.items() if column in people.frame.columns]
    used = {field.name for field in (*figures, *FORECAST, *texts)}

    def unique(kind: Kind, column: str, *names: str) -> FilterField:
        free = next(name for name in (*names, *(f"{names[-1]} {n}" for n in range(2, 99))) if name not in used)
        used.add(free)
        return FilterField(free, kind, column)

    cuts = names_of(people)
    begun = [name for name in cuts if name in people.of_first_order]
    derived = [
        unique("period" if name in PERIODS else "cut", name, name) for name in cuts if name not in people.attributes
    ]
    own = [unique("cut", name, name, f"customer {name}") for name in people.attributes if name not in begun]
    bought = [unique("order", name, name, f"order {name}") for name in cleaned.attributes]
    first = [unique("cut", name, f"first {name}", f"first order {name}") for name in begun]
    return (*derived[:1], *own, *bought, *figures, *FORECAST, *first, *derived[1:], *texts)


def find(fields: Sequence[FilterField], name: Word) -> FilterField:
    """The field of that name, whatever its case. Raises FilterError that names the nearest."""
    for field in fields:
        if field.name == name.text:
            return field
    for field in fields:
        if _folded(field.name) == _folded(name.text):
            return field
    names = [field.name for field in fields]
    raise FilterError(f"This shop has no field {shown(name.text)}.", suggestion(name.text, names), name.at)


def values_of(whole: Snapshot, field: FilterField) -> pl.DataFrame:
    """value (String, null: not known) and count (Int64, customers who have it), the most frequent first.

    Of an order attribute orders are counted: who has such an order is told much later.
    Empty of fields that have no values of their own.
    """
    if field.kind == "order":
        counted = whole.cleaned.store.values(field.column, whole.terms.as_of)
    elif field.kind in ("cut", "period") and not (field.needs_forecast and whole.why_no_forecast):
        counted = whole.by(field.column)[field.column].alias("value").value_counts(name="count")
    else:
        return pl.DataFrame(schema={"value": pl.String, "count": pl.Int64})
    texts = counted.select(pl.col("value").cast(pl.String), pl.col("count").cast(pl.Int64))
    return texts.sort("count", "value", descending=[True, False], nulls_last=True)


def suggestion(given: str, names: Sequence[str]) -> str:
    """The names nearest to the `given` one, or some of all names."""
    folded = {_folded(name): name for name in reversed(names)}
    near = [folded[name] for name in get_close_matches(_folded(given), list(folded), 3)]
    if near:
        return f"Did you mean {' or '.join(near)}?"
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"Choose from: {', '.join(names[:SHOWN])}{more}."


def _folded(name: str) -> str:
    """Whatever the case, and with a space for whatever joins words."""
    return " ".join(name.casefold().replace("_", " ").replace("–", "-").replace("-", " ").split())
