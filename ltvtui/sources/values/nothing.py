"""What shops and their tools write where there is nothing to write (metrics.md §1)."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

_NOTHING: Final = (
    r"^\s*(?:(?i:null|none|nan|nat|nil|n/a|n\.a\.?|#n/a|#na|na|undefined)|(?i:[<(\[](?:null|none|na|n/a|blank|empty)[>)\]])"
    r"|\\N|#(?:NULL!|VALUE!|REF!|NAME\?|DIV/0!|NUM!)|[-–—_.?*]*)\s*$"
)
"""Words for nothing, the errors of a spreadsheet, and signs without a letter or a digit."""
_SHORT: Final = 12
"""Characters that no word for nothing has."""


def without_nothing(texts: pl.Series) -> pl.Series:
    """Texts, null where they are a word for nothing."""
    if texts.dtype != pl.String:
        return texts
    nothing = (texts.str.len_bytes() <= _SHORT) & texts.str.contains(_NOTHING)
    return texts.set(nothing, None) if bool(nothing.any()) else texts


def is_nothing(text: str) -> bool:
    """Whether a text is blank, or a word for nothing."""
    return len(text.strip()) <= _SHORT and re.match(_NOTHING, text) is not None
