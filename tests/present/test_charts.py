"""Charts as text: reviewed pictures, and exact dimensions whatever the figures."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from ltvtui.present.charts import (
    Band,
    BarChart,
    Chart,
    ColumnChart,
    Line,
    LineChart,
    Mark,
    Palette,
    Run,
    Timeline,
    Under,
    compact,
    date_ticks,
    render,
    render_sentence,
)
from ltvtui.present.charts.scale import finite, thinned

PALETTE = Palette("#ffffff", "#888888", ("#0000aa", "#00aa00", "#aa0000"), "#00ff00", "#ff0000")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def euros(value: float) -> str:
    return f"{value:,.0f} €".replace(",", " ")


def percent(value: float) -> str:
    return f"{value:.0f} %"


def picture(chart: Chart, width: int, height: int) -> str:
    """The chart's text, without the blanks that end a row."""
    rows = ["".join(run.text for run in row) for row in render(chart, width, height, PALETTE)]
    return "\n".join(row.rstrip() for row in rows)


def runs(chart: Chart, width: int = 60, height: int = 12) -> list[Run]:
    return [run for row in render(chart, width, height, PALETTE) for run in row]


def golden(text: str) -> str:
    """A picture written in a test: the first line break and the last indentation are not part of it."""
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


MONTHS_25 = range(25)
TIERS = LineChart(
    "Cumulative LTV by tier",
    [
        Line("VIP", MONTHS_25, [640 * (1 - math.exp(-m / 9)) for m in MONTHS_25], "accent1"),
        Line("Main", MONTHS_25, [180 * (1 - math.exp(-m / 7)) for m in MONTHS_25], "accent2"),
        Line("Entry", MONTHS_25, [*(60 * (1 - math.exp(-m / 4)) for m in range(18)), *[None] * 7], "accent3"),
    ],
    x_label="months since first order",
    y_label="€ per customer",
    y_format=euros,
)
PARETO = LineChart(
    "Revenue by share of customers",
    [Line("", range(101), [100 * (x / 100) ** 0.27 for x in range(101)])],
    marks=[Mark(4, "4 % → 41.9 %", 41.9), Mark(20, "20 % → 64.8 %", 64.8)],
    y_format=percent,
    x_format=percent,
)
CHANNELS = BarChart(
    "Revenue by channel",
    ["email", "paid search", "日本語ストア", "rare", "refund desk", "unknown"],
    [164652, 98000, 40211, 311, -12000, None],
    format=euros,
    greyed=frozenset({3}),
)
REVENUE = ColumnChart(
    "Revenue by month",
    range(12),
    [41e3, 52e3, 47.5e3, 60e3, 66e3, 71e3, None, 64e3, 80e3, 91e3, 99e3, 38e3],
    x_ticks=[(place, f"{name} 26") for place, name in enumerate(MONTHS)],
    partial_last=True,
    partial_note="Dec 26, unfinished",
)
ORDERS = Timeline(
    "Orders",
    [20089, 20120, 20150, 20151, 20300, 20330],
    [120, 45.5, 80, -80, 60, 150],
    until=20454,
    y_format=euros,
)


def test_lines_carry_a_sign_each_and_end_where_they_were_last_observed() -> None:
    assert picture(TIERS, 64, 14) == golden("""
Cumulative LTV by tier  € per customer
      │                                                ⡀● VIP
      │                                ⢀⣀⣀●⠤⠤⠤⠔⠒⠒⠒⠊⠉⠉⠉⠉
500 € ┤                        ⢀⣀⡠⠤⠔⠒⠊⠉⠁
      │                   ●⡠⠤⠒⠉⠁
      │               ⡠⠔⠒⠉
      │           ⣀⠤⠒⠉
250 € ┤        ⢀⠤⠊
      │      ⡠⠒⠁                       ⣀⣀⣀⣀⣀⣀⣀⣀◆⣀⣀⣀⠤⠤⠤⠤⠄◆ Main
      │   ⢀⠔⠊      ⣀⣀⣀⠤⠤⠤⠔⠒⠒⠒⠒⠉◆⠉⠉⠉⠉⠉⠉⠉
      │⢀⣠●⣡⣤⣤⣒⣒◆⣉⣉⣉⣀▲⣀⣀⣀⡠⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤▲⠤⠤⠤⠤⠄▲ Entry
  0 € ┼┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───┬
       0   2   4   6   8  10  12  14  16  18  20  22  24
                   months since first order
""")


