"""Statuses that are codes: read where a table has their words, named where nothing explains them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ltvtui.sources.base import Database
from ltvtui.sources.catalog_table import CatalogColumn
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.detection.draft import FromItem
from ltvtui.sources.detection.find import Find
from ltvtui.sources.detection.lookups import Step, asked, step_of
from ltvtui.sources.detection.scoring import word_set, words
from ltvtui.sources.detection.vocabulary import group, meaning
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import FEW, listing

MOST: Final = 20
"""Codes of one status."""
_STATUS: Final = word_set("status state statut stato estado")
_UNDONE: Final = word_set(
    "returned return returns cancelled canceled cancel cancellation refunded refund voided void deleted storno "
    "chargeback reversed"
)
_NO_CODE: Final = word_set("date at on amount reason by total value price count number quantity qty of time ts")
_FLAGS: Final = word_set("yes no y n true false t f 0 1 ja nein oui non si")


def with_status(database: Database, best: Candidate, overrides: Overrides, sources: Sequence[FromItem]) -> Candidate:
    """The candidate with the words of its status, or with a notice of codes that are not understood."""
    mapped_find = best.finds.get("status")
    if overrides.status is not None:
        return best
    mapped = best.table.column(mapped_find.column) if mapped_find is not None else None
    if mapped_find is not None and (mapped is None or _codes(mapped) is None):
        return best
    used = {find.column.lower() for find in best.finds.values()}
    columns = [mapped] if mapped else []
    columns = columns or [c for c in best.table.columns if _is_status(c) and c.name.lower() not in used]
    for column in columns:
        codes = _codes(column)
        if codes is None:
            continue
        step = None if _is_flag(column) else step_of(database, column, sources) or _listed(column, codes, sources)
        label = next((c for c in step.table.columns if c.name != step.key and _are_words(c)), None) if step else None
        if step is not None and label is not None:
            find = Find(
                asked(best.qualifier, [step], label.name), 0.9, f"{column.name} by the words of {step.table.name}"
            )
            notice = f"The codes of {column.name} are read by {label.name} of {step.table.name}."
            listed_codes = {str(v) for v in (step.table.column(step.key) or label).sample}
            lost = [code for code in codes if code not in listed_codes]
            if lost:
                notice += f" It has no entry for {listing(lost)}: these orders count."
            return replace(best, finds={**best.finds, "status": find}, notices=(*best.notices, notice))
    notices = tuple(_unread(best, column) for column in columns if _codes(column) is not None)
    return replace(best, notices=(*best.notices, *notices))


def with_currency(
    database: Database, best: Candidate, overrides: Overrides, sources: Sequence[FromItem]
) -> Candidate:
    """The candidate with the currency that a code of its rows leads to."""
    if overrides.currency is not None or "currency" in best.finds or not best.finds["amount"].column:
        return best
    for column in best.table.columns:
        if not group("currency") & set(meaning(column.name)) or len(set(column.sample) - {None, ""}) < 2:
            continue
        step = step_of(database, column, sources)
        label = max(step.table.columns, key=_names_currency, default=None) if step else None
        if step is None or label is None or not _names_currency(label):
            continue
        find = Find(
            asked(best.qualifier, [step], label.name), 0.9, f"{column.name} by {label.name} of {step.table.name}"
        )
        return replace(best, finds={**best.finds, "currency": find})
    return best


def _names_currency(column: CatalogColumn) -> float:
    """How well a column of a table of currencies tells them apart by the codes that everybody knows."""
    values = [v for v in column.sample if v not in (None, "")]
    iso = [v for v in values if isinstance(v, str) and len(v) == 3 and v.isalpha() and v.isupper()]
    return len(iso) / len(values) if values and len(iso) > len(values) / 2 else 0.0


def _listed(column: CatalogColumn, codes: Sequence[str], sources: Sequence[FromItem]) -> Step | None:
    """The one table of words of statuses that has the codes of a column, though its name does not lead there.

    Such a table may have the words in several languages: the first is as good as any.
    """
    found: list[Step] = []
    for source in sources:
        table = source.table
        if len(source.members) > 1 or (table.rows or 0) > FEW or not set(meaning(table.name)) & {"status", "state"}:
            continue
        if not any(_are_words(c) for c in table.columns):
            continue
        for key in table.columns:
            there = {str(value) for value in key.sample}
            name_words = {"status", "state"} & set(meaning(key.name))
            if name_words and sum(code in there for code in codes) > len(codes) / 2:
                found.append(Step(column.name, table, key.name))
                break
    return found[0] if len(found) == 1 else None


def _is_status(column: CatalogColumn) -> bool:
    name_words = {*words(column.name), *meaning(column.name)}
    return bool(name_words & (_STATUS | _UNDONE)) and not name_words & _NO_CODE and not column.pk


def _codes(column: CatalogColumn) -> list[str] | None:
    """The few codes that a column holds; None where it holds words, or says the same of all."""
    present = [value for value in column.sample if value is not None and value != ""]
    values = {str(value).strip() for value in present if not isinstance(value, bytes)}
    empty = len(present) < len(column.sample)
    if not 1 <= len(values) <= MOST or (len(values) == 1 and not empty):
        return None
    if column.references is not None and _STATUS & set(meaning(column.references[0])):
        return sorted(values)  # whatever the keys of that table look like
    if set(words(column.name)) & {"state"} and not all(value.isdigit() for value in values):
        return None  # a place, as often as not
    code = all(isinstance(value, int) or _is_code(str(value)) for value in present)
    return sorted(values) if code else None


def _is_code(value: str) -> bool:
    bare = value.strip().lower()
    return len(bare) <= 2 or bare in _FLAGS or bare.isdigit()


def _is_flag(column: CatalogColumn) -> bool:
    return all(value.lower() in _FLAGS for value in _codes(column) or ())


def _are_words(column: CatalogColumn) -> bool:
    present = [value for value in column.sample if value not in (None, "")]
    return bool(present) and all(isinstance(value, str) and len(value.strip()) > 2 for value in present)


def _unread(best: Candidate, column: CatalogColumn) -> str:
    codes = _codes(column) or []
    undone = bool(set(words(column.name)) & _UNDONE)
    value = next((c for c in reversed(codes) if c.lower() in ("yes", "y", "true", "t", "1")), codes[-1])
    if any(isinstance(v, str) for v in column.sample):
        value = f"'{value}'"
    name = column.name if column.name.isidentifier() else f'"{column.name}"'
    if undone and _is_flag(column):
        example = f"--cancelled {shlex.quote(column.name)}"
    else:
        example = f"""--status "CASE {name} WHEN {value} THEN 'cancelled' END\""""
    about = "" if undone else " which codes mean a cancelled or returned order"
    return (
        f"{column.name} of {best.title} has codes ({listing(codes)}) without a table "
        f"of their meaning: all orders count. Say{about or ' what it means'}: {example}"
    )
