"""Tables of a comparison of two groups: figures, why they differ, tests, and what sets them apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.analytics.comparison.comparison import TESTED, Comparison
from ltvtui.analytics.comparison.profile_index import MOST_VALUES
from ltvtui.analytics.comparison.replicates import FACTORS
from ltvtui.analytics.comparison.sides import SIDE
from ltvtui.analytics.segment_metrics import SEGMENT_METRICS
from ltvtui.present.columns import metric_column
from ltvtui.present.headline.comparison import PART_WORDS, GroupNames, comparison_digits
from ltvtui.present.numbers import amount
from ltvtui.present.tables import Column, Table

LABEL: Final = "group"
MEASURES: Final = ("ltv", *FACTORS)
TEST_WORDS: Final = {
    "ltv": "LTV",
    **{name: PART_WORDS[name] for name in ("check", "frequency", "retention_months")},
    "mann_whitney": "revenue per customer (Mann-Whitney)",
    "log_rank": "retention (log-rank)",
}
_LEAST_P: Final = 1e-4
SHOWN: Final = 20
"""Values of the index that a table for people has."""


def group_table(found: Comparison, names: GroupNames, gross: bool, currency: str = "") -> Table:
    """Both groups, the difference, and its 95 % interval, a row each; figures are within the common τ."""
    rows = found.rows
    labels = {"a": f"A: {names.a}", "b": f"B: {names.b}"}
    figures = rows.select(pl.col(SIDE).cast(pl.String).replace(labels).alias(LABEL), "customers", *MEASURES, "few")
    by_measure = {difference.measure: difference for difference in found.differences}
    ends = (("A − B", "value"), ("95 % from", "lower"), ("to", "upper"))
    bottom = [
        {LABEL: label, **{name: getattr(by_measure[name], end) for name in MEASURES}, "few": False}
        for label, end in ends
    ]
    below = pl.DataFrame(bottom, schema_overrides=dict.fromkeys(MEASURES, pl.Float64))
    frame = pl.concat([figures, below], how="diagonal")
    within = f"within {found.tau} mo"
    highest = max((abs(value) for value in rows["ltv"].drop_nulls()), default=0.0)
    columns = [metric_column(SEGMENT_METRICS[name], within, highest if name == "ltv" else 0.0) for name in MEASURES]
    shown = [column for column in columns if not (gross and column.key == "margin")]
    return Table(
        frame,
        (
            Column(LABEL, LABEL),
            metric_column(SEGMENT_METRICS["customers"]),
            *(_with_unit(column, currency) for column in shown),
        ),
        few="few",
    )


def part_table(found: Comparison, gross: bool, currency: str = "") -> Table | None:
    """Why LTV differs: what each factor adds to the difference; None where there are no parts."""
    parts, difference = found.parts.parts, found.of("ltv").value
    if parts is None or difference is None:
        return None
    shown = {PART_WORDS[name]: part for name, part in parts.items() if not (gross and name == "margin")}
    labelled = [*shown.items(), ("difference of LTV", difference)]
    rows = [(factor, part, _share(part, difference)) for factor, part in labelled]
    decimals = comparison_digits(found)
    return Table(
        pl.DataFrame(rows, {"factor": pl.String, "part": pl.Float64, "share": pl.Float64}, orient="row"),
        (
            Column("factor", "factor"),
            Column("part", "part", "units", decimals=decimals, unit=currency, help="What it adds to the difference."),
            Column("share", "of difference", "share"),
        ),
    )


def test_table(found: Comparison) -> Table:
    """Each test with its p, that adjusted for there being several, and whether it finds a difference."""
    p = {name: found.of(name).p for name in TESTED}
    p["mann_whitney"] = None if found.mann_whitney is None else found.mann_whitney.p
    p["log_rank"] = None if found.log_rank is None else found.log_rank.p
    rows = [
        {
            "test": TEST_WORDS[name],
            "p": p_words(p[name]),
            "adjusted": p_words(adjusted),
            "verdict": "too few" if found.few else "clear" if found.differs(name) else "not clear",
        }
        for name, adjusted in found.adjusted.items()
    ]
    schema = {"test": pl.String, "p": pl.String, "adjusted": pl.String, "verdict": pl.String}
    return Table(
        pl.DataFrame(rows, schema=schema),
        (
            Column("test", "difference of"),
            Column("p", "p", help="How often chance alone gives so large a difference."),
            Column("adjusted", "adjusted", help="p adjusted for several tests."),
            Column("verdict", "verdict", help="Clear: adjusted p below 0.05."),
        ),
    )


NO_ATTRIBUTES: Final = "made of orders, as the shop has no attributes: --customers or [mapping.attributes] adds them"
"""Why an index is of dimensions that every shop has, and how to have others."""


def index_table(index: pl.DataFrame, a: str = "A", b: str = "B", most: int = SHOWN) -> Table:
    """The first `most` rows of profile_index.INDEX, whose shares are of the groups called `a` and `b`."""
    return Table(
        index.head(most),
        (
            Column("dimension", "dimension"),
            Column("value", "value"),
            Column("customers_a", "customers", "count", help=f"Customers of {a} with this value."),
            Column("share_a", f"% of {a}", "share"),
            Column("share_b", f"% of {b}", "share"),
            Column("index", "index", "ratio", decimals=0, help=f"Share of {a} ÷ share of {b} × 100."),
            Column("z", "z", "ratio", decimals=1, help="Standard errors of the difference of both shares."),
        ),
        few="few",
    )


def more_words(index: pl.DataFrame, most: int = SHOWN) -> tuple[str, ...]:
    """What the table of an index leaves out."""
    left = index.height - most
    return (f"{left} more values in JSON (at most {MOST_VALUES} of a dimension)",) if left > 0 else ()


def p_words(p: float | None) -> str:
    """0.0312, or <0.0001; – where nothing could be tested."""
    if p is None:
        return "–"
    return "<0.0001" if p < _LEAST_P else amount(p, 4)


def _with_unit(column: Column, currency: str) -> Column:
    return replace(column, unit=currency) if column.kind == "units" and currency else column


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