def test_pareto_marks_are_read_beside_the_curve() -> None:
    assert picture(PARETO, 60, 12) == golden("""
Revenue by share of customers
      │  ┊       ┊
100 % ┤  ┊       ┊                              ⢀⣀⣀⣀⡠⠤⠤⠤⠤⠄
      │  ┊       ┊             ⣀⣀⣀⣀⡠⠤⠤⠤⠔⠒⠒⠒⠒⠉⠉⠉⠉⠁
 75 % ┤  ┊       ┊   ⣀⣀⡠⠤⠤⠒⠒⠊⠉⠉
      │  ┊    ⣀⡠⠤●⠊⠉⠉
 50 % ┤  ┊⢀⠔⠒⠉   ┊ 20 % → 64.8 %
      │ ⡠●⠁4 % → 41.9 %
 25 % ┤⢰⠁┊       ┊
      │⢸ ┊       ┊
  0 % ┼┬─────────┬─────────┬─────────┬─────────┬─────────┬
       0 %     20 %      40 %      60 %      80 %    100 %
""")


def test_bars_keep_whole_figures_in_one_column_and_leave_the_unobserved_blank() -> None:
    assert picture(CHANNELS, 60, 7) == golden("""
Revenue by channel
email         164 652 €   │███████████████████████████▌
paid search    98 000 €   │████████████████▍
日本語ストア   40 211 €   │██████▊
rare              311 €   │░
refund desk   −12 000 € ██│
unknown                   │
""")


def test_bars_without_room_for_all_say_how_many_are_left_out() -> None:
    assert picture(CHANNELS, 30, 5) == golden("""
Revenue by channel
email         164 652 €  │████
paid search    98 000 €  │██▍
日本語ストア   40 211 €  │█
… 3 more
""")


def test_columns_over_time_tell_the_unfinished_period_in_words_and_shade() -> None:
    assert picture(REVENUE, 60, 10) == golden("""
Revenue by month
░ Dec 26, unfinished
100 k ┤                                    ▄▄▄ ███
      │                    ▂▂▂         ▆▆▆ ███ ███
      │    ▁▁▁     ▅▅▅ ███ ███     ▇▇▇ ███ ███ ███
 50 k ┤▄▄▄ ███ ▇▇▇ ███ ███ ███     ███ ███ ███ ███
      │███ ███ ███ ███ ███ ███     ███ ███ ███ ███ ░░░
      │███ ███ ███ ███ ███ ███     ███ ███ ███ ███ ░░░
    0 ┼─┬───────────┬───────────┬───────────┬───────────────
       Jan 26    Apr 26      Jul 26      Oct 26
""")


def test_columns_below_zero_hang_from_the_ground() -> None:
    chart = ColumnChart("Net change", range(6), [5, 3, -2, -7, None, 4], x_ticks=list(enumerate(MONTHS[:6])))
    assert picture(chart, 40, 11) == golden("""
Net change
10 ┤
   │
 5 ┤█████ ▂▂▂▂▂                   ▅▅▅▅▅
   │█████ █████                   █████
 0 ┤────────────────────────────────────
   │            █████ █████
−5 ┤                  █████
   │                  █████
   └──┬─────┬─────┬─────┬─────┬─────┬───
     Jan   Feb   Mar   Apr   May   Jun
""")


