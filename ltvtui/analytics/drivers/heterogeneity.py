"""How far figures of several segments lie apart beyond chance: Cochran's Q and I² (metrics.md §12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

_LEAST: Final = 1e-9
"""Standard error, as a part of the largest figure, that a segment has at the least: where no segment has any spread,
they would differ by the last digits of their figures."""


@dataclass(frozen=True)
class Heterogeneity:
    """The spread between segments."""

    i2: float
    """Share of the variance between segments that is beyond chance, 0…1."""
    q: float
    """Cochran's Q."""
    degrees: int
    """Segments - 1."""
    p: float
    """That of no difference between them (chi-squared)."""


def heterogeneity(segments: pl.DataFrame) -> Heterogeneity | None:
    """Of `segments` (figure, se: Float64, customers; not null), a row each; None of fewer than two.

    Q = Σ w (figure - mean)², w = 1 ÷ SE², mean weighted by w; I² = max(0, (Q - df) ÷ Q) (Higgins & Thompson 2002).
    A segment whose customers are all alike has the spread of a customer of the others: that nobody among its few
    has ordered again does not make it certain.
    """
    if segments.height < 2:
        return None
    largest = float(segments["figure"].abs().max() or 0.0)  # type: ignore[arg-type]
    degrees = segments.height - 1
    if largest == 0:
        return Heterogeneity(0.0, 0.0, degrees, 1.0)
    figure, error = segments["figure"] / largest, _errors(segments) / largest
    error = error.clip(lower_bound=_LEAST)
    # Both are parts of the largest figure, and weights of the largest weight, so that no unit makes them overflow.
    weight = (float(error.min()) / error) ** 2  # type: ignore[arg-type]
    mean = float((weight * figure).sum()) / float(weight.sum())
    q = float((weight * (figure - mean) ** 2).sum()) / float(error.min()) ** 2  # type: ignore[arg-type]
    from scipy.special import chdtrc  # takes a quarter of a second to load

    i2 = max(0.0, (q - degrees) / q) if q > 0 else 0.0
    return Heterogeneity(i2, q, degrees, float(chdtrc(degrees, q)))


def _errors(segments: pl.DataFrame) -> pl.Series:
    """se of `segments`, where it is 0 that of as many customers of the others."""
    size, error = segments["customers"].cast(pl.Float64), segments["se"]
    spread = size**2 * error**2
    others = error > 0
    if others.all() or not others.any():
        return error
    of_one = (float(spread.filter(others).sum()) / float(size.filter(others).sum())) ** 0.5
    return segments.select(pl.when(pl.lit(others)).then("se").otherwise(of_one / pl.lit(size).sqrt()))["se"]
