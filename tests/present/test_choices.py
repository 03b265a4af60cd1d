"""Lists to pick a column from: best first, aligned, with what stands there."""

from __future__ import annotations

from ltvtui.present.choices import choice_lines
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection.choices import Choice, choices

ORDERS = CatalogTable(
    "orders",
    (
        CatalogColumn("note", "TEXT", sample=("gift", None, "gift", "\x1b[31mred", "late", "blue")),
        CatalogColumn("amount", "REAL", sample=(12.5, 7.25, None, 99.99)),
        CatalogColumn("ordered_at", "TEXT", sample=("2024-01-05", "2024-02-06", "2024-03-07")),
        CatalogColumn("picture", "BLOB", sample=(b"", b"")),
    ),
)


def test_lines_are_aligned_and_hold_no_control() -> None:
    found = [
        Choice("amount", 0.98, ("12.5", "7.25")),
        Choice("名" * 20, 0.0, ("\x1b[31mred" * 9,)),
        Choice("iso", None, ("2014-01-15",)),
    ]
    assert list(choice_lines(found, 60).values()) == [
        "amount                      12.5, 7.25                  98 %",
        "名名名名名名名名名名名名 …  [31mred[31mred[31mred[31m…     –",
        "iso                         2014-01-15",
    ]


def test_the_best_comes_first_with_different_values_of_it() -> None:
    amounts = choices("amount", [ORDERS], "orders")
    assert amounts[0] == Choice("amount", amounts[0].score, ("12.5", "7.25", "99.99"))
    assert {choice.name for choice in amounts} == {"note", "amount", "ordered_at", "picture"}
    assert choices("date", [ORDERS], "orders")[0].name == "ordered_at"
    notes = next(choice for choice in amounts if choice.name == "note")
    assert notes.values == ("gift", "\x1b[31mred", "late")
    assert next(choice for choice in amounts if choice.name == "picture").values == ()


def test_tables_and_formats_are_picked_as_columns_are() -> None:
    assert choices("orders", [ORDERS], "")[0].values == ("note", "amount", "ordered_at", "picture")
    assert choices("date_format", [ORDERS], "orders")[0].name == "iso"
    assert choices("customer", [ORDERS], "nowhere") == []
