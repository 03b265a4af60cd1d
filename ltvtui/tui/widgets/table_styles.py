"""The styles of a table: of its parts, and of what figures mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color
from textual.widget import Widget

from ltvtui.present.charts import Palette
from ltvtui.present.tables import Badge, Tone
from ltvtui.tui.widgets.chart import theme_palette
from ltvtui.tui.widgets.heat import heat_style

STRONGEST_TINT: Final = 0.6
"""How far the most extreme figure is drawn towards the colour: tinted cells are read, not looked at."""
FEW_COLOURS: Final = ("standard", "windows")
"""Rich's names of terminals that have no shades of a colour."""
LEAST_TINT: Final = 0.08
"""Below this a figure is as good as what it is compared with."""
_PALETTES: Final[dict[tuple[str, str, str | None], Palette]] = {}
"""By theme, background and colours of the terminal: choosing distinct colours is too dear for every picture."""


@dataclass(frozen=True)
class TableStyles:
    """Styles of the table at a moment. Textual puts them together from all ancestors: too dear for every line."""

    plain: Style
    few: Style
    faint: Style
    """Colour of a cell that is greyed alone."""
    header: Style
    group: Style
    empty: Style
    hint: Style
    cell: Style
    cursor: Style
    """Background of the row under the cursor alone."""
    focused: Style
    """The same where the table has the keys."""
    ground: Color
    hot: Color
    above: Color
    below: Color
    bar: Style
    tones: tuple[tuple[Tone, Style], ...]
    palette: Palette
    system: str | None
    """Rich's name of the colours that the terminal has."""

    @classmethod
    def of(cls, widget: Widget) -> Self:
        """As the style sheet says of `widget` now."""
        component = {
            name: widget.get_component_rich_style(f"grid--{name}")
            for name in ("few", "header", "group", "empty", "hint", "cell")
        }
        ink = {name: widget.get_component_rich_style(f"grid--{name}") for name in ("bar", "good", "fair", "bad")}
        colours = {name: Style(color=style.color, bold=style.bold) for name, style in ink.items()}
        return cls(
            plain=widget.rich_style,
            **component,
            faint=Style(color=widget.get_component_rich_style("grid--few").color),
            cursor=Style(bgcolor=widget.get_component_rich_style("grid--cursor").bgcolor),
            focused=Style(bgcolor=widget.get_component_rich_style("grid--focused").bgcolor),
            ground=widget.background_colors[1],
            hot=widget.get_component_styles("grid--heat").background,
            above=widget.get_component_styles("grid--above").background,
            below=widget.get_component_styles("grid--below").background,
            bar=Style(color=colours["bar"].color),
            tones=(
                ("good", colours["good"]),
                ("fair", colours["fair"]),
                ("bad", colours["bad"]),
                ("quiet", Style(color=component["few"].color)),
            ),
            palette=_palette(widget),
            system=widget.app.console.color_system,
        )

    def heat(self, value: float | None) -> Style | None:
        """Colours of a cell; None for a cell without heat."""
        return None if value is None else heat_style(value, self.ground, self.hot, self.system)

    def tint(self, value: float | None) -> Style | None:
        """Colours of a figure that is below or above what it is compared with; None for one that is neither."""
        if value is None or abs(value) < LEAST_TINT:
            return None
        hot = self.above if value > 0 else self.below
        if self.system in FEW_COLOURS:  # shades of them would be grey
            return Style(color=RichColor.from_rgb(*hot.rgb), bold=True)
        hot = self.ground.blend(hot, STRONGEST_TINT)
        return heat_style(abs(value), self.ground, hot, self.system)

    def block(self, badge: Badge | None) -> Style | None:
        """Colours of a cell that belongs to a group; None for one that belongs to nobody."""
        return None if badge is None else self._filled(badge, badge.strength)

    def chip(self, badge: Badge) -> Style | None:
        """Colours of the letter of a group: so small a thing has the full colour."""
        return self._filled(badge, badge.strength if badge.role == "muted" else 1.0)

    def _filled(self, badge: Badge, strength: float) -> Style | None:
        colour = self.palette.colour(badge.role)
        number = badge.role.removeprefix("accent")
        is_again = number.isdecimal() and int(number) > len(self.palette.accents)
        if colour is None or (is_again and self.system in FEW_COLOURS):
            return None
        # A terminal without shades has the colour itself; a colour that comes again is paler.
        part = 1.0 if self.system in FEW_COLOURS else strength / 2 if is_again else strength
        return heat_style(1.0, self.ground, self.ground.blend(Color.parse(colour), part), self.system)

    def tone(self, tone: Tone | None) -> Style | None:
        """Colour of what a value means; None where it means nothing."""
        return next((style for name, style in self.tones if name == tone), None)


def _palette(widget: Widget) -> Palette:
    app, ground = widget.app, widget.background_colors[1]
    key = (app.theme, ground.hex6, app.console.color_system)
    if key not in _PALETTES:
        _PALETTES[key] = theme_palette(app.theme_variables, ground, app.console.color_system)
    return _PALETTES[key]
