"""How a cell looks, and the shortest way from one look to another."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple


class CellStyle(NamedTuple):
    """Attributes and colours, each as the SGR codes that switch them on."""

    attributes: frozenset[str] = frozenset()
    ink: str = ""
    """Foreground; blank for the terminal's own."""
    ground: str = ""
    """Background; blank for the terminal's own."""


PLAIN: Final = CellStyle()
_SEEN_ON_BLANKS: Final = frozenset({"4", "7", "9", "21", "51", "52", "53"})
"""Underlined, reversed, struck through, framed: attributes that show where there is no character."""
_OFF: Final = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29"}


@lru_cache(4096)
def parse_sgr(sgr: str) -> CellStyle:
    """The look that an SGR sequence gives, whatever was before; one and the same object for equal looks."""
    attributes: set[str] = set()
    ink = ground = ""
    codes = iter(sgr.split(";"))
    for code in codes:
        if code in ("38", "48"):
            kind = next(codes, "")
            colour = ";".join((code, kind, *(next(codes, "0") for _ in range(3 if kind == "2" else 1))))
            ink, ground = (colour, ground) if code == "38" else (ink, colour)
        elif code in ("", "0"):
            attributes.clear()
            ink = ground = ""
        elif (number := int(code)) in range(30, 40) or number in range(90, 98):
            ink = "" if code == "39" else code
        elif number in range(40, 50) or number in range(100, 108):
            ground = "" if code == "49" else code
        else:
            attributes.add(code)
    return _same(CellStyle(frozenset(attributes), ink, ground))


@lru_cache(4096)
def _same(style: CellStyle) -> CellStyle:
    return style


@lru_cache(4096)
def of_blank(style: CellStyle) -> CellStyle:
    """What can be seen of a look where nothing is written: mostly the background alone."""
    return style if style.attributes & _SEEN_ON_BLANKS else _same(CellStyle(ground=style.ground))


@lru_cache(4096)
def change(pen: CellStyle, wanted: CellStyle, blank: bool) -> tuple[str, CellStyle]:
    """The sequence that makes `wanted` of `pen`, and the pen after it.

    A blank needs its background alone: the pen keeps its ink for the text that follows.
    """
    if blank and not (pen.attributes | wanted.attributes) & _SEEN_ON_BLANKS:
        wanted = CellStyle(pen.attributes, pen.ink, wanted.ground)
    if pen == wanted:
        return "", pen
    removed = {_OFF.get(a, "0") for a in pen.attributes - wanted.attributes}
    from_reset = _codes(["0"], PLAIN, wanted)
    if "0" in removed:
        return from_reset, _same(wanted)
    # 22 switches off bold and faint together.
    remaining = frozenset(a for a in pen.attributes & wanted.attributes if _OFF.get(a) not in removed)
    stepwise = _codes(sorted(removed), pen._replace(attributes=remaining), wanted)
    return min(stepwise, from_reset, key=len), _same(wanted)


def _codes(first: list[str], pen: CellStyle, wanted: CellStyle) -> str:
    codes = [*first, *sorted(wanted.attributes - pen.attributes)]
    if pen.ink != wanted.ink:
        codes.append(wanted.ink or "39")
    if pen.ground != wanted.ground:
        codes.append(wanted.ground or "49")
    return f"\x1b[{';'.join(codes)}m" if codes != ["0"] else "\x1b[m"
