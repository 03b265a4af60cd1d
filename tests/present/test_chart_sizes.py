"""Charts at three sizes: what they show is what there is room for."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from ltvtui.present.charts import Chart, Line, LineChart, Palette, Timeline, render
from ltvtui.present.plots import revenue_plot

PALETTE = Palette("#ffffff", "#888888", ("#0000aa", "#00aa00", "#aa0000"), "#00ff00", "#ff0000")
SIZES = [(40, 6), (60, 12), (100, 20)]


def picture(chart: Chart, width: int, height: int) -> str:
    rows = ["".join(run.text for run in row) for row in render(chart, width, height, PALETTE)]
    return "\n".join(row.rstrip() for row in rows).rstrip("\n")


def golden(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


def months(count: int, partial: bool = True) -> pl.DataFrame:
    """Months from February 2023 on, of which each brought 1 000 more than the one before."""
    firsts = [date(2023 + (month + 1) // 12, (month + 1) % 12 + 1, 1) for month in range(count)]
    return pl.DataFrame(
        {
            "month": firsts,
            "orders": [1] * count,
            "revenue": [(month + 1) * 10_000_000 for month in range(count)],
            "partial": [partial and month == count - 1 for month in range(count)],
        }
    )


REVENUE = revenue_plot(months(30), "€")
RETURNS = LineChart(
    "LTV:CAC",
    [
        Line("email", range(13), [25 + 6 * month for month in range(13)], "accent5"),
        Line("search", range(13), [1.2 + 0.2 * month for month in range(13)], "accent1"),
        Line("social", range(13), [0.8 + 0.03 * month for month in range(13)], "accent2"),
        Line("target 3", [0, 12], [3, 3], "muted", dotted=True),
    ],
    x_label="months since the first order",
    x_format=lambda value: f"{value:g}",
    x_steps=(1, 2, 3, 6, 12),
)
CUSTOMER = Timeline("Orders", [19000, 19030, 19055, 19090, 19120], [40, 80, 60, 75, 90], until=19300, rhythm=30)


@pytest.mark.parametrize("size", SIZES)
def test_each_size_is_filled_exactly(size: tuple[int, int]) -> None:
    for chart in (REVENUE, RETURNS, CUSTOMER):
        assert len(render(chart, *size, PALETTE)) == size[1]


def test_six_rows_are_a_line_of_figures() -> None:
    assert picture(REVENUE, *SIZES[0]) == golden("""
Revenue by month
Jul 25 30 k (last month incomplete)
Jun 25 29 k · May 25 28 k · Apr 25 27 k
Mar 25 26 k · Feb 25 25 k
""")
    assert picture(RETURNS, *SIZES[0]) == golden("""
LTV:CAC: email 97 · search 3.6
social 1.16 · target 3
at 12 months since the first order
""")


def test_months_become_quarters_and_years_where_columns_have_no_room() -> None:
    assert picture(REVENUE, 100, 12) == golden("""
Revenue by month  €
░ last month incomplete
40 k ┤
     │
30 k ┤                                                                           ▂▂ ▃▃ ▅▅ ▆▆ ░░
     │                                                            ▂▂ ▃▃ ▅▅ ▆▆ ██ ██ ██ ██ ██ ░░
20 k ┤                                             ▂▂ ▃▃ ▅▅ ▆▆ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ░░
     │                              ▂▂ ▃▃ ▅▅ ▆▆ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ░░
10 k ┤               ▂▂ ▃▃ ▅▅ ▆▆ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ░░
     │▂▂ ▃▃ ▅▅ ▆▆ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ░░
   0 ┼─────────────────────────────────┬───────────────────────────────────┬────────────────────────
                                     2024                                2025
""")
    assert picture(REVENUE, 60, 12) == golden("""
Revenue by quarter  €
░ first and last quarter incomplete
100 k ┤
      │                                    ▆▆▆
 75 k ┤                            ▂▂▂ ███ ███
      │                        ▄▄▄ ███ ███ ███
 50 k ┤                ▁▁▁ ▇▇▇ ███ ███ ███ ███
      │            ▃▃▃ ███ ███ ███ ███ ███ ███
 25 k ┤        ▅▅▅ ███ ███ ███ ███ ███ ███ ███ ░░░
      │░░░ ███ ███ ███ ███ ███ ███ ███ ███ ███ ░░░
    0 ┼─┬───────┬───────┬───────┬───────┬───────┬───────────
       Q1 23  Q3 23   Q1 24   Q3 24   Q1 25   Q3 25
