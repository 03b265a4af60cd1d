"""Colours of a heat map: a few steps from the background to the hot colour, each with text that is read on it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.style import Style
from textual.color import Color

STEPS: Final = 8
"""Few enough to be told apart, and for neighbours to share one and be sent as one run."""
COOLEST: Final = 0.08
"""How far the first step stands out from the background: nought is seen, nothing is blank."""
SYSTEMS: Final = {
    "standard": ColorSystem.STANDARD,
    "windows": ColorSystem.WINDOWS,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
}
"""Rich's names of what a terminal can show."""
_BLACK, _WHITE = "#000000", "#ffffff"


def heat_style(value: float, background: Color, hot: Color, system: str | None) -> Style:
    """The style of a cell of `value` (0…1; beyond is cut off) on a terminal of that colour system."""
    step = min(int(max(value, 0.0) * STEPS), STEPS - 1)
    return _scale(background.rgb, hot.rgb, SYSTEMS.get(system or "", ColorSystem.TRUECOLOR))[step]


@lru_cache(16)
def _scale(background: tuple[int, int, int], hot: tuple[int, int, int], system: ColorSystem) -> tuple[Style, ...]:
    """The steps. The ground of each is one the terminal has, since text is chosen to suit it as it is shown."""
    cold, warm = Color(*background), Color(*hot)
    factors = (COOLEST + (1 - COOLEST) * step / (STEPS - 1) for step in range(STEPS))
    grounds = [RichColor.from_rgb(*cold.blend(warm, factor).rgb).downgrade(system) for factor in factors]
    return tuple(Style(color=_ink(ground).downgrade(system), bgcolor=ground) for ground in grounds)


def _ink(ground: RichColor) -> RichColor:
    """Black or white, whichever is read better."""
    return RichColor.parse(max((_BLACK, _WHITE), key=lambda ink: contrast(RichColor.parse(ink), ground)))


def contrast(one: RichColor, other: RichColor) -> float:
    """The contrast ratio of WCAG, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: RichColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (component / 255 for component in colour.get_truecolor())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
