"""Columns of text made harmless: what plain.py and spreadsheet.py do to one text, for a million of them."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.present.plain import REMOVED, SPACES
from ltvtui.present.spreadsheet import NUMBER, STARTS

_SPACED: Final = "[" + "".join(f"\\x{{{code:x}}}" for code in SPACES) + "]"
_STEERING: Final = "[" + "".join(f"\\x{{{code:x}}}" for code in REMOVED if code not in SPACES) + "]"


def plain_texts(texts: pl.Expr) -> pl.Expr:
    """plain.plain of a column; texts in a frame hold no surrogates."""
    return texts.str.replace_all(_SPACED, " ").str.replace_all(_STEERING, "")


def harmless_texts(texts: pl.Expr) -> pl.Expr:
    """spreadsheet.harmless of a column."""
    clean = plain_texts(texts)
    risky = clean.str.contains(rf"^\s*[{STARTS}]") & ~clean.str.contains(f"^(?:{NUMBER.pattern})$")
    return pl.when(~risky | clean.is_null()).then(clean).otherwise("'" + clean)
