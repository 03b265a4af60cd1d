"""Which column of a table leads to a row of another, by a foreign key, or by names and by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection.draft import FromItem
from ltvtui.sources.detection.glance import glance
from ltvtui.sources.detection.scoring import word_set, words
from ltvtui.sources.detection.vocabulary import fold, group, meaning
from ltvtui.sources.sql import quote

MOST_VALUES: Final = 0.5
"""Share of the references of a sample that the other table has to know."""
_NAMES: Final = word_set("sku name")
"""What leads to a row beside what is called an id."""
_OF_GOODS: Final = word_set("sku code")
"""What may name a thing without saying of which table it is."""


@dataclass(frozen=True)
class Link:
    """A column that leads to one row of another table."""

    column: CatalogColumn
    to: FromItem
    key: str
    """Column of the other table, each of its values there once."""


def links(database: Database, table: CatalogTable, others: Sequence[FromItem]) -> Iterator[Link]:
    """What the columns of `table` lead to among `others`, in the order of the columns."""
    for column in table.columns:
        if any(value is not None and value != "" for value in column.sample):
            found = _link(database, table, column, others)
            if found is not None:
                yield found


def _link(database: Database, table: CatalogTable, column: CatalogColumn, others: Sequence[FromItem]) -> Link | None:
    for other in others:
        if other.table.name == table.name or not other.table.rows:
            continue
        key = refers(column, other)
        if key is not None and is_unique(database, other, key) and has_most_values(database, other, key, column):
            return Link(column, other, key)
    return None


def refers(column: CatalogColumn, other: FromItem) -> str | None:
    """The column of `other` that `column` may hold, by its foreign key or by their names."""
    if column.references is not None:
        name, key = column.references
        if name.lower() not in (member.lower() for member in other.members):
            return None
        return key or next((c.name for c in other.table.columns if c.pk), None)
    name_words, ids = meaning(column.name), group("id") | _NAMES
    subject = name_words[:-1] if name_words[-1:] and name_words[-1] in ids else name_words
    if not subject:
        key = other.table.columns[0].name
        return key if name_words[-1:] and name_words[-1] in _OF_GOODS and key.lower() == column.name.lower() else None
    about = _stem("_".join(meaning(other.table.name)))
    same = other.table.column(column.name)
    if same is None:
        twins = ["".join(words(c.name)) for c in other.table.columns]
        whole = "".join(words(column.name))
        same = other.table.columns[twins.index(whole)] if whole in twins else None
    last = _stem(subject[-1])
    is_subject = _stem("_".join(subject)) == about or about.endswith(last) or about.startswith(last.rstrip("s"))
    if same is not None:
        # a key stands first, or is declared to be one; an amount of the same name leads nowhere
        first = same is other.table.columns[0] or same.pk or same.unique or is_subject
        return same.name if first and (name_words[-1] in ids or is_subject) else None
    if not is_subject:
        return None
    keys = [c for c in other.table.columns if c.pk] or list(other.table.columns[:1])
    return keys[0].name if keys and {*meaning(keys[0].name)[-1:]} & ids else None


@lru_cache(maxsize=4096)
def _stem(name: str) -> str:
    """The singular without what a plural does to vowels: Verträge, also written vertraege, → vertrage."""
    return re.sub("([aou])e", r"\1", singular(fold(name)))


def singular(name: str) -> str:
    """The words of a table's name as one, in the singular: `ProductCategories` → productcategory."""
    whole = "".join(words(name))
    if whole.endswith("ies"):
        return whole[:-3] + "y"
    if whole.endswith(("sses", "xes", "ches", "shes", "uses")):
        return whole[:-2]
    return whole[:-1] if whole.endswith("s") and not whole.endswith(("ss", "us", "is")) else whole


def is_unique(database: Database, source: FromItem, key: str) -> bool:
    """Whether no value of `key` stands twice: else rows would be multiplied by joining it."""
    column = source.table.column(key)
    if column is None:
        return False
    if column.unique:
        return True
    sql = f"SELECT count({quote(key)}) = count(DISTINCT {quote(key)}) FROM {source.sql}"  # noqa: S608
    rows = glance(database, sql)
    return bool(rows and rows[0][0])


def has_most_values(database: Database, other: FromItem, key: str, column: CatalogColumn) -> bool:
    """Whether the column `key` of `other` has most values of `column`."""
    values = list({value for value in column.sample if value is not None and value != ""})[:100]
    marks = ", ".join("?" * len(values))
    sql = f"SELECT count(DISTINCT {quote(key)}) FROM {other.sql} WHERE {quote(key)} IN ({marks})"  # noqa: S608
    rows = glance(database, sql, values)
    found = rows[0][0] if rows else None
    return isinstance(found, int) and found >= MOST_VALUES * len(values)
