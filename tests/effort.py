"""How many examples a law is held against: in the gate as many as two cores bear, by `make thorough` many more."""

from __future__ import annotations

import os

EFFORT = float(os.environ.get("LTVTUI_EFFORT", "0.5"))
"""What the number that stands beside a law is multiplied by."""


def examples(usual: int) -> int:
    """How many examples to try of a law that usually takes `usual`."""
    return max(5, round(usual * EFFORT))
