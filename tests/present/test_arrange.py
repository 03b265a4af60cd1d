"""A table on screens of several widths: which columns stand first, which titles they have, how long bars are."""

from __future__ import annotations

import polars as pl
import pytest

from ltvtui.present.arrange import arranged
from ltvtui.present.tables import Column, Paint, Table
from ltvtui.tui.widgets.lines import _bar

FRAME = pl.DataFrame({"name": ["ann", "bob"], "part": [0.5, 0.1], "low": [1.0, 2.0], "ltv": [30.0, 3.0]})
COLUMNS = (
    Column("name", "name"),
    Column("part", "of customers", "share", is_part=True, short="% cust"),
    Column("low", "95 % from", "units", rank=1),
    Column("ltv", "LTV", "units", unit="€"),
)
TABLE = Table(FRAME, COLUMNS)
# name 4 + of customers 12 + 95 % from 9 + "LTV, €" 6, and 2 between each two: 37.


@pytest.mark.parametrize(
    ("room", "titles", "widths", "bar"),
    [
        # 50 - 37 = 13 to spare, 12 - 8 = 4 under the title: 17, of which a bar takes 14 and its column 22.
        (50, ["name", "of customers", "95 % from", "LTV"], (4, 22, 9, 6), 14),
        (37, ["name", "of customers", "95 % from", "LTV"], (4, 12, 9, 6), 4),
        # One cell less: the interval stands last. Name, share and LTV take 26 of 36 - 2; 8 + 4 are 12, at most 8.
        (36, ["name", "of customers", "LTV", "95 % from"], (4, 16, 6, 9), 8),
        # 26 do not fit into 27 - 2: the short title takes 6 cells, as does 50.0 %; 20 leave no room for a bar of 4.
        (27, ["name", "% cust", "LTV", "95 % from"], (4, 6, 6, 9), 0),
    ],
)
def test_columns_suit_the_room(room: int, titles: list[str], widths: tuple[int, ...], bar: int) -> None:
    found = arranged(TABLE, room, 2)
    assert [column.title for column in found.columns] == titles
    assert found.widths == widths
    assert found.columns[1].bar == bar
    assert TABLE.columns == COLUMNS


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    found = arranged(TABLE, 50, 2)
    assert found.paints(0, 2, [1]) == [(Paint(share=1.0),), (Paint(share=0.2),)]
    # 0.2 of 14 cells are 22.4 eighths: two cells and six.
    assert [_bar(share, 14).rstrip() for share in (1.0, 0.2, 0.001, 0.0, None)] == ["█" * 14, "██▊", "▏", "", ""]


def test_a_table_without_such_columns_is_left_alone() -> None:
    plain = Table(FRAME, (Column("name", "name"), Column("ltv", "LTV", "units")))
    assert arranged(plain, 5, 2) is plain


def test_a_share_below_nought_has_no_bar() -> None:
    """Where refunds outweigh orders, a share of revenue is negative."""
    table = Table(pl.DataFrame({"name": ["a", "b"], "part": [1.5, -0.5]}), COLUMNS[:2])
    found = arranged(table, 60, 2)
    (one,), (other,) = found.paints(0, 2, [1])
    assert (one, other) == (Paint(share=1.0), Paint(share=-0.5 / 1.5))
    assert _bar(-0.5 / 1.5, 9) == " " * 9
