"""Money that is kept as text, as a number that SQL can reckon with: left to itself SQLite reads "1,234.56" as 1."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from ltvtui.sources.cells import uses_decimal_comma
from ltvtui.sources.sqlite import Value

SHARE: Final = 0.8
"""Of the texts, how many have to be numbers for the column to be reckoned with."""
_BLANKS: Final = (" ", "\u00a0", "\u202f", "'", "’")
_NUMBER: Final = re.compile(r"[-+]?\(?[-+]?\d[\d.,]*\)?-?|[-+]?\(?[-+]?[.,]\d+\)?-?")
_MARK: Final = re.compile(r"[^\W\d_]{1,4}\.?|[^\w\s.,()+\-'’]")
"""What stands beside the digits: a currency's letters, or a sign."""
_NAME: Final = r'(?:"(?:[^"]|"")*"|[^\W\d]\w*)'
_COLUMN: Final = re.compile(rf"(?:(?P<table>{_NAME})\s*\.\s*)?(?P<column>{_NAME})")
_ARITHMETIC: Final = re.compile(rf"(?:{_NAME}|[\d.]+|[\s()+\-*/])+")
_CALLED: Final = re.compile(r"[\w\"]\s*\(")


def number_sql(sql: str, sample: Sequence[Value]) -> str | None:
    """SQL for the number that a column of text holds, null where a text is none.

    `sql` is the column, `sample` some of its values. None where the column is no text, or its texts are no numbers.
    """
    texts = [value.strip() for value in sample if isinstance(value, str) and value.strip()]
    if not texts:
        return None
    marks = sorted({mark for text in texts for mark in _MARK.findall(text)} - {"-"}, key=lambda m: (-len(m), m))
    if len(marks) > 12 or sum(_is_number(text, marks) for text in texts) < SHARE * len(texts):
        return None
    bare = sql
    for mark in (*marks, *(blank for blank in _BLANKS if blank not in marks)):
        bare = f"replace({bare}, {_text(mark)}, '')"
    comma = uses_decimal_comma(texts)
    bare = f"replace(replace({bare}, '.', ''), ',', '.')" if comma else f"replace({bare}, ',', '')"
    if any("(" in text for text in texts):
        bare = f"replace(replace({bare}, '(', '-'), ')', '')"
    if any("−" in text for text in texts):
        bare = f"replace({bare}, '−', '-')"
    if any(text.endswith("-") for text in texts):
        bare = f"CASE WHEN {bare} LIKE '%-' THEN '-' || rtrim({bare}, '-') ELSE {bare} END"
    # what is left of a text that is no number is none, and not the digits that it begins with
    odd = f"({bare}) GLOB '*[^-+0-9.]*' OR ({bare}) NOT GLOB '*[0-9]*'"
    return f"(CASE WHEN typeof({sql}) <> 'text' THEN {sql} WHEN {odd} THEN NULL ELSE CAST(({bare}) AS REAL) END)"


def reckoned(text: str, column: Callable[[str, str | None], tuple[str, Sequence[Value]] | None]) -> str:
    """An expression in which columns of text stand as the numbers that they hold.

    `column` gives the SQL and a sample of a column by its name and that of its table, None where there is none. Only
    plain arithmetic is changed: a function may be asked to take the text apart.
    """
    if not _ARITHMETIC.fullmatch(text) or _CALLED.search(text):
        return text

    def number(match: re.Match[str]) -> str:
        found = column(_plain(match["column"]), _plain(match["table"]) if match["table"] else None)
        return (number_sql(*found) if found else None) or match[0]

    return _COLUMN.sub(number, text)


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _is_number(text: str, marks: Sequence[str]) -> bool:
    for mark in marks:
        text = text.replace(mark, "")
    bare = re.sub(r"[\s\u00a0\u202f'’]", "", text).replace("−", "-")
    return _NUMBER.fullmatch(bare) is not None


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
