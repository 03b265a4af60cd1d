"""A picture of SVG as PNG, by a library that needs neither a program nor a download when it runs."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from ltvtui.errors import LtvError

_TIMES: Final = 2
"""Dots for each unit of the picture, across and down, so that it is sharp on any screen."""


def check_rasteriser() -> None:
    """Raises LtvError where PNG cannot be written here."""
    if find_spec("resvg_py") is None:
        raise LtvError(
            "PNG needs the package resvg-py, which is not installed.",
            "Install it with `pip install 'ltvtui[png]'`, or use a name that ends in .svg.",
        )


def png(svg: str) -> bytes:
    """The picture as content of a .png file. Raises LtvError where it cannot be drawn."""
    check_rasteriser()
    import resvg_py

    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_TIMES))
    except ValueError as error:
        raise LtvError(f"The picture could not be drawn as PNG: {error}", "Use a name that ends in .svg.") from error
