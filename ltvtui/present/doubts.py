"""Doubts in words: one line beside figures, sentences where there is room, plain values for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ltvtui.analytics.doubts import Doubt
from ltvtui.present.numbers import counted
from ltvtui.present.plain import plain

SIGN: Final = "⚠"


def doubts_json(doubts: Sequence[Doubt]) -> list[dict[str, str]]:
    """What programs read under `warnings`: code, message and mend of each."""
    return [{"code": doubt.code, "message": doubt.message, "mend": doubt.mend} for doubt in doubts]


def doubts_in_short(doubts: Sequence[Doubt]) -> str:
    """⚠ 2 doubts: one customer, unit cost. Blank where there is none; each code once."""
    if not doubts:
        return ""
    codes = dict.fromkeys(doubt.code.replace("_", " ") for doubt in doubts)
    return f"{SIGN} {counted(len(doubts), 'doubt')}: {', '.join(codes)}"


def doubts_in_full(doubts: Sequence[Doubt]) -> list[str]:
    """A line each: what was seen, what it may mean, how to mend it."""
    return [f"{SIGN} {plain(doubt.message)} {plain(doubt.mend)}" for doubt in doubts]
