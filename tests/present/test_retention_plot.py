"""The retention plot: reviewed pictures at two sizes, and what it leaves out."""

from __future__ import annotations

import polars as pl
import pytest

from ltvtui.analytics.survival import median, survival_points
from ltvtui.analytics.tiers.tiers import TIER
from ltvtui.present.charts import LineChart, Palette, render
from ltvtui.present.plots import retention_plot

PALETTE = Palette("#ffffff", "#888888", ("#0000aa", "#00aa00", "#aa0000"), "#00ff00", "#ff0000")
Ends = list[tuple[int, int, int]]
"""(months, customers who end after them, how many of these lapsed)."""

REMISSION: Ends = [
    *((6, 4, 3), (7, 1, 1), (9, 1, 0), (10, 2, 1), (11, 1, 0), (13, 1, 1), (16, 1, 1), (17, 1, 0), (19, 1, 0)),
    *((20, 1, 0), (22, 1, 1), (23, 1, 1), (25, 1, 0), (32, 2, 0), (34, 1, 0), (35, 1, 0)),
]
"""6-MP arm of Freireich and others (1963), weeks for months."""
SHOP: dict[str, Ends] = {
    "VIP": [(1, 12, 12), (3, 30, 24), (6, 60, 20), (9, 90, 8), (13, 300, 0)],
    "middle": [(1, 120, 110), (2, 90, 80), (4, 110, 80), (7, 140, 60), (10, 150, 20), (13, 120, 0)],
    "economy": [(1, 900, 890), (3, 160, 150), (6, 90, 60), (9, 30, 5), (13, 20, 0)],
}


def ends_of(ends: Ends) -> pl.DataFrame:
    schema = {"months": pl.Int32, "ended": pl.Int64, "lapsed": pl.Int64}
    return pl.DataFrame(ends, schema, orient="row")


def plot(segments: dict[str, Ends], horizon: int = 12, by: str = "tier") -> LineChart:
    """The plot of these segments by `by`, in this order."""
    kind = TIER if by == "tier" else pl.String
    ends = pl.concat(
        ends_of(ends).select(
            pl.lit(name, kind).alias(by), pl.col("months").clip(upper_bound=horizon + 1), "ended", "lapsed"
        )
        for name, ends in segments.items()
    )
    curves = survival_points(ends, (by,), horizon)
    return retention_plot(curves, (by,), summary_of(curves, by))


def summary_of(curves: pl.DataFrame, *by: str, within: int | None = None) -> pl.DataFrame:
    """survival.retention_summary where LTV is counted `within` so many months; None: as many as retention tells."""
    months = (pl.col("supported") & (pl.col("age_month") < pl.col("age_month").max())).sum().cast(pl.Int32)
    told = [
        pl.col("sample").first(),
        months.alias("retention_supported_months"),
        (months if within is None else pl.lit(within, dtype=pl.Int32)).alias("within_months"),
    ]
    if not by:
        return pl.concat([curves.select(told), median(curves)], how="horizontal")
    rows = curves.group_by(by, maintain_order=True).agg(told)
    return rows.join(median(curves, by), on=by, maintain_order="left")


def single(ends: Ends, horizon: int) -> LineChart:
    """The plot of all customers."""
    curves = survival_points(ends_of(ends), (), horizon)
    return retention_plot(curves, (), summary_of(curves))


def picture(chart: LineChart, width: int, height: int) -> str:
    rows = ["".join(run.text for run in row) for row in render(chart, width, height, PALETTE)]
    return "\n".join(row.rstrip() for row in rows)


