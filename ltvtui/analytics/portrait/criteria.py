"""By which criteria a shop can describe its customers: where they live, who they are, how they live, what they do.

A shop says so in its own words: what a dimension is about is guessed from its name, and where that has no meaning,
from its values (metrics.md §12).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

CRITERIA: Final = ("geography", "demography", "social and economic", "psychography", "behaviour")
"""Groups of criteria by which customers are described."""
OTHER: Final = "other"
"""What neither name nor values tell."""
BEHAVIOUR: Final = CRITERIA[-1]

_WORD: Final = re.compile(r"[^\W\d_]+")
_JOINT: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_RANGE: Final = re.compile(r"(\d{1,3})\s*(?:-|–|—|to)\s*(\d{1,3})")
_AGES: Final = (13, 90)
"""Years between which bands of ages begin."""
_WIDEST: Final = 20
"""Years of a band of ages."""
_MOST: Final = 0.8
"""Share of the values that have to be of a kind."""
_ENOUGH: Final = 2
"""Values from which on they say something."""
_COUNTRIES: Final = 3
"""Codes of two letters from which on they are countries."""


def criterion_of(name: str, values: Sequence[str] = (), of_orders: bool = False) -> str:
    """The group of CRITERIA that a dimension called `name` with the distinct `values` belongs to, else OTHER.

    `of_orders`: it describes the first order, and is behaviour unless its name or its values say something else.
    """
    by_name = _by_words(words_of(name))
    if by_name is not None:
        return by_name
    by_values = _by_values(values)
    if by_values is not None:
        return by_values
    return BEHAVIOUR if of_orders else OTHER


def grouped(dimensions: Mapping[str, str]) -> dict[str, list[str]]:
    """Dimensions by criterion, from the criterion of each: all of CRITERIA, then OTHER where it has some."""
    found: dict[str, list[str]] = {criterion: [] for criterion in CRITERIA}
    for name, criterion in dimensions.items():
        found.setdefault(criterion, []).append(name)
    return found


def words_of(text: str) -> list[str]:
    """The words of a name, in small letters without accents: `billingCity` has two."""
    plain = unicodedata.normalize("NFKD", _JOINT.sub(" ", text)).casefold()
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def _by_words(words: Sequence[str]) -> str | None:
    """The criterion of the last word that has one: the city of a store is a place, whatever a store is.

    Words that mean little by themselves, such as group or type, count where no other does.
    """
    together = "".join(words)
    for part in ("names", "weak"):
        meanings = _meanings(part)
        for word in (together, *reversed(words)):
            found = meanings.get(word) or meanings.get(word.removesuffix("s"))
            if found is not None:
                return found
    return None


def _by_values(values: Sequence[str]) -> str | None:
    """What most of the values are: countries, ages, words of a kind."""
    if len(values) < _ENOUGH:
        return None
    codes = {value for value in values if len(value) == 2 and value.isupper()}
    if len(codes) >= _COUNTRIES and _are_most(codes & _countries(), values):
        return CRITERIA[0]
    if _are_most([value for value in values if _is_band_of_ages(value)], values):
        return CRITERIA[1]
    meanings = _meanings("values")
    found = [meanings.get(" ".join(words_of(value))) for value in values]
    return next((each for each in CRITERIA if _are_most([one for one in found if one == each], values)), None)


def _is_band_of_ages(value: str) -> bool:
    band = _RANGE.search(value)
    if band is None:
        return False
    first, last = int(band[1]), int(band[2])
    return _AGES[0] <= first <= _AGES[1] and 0 < last - first <= _WIDEST


def _are_most(some: Collection[str], values: Sequence[str]) -> bool:
    # The lowest and the highest band of ages, and what is not known, are written in other ways.
    return len(some) >= _ENOUGH and len(some) >= min(_MOST * len(values), max(len(values) - 2, _ENOUGH))


@cache
def _meanings(part: str) -> Mapping[str, str]:
    """The criterion of each word of a part of the table."""
    return {
        word.strip(): criterion
        for criterion, words in _table()[part].items()
        for word in (words.split(",") if part == "values" else words.split())
    }


@cache
def _countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2."""
    return frozenset(_table()["codes"]["countries"].split())


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    """criteria.toml."""
    text = files("ltvtui.analytics.portrait").joinpath("criteria.toml").read_text("utf-8")
    return tomllib.loads(text)
