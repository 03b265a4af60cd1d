"""Why segments and all of them do not add up, in words."""

from __future__ import annotations

import polars as pl

from ltvtui.present.ltv_of_rows import ltv_of_rows_words


def rows(*figures: tuple[str, int, int, float | None]) -> pl.DataFrame:
    return pl.DataFrame(figures, ["tier", "customers", "counted", "ltv"], orient="row")


def test_rows_that_average_to_something_else_say_so() -> None:
    """(200 × 100 + 50 × 300) ÷ 400 = 87.50 against 100; 98.50 would be within 2 %."""
    found = rows(("VIP", 100, 100, 200.0), ("economy", 300, 300, 50.0))
    assert ltv_of_rows_words(found, pl.DataFrame({"ltv": [100.0]}), ("tier",)) == (
        "rows average 87.50, all 100.00: months count who has been seen so long",
    )
    assert ltv_of_rows_words(found, pl.DataFrame({"ltv": [88.0]}), ("tier",)) == ()
    assert ltv_of_rows_words(found.head(1), pl.DataFrame({"ltv": [100.0]}), ("tier",)) == ()


def test_of_a_cut_off_history_rows_say_of_how_many_they_are() -> None:
    found = rows(("VIP", 868, 206, 80.0), ("economy", 10, 10, 80.0))
    told = ltv_of_rows_words(found, pl.DataFrame({"ltv": [80.0]}), ("tier",))
    assert told == ("LTV is of 206 of 868 VIP",)
