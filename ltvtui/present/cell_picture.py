"""A screen of cells as SVG: each character has its place, so that all programs draw the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from operator import attrgetter

from ltvtui.present.cell_shapes import HEIGHT, WIDTH, Shape, shape

_BASELINE = 15
_FONTS = "'DejaVu Sans Mono','Liberation Mono',Menlo,Consolas,'Courier New',monospace"


@dataclass(frozen=True)
class DrawnCell:
    """One character and how it is drawn."""

    text: str
    """Blank behind a character that takes two cells."""
    ink: str
    """Colour of the character as `#rrggbb`."""
    ground: str
    """Colour behind it as `#rrggbb`."""
    bold: bool = False
    italic: bool = False
    underlined: bool = False


def svg(rows: Sequence[Sequence[DrawnCell]], ground: str, title: str) -> str:
    """The picture of `rows` on `ground`."""
    width, height = max(map(len, rows), default=0) * WIDTH, len(rows) * HEIGHT
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" ',
            f'width="{width}" height="{height}">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{width}" height="{height}" fill="{ground}"/>\n',
            *_grounds(rows, ground),
            *_shapes(rows),
            *_texts(rows),
            "</svg>\n",
        )
    )


def _grounds(rows: Sequence[Sequence[DrawnCell]], ground: str) -> Iterable[str]:
    """Rectangles behind cells that stand on another colour."""
    for y, row in enumerate(rows):
        column = 0
        for colour, cells in groupby(row, key=attrgetter("ground")):
            count = len(list(cells))
            if colour != ground:
                place = f'x="{column * WIDTH}" y="{y * HEIGHT}" width="{count * WIDTH}" height="{HEIGHT}"'
                yield f'<rect {place} fill="{colour}" shape-rendering="crispEdges"/>\n'
            column += count


def _shapes(rows: Sequence[Sequence[DrawnCell]]) -> Iterable[str]:
    """One path for all that is drawn in one colour and in one way."""
    paths: dict[tuple[str, Shape], list[str]] = {}
    for x, y, cell in _cells(rows):
        if (drawn := shape(cell.text)) is not None:
            paths.setdefault((cell.ink, drawn._replace(path="")), []).append(_moved(drawn, x, y))
    for (colour, way), parts in paths.items():
        if way.stroke:
            ends = "round" if way.round else "butt"
            how = f'fill="none" stroke="{colour}" stroke-width="{way.stroke:g}" stroke-linecap="{ends}"'
        else:
            how = f'fill="{colour}" fill-opacity="{way.opacity:g}"'
        yield f'<path {how} d="{"".join(parts)}"/>\n'


def _moved(drawn: Shape, x: float, y: float) -> str:
    """The path at another place: the first pair behind each M is moved, all else is relative."""
    moved = []
    for part in drawn.path.split("M")[1:]:
        end = next(at for at, character in enumerate(part) if character.isalpha())
        across, down = map(float, part[:end].split())
        moved.append(f"M{across + x:g} {down + y:g}{part[end:]}")
    return "".join(moved)


def _texts(rows: Sequence[Sequence[DrawnCell]]) -> Iterable[str]:
    """Each character in the middle of its cell, or of its two; those of one look in one group."""
    by_style: dict[tuple[str, bool, bool, bool], list[str]] = {}
    for x, y, cell in _cells(rows):
        if cell.text.strip() and shape(cell.text) is None:
            style = (cell.ink, cell.bold, cell.italic, cell.underlined)
            middle = f'x="{x + WIDTH / 2:g}" y="{y + _BASELINE}"'
            by_style.setdefault(style, []).append(f"<text {middle}>{escape(cell.text)}</text>")
    yield f'<g font-family="{_FONTS}" font-size="16" text-anchor="middle">\n'
    for (colour, bold, italic, underlined), characters in by_style.items():
        how = f'fill="{colour}"'
        how += ' font-weight="bold"' if bold else ""
        how += ' font-style="italic"' if italic else ""
        how += ' text-decoration="underline"' if underlined else ""
        yield f"<g {how}>{''.join(characters)}</g>\n"
    yield "</g>\n"


def _cells(rows: Sequence[Sequence[DrawnCell]]) -> Iterable[tuple[float, float, DrawnCell]]:
    """Left upper corner and cell; of two that a wide character takes the corner that brings it into their middle."""
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            wide = bool(cell.text) and x + 1 < len(row) and not row[x + 1].text
            yield x * WIDTH + (WIDTH / 2 if wide else 0), y * HEIGHT, cell
