"""Why two products differ: the exact part of each factor (metrics.md §12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, log, sinh, sqrt


@dataclass(frozen=True)
class Parts:
    """A difference of two products, shared among their factors."""

    parts: dict[str, float] | None
    """What each factor adds to the difference, in its unit; None where no such parts exist."""
    missing: tuple[str, ...] = ()
    """Factors that are zero, negative or not observed, which is why."""


def parts_of(a: Mapping[str, float | None], b: Mapping[str, float | None]) -> Parts:
    """The parts of a's product less b's, `a` and `b` being their factors under the same names.

    Part = L · ln(factor of a ÷ factor of b), L the logarithmic mean of both products (Ang 2005, LMDI-I): they add up
    to the difference whatever the order of the factors. Only factors above zero have a logarithm.
    """
    missing = tuple(name for name in a if not (_is_positive(a[name]) and _is_positive(b[name])))
    if missing:
        return Parts(None, missing)
    # Logarithms are subtracted, not ratios taken: so that to swap a and b changes no digit but the sign.
    logs = {name: log(a[name] or 0.0) - log(b[name] or 0.0) for name in a}
    mean = logarithmic_mean(_product(a), _product(b))
    return Parts({name: mean * ratio for name, ratio in logs.items()})


def logarithmic_mean(a: float, b: float) -> float:
    """(a - b) ÷ ln(a ÷ b) of two numbers above zero; a where they are equal."""
    half = (log(a) - log(b)) / 2
    # The same as √(a·b) · sinh(x/2) ÷ (x/2), which loses no digits where a is near b.
    return a if a == b else sqrt(a) * sqrt(b) * (sinh(half) / half if half else 1.0)


def _product(factors: Mapping[str, float | None]) -> float:
    product = 1.0
    for factor in factors.values():
        product *= factor or 0.0
    return product


def _is_positive(factor: float | None) -> bool:
    return factor is not None and isfinite(factor) and factor > 0
