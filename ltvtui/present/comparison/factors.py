"""A comparison as one table for the screen: a row a figure, both groups beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import polars as pl

from ltvtui.analytics.comparison.comparison import TESTED, Comparison
from ltvtui.analytics.comparison.differences import Difference
from ltvtui.analytics.comparison.replicates import FACTORS
from ltvtui.analytics.segment_metrics import SEGMENT_METRICS
from ltvtui.present.budget.table import NO_FIGURE, payback_words
from ltvtui.present.comparison.tables import p_words
from ltvtui.present.headline.comparison import PART_WORDS, comparison_digits
from ltvtui.present.headline.words import change
from ltvtui.present.numbers import amount, count, percent
from ltvtui.present.tables import Column, Table

MEASURES: Final = ("ltv", *FACTORS)
_NAMES: Final = {"ltv": "LTV", **PART_WORDS}
_TESTS: Final = {"mann_whitney": "revenue per customer", "log_rank": "retention curve"}
_PAYBACK: Final = ("verdict", "cac", "payback_months", "payback_observed_to")
_TEXTS: Final = ("figure", "a", "b", "difference", "interval", "part", "p", "verdict")


def factor_table(
    found: Comparison, gross: bool, currency: str = "", costs: Sequence[Mapping[str, Any]] | None = None
) -> Table:
    """LTV and its factors of A and B, their difference with its 95 % interval, what each adds, and the verdict of its
    test; what customers of both cost, where `costs` (rows of a budget) say; then both tests of other figures. Figures
    of a row have its unit, so that cells are texts."""
    rows = [_customers(found), *(_measure(found, name) for name in MEASURES if not (gross and name == "margin"))]
    rows += [] if costs is None else _costs(costs)
    rows += [_test(found, name) for name in _TESTS]
    title = f"part, {currency}" if currency else "part"
    return _aligned(
        pl.DataFrame(rows, schema=dict.fromkeys(_TEXTS, pl.String)),
        (
            Column("figure", "figure"),
            Column("a", "A"),
            Column("b", "B"),
            Column("difference", "A − B"),
            Column("interval", "95 % interval", rank=1, is_whole=True),
            Column("part", title, help="What it adds to the difference of LTV: parts add up to it.", rank=1),
            Column("p", "p", help="How often chance alone gives such a difference, adjusted for six tests.", rank=1),
            Column("verdict", "verdict", help="Clear: p below 0.05, and 30 customers in both groups."),
        ),
    )


def _aligned(rows: pl.DataFrame, columns: tuple[Column, ...]) -> Table:
    """Figures end at the same place, as numbers do, and so do the titles over them."""
    titles = {column.key: column.title for column in columns if column.key in _TEXTS[1:-1]}
    widths = {name: max(len(title), *map(len, rows[name])) for name, title in titles.items()}
    aligned = rows.with_columns(pl.col(name).str.pad_start(width) for name, width in widths.items())
    return Table(aligned, tuple(replace(c, title=c.title.rjust(widths.get(c.key, 0))) for c in columns))


def _customers(found: Comparison) -> dict[str, str]:
    a, b = found.rows["customers"].to_list()
    return {**dict.fromkeys(_TEXTS, ""), "figure": "customers", "a": count(a), "b": count(b)}


def _measure(found: Comparison, name: str) -> dict[str, str]:
    of, parts = found.of(name), found.parts.parts or {}
    money = comparison_digits(found)
    part = of.value if name == "ltv" and parts else parts.get(name)
    return {
        "figure": _NAMES[name],
        "a": _write(of.a, name, money),
        "b": _write(of.b, name, money),
        "difference": _change(of.value, name, money),
        "interval": _interval(of, money),
        "part": "" if part is None else change(part, decimals=money),
        "p": p_words(found.adjusted[name]) if name in TESTED else "",
        "verdict": _verdict(found, name) if name in TESTED else "",
    }


def _costs(costs: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What a customer cost, may cost at most, and when it was paid back."""
    rows = []
    for key, title in (("cac", "CAC"), ("max_cac", "max CAC")):
        a, b = (row[key] for row in costs)
        written = {"a": _money(a), "b": _money(b), "difference": "" if None in (a, b) else change(a - b, decimals=2)}
        rows.append({**dict.fromkeys(_TEXTS, ""), "figure": title, **written})
    words = [payback_words(*(row[key] for key in _PAYBACK)) or NO_FIGURE for row in costs]
    return [*rows, {**dict.fromkeys(_TEXTS, ""), "figure": "payback", "a": words[0], "b": words[1]}]


def _money(value: float | None) -> str:
    return NO_FIGURE if value is None else amount(value, 2)


def _interval(of: Difference, money: int) -> str:
    ends = [_change(end, of.measure, money) for end in (of.lower, of.upper)]
    return " to ".join(ends) if all(ends) else ""


def _test(found: Comparison, name: str) -> dict[str, str]:
    p = found.adjusted[name]
    return {
        **dict.fromkeys(_TEXTS, ""),
        "figure": _TESTS[name],
        "p": p_words(p),
        "verdict": _verdict(found, name),
    }


def _verdict(found: Comparison, name: str) -> str:
    return "too few" if found.few else "clear" if found.differs(name) else "not clear"


def _write(value: float | None, name: str, money: int) -> str:
    if value is None:
        return ""
    return percent(value) if name == "margin" else amount(value, _decimals(name, money))


def _change(value: float | None, name: str, money: int) -> str:
    if value is None:
        return ""
    return change(value * 100, "%", 1) if name == "margin" else change(value, decimals=_decimals(name, money))


def _decimals(name: str, money: int) -> int:
    metric: Any = SEGMENT_METRICS[name]
    return money if name == "ltv" else metric.decimals
