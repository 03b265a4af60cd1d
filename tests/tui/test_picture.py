"""What is sent to the terminal: after it the terminal shows what the whole painting would have shown."""

from __future__ import annotations

import re

import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import split_graphemes

from ltvtui.tui.terminal.cell_style import PLAIN, CellStyle, change, of_blank, parse_sgr
from ltvtui.tui.terminal.screen_diff import FORGET, SYNC, ScreenDiff

WIDTH, HEIGHT = 12, 4
SEQUENCE = re.compile(r"\x1b\[([\d;]*)([HmC])|([^\x1b\n]+)|\n")
OFF = {"22": "12", "23": "3", "24": "4", "25": "56", "27": "7", "28": "8", "29": "9"}


class Terminal:
    """A terminal of the simplest kind, for what is painted: cells of (text, what is seen of its look)."""

    def __init__(self) -> None:
        self.cells: list[list[tuple[str, CellStyle]]] = [[("?", PLAIN)] * WIDTH for _ in range(HEIGHT)]
        self.location = (0, 0)
        self.pen = PLAIN

    def feed(self, data: str) -> None:
        for token in SEQUENCE.finditer(data):
            y, x = self.location
            numbers, kind, text = token.groups()
            if kind == "H":
                row, column = numbers.split(";")
                self.location = (int(row) - 1, int(column) - 1)
            elif kind == "C":
                self.location = (y, x + int(numbers))
            elif kind == "m":
                self.pen = self._after(numbers)
            elif text:
                for start, end, size in split_graphemes(text)[0]:
                    self._put(text[start:end], size)

    def _put(self, text: str, size: int) -> None:
        y, x = self.location
        if y >= HEIGHT or x + size > WIDTH or not size:
            return
        row = self.cells[y]
        if row[x][0] == "":
            row[x - 1] = (" ", row[x - 1][1])
        if x + size < WIDTH and row[x + size][0] == "":
            row[x + size] = (" ", row[x + size][1])
        look = of_blank(self.pen) if text == " " else self.pen
        row[x : x + size] = [(text, look)] + [("", look)] * (size - 1)
        self.location = (y, x + size)

    def _after(self, sgr: str) -> CellStyle:
        pen = self.pen
        for code in re.findall(r"[34]8;2;\d+;\d+;\d+|[34]8;5;\d+|\d+", sgr) or ["0"]:
            if code == "0":
                pen = PLAIN
            elif code in OFF:
                pen = pen._replace(attributes=pen.attributes - set(OFF[code]))
            elif code in ("39", "49"):
                pen = pen._replace(**{"ink" if code == "39" else "ground": ""})
            else:
                new = parse_sgr(code)
                pen = CellStyle(pen.attributes | new.attributes, new.ink or pen.ink, new.ground or pen.ground)
        return pen


STYLES = (
    "",
    "1",
    "2",
    "1;2",
    "3",
    "4",
    "7",
    "1;31",
    "38;5;12",
    "38;2;1;2;3;48;2;9;9;9",
    "48;5;17",
    "48;2;9;9;9",
    "91;104",
)
TEXTS = st.text(st.sampled_from("  aß│█⣿Ж…漢🙂e\u0301"), min_size=1, max_size=9)
PAINTINGS = st.lists(
    st.lists(
        st.tuples(st.integers(0, HEIGHT), st.integers(0, WIDTH), st.sampled_from(STYLES), TEXTS),
        min_size=1,
        max_size=6,
    ),
    min_size=1,
    max_size=5,
)


def painting(parts: list[tuple[int, int, str, str]]) -> str:
    """As Textual writes it: every part with its place and its whole style."""
    styled = "".join(
        f"\x1b[{y + 1};{x + 1}H" + (f"\x1b[{style}m{text}\x1b[0m" if style else text) + "\n"
        for y, x, style, text in parts
        if text.isascii() or x + sum(size for *_, size in split_graphemes(text)[0]) <= WIDTH
    )
    return f"\x1b[1;1H{styled}\x1b[1;1H"