def test_timeline_shows_refunds_below_zero_and_the_silence_until_the_last_day() -> None:
    assert picture(ORDERS, 60, 11) == golden("""
Orders  124 days since the last
       │
       │●                                 ●
 100 € ┤⢸                                 ⡇
       │⢸        ●                   ●    ⡇
       │⢸   ●    ⡇                   ⢸    ⡇├── 124 days ───┤
   0 € ┤⠘┈┈┈⠘┈┈┈┈⡇┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈⠘┈┈┈┈⠃┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈
       │         ⡇
       │         ○
−100 € ┼┬────────────┬───────────┬────────────┬────────────┬
        Jan 25    Apr 25      Jul 25       Oct 25     Jan 26
""")


def test_steps_hold_until_the_next_point_and_bounds_are_dotted() -> None:
    chart = LineChart(
        "Retention",
        [
            Line("All", [0, 2, 4, 6], [1, 0.6, 0.3, 0.2]),
            Line("", [0, 2, 4, 6], [1, 0.8, 0.5, 0.4], dotted=True),
        ],
        steps=True,
        y_format=lambda share: f"{share * 100:.0f} %",
    )
    assert picture(chart, 40, 10) == golden("""
Retention
      │
100 % ┤⠠⠤⠤⠤⠤⠤⠤⠤⢤
      │        ⢸⠠⠠⠠⠠⠄⠄⠄
      │        ⢸⣀⣀⣀⣀⣀⣀⣀⡀
 50 % ┤                ⡇⠂⠂⠂⠂⠂⠂⠂
      │                ⠧⠤⠤⠤⠤⠤⠤⠤⡅
      │                        ⠃─ All
  0 % ┼┬───┬───┬───┬───┬───┬───┬
       0   1   2   3   4   5   6
""")


def test_vertical_bars_are_columns_with_names() -> None:
    chart = BarChart("P(alive)", ["low", "middle", "high"], [40, 12, 51], horizontal=False)
    assert picture(chart, 36, 8) == golden("""
P(alive)
   │                ▁▁▁▁▁▁▁
50 ┤▂▂▂▂▂▂▂         ███████
   │███████         ███████
25 ┤███████         ███████
   │███████ ███████ ███████
 0 ┼───┬───────┬───────┬────────────
      low   middle   high
""")


def test_more_columns_than_cells_become_a_staircase_that_leaves_none_out() -> None:
    values = [0.0] * 200
    values[101] = 9000.0
    text = picture(ColumnChart("Weeks", range(200), values), 40, 10)
    assert "5 k" in text
    assert any("\u2800" < character <= "\u28ff" for character in text.splitlines()[2])


def test_a_gap_splits_the_line_without_joining_its_sides() -> None:
    whole = LineChart("", [Line("", [0, 1, 2, 3], [5, 5, 5, 5])])
    split = LineChart("", [Line("", [0, 1, 2, 3], [5, 5, None, 5])])
    dots = [sum("\u2800" < c <= "\u28ff" for c in picture(chart, 40, 8)) for chart in (whole, split)]
    assert dots[1] < dots[0] * 0.5


@pytest.mark.parametrize("nothing", [[], [None, None], [math.nan], [math.inf, -math.inf]])
def test_without_figures_there_is_a_sentence(nothing: list[float | None]) -> None:
    for chart in (
        LineChart("LTV", [Line("VIP", range(len(nothing)), nothing)]),
        BarChart("LTV", ["a", "b"][: len(nothing)], nothing),
        ColumnChart("LTV", range(len(nothing)), nothing),
    ):
        assert picture(chart, 60, 7).split("\n")[3].strip() == "No orders in this selection"
    assert "No orders yet" in picture(Timeline("Orders", range(len(nothing)), nothing), 60, 7)


