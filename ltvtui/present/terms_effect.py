"""What other settings do: a few key figures now and then, a line each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ltvtui.present.figures import Figures

SHOWN: Final = ("customers", "revenue", "LTV")
"""Beginnings of the labels of the figures that are compared."""


def effect_lines(now: Figures, then: Figures | None) -> str:
    """A heading, the figures now, and `then`; blank figures where these cannot be calculated."""
    rows = [_values(now), _values(then) if then is not None else [""] * len(SHOWN)]
    widths = [max(len(title), *(len(row[place]) for row in rows)) for place, title in enumerate(SHOWN)]

    def line(name: str, texts: Sequence[str]) -> str:
        return "  ".join((f"{name:<10}", *(text.rjust(width) for text, width in zip(texts, widths, strict=True))))

    return "\n".join((line("", SHOWN), line("now", rows[0]), line("then", rows[1])))


def _values(figures: Figures) -> list[str]:
    """The value of each figure of SHOWN; that of LTV with the months where they are not all."""
    found = {name: kpi for name in SHOWN for kpi in figures.boxes if kpi.label.startswith(name)}
    return [found[name].value if name in found else "" for name in SHOWN]
