"""Colours of words that can be read on the grounds of a theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.color import Color, ColorParseError

from ltvtui.tui.widgets.heat import contrast

WORDS: Final = ("text-warning", "text-success", "text-error", "text-accent", "text-primary")
"""Variables of a theme in which words are written."""
GROUNDS: Final = ("background", "surface", "panel")
LEAST: Final = 4.5
"""Contrast of words to what they stand on, by WCAG 2."""
_STEPS: Final = 20


def readable(variables: Mapping[str, str]) -> dict[str, str]:
    """`variables` of a theme, those of words as near to what they were as can be read on every ground."""
    grounds = [colour for name in GROUNDS if (colour := _parsed(variables.get(name))) is not None]
    changed = {}
    for name in WORDS:
        colour = _parsed(variables.get(name))
        if colour is not None and grounds:
            changed[name] = _read(colour, grounds).hex
    return {**variables, **changed}


def _read(colour: Color, grounds: list[Color]) -> Color:
    """The colour drawn towards the ink of the grounds until it is read on all of them."""
    ink = grounds[0].get_contrast_text(1.0)
    for step in range(_STEPS + 1):
        shade = colour.blend(ink, step / _STEPS, 1.0)
        if all(contrast(shade.rich_color, ground.rich_color) >= LEAST for ground in grounds):
            return shade
    return ink


def _parsed(text: str | None) -> Color | None:
    """An opaque colour of its own; None for a terminal's own one, and for what follows from its ground."""
    try:
        colour = Color.parse(text or "")
    except ColorParseError:
        return None
    return colour if colour.a == 1 and colour.ansi is None else None