@pytest.mark.parametrize(
    "ys",
    [
        [7.5],
        [7, 7, 7],
        [0, 0, 0],
        [-3, -100, -7.5],
        [1e305, -1e308],
        [5e-324, 1e-300],
        [1e16, 1e16 + 2],
        [True, 3],
    ],
    ids=str,
)
@pytest.mark.parametrize("from_zero", [True, False])
def test_degenerate_curves_are_drawn(ys: list[float], from_zero: bool) -> None:
    text = picture(LineChart("", [Line("", range(len(ys)), ys)], y_from_zero=from_zero), 60, 12)
    assert any("\u2800" < character <= "\u28ff" or character == "●" for character in text)


def test_no_figure_is_cut_however_narrow() -> None:
    chart = BarChart("Revenue", ["a long name of a channel"], [1234567], format=euros)
    for width in range(16, 60):
        text = picture(chart, width, 5)
        assert "1 234 567 €" in text or "Too small" in text.replace("\n", " ")


def test_labels_on_an_axis_never_touch() -> None:
    ticks = [(column, f"{column} label") for column in range(0, 60, 3)]
    placed = thinned(ticks, 60)
    assert len(placed) > 2
    ends = [start + cell_len(label) for _, start, label in placed]
    assert all(after[1] >= end + 2 for end, after in zip(ends, placed[1:], strict=False))
    assert ends[-1] <= 60


@pytest.mark.parametrize(
    ("first", "last", "count", "labels"),
    [
        (19723, 20453, 6, ["Jan 24", "Jul 24", "Jan 25", "Jul 25"]),
        (20089, 20104, 5, ["1 Jan 25", "8 Jan 25", "15 Jan 25"]),
        (10957, 20454, 6, ["2000", "2005", "2010", "2015", "2020", "2025"]),
        (20089, 20089, 5, ["1 Jan 25"]),
    ],
)
def test_dates_on_an_axis(first: int, last: int, count: int, labels: list[str]) -> None:
    assert [label for _, label in date_ticks(first, last, count)] == labels


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.25, "0.25"),
        (950, "950"),
        (50_000, "50 k"),
        (1_200_000, "1.2 M"),
        (-3000, "−3 k"),
        (999_999, "1 M"),
    ],
)
def test_short_figures(value: float, text: str) -> None:
    assert compact(value) == text


def test_colours_follow_roles_and_grey_is_dim() -> None:
    drawn = runs(CHANNELS)
    assert {run.colour for run in drawn if "█" in run.text} == {"#0000aa", "#ff0000"}
    assert all(run.dim for run in drawn if "░" in run.text)
    assert runs(TIERS)[0] == Run("Cumulative LTV by tier  ", "#ffffff", bold=True)
    assert {run.colour for run in runs(TIERS) if set(run.text) & set("●◆▲")} == {
        "#0000aa",
        "#00aa00",
        "#aa0000",
    }


def test_a_palette_without_colours_is_enough() -> None:
    assert {run.colour for row in render(TIERS, 60, 14, Palette()) for run in row} == {None}


def test_what_the_data_says_cannot_steer_the_terminal() -> None:
    nasty = "\x1b[2Jname\u202e\x9b1m\r\n[red]"
    assert "[2Jname1m  [red]" in picture(BarChart(nasty, [nasty], [1]), 60, 5)


def test_characters_that_would_join_their_neighbours_keep_the_row_in_shape() -> None:
    check(BarChart("⌚ 🇩🇪🇩", ["🇩", "🇪\u200d", "☔\ufe0f", "👩‍🚀"], [1, 2, 3, 4], format=lambda _: "🇪⌚"), 40, 6)


def test_a_sentence_takes_the_rows_it_needs() -> None:
    rows = render_sentence("No orders in this selection", 12, 4, PALETTE)
    texts = ["".join(run.text for run in row) for row in rows]
    assert texts == ["No orders in", "    this    ", " selection  ", "            "]


def test_finite() -> None:
    assert [finite(value) for value in (1, "x", None, math.nan, math.inf, 10**400)] == [1.0, *[None] * 5]


