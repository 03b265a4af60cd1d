"""When customers order, as charts: of all customers, whose index is 100 by definition, their shares."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.portrait.order_times import OrderTimes
from ltvtui.present.charts import BarChart, Palette, render
from ltvtui.present.comparison.plots import index_plot, times_plots


def counted(name: str, own: list[int], base: list[int]) -> pl.DataFrame:
    """A table of OrderTimes."""
    frame = pl.DataFrame({name: range(len(own)), "orders": own, "base_orders": base})
    shares = [(pl.col(of) / pl.col(of).sum()).alias(to) for of, to in (("orders", "share"), ("base_orders", "all"))]
    return frame.with_columns(shares).with_columns(index=pl.col("share") / pl.col("all") * 100)


def chart_text(chart: BarChart, width: int, height: int) -> str:
    """What is drawn, without colours."""
    rows = render(chart, width, height, Palette("#ffffff", "#888888", ("#0000aa",), "#00ff00", "#ff0000"))
    return "\n".join("".join(run.text for run in row).rstrip() for row in rows)


def times(own: list[int], base: list[int]) -> OrderTimes:
    """Orders of five Mondays and so on; in all months alike."""
    return OrderTimes(counted("weekday", own, base), counted("month", [7] * 12, [7] * 12), None)


def test_weekdays_stand_where_there_are_no_hours() -> None:
    """10 of 40 and 20 of 200 on Mondays are an index of 250."""
    base = [20, 30, 30, 30, 30, 30, 30]
    _, days = times_plots(times([10, 5, 5, 5, 5, 5, 5], base))
    assert days.title == "Orders by weekday: index from 100"
    assert [round(float(value or 0)) for value in days.values[:2]] == [150, -17]
    assert list(days.labels)[:2] == ["Mon", "Tue"]


def test_of_all_customers_the_shares_are_drawn() -> None:
    days = [20, 30, 50, 0, 0, 0, 0]
    months, weekdays = times_plots(times(days, days))
    assert months.title == "Orders by month: share of all"
    assert weekdays.values[:3] == [0.2, 0.3, 0.5]


def test_an_index_of_all_customers_is_drawn_by_shares() -> None:
    rows = pl.DataFrame(
        {"dimension": ["tier"] * 2, "value": ["VIP", "middle"], "share_a": [0.4, 0.6], "few": [False, False]}
    ).with_columns(share_b=pl.col("share_a"), index=pl.lit(100.0))
    drawn = index_plot(rows)
    assert (drawn.title, drawn.values) == ("Share of customers", [0.4, 0.6])
    assert index_plot(rows.with_columns(share_b=pl.lit(0.5), index=pl.lit(80.0))).values == [-20.0, -20.0]


def test_bars_of_an_index_end_where_one_would_leave_nothing_to_the_others() -> None:
    rows = pl.DataFrame({"dimension": ["band"] * 3, "value": ["10", "5", "1"], "few": [False] * 3}).with_columns(
        share_a=pl.lit(0.3), share_b=pl.lit(0.2), index=pl.Series([153_426.0, 300.0, 5.0])
    )
    text = chart_text(index_plot(rows), 60, 8).splitlines()
    assert text[0] == "Index from 100  bars end at +400"
    lengths = {line[:8].strip(): line.count("█") for line in text[1:] if line.strip()}
    assert "+153 326" in text[1]  # the figure is whole
    assert 1.8 < lengths["band 10"] / lengths["band 5"] < 2.2  # 400 and 200 points
    assert index_plot(rows.filter(pl.col("value") != "10")).longest is None
