"""The key figures: three factors, their product, and what they are of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from ltvtui.analytics.snapshot import Snapshot
from ltvtui.present.numbers import amount, at_least, count, months_of, percent, symbol

BETWEEN: Final = " ±"
"""Between a figure and half of its interval."""


@dataclass(frozen=True)
class Kpi:
    """One figure of the strip."""

    label: str
    value: str
    sign: str = ""
    """Sign between this figure and the next: × or =."""
    note: str = ""
    """What has to be known beside it; stands in the lower edge of the box."""
    raw: float | None = None
    """The figure itself; None where there is none, or it is more than one."""
    write: Callable[[float], str] = str
    """Writes a figure of this kind."""
    change: str = ""
    """How much it changed; goes before the note."""


@dataclass(frozen=True)
class Figures:
    """The strip, as boxes and as one line."""

    boxes: tuple[Kpi, ...] = ()
    line: tuple[str, ...] = ()
    """Parts of the line; the last tells most, then the first."""


def key_figures(row: pl.DataFrame, snapshot: Snapshot, currency: str | None, gross: bool) -> Figures:
    """The strip for a profile's one row, under the snapshot's terms."""
    facts = row.row(0, named=True)
    sign = symbol(currency)
    horizon = snapshot.terms.horizon

    def money(value: float) -> str:
        return f"{amount(value, 0 if abs(value) >= 10_000 else 2)} {sign}".rstrip()

    months, rate = facts["retention_months"], facts["frequency"]
    within = "" if months is None else f"within {facts['within_months']} mo"
    lived = "" if months is None else _supported(facts) or f"retention, {facts['within_months']} mo"
    share = "" if facts["margin"] is None else percent(facts["margin"])
    worth = "before costs" if gross else f"× margin {share}" if share else ""
    # An LTV that covers less than the horizon says so wherever it stands.
    short = months is not None and facts["within_months"] < horizon
    seen = months_of(facts["within_months"], horizon) if short else f"{horizon} mo"
    half_width = _half_width(facts)

    def worth_of(value: float) -> str:
        return f"{at_least(money(value)) if short else money(value)}{half_width}"

    boxes = (
        _kpi("customers", facts["customers"], lambda value: count(round(value))),
        _kpi("revenue", facts["revenue"], money),
        _kpi("average check", facts["check"], money, "×", within),
        _kpi("frequency", rate, lambda value: f"{amount(value, 3)} /mo", "×", within),
        _kpi("lifetime", months, lambda value: f"{amount(value)} mo", "=", lived),
        replace(_kpi(f"LTV {seen}", facts["ltv"], money, note=worth), value=_written(facts["ltv"], worth_of)),
    )
    line = [f"{boxes[0].value} cust", boxes[1].value]
    if months is not None and rate is not None:
        product = f"{amount(facts['check'])} × {amount(rate, 3)}/mo × {amount(months)} mo"
        factor = "" if gross else f" × {share}"
        line.append(f"{product}{factor} = LTV {boxes[-1].value}{f' ({seen})' if short else ''}")
    return Figures(boxes, tuple(line))


def _half_width(facts: dict[str, Any]) -> str:
    """± 4.18: half of the 95 % interval of LTV, where it is known."""
    low, high = facts.get("ltv_lower"), facts.get("ltv_upper")
    return "" if low is None or high is None else f"{BETWEEN}{amount((high - low) / 2)}"


def _supported(facts: dict[str, Any]) -> str:
    """9 of 12 mo supported: where retention goes on behind what was measured."""
    supported, within = facts["retention_supported_months"], facts["within_months"]
    return f"{supported} of {within} mo measured" if within and supported < within else ""


def _written(value: float | None, write: Callable[[float], str]) -> str:
    return "" if value is None else write(value)


def _kpi(label: str, raw: float | None, write: Callable[[float], str], sign: str = "", note: str = "") -> Kpi:
    return Kpi(label, _written(raw, write), sign, note, raw, write)
