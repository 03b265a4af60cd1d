"""Pictures of cells: each character where it belongs, whatever draws them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from pictures import text_of

from ltvtui.present.cell_picture import DrawnCell, svg
from ltvtui.present.cell_shapes import shape


def cells(text: str, ink: str = "#ffffff", ground: str = "#000000") -> list[DrawnCell]:
    return [DrawnCell(character, ink, ground) for character in text]


def test_text_stands_in_the_middle_of_its_cell() -> None:
    drawn = svg([cells("ab"), cells(" <&")], "#000000", "t")
    assert '<text x="5" y="15">a</text><text x="15" y="15">b</text>' in drawn
    assert '<text x="15" y="35">&lt;</text>' in drawn
    assert text_of(drawn) == "ab\n <&"


def test_the_picture_is_as_large_as_its_cells() -> None:
    assert 'viewBox="0 0 30 40" width="30" height="40"' in svg([cells("abc"), cells("abc")], "#000000", "t")
    ET.fromstring(svg([], "#000000", "t"))


def test_a_character_of_two_cells_stands_between_them() -> None:
    row = [DrawnCell("日", "#ffffff", "#000000"), DrawnCell("", "#ffffff", "#000000"), *cells("x")]
    assert [float(x) for x in re.findall(r'<text x="([\d.]+)"', svg([row], "#000000", "t"))] == [10, 25]


def test_ground_is_drawn_where_it_differs_as_one_stretch() -> None:
    drawn = svg([[*cells("a"), *cells("bc", ground="#0000ff"), *cells("d")]], "#000000", "t")
    assert re.findall(r'<rect x="(\d+)" y="0" width="(\d+)" height="20" fill="#0000ff"', drawn) == [("10", "20")]
    assert drawn.count("<rect") == 2


def test_charts_are_shapes_and_need_no_font() -> None:
    drawn = svg([cells("█▄░●─┤⠉")], "#000000", "t")
    assert "<text" not in drawn
    assert "M60 0" not in drawn  # dots of the last cell stand at 62.5 and 67.5
    assert "M62.5 2.5h.01M67.5 2.5h.01" in drawn
    assert "M10 10h10v10h-10z" in drawn  # the lower half of the second cell
    assert 'fill-opacity="0.3"' in drawn


WRITTEN = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"))


@given(st.lists(st.text(WRITTEN, max_size=8), max_size=4))
def test_whatever_stands_on_screen_makes_a_well_formed_picture(lines: list[str]) -> None:
    drawn = svg([cells(line) for line in lines], "#000000", "a & b")
    root = ET.fromstring(drawn)
    written = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert len(written) == sum(1 for line in lines for c in line if c.strip() and shape(c) is None)