def golden(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


def test_one_curve_carries_its_median_and_the_end_of_observation() -> None:
    """Of 21, ⌈2.1⌉ = 3 have to be at risk: 4 in month 31 tell S(32), which is held to the end of its month."""
    assert picture(single(REMISSION, 36), 60, 18) == golden("""
Retention  survival, 95 % CI shaded

 100 % ┤⠠⠤⠤⠤⠤⠤⠤⠤⢤                      within 33 mo ┊
       │        ⢸⢕⢔⢔⢔⢔⢀⢀⢀⢀             ┊            ┊
       │        ⠈⢹⣀⣀⣀⣀⢕⢕⢕⢕⢔⢔⢔⢔⢀⢀⢀⢀⢀⢀⢀⢀ ┊            ┊
  75 % ┤        ⢐⢕⢕⢕⢕⠘⠒⠒⠒⢲⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢄┊            ┊
       │        ⢐⢕⢕⢕⢕⢕⢕⢕⢕⠈⠉⠉⠉⢹⣀⣀⣀⣀⣀⣀⣀⣀⢕⢔⢔⢔⢔⢔⢔⢔⢔⢔⢔⢔⢔⢔⠄
       │         ⠁⠕⠕⠕⠕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢸⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠅
  50 % ┤┈┈┈┈┈┈┈┈┈┈┈┈┈┈⠑⠑⠑⠑⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠈⠉⡇⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠅┈┈┈┈
       │                  ⠑⠑⠑⠑⢕⢕⢕⢕⢕⢕⢕⢕⢕●⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁
       │                      ⠁⠁⠁⠁⠁⠁⠁⠁⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠅
  25 % ┤                              ⠑⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠅
       │                               ⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁
       │                               ┊ median 23 mo
   0 % ┼┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───┬
        0   3   6   9  12  15  18  21  24  27  30  33  36
                  months since the first order
at risk 21     17      12       9       5       4       0
""")
    assert picture(single(REMISSION, 36), 100, 24) == golden("""
Retention  survival, 95 % CI shaded



 100 % ┤⠠⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⢤                                       ┊         within 33 mo ┊
       │              ⢸⢔⢔⢄⢄⢄⢄⢄⢄⢄                              ┊                      ┊
       │              ⢸⣀⣀⢕⢕⢕⢕⢕⢕⢕⢔⢔⢔⢔⢔⢔⢔⢀⢀⢀⢀⢀⢀⢀                ┊                      ┊
       │              ⢐⢕⠸⠤⠤⠤⠤⠤⠤⢤⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄  ┊                      ┊
  75 % ┤              ⢐⢕⢕⢕⢕⢕⢕⢕⢕⠘⠒⠒⠒⠒⠒⠒⢲⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢄⢄┊                      ┊
       │              ⢐⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠘⠒⠒⠒⠒⠒⠒⢲⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⢄⠄
       │              ⠐⠕⠕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠘⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⢲⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠅
       │                 ⠑⠑⠑⠑⠑⠑⠑⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢸⣀⣀⡀⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠅
  50 % ┤┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈⠑⠑⠑⠑⠑⠑⠑⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⡇⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠅┈┈┈┈┈┈┈
       │                               ⠕⠕⠕⠕⠕⠕⠕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕●⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠂
       │                                      ⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠅
       │                                                    ⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠅
  25 % ┤                                                    ⠁⠁⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⢕⠅
       │                                                      ⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠑⠁
       │                                                      ┊ median 23 mo         ┊
       │                                                      ┊                      ┊
   0 % ┼┬──────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┬
        0      3      6      9     12     15     18     21     24     27     30     33     36
                                    months since the first order
at risk 21    21     17     15     12     11      9      7      5      4      4      2      0
""")


def test_several_curves_tell_their_medians_over_the_plot() -> None:
    """VIP and middle are known to the horizon; of economy 50 at risk in month 8 tell S(9), with which 9 begins."""
    assert picture(plot(SHOP), 60, 18) == golden("""
Retention by tier  survival, 95 % CI shaded
median: ● VIP over 12 mo   ◆ middle 10 mo   ▲ economy 1 mo
   100 % ┤⠠⠤●⢤⠤⠤⠤⠤⠤⢤
         │   ⢸     ⠈⠉⠉⠉⠉●⠉⠉⠉⠹⠤⠤⠤⠤⠤⠤⠤●⣄⣀⣀⣀⣀⣀⣀⣀⣀⡀● VIP
    80 % ┤   ⢸⠉⠉⢹
         │   ⢸  ◆⠉⠉⠉⠉⠉⢹⢀⢀⢀⢀⢀⢀⢀⢀
    60 % ┤   ⢸        ⠘⠒⠒⠒⠒⠒◆⠒⠒⡆⢀⢀⢀⢀⢀⢀⢀⢀
         │┈┈┈⢸┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈⠉⠉⠉⠉⠉⠉⠉⠉⠉◆⠤⠤⠤⠤⠤⠄◆ middle
    40 % ┤   ⢸
         │   ⢸⣀⣀⣀⣀⣀⣀
    20 % ┤         ⢸
         │         ⠈▲⠉⠉⠉⠉⠉⠉⠉⢹⣀⣀⣀▲⣀⣀⣀⣀⣀⣀⣀⡀      ▲ economy
     0 % ┼┬─────┬─────┬─────┬─────┬─────┬─────┬
          0     2     4     6     8    10    12
              months since the first order
● at risk 492        450         390        300
◆ at risk 730        410         270        120
▲ at risk 1 200      140         50          20
""")
    assert picture(plot(SHOP), 100, 24) == golden("""
Retention by tier  survival, 95 % CI shaded
median: ● VIP over 12 mo   ◆ middle 10 mo   ▲ economy 1 mo
   100 % ┤⠠⠤⠤⠤●⠤⠤⣄⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡀
         │       ⡇            ⠧⠤⠤⠤⠤⠤⠤⠤⠤⠤●⠤⠤⠤⠤⠤⠤⠤⠤⢤⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀
         │       ⣇⣀⣀⣀⣀⣀⣀      ⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠘⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒●⠲⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠄● VIP
         │       ⡇⠑⠑⠑⠑⠑⢸                                             ⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁
    75 % ┤       ⡇     ◆⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⢤
         │       ⡇      ⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⢸⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀
         │       ⡇                  ⠸⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤◆⠤⠤⠤⠤⠤⢤
         │       ⡇                   ⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⢸⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡀
    50 % ┤┈┈┈┈┈┈┈⡇┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕⠕◆⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠄◆ middle
         │       ⡇                                                          ⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁
         │       ⡇
         │       ⡇⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀
    25 % ┤       ⠓⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⡆
         │                    ⡇
         │                    ⠓▲⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⢲
         │                                       ⠘⠒⠒⠒⠒⠒⠒⠒⠒▲⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠂▲ economy
     0 % ┼┬────────────┬────────────┬────────────┬────────────┬────────────┬────────────┬
          0            2            4            6            8           10           12
                                   months since the first order
● at risk 492         480          450          390          390          300         300
◆ at risk 730         520          410          410          270          120         120
▲ at risk 1 200       300          140          50           50           20           20
""")


def figures(chart: LineChart, width: int, height: int) -> list[list[str]]:
    """The words of each row under the axis."""
    return [row.split("at risk")[1].split() for row in picture(chart, width, height).splitlines() if "at risk" in row]


def test_rows_under_the_axis_need_room() -> None:
    chart = plot(SHOP)
    assert len(figures(chart, 60, 14)) == 3
    assert figures(chart, 60, 13) == []
    assert figures(chart, 39, 24) == []
    six = plot({f"s{place}": SHOP["VIP"] for place in range(6)}, by="shop")
    assert len(figures(six, 80, 20)) == 6
    assert figures(six, 80, 14) == []  # below the title eight rows that the plot keeps


@pytest.mark.parametrize("width", range(40, 130, 3))
def test_no_count_is_cut(width: int) -> None:
    """Figures of five digits, of which not all have room under ticks that stand close."""
    ends = [(month, 12_345, 9_000) for month in range(1, 37)]
    chart = single(ends, 36)
    told = {f"{12_345 * left:,}".replace(",", " ") for left in range(37)}
    (row,) = (row for row in picture(chart, width, 20).splitlines() if "at risk" in row)
    found = [text for text in row.removeprefix("at risk").split("  ") if text.strip()]
    assert len(found) > 1
    assert {text.strip() for text in found} <= told


def test_rows_take_sign_and_colour_of_their_curve() -> None:
    runs = [run for row in render(plot(SHOP), 60, 18, PALETTE)[-3:] for run in row]
    signs = [(run.text.strip(), run.colour) for run in runs if run.text.strip() in "●◆▲" and run.text.strip()]
    assert signs == [("●", "#0000aa"), ("◆", "#00aa00"), ("▲", "#aa0000")]


def test_bands_have_the_colour_of_their_curve() -> None:
    chart = plot(SHOP)
    assert [line.colour for line in chart.lines] == ["accent1", "accent2", "accent3"]
    assert [band.colour for band in chart.bands] == ["accent1", "accent2", "accent3"]


def test_four_curves_have_no_bands() -> None:
    chart = plot({**SHOP, "other": SHOP["VIP"]}, by="channel")
    assert len(chart.lines) == 4
    assert not chart.bands
    assert "CI" not in picture(chart, 100, 24)


def test_the_six_largest_of_many() -> None:
    ends = {f"s{place}": [(13, 100 + place * 37 % 8, 0)] for place in range(8)}
    chart = plot(ends, by="channel")
    assert chart.title == "Retention by channel, 6 largest"
    # Sizes 100 … 107: s0 has 100, and 37 · 5 mod 8 = 1.
    assert [line.name for line in chart.lines] == ["s1", "s2", "s3", "s4", "s6", "s7"]


def test_what_was_not_observed_is_not_drawn() -> None:
    """Economy: 50 at risk in month 8 tell S(9), 20 in month 9 tell nothing: S(9) is held to the end of its month."""
    economy = plot(SHOP).lines[2]
    assert list(economy.xs) == list(range(11))
    assert economy.ys[9] == economy.ys[10]
    # Of 165, 100 end in month 0 (80 of them left) and 60 in month 1 (20 left); ⌈16.5⌉ = 17 have to be at risk.
    left = single([(1, 100, 80), (2, 60, 20), (9, 5, 0)], 12).lines
    assert list(left[0].xs) == [0, 1, 2, 3]
    after = 85 / 165 * 45 / 65 * 100
    assert list(left[0].ys) == pytest.approx([100, 85 / 165 * 100, after, after])


def test_months_that_only_ltv_has_are_not_drawn() -> None:
    """Economy as above, of which LTV has twelve months: retention is measured for ten of them."""
    curves = survival_points(ends_of(SHOP["economy"]), (), 12)
    chart = retention_plot(curves, (), summary_of(curves, within=12))
    assert list(chart.lines[0].xs) == list(range(11))
    assert [(mark.x, mark.label) for mark in chart.marks] == [(1, "median 1 mo"), (10, "10 of 12 mo measured")]


def test_months_of_nobody_are_no_curve() -> None:
    """A young shop: LTV has three months of data, while no customer is known to have stayed or left."""
    curves = survival_points(ends_of([]), (), 12)
    chart = retention_plot(curves, (), summary_of(curves, within=3))
    assert chart.lines == []


def test_nobody_was_seen_for_long_enough() -> None:
    chart = single([], 12)
    assert "There is not enough data" in picture(chart, 60, 18)


def test_a_segment_without_a_sample_has_no_curve() -> None:
    curves = survival_points(ends_of(SHOP["VIP"]).with_columns(pl.lit("a").alias("channel")), ("channel",), 12)
    summary = summary_of(curves, "channel")
    nobody = pl.DataFrame([["b", 0, 1, 1, None]], summary.schema, orient="row")
    chart = retention_plot(curves, ("channel",), pl.concat([summary, nobody]))
    assert [line.name for line in chart.lines if line.name] == ["a"]
    assert [mark.label for mark in chart.marks] == ["within 12 mo"]
