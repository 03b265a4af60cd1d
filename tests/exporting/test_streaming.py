"""Large lists stream through: no second copy of them is made."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ltvtui.analytics.kernel.sort_order import SortOrder
from ltvtui.analytics.listing import listed
from ltvtui.exporting.customers import chosen, customer_table
from ltvtui.exporting.values import CHUNK, chunks
from ltvtui.present.tables import Column, Table
from ltvtui.query.query import Query
from ltvtui.session.dataset import Dataset


def test_rows_come_in_chunks_in_the_order_of_the_list() -> None:
    count = 2 * CHUNK + 1
    frame = pl.DataFrame({"n": range(count)})
    table = Table(frame, (Column("n", "n", "count"),), order=SortOrder(frame, descending=True))
    found = list(chunks(table))
    assert [chunk.height for chunk in found] == [CHUNK, CHUNK, 1]
    assert pl.concat(found)["n"].to_list() == list(range(count - 1, -1, -1))


def test_no_rows_are_one_chunk_with_the_headings() -> None:
    (found,) = chunks(Table(pl.DataFrame({"a": []}, schema={"a": pl.Int32}), (Column("a", "a", "day"),)))
    assert found.schema == {"a": pl.Date}


def test_headings_are_told_apart_whatever_the_case() -> None:
    frame = pl.DataFrame({"a": [1], "A": [2], "b": [3]})
    columns = (Column("a", "x"), Column("A", "y"), Column("b", "z", name="a 2"))
    (found,) = chunks(Table(frame, columns))
    assert found.columns == ["a", "A 2", "a 2 2"]


def test_the_list_is_written_from_the_frame_that_is_there(dataset_of: Callable[..., Dataset]) -> None:
    dataset = dataset_of([("ann", 0, 10), ("bob", 1, 20)])
    query = Query()
    table = customer_table(dataset, query, chosen(dataset, ""))
    assert table.frame is dataset.ask(listed, query, "revenue", True, "").frame
    assert table.part(0, 2)["id"].to_list() == ["bob", "ann"]
