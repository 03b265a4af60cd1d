"""What a filter expression says, as frozen values that write themselves down again.

Two expressions are equal where they say the same, wherever in a text it stood. What is written is read back as
the same expression (filters.parsing).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

KEYWORDS: Final = frozenset({"and", "or", "not", "in", "is"})
SIGNS: Final = ("=", "!=", "<", "<=", ">", ">=", "~")
"""Comparisons; ~ is "contains"."""
BARE: Final = r"""[^\s()=!<>~,"'≤≥≠][^\s()=!<>~,"≤≥≠]*"""
"""A word that needs no quotes: an apostrophe may stand in it, but not first."""


@dataclass(frozen=True)
class Word:
    """A name or a value, one word or several, without quotes."""

    text: str
    at: int = field(default=0, compare=False)
    """Where it begins in the text it was read from."""


@dataclass(frozen=True)
class _Node:
    depth: int = field(default=1, init=False, compare=False, repr=False)
    """How many expressions stand one inside the other, this one included."""

    def describe(self) -> str:
        """The expression as text."""
        raise NotImplementedError

    def names(self) -> Iterator[str]:
        """What is compared in it, as often as it is."""
        raise NotImplementedError


@dataclass(frozen=True)
class Compare(_Node):
    """`name sign value`."""

    name: Word
    sign: str
    """One of SIGNS."""
    value: Word

    def describe(self) -> str:
        """country = DK."""
        return f"{written_name(self.name.text)} {self.sign} {written(self.value.text)}"

    def names(self) -> Iterator[str]:
        """The one."""
        yield self.name.text


@dataclass(frozen=True)
class In(_Node):
    """`name in (value, …)`, or `name not in (value, …)`: what is not known meets neither."""

    name: Word
    values: tuple[Word, ...]
    none: bool = False
    """True: it is none of them."""

    def describe(self) -> str:
        """tier in (VIP, middle)."""
        sign, values = "not in" if self.none else "in", (written(value.text) for value in self.values)
        return f"{written_name(self.name.text)} {sign} ({', '.join(values)})"

    def names(self) -> Iterator[str]:
        """The one."""
        yield self.name.text


@dataclass(frozen=True)
class IsKnown(_Node):
    """`name is known`, or unknown."""

    name: Word
    is_present: bool

    def describe(self) -> str:
        """country is unknown."""
        return f"{written_name(self.name.text)} is {'known' if self.is_present else 'unknown'}"

    def names(self) -> Iterator[str]:
        """The one."""
        yield self.name.text


@dataclass(frozen=True)
class Not(_Node):
    """Whoever `part` does not hold of."""

    part: Node

    def __post_init__(self) -> None:
        """One deeper than what is turned round."""
        object.__setattr__(self, "depth", self.part.depth + 1)

    def describe(self) -> str:
        """not country = DK."""
        return f"not {_inside(self.part)}"

    def names(self) -> Iterator[str]:
        """Those of the part."""
        yield from self.part.names()


@dataclass(frozen=True)
class And(_Node):
    """All `parts` hold; two or more, none of them an All."""

    parts: tuple[Node, ...]

    def __post_init__(self) -> None:
        """One deeper than the deepest part."""
        object.__setattr__(self, "depth", max(part.depth for part in self.parts) + 1)

    def describe(self) -> str:
        """country = DK and orders >= 3."""
        return " and ".join(_inside(part) for part in self.parts)

    def names(self) -> Iterator[str]:
        """Those of all parts."""
        for part in self.parts:
            yield from part.names()


@dataclass(frozen=True)
class Or(_Node):
    """Some of `parts` holds; two or more, none of them a Some."""

    parts: tuple[Node, ...]

    def __post_init__(self) -> None:
        """One deeper than the deepest part."""
        object.__setattr__(self, "depth", max(part.depth for part in self.parts) + 1)

    def describe(self) -> str:
        """country = DK or country = SE."""
        return " or ".join(part.describe() for part in self.parts)

    def names(self) -> Iterator[str]:
        """Those of all parts."""
        for part in self.parts:
            yield from part.names()


Leaf = Compare | In | IsKnown
Node = Leaf | Not | And | Or


def every(parts: Sequence[Node]) -> Node:
    """All of `parts`, of which there is at least one, without an All inside an All."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def some(parts: Sequence[Node]) -> Node:
    """Any of `parts`, of which there is at least one, without a Some inside a Some."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def written(value: str) -> str:
    """A value as it stands in a text, in quotes where it needs them."""
    first, *more = value.split(" ")
    bare = all(re.fullmatch(BARE, word) for word in (first, *more))
    return value if bare and not KEYWORDS & {word.casefold() for word in more} else quoted(value)


def written_name(name: str) -> str:
    """A name as it stands in a text, in quotes where it needs them."""
    return quoted(name) if KEYWORDS & set(name.casefold().split(" ")) else written(name)


def quoted(text: str) -> str:
    """The text in quotes, those inside doubled."""
    return '"' + text.replace('"', '""') + '"'


def _inside(part: Node) -> str:
    return f"({part.describe()})" if isinstance(part, And | Or) else part.describe()