""")
    assert picture(REVENUE, 24, 12) == golden("""
Revenue by year  €
░ first and last year i…
      │
      │      ▂▂▂▂▂
200 k ┤      █████ ░░░░░
      │      █████ ░░░░░
      │      █████ ░░░░░
100 k ┤      █████ ░░░░░
      │░░░░░ █████ ░░░░░
      │░░░░░ █████ ░░░░░
    0 ┼──┬─────┬─────┬──
       2023  2024  2025
""")


def test_quarters_hold_the_sum_of_their_months() -> None:
    """Feb + Mar 2023 bring 1 000 + 2 000, Apr … Jun 3 000 + 4 000 + 5 000."""
    quarters = REVENUE.coarser
    assert quarters is not None
    assert list(quarters.values)[:2] == [3_000, 12_000]
    assert sum(value for value in quarters.values if value) == sum(value for value in REVENUE.values if value)


@pytest.mark.parametrize(
    ("count", "partial", "told"),
    [
        (5, False, "first quarter incomplete"),
        (6, False, "first and last quarter incomplete"),
        (8, True, "first and last quarter incomplete"),
    ],
)
def test_quarters_that_are_not_whole_are_said(count: int, partial: bool, told: str) -> None:
    """From February 2023: five months end in June, six in July, eight in September, which may go on."""
    quarters = revenue_plot(months(count, partial), "€").coarser
    assert quarters is not None
    assert quarters.partial_note == told


def test_curves_that_differ_twentyfold_stand_on_a_logarithmic_axis() -> None:
    assert picture(RETURNS, *SIZES[1]) == golden("""
LTV:CAC, log scale
    │
100 ┤                           ⢀⣀⣀▼⣀⣀⣀⣀⡠⠤⠤⠤⠤⠤⠤⠄▼ email
    │      ⣀⣀⣀⣀⠤⠤⠤⠤⠔⠒▼⠒⠒⠉⠉⠉⠉⠉⠉⠉⠉⠁
    │⠐▼⠉⠉⠉⠉
 10 ┤
    │                                   ⣀⣀⣀⣀⣀⣀⣀⡀● search
    │⠈⠈⠈⠈⠈⠈⠈⣈⣈⣈⣈⣈⣈⠬⠬⠬⠬⠬⠬●⠚⠚⠓⠓⠓⠉⠉⠉⠉⠉⠉⠉⠉⠉●⠁⠁⠁⠁⠁⠁⠁⠁┈ target 3
  1 ┤⢐⣉⣉⣉⠭●⠭⠤◆⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤◆⠤⠔⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒◆⠒⠒⠒⠒⠂◆ social
    └┬──────┬──────┬──────┬──────┬──────┬──────┬
     0      2      4      6      8     10     12
            months since the first order
""")
    assert picture(RETURNS, *SIZES[2]) == golden("""
LTV:CAC, log scale
    │
100 ┤                                                                   ⣀⣀⣀⣀⣀⣀⣀⠤⠤⠤⠤⠄▼ email
    │                                        ⣀⣀⣀⣀⣀⣀⡠⠤⠤⠤⠤⠤⠤⠔⠒▼⠒⠒⠒⠒⠊⠉⠉⠉⠉⠉⠉
    │                      ⢀⣀⣀⣀⣀⠤⠤▼⠤⠔⠒⠒⠒⠊⠉⠉⠉⠉
    │        ⢀⣀⣀⡠⠤⠤⠒⠒⠒⠒⠊⠉⠉⠉⠁
    │⠠⠤⠤▼⠒⠒⠉⠉⠁
    │
    │
 10 ┤
    │
    │
    │                                                                ⢀⣀⣀⣀⣀⣀⣀⣀⣀⠤⠤⠤⠤⠤⠄● search
    │⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⠈⢈⣈⣈⣈⣁⣁⣁⠥⠥⠥⠥⠥⠥⠥⠓⠓⠓⠓⠓⠓⠋⠉⠉⠉⠉●⠉⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁┈ target 3
    │                ⢀⣀⣀⣀⣀⠤⠤⠤⠤⠒⠒⠒⠒⠒⠊⠉⠉⠉⠉⠉●⠁
    │⢀⣀⣀⣀⠤⠤⠤⠤⠒●⠒⠒⠊⠉⠉⠉⠁
  1 ┤⢀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀◆⣀⣀⣀⡠⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠒◆⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠊⠉⠉⠉⠉⠉⠉⠉◆⠉⠉⠉⠉⠉⠉⠉⠉⠁◆ social
    └┬────────────┬────────────┬────────────┬────────────┬────────────┬────────────┬
     0            2            4            6            8           10           12
                              months since the first order
