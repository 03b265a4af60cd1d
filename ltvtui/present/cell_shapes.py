"""Characters that a picture draws itself, so that no font decides what charts look like: blocks, braille, lines and
signs, as SVG paths within a cell."""

from __future__ import annotations

from typing import Final, NamedTuple

WIDTH: Final = 10
"""Of a cell."""
HEIGHT: Final = 20
"""Of a cell."""


class Shape(NamedTuple):
    """How a character is drawn, from the left upper corner of its cell."""

    path: str
    """Commands, of which all but the first are relative."""
    stroke: float = 0
    """Width of a line; 0: filled."""
    opacity: float = 1
    """Of what is filled."""
    round: bool = False
    """Whether lines end round."""


def shape(character: str) -> Shape | None:
    """The shape of a character; None for one that is written in a font."""
    if "\u2800" <= character <= "\u28ff":
        return Shape(_dots(ord(character) - 0x2800), 2.4, round=True)
    return _SHAPES.get(character)


def _dots(bits: int) -> str:
    """A point for each dot of a braille character."""
    order = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
    lit = [(2.5 + 5 * column, 2.5 + 5 * row) for bit, (column, row) in enumerate(order) if bits >> bit & 1]
    return "".join(f"{_move(x, y)}h.01" for x, y in lit)


def _move(x: float, y: float) -> str:
    return f"M{x:g} {y:g}"


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"{_move(x, y)}h{width:g}v{height:g}h{-width:g}z"


def _lines(*directions: str) -> str:
    """Lines from the middle of the cell to its edges."""
    to = {"l": "h-5", "r": "h5", "u": "v-10", "d": "v10"}
    return "".join(f"M5 10{to[direction]}" for direction in directions)


def _dashes(count: int, across: bool) -> str:
    size = (WIDTH if across else HEIGHT) / count
    starts = [size * (place + 0.25) for place in range(count)]
    return "".join(f"{_move(s, 10)}h{size / 2:g}" if across else f"{_move(5, s)}v{size / 2:g}" for s in starts)


_LINES: Final = {
    "─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "udr", "┤": "udl", "┬": "lrd", "┴": "lru",
    "┼": "lrud", "╴": "l", "╶": "r", "╵": "u", "╷": "d",
}  # fmt: skip
_HEAVY: Final = {"━": "lr", "┃": "ud", "╸": "l", "╺": "r", "╹": "u", "╻": "d"}
_ROUND: Final = {
    "╭": "M10 10h-1a4 4 0 0 0 -4 4v6",
    "╮": "M0 10h1a4 4 0 0 1 4 4v6",
    "╰": "M10 10h-1a4 4 0 0 1 -4 -4v-6",
    "╯": "M0 10h1a4 4 0 0 0 4 -4v-6",
}
_DASHED: Final = {
    "┄": (3, True), "┈": (4, True), "╌": (2, True), "┆": (3, False), "┊": (4, False), "╎": (2, False),
}  # fmt: skip
_SIGNS: Final = {
    "●": "M1.2 10a3.8 3.8 0 1 0 7.6 0a3.8 3.8 0 1 0 -7.6 0z",
    "◆": "M5 5.2l4.6 4.8l-4.6 4.8l-4.6 -4.8z",
    "▲": "M5 5.6l4.5 8.2h-9z",
    "▼": "M5 14.4l4.5 -8.2h-9z",
    "■": _box(1.2, 6.2, 7.6, 7.6),
    "▸": "M2 5.6l6.5 4.4l-6.5 4.4z",
}
_OUTLINED: Final = {"○": "●", "◇": "◆", "△": "▲", "▽": "▼", "□": "■"}

_SHAPES: Final = {
    **{character: Shape(_lines(*to), 1.2) for character, to in _LINES.items()},
    **{character: Shape(_lines(*to), 2.6) for character, to in _HEAVY.items()},
    **{character: Shape(path, 1.2) for character, path in _ROUND.items()},
    **{character: Shape(_dashes(*how), 1.2) for character, how in _DASHED.items()},
    **{character: Shape(path) for character, path in _SIGNS.items()},
    **{hollow: Shape(_SIGNS[full], 1.2) for hollow, full in _OUTLINED.items()},
    **{chr(0x2580 + n): Shape(_box(0, 20 - n * 2.5, 10, n * 2.5)) for n in range(1, 9)},
    **{chr(0x2590 - n): Shape(_box(0, 0, n * 1.25, 20)) for n in range(1, 8)},
    "▀": Shape(_box(0, 0, 10, 10)),
    "▐": Shape(_box(5, 0, 5, 20)),
    "▔": Shape(_box(0, 0, 10, 2.5)),
    "▕": Shape(_box(8.75, 0, 1.25, 20)),
    "░": Shape(_box(0, 0, 10, 20), opacity=0.3),
    "▒": Shape(_box(0, 0, 10, 20), opacity=0.5),
    "▓": Shape(_box(0, 0, 10, 20), opacity=0.75),
}
