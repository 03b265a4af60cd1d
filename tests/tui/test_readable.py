"""Words are read on every ground of every theme that has colours of its own."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from ltvtui.tui.widgets.heat import contrast
from ltvtui.tui.widgets.readable import GROUNDS, LEAST, WORDS, readable

OWN = sorted(name for name in BUILTIN_THEMES if "ansi" not in name)


@pytest.mark.parametrize("name", OWN)
def test_words_have_contrast(name: str) -> None:
    variables = BUILTIN_THEMES[name].to_color_system().generate()
    shown = readable(variables)
    grounds = [Color.parse(shown[ground]) for ground in GROUNDS]
    for word in WORDS:
        colour = Color.parse(shown[word])
        assert all(contrast(colour.rich_color, ground.rich_color) >= LEAST for ground in grounds), (name, word)
    assert {key for key in variables if shown[key] != variables[key]} <= set(WORDS)


def test_what_can_be_read_stays_as_it_is() -> None:
    variables = BUILTIN_THEMES["textual-dark"].to_color_system().generate()
    for word in ("text-warning", "text-success", "text-error"):
        assert Color.parse(readable(variables)[word]) == Color.parse(variables[word])


def test_colours_of_the_terminal_are_left_alone() -> None:
    variables = {"background": "ansi_default", "text-warning": "ansi_yellow", "text-error": "auto 60%"}
    assert readable(variables) == variables
