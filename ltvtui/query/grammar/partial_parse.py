"""A text as far as it was read: its pieces, and what may stand next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile


@dataclass(frozen=True)
class Piece:
    """A word, a sign or a keyword."""

    kind: str
    """Its name in the grammar."""
    text: str
    at: int
    """Where it begins."""


@dataclass(frozen=True)
class PartialFilter:
    """A text that may go on."""

    pieces: tuple[Piece, ...] = ()
    may_follow: frozenset[str] = frozenset()
    """Kinds of pieces that can stand next, "$END" among them where it is complete."""


def words_at_the_end(pieces: Sequence[Piece]) -> str:
    """The words that nothing parts, or else the last piece as it is; empty where there is none."""
    words = [piece.text for piece in takewhile(lambda piece: piece.kind == "WORD", reversed(pieces))]
    return " ".join(reversed(words)) if words or not pieces else pieces[-1].text


def unquoted(text: str) -> str:
    """What stands in the quotes of `text`."""
    return text[1:-1].replace(text[0] * 2, text[0])
