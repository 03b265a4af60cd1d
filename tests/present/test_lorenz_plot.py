"""The Lorenz plot: reviewed pictures, and which borders it marks."""

from __future__ import annotations

import polars as pl
import pytest

from ltvtui.analytics.tiers.pareto import lorenz_curve
from ltvtui.present.charts import LineChart, Palette, render
from ltvtui.present.plots import lorenz_plot

PALETTE = Palette("#ffffff", "#888888", ("#0000aa", "#00aa00", "#aa0000"), "#00ff00", "#ff0000")
Tiers = list[tuple[str, float, float]]


def plot(values: list[int], tiers: Tiers) -> LineChart:
    """The plot of customers worth `values`, the highest first."""
    return lorenz_plot(lorenz_curve(pl.Series(values, dtype=pl.Int64)), tiers, "of margin")


def picture(chart: LineChart, width: int, height: int) -> str:
    rows = ["".join(run.text for run in row) for row in render(chart, width, height, PALETTE)]
    return "\n".join(row.rstrip() for row in rows)


def golden(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


FOUR: Tiers = [("economy", 0.5, 0.3), ("middle", 0.25, 0.3), ("VIP", 0.25, 0.4)]
"""Of customers worth 40, 30, 20 and 10."""


def test_borders_are_named_after_the_tier_that_begins_there() -> None:
    assert picture(plot([40, 30, 20, 10], FOUR), 68, 8) == golden("""
Lorenz: least valuable first  % of margin, dotted: equality

100 % ┤                              ┊ middle →     ┊       ⡀⡀⣀⣀⣄⠤⠤⠄
      │                              ┊       ⡀⡀⡀⡀⠄⠄⠄⠄⣂⣂⡢⠥⠥⠓⠓⠉⠉⠁
 50 % ┤                       ⢀⢀⢀⢀⠠⠠⠠⠐⠐⠂⠂⢁⣁⣁⡡⠤⠤⠔⠒⠒⠊⠉● VIP →
      │⢀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣠⣠⣠⣐⣐⣐⣐⣈⣈⠬⠬⠤⠤⠤⠔⠒⠒⠒●⠊⠉⠉⠁          ┊
  0 % ┼┬───────────┬───────────┬───────────┬───────────┬───────────┬
       0 %       20 %        40 %        60 %        80 %      100 %
""")


def test_who_costs_money_pulls_the_curve_below_zero() -> None:
    """120, 30 and −50: least first −50, −20, 100."""
    tiers = [("economy", 1 / 3, -0.5), ("middle", 1 / 3, 0.3), ("VIP", 1 / 3, 1.2)]
    assert picture(plot([120, 30, -50], tiers), 60, 12) == golden("""
Lorenz: least valuable first  % of margin, dotted: equality


100 % ┤                 ┊               ┊          ⡀⡀⡀⠄⢄⡤⠄
      │                 ┊              ⡀⡀⡀⠄⠄⠄⠂⠂⠂⠁⠁⠁ ⣀⠤⠊⠁
 50 % ┤                 ┊ ⢀⢀⢀⠠⠠⠠⠠⠐⠂⠂⠁⠁⠁ ┊       ⢀⡠⠔⠉
      │       ⢀⢀⢀⠠⠠⠠⠐⠐⠐⠈⠈⠈              ┊    ⣀⠤⠒⠁
  0 % ┤⠐⠴⠴⢔⣈⣈⡈┈┈┈┈┈┈┈┈┈┈┊┈middle →┈┈┈┈┈┈┊┈⡠⠔⠊┈┈┈┈┈┈┈┈┈┈┈┈┈
      │      ⠈⠉⠉⠒⠒⠒⠤⠤⢄⣀⣀●⣀⣀⣀⣀⣀⠤⠤⠤⠤⠤⠤⠒⠒⠒⠒●⠉VIP →
−50 % ┼┬─────────┬─────────┬─────────┬─────────┬─────────┬
       0 %     20 %      40 %      60 %      80 %    100 %
                         % of customers
""")


@pytest.mark.parametrize(
    ("tiers", "borders"),
    [
        (FOUR, [("middle →", 50, 30), ("VIP →", 75, 60)]),
        ([("economy", 0.5, 0.3), ("middle", 0.0, 0.0), ("VIP", 0.5, 0.7)], [("VIP →", 50, 30)]),
        ([("economy", 0.5, 0.3), ("middle", 0.5, 0.7), ("VIP", 0.0, 0.0)], [("middle →", 50, 30)]),
        ([("economy", 0.0, 0.0), ("middle", 0.25, 0.1), ("VIP", 0.75, 0.9)], [("VIP →", 25, 10)]),
        ([("economy", 0.0, 0.0), ("middle", 0.0, 0.0), ("VIP", 1.0, 1.0)], []),
    ],
)
def test_a_tier_without_customers_has_no_border(tiers: Tiers, borders: list[tuple[str, float, float]]) -> None:
    marks = plot([40, 30, 20, 10], tiers).marks
    assert [(mark.label, mark.x, pytest.approx(mark.y)) for mark in marks] == borders


@pytest.mark.parametrize("values", [[], [0, 0], [5, -5], [3, -8]])
def test_without_value_there_is_a_sentence(values: list[int]) -> None:
    chart = plot(values, [("economy", 1.0, 0.0), ("middle", 0.0, 0.0), ("VIP", 0.0, 0.0)])
    assert "the total value is zero or less" in picture(chart, 68, 8)
