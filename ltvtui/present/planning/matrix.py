"""Several segments side by side: figures, scores and total, and what the scores mean."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import polars as pl

from ltvtui.analytics.planning.target_matrix import MATRIX_CRITERIA, SEGMENT, TargetMatrix
from ltvtui.present.columns import FEW_MARK, largest, style_of
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.words import listed, name
from ltvtui.present.numbers import amount, counted, percent
from ltvtui.present.plain import plain
from ltvtui.present.tables import Column, Table

_TITLES: Final = {"size": "size", "value": "LTV", "growth": "growth", "reach": "reach", "net": "LTV − CAC"}
_FIGURES: Final = "figures"
_SCORES: Final = "score 1–5"
MARK: Final = "chosen"


def matrix_table(found: TargetMatrix, chosen: Collection[str] = (), currency: str = "") -> Table:
    """The segments, the highest total first; those `chosen` are marked."""
    marks = ["✓" if segment in chosen else "" for segment in found.rows[SEGMENT]]
    frame = found.rows.with_columns(pl.Series(MARK, marks, dtype=pl.String))
    figures, scores = [], []
    for key, help in MATRIX_CRITERIA.items():
        kind, decimals = style_of("count" if key == "size" else "money", largest(found.rows, key))
        if key in ("growth", "reach"):
            kind, decimals = "share", 1
        unit = currency if key in ("value", "net") else ""
        if key == "size" or found.rows[key].count():
            figures.append(Column(key, _TITLES[key], kind, _FIGURES, decimals, _sentence(help), unit=unit))
        if key in found.limits:
            title = _TITLES[key] if found.weights[key] == 1 else f"{_TITLES[key]} ×{found.weights[key]:g}"
            text = "1 + how many of the four quintiles of the segments it exceeds."
            scores.append(Column(f"{key}_score", title, "count", _SCORES, help=text))
    return Table(
        frame,
        (
            *((Column(MARK, "", widest=1),) if chosen else ()),
            Column(SEGMENT, "segment", widest=30),
            Column("total", "total", "ratio", help="Mean of the scores by weight."),
            *figures,
            *scores,
            FEW_MARK,
        ),
        few="few",
    )


def matrix_clauses(found: TargetMatrix) -> Clauses:
    """Which segment stands first, and which last."""
    ranked = found.rows.filter(pl.col("total").is_not_null())
    if ranked.is_empty():
        return (f"{counted(found.rows.height, 'segment')}: none can be scored",)
    best, worst = ranked.row(0, named=True), ranked.row(-1, named=True)
    if ranked.height > 1 and best["total"] == worst["total"]:
        return (f"no segment is a better target than another: all have {amount(best['total'], 2)} of 5",)
    ties = ranked.filter(pl.col("total") == best["total"]).height - 1
    beside = f", and so {'has' if ties == 1 else 'have'} {counted(ties, 'other')}" if ties else ""
    first = f"{name(best[SEGMENT])} is the best target: {amount(best['total'], 2)} of 5{beside}"
    if ranked.height == 1:
        return (first,)
    return (first, f"{name(worst[SEGMENT])} is last with {amount(worst['total'], 2)}")


def matrix_notes(found: TargetMatrix, currency: str = "") -> tuple[str, ...]:
    """What the figures are, where their scores begin, and why some are not scored."""
    limits = [f"{_TITLES[key]} {_limits(key, values, currency)}" for key, values in found.limits.items()]
    missing = [f"{_TITLES[key]}: {plain(why)}" for key, why in found.missing.items()]
    weighed = [f"{_TITLES[key]} {weight:g}" for key, weight in found.weights.items() if weight != 1]
    has_growth = found.rows["growth"].count() > 0
    return (
        *((f"LTV at the common age of {counted(found.tau, 'month')}",) if found.rows["value"].count() else ()),
        *((f"growth: revenue of the last {counted(found.span, 'day')} and of as many before",) if has_growth else ()),
        f"reach: {MATRIX_CRITERIA['reach']}",
        *((f"a score is 1 + how many of these quintiles are exceeded: {'; '.join(limits)}",) if limits else ()),
        *((f"weights other than 1: {listed(weighed, 5)}",) if weighed else ()),
        *((f"not scored: {'; '.join(missing)}",) if missing else ()),
        *(("few: small sample (< 30 customers), not scored",) if found.rows["few"].any() else ()),
    )


def score_words(found: TargetMatrix, row: int, currency: str = "") -> tuple[str, ...]:
    """Why a segment has its scores: each figure, and how many of which quintiles it exceeds."""
    values, parts = found.rows.row(row, named=True), []
    for key, limits in found.limits.items():
        score = values[f"{key}_score"]
        if score is not None:
            figure = _limits(key, (float(values[key]),), currency)
            parts.append(f"{_TITLES[key]} {figure}: {score}, above {score - 1} of {_limits(key, limits, currency)}")
    if values["few"]:
        return ("small sample (< 30 customers): not scored",)
    return tuple(parts) or ("no criterion is scored",)


def matrix_json(found: TargetMatrix) -> dict[str, Any]:
    """The matrix as plain values; money in currency units, shares 0…1, null where not known."""
    return {
        "segments": [
            {
                **{key: row[key] for key in (SEGMENT, *MATRIX_CRITERIA, "few", "total")},
                "scores": {key: row[f"{key}_score"] for key in MATRIX_CRITERIA},
            }
            for row in found.rows.iter_rows(named=True)
        ],
        "weights": dict(found.weights),
        "quintiles": {key: list(values) for key, values in found.limits.items()},
        "not_scored": dict(found.missing),
        "within_months": found.tau,
        "growth_days": found.span,
    }


def _limits(key: str, values: tuple[float, ...], currency: str) -> str:
    if key in ("growth", "reach"):
        return " / ".join(percent(value) for value in values)
    digits = 0 if key == "size" or max(map(abs, values)) >= 10_000 else 2
    text = " / ".join(amount(value, digits) for value in values)
    return f"{text} {currency}".rstrip() if key in ("value", "net") else text


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
