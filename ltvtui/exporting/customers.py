"""The customers behind a figure, as a table to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from ltvtui.analytics.listing import listed
from ltvtui.errors import LtvError
from ltvtui.present.columns import customer_columns
from ltvtui.present.plain import plain
from ltvtui.present.tables import Column, Table
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset

DEAREST_FIRST: Final = ("revenue", True)


def columns_there(dataset: Dataset) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Columns that the list of customers has, and further ones that can be asked for by name: the e-mail address
    where it is mapped, and every other dimension."""
    people = dataset.people
    listed = customer_columns(people.attributes, "name" in people.frame.columns)
    usual = {column.key for column in listed}
    more = [Column("email", "email")] if "email" in people.frame.columns else []
    more += [Column(name, name) for name in dataset.dimensions if name not in usual]
    return listed, tuple(more)


def chosen(dataset: Dataset, columns: str) -> tuple[Column, ...]:
    """The `columns` named, separated by commas, in that order; all of the list where none are.

    Raises LtvError (exit code 2) that names those there are.
    """
    names = [name.strip() for name in columns.split(",") if name.strip()]
    listed, more = columns_there(dataset)
    if not names:
        return listed
    return _picked(names, (*listed, *more))


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
    found = dataset.ask(listed, query, *sort, search)
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
