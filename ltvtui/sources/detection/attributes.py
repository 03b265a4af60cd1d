"""Which columns are worth keeping as dimensions, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ltvtui.analytics.schema import RESERVED
from ltvtui.sources.catalog_table import CatalogColumn
from ltvtui.sources.detection.scoring import word_set, words
from ltvtui.sources.mapping import Attribute

MOST: Final = 24
"""Attributes of a table at most."""
MOST_VALUES: Final = 300
"""Distinct values in the sample beyond which a column is no dimension, geography aside."""

ENOUGH: Final = 20
"""Sampled values from which on a single one means that the column is constant."""

_GEOGRAPHY: Final = word_set("country region state province city county continent land pais pays")
_NEVER: Final = word_set(
    "id uid guid uuid key hash no nr number phone fax mobile tel email mail address street postal postcode "
    "zip plz notes note comment comments description remark url link photo picture image password token "
    "ip name firstname lastname surname fullname company username login bio text message latitude "
    "longitude lat lon iban vat date datetime timestamp time ts dob birthday birth at stockcode sku barcode "
    "ean extension path homepage "
)
_CATEGORY: Final = word_set("tier level class grade segment group type plan rating score band stars cluster")
_FIRST: Final = tuple(
    enumerate(
        (
            "channel",
            "source",
            "medium",
            "campaign",
            "country",
            "segment",
            "category",
            "gender",
            "sex",
            "region",
            "city",
            "type",
            "group",
            "plan",
            "tier",
            "device",
            "payment",
            "method",
            "brand",
            "language",
            "state",
            "store",
            "title",
        )
    )
)
"""Words of the dimensions that are asked for most, in that order."""


def attribute_columns(columns: Iterable[CatalogColumn], excluded: Iterable[str | None]) -> list[CatalogColumn]:
    """Columns that make dimensions, best first; those in `excluded` have a role already."""
    used = {name.lower() for name in excluded if name}
    dimensions = [column for column in columns if column.name.lower() not in used and _is_dimension(column)]
    return sorted(dimensions, key=_rank)[:MOST]


def unique_attributes(
    order_columns: Iterable[CatalogColumn], customer_columns: Iterable[CatalogColumn]
) -> tuple[tuple[Attribute, ...], tuple[Attribute, ...]]:
    """Order and customer attributes under unique names: lower-case words, never a reserved one."""
    used: set[str] = set(RESERVED)
    of_customers = tuple(_unique_attribute(column, "customer", used) for column in customer_columns)
    of_orders = tuple(_unique_attribute(column, "order", used) for column in order_columns)
    return of_orders, of_customers


def _unique_attribute(column: CatalogColumn, owner: str, used: set[str]) -> Attribute:
    plain = " ".join(words(column.name)) or "column"
    name = plain if plain not in used else f"{owner} {plain}"
    number = 2
    while name in used:
        name, number = f"{owner} {plain} {number}", number + 1
    used.add(name)
    return Attribute(name, column.name)


def is_geography(column: CatalogColumn) -> bool:
    """Whether the column names a place that people are counted by."""
    name_words = words(column.name)
    return bool(name_words) and name_words[-1] in _GEOGRAPHY and not {"code", "id"} & set(name_words)


def _is_dimension(column: CatalogColumn) -> bool:
    name_words = words(column.name)
    present = [v for v in column.sample if v is not None and v != ""]
    if not name_words or not present or column.unique or any(isinstance(v, bytes) for v in present):
        return False
    if is_geography(column):
        return True
    if set(name_words) & _NEVER or "".join(name_words) in _NEVER or column.references:
        return False
    distinct = len(set(present))
    if distinct == 1 and len(present) >= ENOUGH:
        return False  # cuts nobody from anybody
    if all(isinstance(v, int) for v in present):
        flag = distinct <= 2 and set(present) <= {0, 1}
        return flag or (distinct <= 12 and name_words[-1] in _CATEGORY)
    if not all(isinstance(v, str) for v in present):
        return False
    wordy = sum(len(str(v)) > 60 for v in present) > len(present) / 10
    dated = sum(str(v)[:4].isdigit() and str(v)[4:5] in "-/" for v in present if len(str(v)) > 5) > len(present) / 2
    sparse_enough = distinct <= MOST_VALUES and (len(present) < ENOUGH or distinct <= len(present) / 2)
    return sparse_enough and not wordy and not dated


def _rank(column: CatalogColumn) -> tuple[int, int]:
    name_words = words(column.name)
    liked = [place for place, word in _FIRST if word in name_words]
    return (min(liked) if liked else len(_FIRST), len({v for v in column.sample if v is not None}))
