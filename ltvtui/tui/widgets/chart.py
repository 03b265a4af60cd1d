"""A chart on the screen: shows what present draws, in the colours of the theme."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color, ColorParseError, rgb_to_lab
from textual.reactive import reactive
from textual.strip import Strip

from ltvtui.present.charts import Chart as ChartSpec
from ltvtui.present.charts import Palette, Run, render, render_sentence
from ltvtui.present.colours import SERIES
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.heat import SYSTEMS

_ACCENTS = ("primary", "accent", "success", "secondary", "warning")
_NAMES = ("foreground", *(f"{text}{name}" for name in (*_ACCENTS, "error") for text in ("", "text-")))
"""Variables of a theme that charts take colours of."""
_SPARE = (
    *("#4aa8ff", "#ffb000", "#2fd08a", "#ff7ac8", "#b28cff", "#e6e04a", "#40d8e0", "#ff8a5c"),
    *("#0060b0", "#a05a00", "#00703c", "#a8006c", "#6a30c0", "#707000", "#007680", "#b04000"),
)
"""For series beyond those that a theme has colours for: light ones, then dark ones."""
_APART = 20  # distance in CIE Lab under which two thin lines look the same
_SPARE_CONTRAST = 4.5
_CONTRAST = 3.0  # ratio to its background under which a thin line is lost


class Chart(FixedSizeWidget):
    """Draws `chart`, or `sentence` while there is none. Follows its size and the theme."""

    DEFAULT_CSS = """
    Chart {
        width: 1fr;
        height: 1fr;
    }
    """

    chart: reactive[ChartSpec | None] = reactive(None, always_update=True)
    """What to draw; assign another to redraw."""

    sentence: reactive[str] = reactive("")
    """What to say while there is no chart, such as why there is none."""

    def __init__(
        self,
        chart: ChartSpec | None = None,
        *,
        sentence: str = "",
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._drawn: tuple[object, list[Strip]] = (None, [])
        self.set_reactive(Chart.chart, chart)
        self.set_reactive(Chart.sentence, sentence)

    def on_mount(self) -> None:
        """Redraw in the new colours whenever the theme changes."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._redraw())

    def render_line(self, y: int) -> Strip:
        """One row; the chart is drawn once for all rows of the same chart, size and colours."""
        strips = self._strips()
        return strips[y] if y < len(strips) else Strip.blank(self.content_size.width, self.rich_style)

    def notify_style_update(self) -> None:
        """Redraw in other colours."""
        super().notify_style_update()
        self._drawn = (None, [])

    def _redraw(self) -> None:
        self._drawn = (None, [])
        self.refresh()

    def _strips(self) -> list[Strip]:
        width, height = self.content_size
        key = (self.chart, self.sentence, width, height)
        if self._drawn[0] != key:
            background = self.rich_style  # put together from all ancestors: too dear for every line
            system = self.app.console.color_system
            palette = theme_palette(self.app.theme_variables, self.background_colors[1], system)
            rows = (
                render_sentence(self.sentence, width, height, palette)
                if self.chart is None
                else render(self.chart, width, height, palette)
            )
            self._drawn = (key, [_strip(row, width, background) for row in rows])
        return self._drawn[1]


def theme_palette(variables: dict[str, str], background: Color, system: str | None = None) -> Palette:
    """The colours of a theme that are readable on `background`, series colours the most distinct first.

    `system` is Rich's name of the colours that the terminal has.
    """
    return _palette(frozenset((name, variables.get(name)) for name in _NAMES), background, system)


@lru_cache(maxsize=64)
def _palette(shades: frozenset[tuple[str, str | None]], background: Color, system: str | None) -> Palette:
    variables = dict(shades)
    foreground = _parse(variables.get("foreground")) or background.get_contrast_text()

    def readable(name: str) -> Color:
        """The colour itself where it stands out, else the theme's shade of it for text."""
        shades = (_parse(variables.get(name)), _parse(variables.get(f"text-{name}")))
        return next((shade for shade in shades if shade and _contrast(shade, background) >= _CONTRAST), foreground)

    spare = [colour for colour in map(Color.parse, _SPARE) if _contrast(colour, background) >= _SPARE_CONTRAST]
    accents = _most_distinct([*map(readable, _ACCENTS), *spare], readable("error"), system)
    return Palette(
        foreground=foreground.hex6,
        muted=background.blend(foreground, 0.6).hex6,
        accents=tuple(colour.hex6 for colour in accents),
        positive=readable("success").hex6,
        negative=readable("error").hex6,
    )


def _most_distinct(colours: Sequence[Color], negative: Color, system: str | None) -> list[Color]:
    """The first colour, then each time the one that is farthest from all before and from that of what is below zero,
    among those that look different on a terminal of that system."""
    picked, left = [colours[0]], [*colours[1:]]
    while left and len(picked) < SERIES:
        seen = {_as_shown(colour, system) for colour in (*picked, negative)}
        left = [colour for colour in left if _as_shown(colour, system) not in seen]
        nearest = [min(_apart(colour, other) for other in (*picked, negative)) for colour in left]
        if not left or max(nearest) < _APART:
            break
        picked.append(left.pop(nearest.index(max(nearest))))
    return picked


def _apart(one: Color, other: Color) -> float:
    """How different two colours look."""
    return math.dist(rgb_to_lab(one), rgb_to_lab(other))


def _as_shown(colour: Color, system: str | None) -> object:
    return RichColor.from_rgb(*colour.rgb).downgrade(SYSTEMS.get(system or "", ColorSystem.TRUECOLOR))


def _parse(text: str | None) -> Color | None:
    """A theme variable as a colour; None for those that are no fixed colour, such as `auto 60%`."""
    try:
        return Color.parse(text) if text else None
    except ColorParseError:
        return None


def _contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (math.pow(part, 2.2) for part in colour.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _strip(row: list[Run], width: int, background: Style) -> Strip:
    segments = [
        Segment(
            run.text,
            background + Style(color=run.colour, dim=run.dim or None, bold=run.bold or None),
        )
        for run in row
    ]
    return Strip(segments, width).simplify()