NUMBERS = st.one_of(st.none(), st.floats(), st.integers(-(10**30), 10**30), st.just(10**400))
SERIES = st.lists(NUMBERS, max_size=30)
FLOATS = st.lists(st.floats(), max_size=30)
TEXT = st.one_of(st.text(st.characters(), max_size=12), st.sampled_from(["👩‍🚀", "\u200d", "🇩", "e\u0301", "日本"]))
SIZES = {"width": st.integers(1, 200), "height": st.integers(1, 60)}


def check(chart: Chart, width: int, height: int) -> None:
    rows = render(chart, width, height, PALETTE)
    assert len(rows) == height
    for row in rows:
        assert cell_len("".join(run.text for run in row)) == width
        assert sum(cell_len(run.text) for run in row) == width
        assert not any(unicodedata.category(c) in {"Cc", "Cs"} for run in row for c in run.text)


CURVES = st.builds(Line, name=TEXT, xs=FLOATS, ys=SERIES, dotted=st.booleans())


@given(
    lines=st.lists(CURVES, max_size=5),
    title=TEXT,
    marks=st.lists(st.builds(Mark, st.floats(), TEXT, NUMBERS), max_size=3),
    ticks=st.lists(st.tuples(st.floats(), TEXT), max_size=5),
    options=st.fixed_dictionaries(
        {
            "y_from_zero": st.booleans(),
            "steps": st.booleans(),
            "x_label": TEXT,
            "x_steps": st.sampled_from([(), (1, 2, 3, 6, 12)]),
            "levels": st.lists(st.floats(allow_nan=False), max_size=2),
            "bands": st.lists(st.builds(Band, FLOATS, SERIES, SERIES), max_size=2),
            "y_range": st.sampled_from([None, (0, 100), (-1, 1)]),
            "under": st.lists(st.builds(Under, TEXT, FLOATS, SERIES, st.integers(-1, 6)), max_size=4),
        }
    ),
    **SIZES,
)
@settings(max_examples=examples(150), deadline=None)
@example([Line("a", [0, 1], [5e-324, 0])], "", [], [], {"steps": True, "y_from_zero": True, "x_label": ""}, 20, 5)
def test_line_charts_have_exact_dimensions(
    lines: list[Line],
    title: str,
    marks: list[Mark],
    ticks: list[tuple[float, str]],
    options: dict[str, Any],
    width: int,
    height: int,
) -> None:
    check(LineChart(title, lines, marks=marks, x_ticks=ticks, y_label=title, **options), width, height)


@given(
    values=SERIES,
    labels=st.lists(TEXT, max_size=30),
    horizontal=st.booleans(),
    grey=st.integers(0, 9),
    **SIZES,
)
@settings(max_examples=examples(150), deadline=None)
def test_bar_charts_have_exact_dimensions(
    values: list[float | None], labels: list[str], horizontal: bool, grey: int, width: int, height: int
) -> None:
    check(BarChart("Bars", labels, values, horizontal=horizontal, greyed=frozenset({grey})), width, height)


@given(values=SERIES, x=st.one_of(FLOATS, st.just(list(range(30)))), partial=st.booleans(), **SIZES)
@settings(max_examples=examples(150), deadline=None)
def test_column_charts_have_exact_dimensions(
    values: list[float | None], x: list[float], partial: bool, width: int, height: int
) -> None:
    years = ColumnChart("Years", x[:2], values, partial_first=partial)
    check(ColumnChart("Columns", x, values, partial_last=partial, coarser=years), width, height)


@given(days=FLOATS, amounts=SERIES, until=st.one_of(st.none(), st.floats()), rhythm=NUMBERS, **SIZES)
@settings(max_examples=examples(150), deadline=None)
def test_timelines_have_exact_dimensions(
    days: list[float], amounts: list[float | None], until: float | None, rhythm: float | None, width: int, height: int
) -> None:
    check(Timeline("Orders", days, amounts, until=until, rhythm=rhythm), width, height)
