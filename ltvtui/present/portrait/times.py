"""Whether customers order at other times than the others, in a phrase."""

from __future__ import annotations

from collections.abc import Mapping

from ltvtui.analytics.comparison.probability import SIGNIFICANT
from ltvtui.present.comparison.tables import p_words


def time_words(differences: Mapping[str, float | None]) -> tuple[str, ...]:
    """What time_difference.time_differences says; nothing where nothing could be tested."""
    tested = {name: p for name, p in differences.items() if p is not None}
    beyond = [f"{name} (p {p_words(p)})" for name, p in tested.items() if p < SIGNIFICANT]
    rest = [f"{name} (p {p_words(p)})" for name, p in tested.items() if p >= SIGNIFICANT]
    parts = [f"differ beyond chance: {', '.join(beyond)}"] if beyond else []
    parts += [f"not beyond chance: {', '.join(rest)}"] if rest else []
    return (*parts, "p: chi-squared, orders taken as independent") if parts else ()
