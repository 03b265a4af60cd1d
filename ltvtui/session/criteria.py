"""To which group of criteria each dimension of a shop belongs: as the mapping says, else by its name and values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from ltvtui.analytics.comparison.profile_index import profiled
from ltvtui.analytics.people import People
from ltvtui.analytics.portrait.criteria import BEHAVIOUR, CRITERIA, criterion_of
from ltvtui.errors import LtvError
from ltvtui.session.dataset import Dataset

_ENOUGH: Final = 200
"""Values that are looked at."""


def criteria_of(dataset: Dataset) -> dict[str, str]:
    """The criterion of each of dataset.dimensions; those made of what customers did are behaviour."""
    guessed: dict[str, str] = dataset.results.recall(("criteria",), lambda: _guessed(dataset.people))
    given = dict(dataset.criteria)
    return {name: given.get(name, guessed.get(name, BEHAVIOUR)) for name in dataset.dimensions}


def parse_criteria(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """(dimension, criterion) from texts: a criterion may be shortened, as geo or social, and its case is free.

    Raises LtvError (exit code 2) for a criterion that is none.
    """
    return tuple((dimension, _criterion(text)) for dimension, text in pairs)


def _criterion(text: str) -> str:
    wanted = " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
    found = [name for name in CRITERIA if wanted and name.startswith(wanted)]
    if len(found) != 1:
        raise LtvError(f"There is no group of criteria {text!r}.", f"Choose from: {', '.join(CRITERIA)}.", 2)
    return found[0]


def _guessed(people: People) -> dict[str, str]:
    return {
        name: criterion_of(name, _values(people, name), name in people.of_first_order) for name in profiled(people)
    }


def _values(people: People, name: str) -> list[str]:
    if name not in people.frame.columns:
        return []
    values: list[str] = people.frame[name].drop_nulls().unique().cast(pl.String).sort().head(_ENOUGH).to_list()
    return values
