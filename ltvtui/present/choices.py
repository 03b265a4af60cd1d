"""Lines of a list to pick from: what could play a role, what stands there, how well it fits."""

from __future__ import annotations

from collections.abc import Sequence

from ltvtui.present.fitting import fit
from ltvtui.present.numbers import percent
from ltvtui.present.plain import plain
from ltvtui.sources.detection.choices import Choice

WIDTH = 66
_NAME, _SCORE = 26, 6


def choice_lines(found: Sequence[Choice], width: int = WIDTH) -> dict[str, str]:
    """By name, aligned, each of `width` cells at most."""
    lines = {}
    for choice in found:
        score = "" if choice.score is None else percent(choice.score, 0) if choice.score else "–"
        values = fit(plain(", ".join(choice.values)), width - _NAME - _SCORE - 2)
        lines[choice.name] = f"{fit(plain(choice.name), _NAME)}  {values}{fit(score, _SCORE, right=True)}".rstrip()
    return lines
