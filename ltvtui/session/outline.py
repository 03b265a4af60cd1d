"""What a shop can be asked by, found without reading its orders: for completion, which has no time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import polars as pl

from ltvtui.analytics.dimensions import AGE_BANDS, ALIVE_BANDS, DERIVED, EXPECTED_BANDS, ORDERS_BANDS, PERIODS
from ltvtui.analytics.lifecycle.lifecycle import STAGES
from ltvtui.analytics.rfm.names import usual_names
from ltvtui.analytics.tiers.tiers import TIERS
from ltvtui.errors import LtvError
from ltvtui.query.grammar.fields import FIGURES, FORECAST, TEXTS, FilterField, Kind
from ltvtui.session.find_mapping import understand
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.request_source import opened_source
from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.catalog import tables_of
from ltvtui.sources.catalog_table import CatalogTable
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.registry import bytes_before
from ltvtui.sources.sql import quote

LARGEST_FILE: Final = 5_000_000
"""Bytes of csv, xlsx or other files that are looked into: they have to be read as a whole."""
SECONDS: Final = 0.3
"""Longest time that one look for values may take."""
T = TypeVar("T")
MOST_VALUES: Final = 500
FIXED: Final[dict[str, tuple[str, ...]]] = {
    "tier": tuple(TIERS),
    "stage": tuple(STAGES),
    "ABC": ("A", "B", "C"),
    "XYZ": ("X", "Y", "Z"),
    "orders band": ORDERS_BANDS,
    "age band": AGE_BANDS,
    "p alive band": ALIVE_BANDS,
    "expected orders band": EXPECTED_BANDS,
}
"""Values of dimensions that are the same in every shop; names of RFM segments join them."""


@dataclass(frozen=True)
class Outline:
    """Dimensions, fields of filters, tables and columns of a shop."""

    dimensions: tuple[str, ...] = ("tier", *DERIVED[1:])
    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    fields: tuple[FilterField, ...] = ()


def outline(request: OpenRequest) -> Outline:
    """The outline of a shop; what every shop has where it cannot be opened, understood or looked into in time."""
    return _read_database(request, _outline, _of_every_shop())


def values_of(request: OpenRequest, dimension: str) -> tuple[str, ...]:
    """Some values of a dimension, in the order of the alphabet; none where they cannot be found in time."""
    if dimension == "RFM":
        return tuple(usual_names().names)
    if dimension in FIXED:
        return FIXED[dimension]
    return _read_database(request, lambda database, mapping: _values(database, mapping, dimension), ())


def as_frame(values: tuple[str, ...]) -> pl.DataFrame:
    """As query.grammar.fields.values_of gives them; nothing was counted."""
    return pl.DataFrame({"value": values, "count": [1] * len(values)}, schema={"value": pl.String, "count": pl.Int64})


def _read_database(request: OpenRequest, read: Callable[[Database, Mapping | None], T], otherwise: T) -> T:
    with suppress(LtvError, OSError, TooSlow):
        if request.path is None or bytes_before(request.locator) > LARGEST_FILE:
            return otherwise
        with opened_source(replace(request, cache=False)) as source, source.open() as database:
            mapping = None
            with suppress(LtvError):  # columns are there all the same
                mapping, _ = understand(database, request, request.saved())
            return read(database, mapping)
    return otherwise


def _of_every_shop() -> Outline:
    return Outline(fields=_fields(Outline.dimensions))


def _outline(database: Database, mapping: Mapping | None) -> Outline:
    tables = tables_of(database)
    columns = tuple(dict.fromkeys(column.name for table in tables for column in table.columns))
    dimensions = Outline.dimensions
    if mapping is not None:
        own = [a.name for a in (*(mapping.customers.attributes if mapping.customers else ()), *mapping.attributes)]
        age = ["age band"] if mapping.customers is not None and mapping.customers.birth_date else []
        dimensions = tuple(dict.fromkeys(("tier", *own, *age, *DERIVED[1:])))
    return Outline(dimensions, tuple(table.name for table in tables), columns, _fields(dimensions))


def _fields(dimensions: tuple[str, ...]) -> tuple[FilterField, ...]:
    cuts: list[tuple[str, Kind]] = [(name, "period" if name in PERIODS else "cut") for name in dimensions]
    texts: list[tuple[str, Kind]] = [(name, "text") for name in TEXTS]
    fields = [FilterField(name, kind, name) for name, kind in (*cuts, *FIGURES)]
    return (*fields, *FORECAST, *(FilterField(name, kind, name) for name, kind in texts))


def _values(database: Database, mapping: Mapping | None, dimension: str) -> tuple[str, ...]:
    if mapping is None:
        return ()
    customers = mapping.customers
    places = [(mapping.orders, a) for a in mapping.attributes]
    places += [(customers.table, a) for a in customers.attributes] if customers else []
    for table, attribute in places:
        if attribute.name == dimension and (found := _table(database, table)) is not None:
            column = quote(attribute.column)
            sql = f"SELECT DISTINCT {column} FROM {quote(found.name)} LIMIT {MOST_VALUES}"  # noqa: S608 - quoted
            try:
                values = [value for (value,) in database.query(sql, seconds=SECONDS)]
            except TooSlow:
                existing = found.column(attribute.column)
                values = list(existing.sample) if existing else []
            return tuple(sorted({str(value) for value in values if value not in (None, "")}))
    return ()


def _table(database: Database, name: str) -> CatalogTable | None:
    """None of a SELECT, and of a table of lines that the column may stand in."""
    return next((table for table in tables_of(database) if table.name == name), None)