""")


@pytest.mark.parametrize("ends", [(20, 1), (5, 5), (100, 0), (100, -1), (100, None)])
def test_others_stay_on_a_linear_axis(ends: tuple[float, float | None]) -> None:
    """Twenty times is not more than twenty; what is zero or below has no logarithm; one curve differs from none."""
    chart = LineChart("LTV", [Line(name, [0, 1], [end, end]) for name, end in zip("ab", ends, strict=True)])
    assert "log scale" not in picture(chart, 60, 12)


def test_the_silence_is_held_against_what_is_usual() -> None:
    assert picture(CUSTOMER, *SIZES[1]) == golden("""
Orders  usually 30 days apart · 180 days since the last
   │                      ●     ┊
80 ┤      ●          ●    ⢸     ┊
   │      ⡇          ⡇    ⢸     ┊
60 ┤      ⡇   ●      ⡇    ⢸     ┊
   │      ⡇   ⢸      ⡇    ⢸     ┊
40 ┤●     ⡇   ⢸      ⡇    ⢸     ┊
   │⢸     ⡇   ⢸      ⡇    ⢸     ┊
20 ┤⢸     ⡇   ⢸      ⡇    ⢸├────────── 180 days ───────────┤
   │⢸     ⡇   ⢸      ⡇    ⢸     ┊
 0 ┼───────────────┬────────────────┬────────────────┬──────
                Apr 22           Jul 22           Oct 22
""")
    assert picture(CUSTOMER, *SIZES[2]) == golden("""
Orders  usually 30 days apart · 180 days since the last
    │                                               ┊
100 ┤                                               ┊
    │                                               ┊
    │                                      ●        ┊
    │         ●                            ⡇        ┊
 75 ┤         ⢸                  ●         ⡇        ┊
    │         ⢸                  ⢸         ⡇        ┊
    │         ⢸       ●          ⢸         ⡇        ┊
    │         ⢸       ⢸          ⢸         ⡇        ┊
 50 ┤         ⢸       ⢸          ⢸         ⡇        ┊
    │         ⢸       ⢸          ⢸         ⡇        ┊
    │●        ⢸       ⢸          ⢸         ⡇        ┊
    │⢸        ⢸       ⢸          ⢸         ⡇        ┊
 25 ┤⢸        ⢸       ⢸          ⢸         ⡇        ┊
    │⢸        ⢸       ⢸          ⢸         ⡇        ┊
    │⢸        ⢸       ⢸          ⢸         ⡇├────────────────────── 180 days ──────────────────────┤
    │⢸        ⢸       ⢸          ⢸         ⡇        ┊
  0 ┼──────────────────────────┬────────────────────────────┬───────────────────────────┬───────────
                            Apr 22                       Jul 22                      Oct 22
""")
    assert "usual gap 30 days, now 180" in picture(CUSTOMER, 36, 12)


def test_names_stand_at_the_ends_of_curves_each_on_a_row_of_its_own() -> None:
    flat = LineChart("LTV", [Line(f"channel {n}", [0, 1], [5, 5.01], f"accent{n}") for n in range(1, 6)])
    rows = picture(flat, 60, 12).splitlines()
    named = [row.split("channel ")[1] for row in rows if "channel" in row]
    assert sorted(named) == ["1", "2", "3", "4", "5"]
    assert picture(flat, 30, 12).splitlines()[1].startswith("● channel 1")  # no room: a legend