def whole(terminal: Terminal) -> str:
    """Every line, as after a resize."""
    return painting([(y, 0, "48;5;1", " " * WIDTH) for y in range(HEIGHT)])


@settings(max_examples=examples(300), deadline=None)
@given(PAINTINGS)
@example([[(0, 0, "1", "a漢b")], [(0, 2, "", "x")], [(0, 0, "1", "a漢b")]])
def test_the_terminal_shows_what_was_painted(paintings: list[list[tuple[int, int, str, str]]]) -> None:
    plain, lean, picture = Terminal(), Terminal(), ScreenDiff(WIDTH, HEIGHT)
    for data in (whole(plain), *map(painting, paintings)):
        plain.feed(data)
        lean.feed(picture.update(data))
        for ours, theirs in zip(lean.cells, plain.cells, strict=True):
            assert [c for c in ours if c[0].strip()] == [c for c in theirs if c[0].strip()]
            assert [t for t, _ in ours] == [t for t, _ in theirs]
        assert lean.pen == PLAIN


@given(st.sampled_from(STYLES), st.sampled_from(STYLES), st.booleans())
def test_a_change_of_looks_is_no_longer_than_the_look_itself(before: str, after: str, blank: bool) -> None:
    pen, wanted = parse_sgr(before), parse_sgr(after)
    codes, now = change(pen, wanted, blank)
    assert len(codes) <= len(f"\x1b[0;{after}m")
    assert of_blank(now) == of_blank(wanted) if blank else now == wanted


def test_what_is_shown_already_is_not_sent_again() -> None:
    picture, data = ScreenDiff(WIDTH, HEIGHT), painting([(1, 0, "31", "abcdef"), (2, 0, "", "ghi")])
    assert "abcdef" in picture.update(data)
    assert picture.update(data) == ""
    assert picture.update(painting([(1, 0, "31", "abXdef")])) == "\x1b[2;3H\x1b[31mX\x1b[m\x1b[1;1H"
    picture.forget()
    assert "abcdef" in picture.update(data)


def test_blanks_need_no_ink() -> None:
    sent = ScreenDiff(WIDTH, HEIGHT).update(
        painting([(0, 0, "1;31;44", "a"), (0, 1, "32;44", "   "), (0, 4, "1;31;44", "b")])
    )
    assert "a   b" in sent


def test_lines_of_wide_characters_are_sent_whole() -> None:
    picture = ScreenDiff(WIDTH, HEIGHT)
    picture.update(painting([(0, 0, "", "漢字 abc")]))
    assert "漢字 abX" in picture.update(painting([(0, 7, "", "X")]))


@pytest.mark.parametrize("data", ["\x1b[?1049l", FORGET, "text alone"])
def test_what_may_change_the_screen_makes_the_picture_unknown(data: str) -> None:
    picture, first = ScreenDiff(WIDTH, HEIGHT), painting([(0, 0, "", "abc")])
    picture.update(first)
    assert picture.update(data) == data
    assert "abc" in picture.update(first)


@pytest.mark.parametrize(
    "data", ["\x1b[?25l", "\x1b[?1006h", "\x1b[>1u", "\x1b[?2048$p", "\x1b]52;c;YQ==\x07", "\x07"]
)
def test_what_leaves_the_cells_alone_passes(data: str) -> None:
    picture, first = ScreenDiff(WIDTH, HEIGHT), painting([(0, 0, "", "abc")])
    picture.update(first)
    assert picture.update(data) == data
    assert picture.update(first) == ""


def test_a_synchronised_update_of_nothing_is_nothing() -> None:
    picture, data = ScreenDiff(WIDTH, HEIGHT), painting([(0, 0, "", "abc")])
    assert "".join(map(picture.update, (SYNC[0], data, SYNC[1]))).startswith(SYNC[0])
    assert "".join(map(picture.update, (SYNC[0], data, SYNC[1]))) == ""
