"""Maximum likelihood: a search on a sample, then Newton's steps on everybody, within bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from ltvtui.analytics.forecast.bounds import Bound
from ltvtui.errors import LtvError

Floats = npt.NDArray[np.float64]

MOST_STEPS: Final = 60
LONGEST_STEP: Final = 2.0
"""On the log scale: one step changes a parameter at most by a factor of e²."""
ENOUGH: Final = 1e-13
"""Gain in log-likelihood that a further step promises, below which the search ends: then it is the same to some nine
digits wherever it began, and in whatever order customers come."""
ROUNDED: Final = 1e-12
"""As a share of it: so far the log-likelihood may seem to fall though it rises."""
HALVINGS: Final = 30


class Peak(NamedTuple):
    """The log-likelihood at a point."""

    value: float
    slope: Floats
    """First derivatives by the parameters."""
    bend: Floats
    """Second derivatives."""


class Likelihood(Protocol):
    """The log-likelihood of some customers."""

    @property
    def customers(self) -> float:
        """How many they are."""
        ...

    def at(self, parameters: Floats) -> Peak:
        """It, and its derivatives, at `parameters`, all above 0."""
        ...


class Found(NamedTuple):
    """Where the likelihood is highest."""

    parameters: Floats
    log_likelihood: float


def load() -> None:
    """Load what maximise takes, which takes a fifth of a second, once."""
    import scipy.optimize  # noqa: F401


def maximise(sample: Likelihood, everybody: Likelihood, start: Sequence[float], bounds: Sequence[Bound]) -> Found:
    """The parameters under which `everybody` is most likely; `sample` is some of them, to begin with.

    Raises LtvError where the likelihood is no number.
    """
    found = newton(everybody, search(sample, np.asarray(start, dtype=np.float64), bounds), bounds)
    if not (np.isfinite(found.log_likelihood) and np.isfinite(found.parameters).all()):
        raise LtvError(
            "No forecast: the model finds no parameters for the order days of this shop.",
            "Check dates and amounts on Quality, or choose the other model.",
        )
    return found


def search(likelihood: Likelihood, start: Floats, bounds: Sequence[Bound]) -> Floats:
    """Parameters near the highest likelihood, from anywhere; on the log scale, per customer."""
    from scipy.optimize import minimize  # takes a fifth of a second to load

    def missing(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        peak = likelihood.at(parameters)
        return -peak.value / likelihood.customers, -peak.slope * parameters / likelihood.customers

    limits = [(np.log(bound.low), np.log(bound.high)) for bound in bounds]
    options = {"ftol": 1e-11, "gtol": 1e-7, "maxiter": 500}
    done = minimize(missing, np.log(start), jac=True, method="L-BFGS-B", bounds=limits, options=options)
    return np.asarray(np.exp(done.x), dtype=np.float64)


def newton(likelihood: Likelihood, start: Floats, bounds: Sequence[Bound]) -> Found:
    """The highest likelihood close to `start`, to the last digits; no step makes it smaller or leaves `bounds`."""
    low = np.log([bound.low for bound in bounds])
    high = np.log([bound.high for bound in bounds])
    logs = np.clip(np.log(start), low, high)
    peak = likelihood.at(np.exp(logs))
    for _ in range(MOST_STEPS):
        parameters = np.exp(logs)
        slope = parameters * peak.slope
        bend = parameters[:, None] * parameters * peak.bend + np.diag(slope)
        # A parameter that presses against its end stays there.
        free = ~(((logs <= low) & (slope < 0)) | ((logs >= high) & (slope > 0)))
        step = np.zeros_like(logs)
        step[free] = _uphill(slope[free], bend[np.ix_(free, free)])
        if not slope @ step > ENOUGH:
            break
        step *= min(1.0, LONGEST_STEP / np.abs(step).max())
        for halving in range(HALVINGS):
            there = np.clip(logs + step / 2**halving, low, high)
            found = likelihood.at(np.exp(there))
            if found.value >= peak.value - ROUNDED * abs(peak.value):
                break
        else:
            break
        logs, peak = there, found
    return Found(np.exp(logs), peak.value)


def _uphill(slope: Floats, bend: Floats) -> Floats:
    """Newton's step; where the likelihood is not bent like a summit, one that leads up all the same."""
    if not slope.size:
        return slope
    values, directions = np.linalg.eigh(bend)
    steepness = np.maximum(np.abs(values), 1e-9 * max(np.abs(values).max(), 1.0))
    return np.asarray(directions @ ((directions.T @ slope) / steepness), dtype=np.float64)
