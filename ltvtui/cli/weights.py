"""Weights of criteria, as options give them."""

from __future__ import annotations

from collections.abc import Sequence

from ltvtui.errors import LtvError


def parse_weights(texts: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """(criterion, weight) of each of `texts`, such as value=2. LtvError (exit code 2) for anything else."""
    from ltvtui.analytics.planning.target_matrix import MATRIX_CRITERIA

    found: dict[str, float] = {}
    for text in texts:
        name, _, number = text.partition("=")
        try:
            weight = float(number)
        except ValueError:
            weight = -1.0
        if name.strip() not in MATRIX_CRITERIA or not 0 <= weight <= 100:
            mend = f"Write a criterion and a number from 0 to 100, such as value=2: {', '.join(MATRIX_CRITERIA)}."
            raise LtvError(f"Invalid weight: {text!r}.", mend, 2)
        found[name.strip()] = weight
    return tuple(found.items())
