"""Statuses that are kept as codes: read where a table has their words, named where nothing explains them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ltvtui.sources.candidates import Candidate, Find
from ltvtui.sources.catalog import Column
from ltvtui.sources.draft import Source
from ltvtui.sources.lookups import asked, step_of
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import listing
from ltvtui.sources.scoring import word_set, words
from ltvtui.sources.sqlite import Database

MOST: Final = 20
"""Codes of one status."""
_STATUS: Final = word_set("status state statut stato estado")
_UNDONE: Final = word_set(
    "returned return returns cancelled canceled cancel cancellation refunded refund voided void deleted storno "
    "chargeback reversed"
)
_NO_CODE: Final = word_set("date at on amount reason by total value price count number quantity qty of time ts")
_FLAGS: Final = word_set("yes no y n true false t f 0 1 ja nein oui non si")


def with_status(database: Database, best: Candidate, said: Overrides, sources: Sequence[Source]) -> Candidate:
    """The candidate with the words of its status, or with a notice of codes that are not understood."""
    known = best.finds.get("status")
    if said.status is not None:
        return best
    mapped = best.table.column(known.column) if known is not None else None
    if known is not None and (mapped is None or _codes(mapped) is None):
        return best
    taken = {find.column.lower() for find in best.finds.values()}
    columns = [mapped] if mapped else []
    columns = columns or [c for c in best.table.columns if _is_status(c) and c.name.lower() not in taken]
    for column in columns:
        codes = _codes(column)
        if codes is None:
            continue
        step = None if _is_flag(column) else step_of(database, column, sources)
        told = next((c for c in step.table.columns if _are_words(c)), None) if step else None
        if step is not None and told is not None:
            find = Find(asked(best.named, [step], told.name), 0.9, f"{column.name} by the words of {step.table.name}")
            notice = f"The codes of {column.name} are read by {told.name} of {step.table.name}."
            return replace(best, finds={**best.finds, "status": find}, notices=(*best.notices, notice))
    notices = tuple(_unread(best, column) for column in columns if _codes(column) is not None)
    return replace(best, notices=(*best.notices, *notices))


def _is_status(column: Column) -> bool:
    named = set(words(column.name))
    return bool(named & (_STATUS | _UNDONE)) and not named & _NO_CODE and not column.pk


def _codes(column: Column) -> list[str] | None:
    """The few codes that a column holds; None where it holds words, or says the same of all."""
    present = [value for value in column.sample if value is not None and value != ""]
    values = {str(value).strip() for value in present if not isinstance(value, bytes)}
    empty = len(present) < len(column.sample)
    if not 1 <= len(values) <= MOST or (len(values) == 1 and not empty):
        return None
    if set(words(column.name)) & {"state"} and not all(value.isdigit() for value in values):
        return None  # a place, as often as not
    code = all(isinstance(value, int) or _is_code(str(value)) for value in present)
    return sorted(values) if code else None


def _is_code(value: str) -> bool:
    bare = value.strip().lower()
    return len(bare) <= 2 or bare in _FLAGS or bare.isdigit()


def _is_flag(column: Column) -> bool:
    return all(value.lower() in _FLAGS for value in _codes(column) or ())


def _are_words(column: Column) -> bool:
    present = [value for value in column.sample if value not in (None, "")]
    return bool(present) and all(isinstance(value, str) and len(value.strip()) > 2 for value in present)


def _unread(best: Candidate, column: Column) -> str:
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
    about = "" if undone else " which of them mean a cancelled or returned order"
    return (
        f"{column.name} of {best.title} holds codes ({listing(codes)}) that nothing explains: all orders count, "
        f"whatever it is. Say{about or ' what it means'}: {example}"
    )
