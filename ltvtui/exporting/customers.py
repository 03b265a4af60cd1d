"""The customers behind a figure, as a table to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from ltvtui.analytics.dimensions import FORECAST_BANDS
from ltvtui.analytics.forecast.forecast import MONTHS, OF_VALUE, PEOPLE
from ltvtui.analytics.forecast.of_snapshot import why_no_value
from ltvtui.analytics.listing import listed
from ltvtui.analytics.snapshot import OTHERWISE
from ltvtui.errors import LtvError
from ltvtui.present.columns import customer_columns
from ltvtui.present.forecast.columns import expected_columns, person_columns
from ltvtui.present.plain import plain
from ltvtui.present.tables import Column, Table
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

DEAREST_FIRST: Final = ("revenue", True)


def columns_there(dataset: Dataset, forecast: bool = False) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Columns that the list of customers has, and further ones that can be asked for by name: the e-mail address
    where it is mapped, every other dimension, and their forecast. With `forecast` the list has that too."""
    people = dataset.people
    listed = customer_columns(people.attributes, "name" in people.frame.columns, forecast)
    usual = {column.key for column in listed}
    more = [Column("email", "email")] if "email" in people.frame.columns else []
    more += [Column(name, name) for name in dataset.dimensions if name not in usual]
    expected = (*person_columns(MONTHS[-1]), *(each for months in MONTHS[:-1] for each in expected_columns(months)))
    return listed, (*more, *(column for column in expected if column.key not in usual))


def chosen(dataset: Dataset, columns: str, forecast: bool = False) -> tuple[Column, ...]:
    """The `columns` named, separated by commas, in that order; all of the list where none are, with `forecast` those
    of the customers' forecast too.

    Raises LtvError (exit code 2) that names those there are.
    """
    names = [name.strip() for name in columns.split(",") if name.strip()]
    listed, more = columns_there(dataset, forecast)
    if not names:
        return listed
    return _picked(names, (*listed, *more))


def customers_export(
    dataset: Dataset, query: Query, columns: str, sort: tuple[str, bool] = DEAREST_FIRST
) -> tuple[Table, tuple[str, ...]]:
    """Customers of `query` with the `columns` named, or all of the list and of their forecast; and what to say of it.

    Raises LtvError where a column is named that is none (exit code 2), or needs a forecast that the shop has not (1).
    """
    why = dataset.snapshot(query).why_no_forecast
    shown = chosen(dataset, columns, forecast=not why)
    expected = next((column for column in shown if column.key in {*PEOPLE, *FORECAST_BANDS}), None)
    if why and expected is not None:
        raise LtvError(f"The column {expected.title} needs a forecast. {why}", OTHERWISE)
    notes: tuple[str, ...] = (f"No columns of a forecast. {why}",) if why and not columns.strip() else ()
    if not why and any(column.key in OF_VALUE for column in shown):
        notes = tuple(filter(None, (why_no_value(dataset.snapshot(query)),)))
    return customer_table(dataset, query, shown, sort), notes


def picked(table: Table, columns: str) -> Table:
    """`table` with the `columns` named, in that order; as it is where none are.

    Raises LtvError (exit code 2) that names those there are.
    """
    names = [name.strip() for name in columns.split(",") if name.strip()]
    if not names:
        return table
    return Table(table.frame, _picked(names, table.in_files), order=table.order)


def customer_table(
    dataset: Dataset,
    query: Query,
    columns: Sequence[Column],
    sort: tuple[str, bool] = DEAREST_FIRST,
    search: str = "",
) -> Table:
    """Customers of `query` with these `columns`, of columns_there; the frame is that of the list, not a copy."""
    forecast = any(column.key in PEOPLE for column in columns)
    found = dataset.ask(listed, query, *sort, search, *((forecast,) if forecast else ()))
    frame = found.frame
    further = [column.key for column in columns if column.key not in frame.columns]
    if further:
        placed = dataset.snapshot(query).by(*further).select("customer", *further)
        frame = frame.join(placed, on="customer", how="left", maintain_order="left")
    return Table(frame, tuple(columns), order=found.order)


def _picked(names: Sequence[str], there: Sequence[Column]) -> tuple[Column, ...]:
    """Columns by key or title, whatever the case; an underscore is read as a space."""
    by_name = {
        _folded(title): column for column in reversed(there) for title in (column.title, column.key, column.name)
    }
    found = []
    for name in names:
        column = by_name.get(_folded(name))
        if column is None:
            near = get_close_matches(_folded(name), list(by_name), n=1, cutoff=0.7)
            question = f"Did you mean {plain(by_name[near[0]].key)}? " if near else ""
            listing = ", ".join(plain(column.name or column.key) for column in there)
            raise LtvError(f"There is no column {name!r}.", f"{question}Choose from: {listing}.", 2)
        if column in found:
            raise LtvError(f"The column {name!r} is named twice.", "Name it once.", 2)
        found.append(column)
    return tuple(replace(column) for column in found)


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()
