"""What a chart shows: frozen descriptions, made by the screens and commands, drawn by `render`.

A specification is compared by identity: a new one is a new picture, and its sequences are never compared.
Text in it may come from the user's data; it is made harmless when drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ltvtui.present.charts.scale import compact, grouped

Number = float | int | None
"""A figure to draw; None, NaN and the infinities all mean "not observed"."""

Format = Callable[[float], str]
"""Says a figure in words: `lambda euros: f"{euros:,.0f} €"`."""

NOTHING = "No orders in this selection"


@dataclass(frozen=True)
class Run:
    """A stretch of one row drawn in one style."""

    text: str
    """What to print; no control characters."""
    colour: str | None = None
    """Foreground as `#rrggbb`, or None for the terminal's own."""
    dim: bool = False
    """Drawn faintly."""
    bold: bool = False
    """Drawn strongly."""


@dataclass(frozen=True)
class Palette:
    """The colours a chart may use, each as `#rrggbb`, or None for the terminal's own."""

    foreground: str | None = None
    """Titles and figures."""
    muted: str | None = None
    """Axes, ticks and remarks."""
    accents: tuple[str, ...] = ()
    """Series, in order; `accent1` is the first. Reused from the start when there are more series."""
    positive: str | None = None
    """Good news."""
    negative: str | None = None
    """Figures below zero."""

    def colour(self, role: str) -> str | None:
        """The colour of a role: `accent1` and on, `positive`, `negative`, `muted`, `foreground`."""
        if role == "positive":
            return self.positive
        if role == "negative":
            return self.negative
        if role == "muted":
            return self.muted
        number = role.removeprefix("accent")
        if self.accents and number != role and number.isdecimal():
            return self.accents[(int(number) - 1) % len(self.accents)]
        return self.foreground


@dataclass(frozen=True, eq=False)
class Line:
    """One curve."""

    name: str
    """What the legend calls it; empty for a curve that needs no name."""
    xs: Sequence[float]
    """Where the points are, in the chart's x unit."""
    ys: Sequence[Number]
    """The points; what was not observed splits the curve."""
    colour: str = "accent1"
    """A role of the palette."""
    dotted: bool = False
    """Drawn as dots: a level to reach, or what is expected rather than observed."""
    note: str = ""
    """A reading, written behind the name in a line over the plot."""


@dataclass(frozen=True, eq=False)
class Band:
    """An interval around a curve, drawn as a faint shade behind all curves."""

    xs: Sequence[float]
    """Where both bounds are, in the chart's x unit."""
    lower: Sequence[Number]
    """Its lower bound; what was not observed splits the band."""
    upper: Sequence[Number]
    """Its upper bound."""
    colour: str = "accent1"
    """The role of its curve."""


@dataclass(frozen=True, eq=False)
class Mark:
    """A vertical guide with a reading, such as `20 % → 67.5 %` on a Pareto curve."""

    x: float
    """Where the guide stands."""
    label: str
    """The reading, written beside it."""
    y: Number = None
    """The height of the point the reading belongs to; None writes the label at the top."""


@dataclass(frozen=True, eq=False)
class Under:
    """Figures of a curve in a row under the x axis, such as how many customers are still at risk."""

    label: str
    """What the figures count."""
    xs: Sequence[float]
    """Where there is a figure, in the chart's x unit; it is written where the axis has a tick."""
    values: Sequence[Number]
    """The figures; what was not observed stays blank."""
    line: int = 0
    """Position of its curve in the chart's `lines`: the row takes its sign and colour."""
    format: Format = grouped
    """Says a figure."""


@dataclass(frozen=True, eq=False)
class LineChart:
    """Curves over a numeric axis."""

    title: str
    """Heading, on the first row."""
    lines: Sequence[Line]
    """The curves, the most important first: it is drawn over the others."""
    x_label: str = ""
    """What the x axis counts."""
    y_label: str = ""
    """What the y axis counts, written after the title."""
    x_ticks: Sequence[tuple[float, str]] = ()
    """Places and names on the x axis, thinned to the room; empty for round numbers."""
    marks: Sequence[Mark] = ()
    """Vertical guides."""
    notes: str = ""
    """What the notes of the lines are, written before them."""
    bands: Sequence[Band] = ()
    """Intervals around curves."""
    band_note: str = "95 % CI shaded"
    """What is said of them behind the unit, where they are wide enough to be seen."""
    levels: Sequence[float] = ()
    """Heights at which a faint line runs across, such as one half."""
    under: Sequence[Under] = ()
    """Rows of figures under the x axis, where the chart is high enough for all of them."""
    y_from_zero: bool = True
    """Whether the y axis includes zero."""
    steps: bool = False
    """Whether a value holds until the next point, as in a survival curve."""
    y_format: Format = compact
    """Says a figure of the y axis."""
    x_format: Format = compact
    """Says a figure of the x axis when there are no x_ticks."""
    x_steps: Sequence[int] = ()
    """Steps that the ticks of the x axis may have, such as 1, 2, 3, 6 and 12 of months; empty for round numbers."""
    x_range: tuple[float, float] | None = None
    """What the x axis covers at least; None leaves it to the points."""
    y_range: tuple[float, float] | None = None
    """What the y axis covers at least, to give two charts the same one; None leaves it to the points, and draws
    curves that differ by more than 20 times on a logarithmic axis."""
    empty: str = NOTHING
    """The sentence shown when there is no point."""


