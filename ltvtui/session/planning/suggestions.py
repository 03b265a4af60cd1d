"""What to do about a segment where nobody has planned anything: a few words that follow from the goal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ltvtui.analytics.planning.goals import Goal
from ltvtui.user_state.next_steps import NextStep

_BY_KIND: Final = {
    "order": "Ask for one more order",
    "risk": "Write to those who are late, dearest first",
    "lately": "Write to them, those who brought most first",
    "near": "Offer the one order that makes them VIPs",
    "fading": "Thank them before they leave",
    "cac": "Pay no more than the max CAC",
}
_BY_FACTOR: Final = {
    "check": "Offer bundles and dearer variants",
    "frequency": "Ask for the next order sooner",
    "retention_months": "Write before the churn gap is over",
}
_BEFORE_NAMES: Final = frozenset({"risk", "lately", "cac"})
_USUAL: Final = "Keep what they get"
_FIGURES: Final = {"check": "average check", "frequency": "frequency", "retention_months": "lifetime"}


def suggested_step(goal: Goal, effect: Mapping[str, Any] | None, until: int, action: str = "") -> NextStep:
    """The step that a segment with that `effect` suggests; `action` is what its RFM name says, and goes first,
    unless the effect is of those who have left."""
    factor = effect["factor"] if effect is not None else None
    kind = effect["kind"] if effect is not None else None
    by_effect = _BY_FACTOR.get(factor or "") or _BY_KIND.get(kind or "") or _USUAL
    # Advice by an RFM name is for customers who are there: of who has left, or is paid too dearly, the goal decides.
    what = by_effect if kind in _BEFORE_NAMES else action or by_effect
    return NextStep(what, until=until, figure=_FIGURES.get(factor or "", goal.figure))
