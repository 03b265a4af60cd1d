"""Order days to come of a customer who is still there, in a form that holds for any number of repeats.

Who is still there buys at a rate λ ~ gamma(r + x, α + T) and leaves after an order day with the chance
p ~ beta(a, B), where B = b + x + 1 of MBG/NBD and b + x of BG/NBD. Within t weeks such a customer orders
E[(1 − e^(−λpt)) ÷ p] times. Over λ and p that is

    (a+B−1) ÷ (a−1) · [1 − ((α+T) ÷ (α+T+t))^(a−1) · ₂F₁(a+B−1−x−r, a−1; a+B−1; t ÷ (α+T+t))]

The published form has ₂F₁(r+x, B; …), which overflows for x of some hundreds; Euler's transform is taken of it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

AROUND_ONE: Final = 1e-6
"""At a = 1 the form is 0 ÷ 0: its limit is the mean of both sides."""
TAME: Final = 50.0
"""Parameters of ₂F₁ up to which its series neither cancels nor overflows."""
NODES: Final = 60
"""Of the quadrature beyond that: there the integrand is smooth."""


def order_days_ahead(stays: Floats, a: float, buys: Floats, weeks: Floats, ahead: float) -> Floats:
    """Expected order days within `ahead` weeks of customers who are still there.

    `stays` is B, `buys` r + x and `weeks` α + T of each.
    """
    sides = (a,) if abs(a - 1) >= AROUND_ONE else (1 - AROUND_ONE, 1 + AROUND_ONE)
    found = np.mean([_closed(stays, side, buys, weeks, ahead) for side in sides], axis=0)
    most = buys * ahead / weeks  # what they would order if nobody left
    sound = (found >= 0) & (found <= most * (1 + 1e-9)) & (np.abs(a + stays - 1 - buys) <= TAME) & (a <= TAME)
    if not sound.all():
        odd = ~sound
        found[odd] = _integrated(stays[odd], a, buys[odd], weeks[odd], ahead)
    return np.minimum(found, most)


def _closed(stays: Floats, a: float, buys: Floats, weeks: Floats, ahead: float) -> Floats:
    """The form above; no number where its parts are beyond all numbers."""
    from scipy.special import hyp2f1

    whole = a + stays - 1
    with np.errstate(all="ignore"):
        lasting = (weeks / (weeks + ahead)) ** (a - 1) * hyp2f1(whole - buys, a - 1, whole, ahead / (weeks + ahead))
        return np.asarray(whole / (a - 1) * (1 - lasting), dtype=np.float64)


def _integrated(stays: Floats, a: float, buys: Floats, weeks: Floats, ahead: float) -> Floats:
    """The mean over p of [1 − (1 + p·t ÷ (α+T))^−(r+x)] ÷ p."""
    found = np.empty_like(stays)
    for shape in np.unique(stays):
        rows = stays == shape
        chance, weights = _beta_nodes(a, shape)
        means = -np.expm1(-buys[rows, None] * np.log1p(chance * (ahead / weeks[rows, None]))) / chance
        found[rows] = means @ weights
    return found


def _beta_nodes(a: float, b: float) -> tuple[Floats, Floats]:
    """Nodes and weights of the mean over beta(a, b), after Golub & Welsch (1969).

    scipy's Gauss-Jacobi weights are not of a distribution: their sum is beyond all numbers for b of a thousand.
    """
    from scipy.linalg import eigh_tridiagonal

    k = np.arange(1, NODES)
    both = a + b - 2
    middle = np.empty(NODES)
    middle[0] = (a - b) / (a + b)
    middle[1:] = (a - b) * both / ((2 * k + both) * (2 * k + both + 2))
    beside = 4 * k * (k + b - 1) * (k + a - 1) * (k + both) / ((2 * k + both) ** 2 * (2 * k + both + 1))
    beside[1:] /= 2 * k[1:] + both - 1
    beside[0] /= k[0] + both  # which 2k + both − 1 is too, and may be 0
    nodes, vectors = eigh_tridiagonal(middle, np.sqrt(beside))
    return np.maximum((nodes + 1) / 2, np.finfo(float).tiny), vectors[0] ** 2