@dataclass(frozen=True, eq=False)
class BarChart:
    """One bar per label."""

    title: str
    """Heading, on the first row."""
    labels: Sequence[str]
    """What each bar stands for."""
    values: Sequence[Number]
    """The figures; what was not observed stays blank, which is not zero."""
    format: Format = grouped
    """Says a figure, its unit included."""
    horizontal: bool = True
    """Bars from left to right, a row each; False draws columns."""
    greyed: frozenset[int] = frozenset()
    """Positions drawn faintly: figures that rest on too few customers."""
    colour: str = "accent1"
    """A role of the palette, for bars above zero; those below take `negative`."""
    colours: Sequence[str] = ()
    """The role of each bar, where each is a thing that has its own colour."""
    lower: Sequence[Number] = ()
    """Lower bound of each horizontal bar, where it has one."""
    upper: Sequence[Number] = ()
    """Upper bounds: from the lower one on bars are shaded."""
    band_note: str = ""
    """What the bounds are, written after the title where there are any."""
    at_least: Sequence[float] = ()
    """Figures that the scale of horizontal bars reaches at least, such as the whole of which they are shares."""
    longest: float | None = None
    """The figure at which horizontal bars end: beyond it the figure alone says how much it is."""
    y_label: str = ""
    """What the figures are, written after the title."""
    empty: str = NOTHING
    """The sentence shown when there is no figure."""


@dataclass(frozen=True, eq=False)
class ColumnChart:
    """Vertical columns over time."""

    title: str
    """Heading, on the first row."""
    x: Sequence[float]
    """Where the columns stand, at even steps; a missing step leaves a gap."""
    values: Sequence[Number]
    """The figures; what was not observed stays blank."""
    x_ticks: Sequence[tuple[float, str]] = ()
    """Places and names on the x axis, thinned to the room; empty for round numbers."""
    partial_last: bool = False
    """Whether the last period is unfinished: drawn lighter and said so."""
    partial_note: str = "last period unfinished"
    """What is said of it."""
    partial_first: bool = False
    """Whether the first period began before the data: drawn lighter as well."""
    coarser: ColumnChart | None = None
    """The same over longer periods, drawn where these have no room with gaps between them."""
    y_label: str = ""
    """What the columns count, written after the title."""
    y_format: Format = compact
    """Says a figure of the y axis."""
    x_format: Format = compact
    """Says a figure of the x axis when there are no x_ticks."""
    greyed: frozenset[int] = frozenset()
    """Positions drawn faintly."""
    colour: str = "accent1"
    """A role of the palette, for columns above zero; those below take `negative`."""
    colours: Sequence[str] = ()
    """The role of each column, where each is a thing that has its own colour."""
    empty: str = NOTHING
    """The sentence shown when there is no figure."""


@dataclass(frozen=True, eq=False)
class Timeline:
    """One customer's orders over the days: a stem each, refunds below zero."""

    title: str
    """Heading, on the first row."""
    days: Sequence[int | float]
    """The day of each order, days since 1970-01-01."""
    amounts: Sequence[Number]
    """What was paid, in the currency unit; below zero for a refund."""
    until: int | float | None = None
    """The last day shown, such as the as-of day, so that silence since the last order is seen."""
    rhythm: float | None = None
    """Days that usually lie between two orders: the silence until the last day is held against them."""
    y_label: str = ""
    """What the stems measure, written after the title."""
    y_format: Format = compact
    """Says a figure of the y axis."""
    empty: str = "No orders yet"
    """The sentence shown when there is no order."""


Chart = LineChart | BarChart | ColumnChart | Timeline
"""Anything `render` draws."""
